"""A population that is trained beside a session, a part at a time: what all kinds of it share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from mlplab.engine import LANES

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
    """

    def __init__(self, total: int, changed: Callable[[], None]) -> None:
        self._total = total
        self._changed = changed
        self._ended = False

    @property
    @abstractmethod
    def done(self) -> int:
        """How much is trained."""

    @abstractmethod
    def work(self) -> None:
        """Train a part, if more is to come."""

    @property
    def under_way(self) -> bool:
        """Whether more is to come."""
        return not self._ended and self.done < self._total

    def end(self) -> None:
        """Train no more than the part that is under way."""
        self._ended = True
