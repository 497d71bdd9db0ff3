"""A population that is trained beside a session, a part at a time: what all kinds of it share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from mlplab.engine import LANES
from mlplab.errors import MlplabError

PART = LANES
"""Runs that are trained at a stretch: a block of the engine's. Between two, others have their turn. One
core is left to those who look."""


class Study(ABC):
    """A population under way or done.

    Parameters
    ----------
    total : int
        How much there is to train, in what `done` counts.
    changed : callable
        Called after each part, in the thread that trains.

    Attributes
    ----------
    trouble : str
        Why it ended before its time; nothing if it did not.
    """

    def __init__(self, total: int, changed: Callable[[], None]) -> None:
        self.trouble = ""
        self._total = total
        self._changed = changed
        self._ended = False

    @property
    @abstractmethod
    def done(self) -> int:
        """How much is trained."""

    @abstractmethod
    def _train_part(self) -> None:
        """Train a part; raises `MlplabError` if none can be trained."""

    def work(self) -> None:
        """Train a part, if more is to come; a task of the workers."""
        if not self.under_way:
            return
        try:
            self._train_part()
        except MlplabError as error:
            self.trouble = str(error)
            self._ended = True
        self._changed()

    @property
    def under_way(self) -> bool:
        """Whether more is to come."""
        return not self._ended and self.done < self._total

    def end(self) -> None:
        """Train no more than the part that is under way."""
        self._ended = True
