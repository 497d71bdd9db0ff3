"""What a session has trained beside itself: populations, a part at a time, in turn with everyone's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from mlplab.playground.replication import Replication
from mlplab.playground.workers import Workers


class Study(Protocol):
    """A population under way or done."""

    @property
    def under_way(self) -> bool:
        """Whether more is to come."""
        ...

    def end(self) -> None:
        """Train no more than the part that is under way."""
        ...

    def work(self) -> float | None:
        """Train a part; a task of the workers."""
        ...


class Studies:
    """The studies of a session, the last of each kind.

    Parameters
    ----------
    workers : Workers
        Who train the populations of all sessions.

    Attributes
    ----------
    replication : Replication or None
    """

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self.replication: Replication | None = None

    def replicate(self, make: Callable[[], Replication]) -> None:
        """Begin a replication; while one is under way, end it."""
        if not self._end(self.replication):
            self.replication = make()
            self._workers.wake(self.replication.work)

    def end(self) -> None:
        """End all."""
        self._end(self.replication)

    def _end(self, study: Study | None) -> bool:
        """End a study; tell whether it was under way."""
        if study is None or not study.under_way:
            return False
        study.end()
        self._workers.forget(study.work)
        return True
