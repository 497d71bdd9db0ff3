"""What a piece of work takes: time on the wall, and time of the processor."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Taken:
    """What one measurement took.

    Attributes
    ----------
    seconds : float
        By the clock on the wall: what counts.
    processor : float
        Seconds of processor, of all threads together. Above the wall's where more than one thread works;
        below, where it had to wait for other processes.
    """

    seconds: float
    processor: float

    def times(self, factor: float) -> Taken:
        """Return what so many times the work takes.

        Examples
        --------
        >>> Taken(seconds=4.0, processor=6.0).times(1 / 2)
        Taken(seconds=2.0, processor=3.0)
        """
        return Taken(self.seconds * factor, self.processor * factor)


def time_of(work: Callable[[], object]) -> Taken:
    """Do some work, and return what it took."""
    processor, clock = time.process_time(), time.perf_counter()
    work()
    return Taken(time.perf_counter() - clock, time.process_time() - processor)
