"""What a test's process writes: its answer, and what it prints, each in a pipe of its own."""

from __future__ import annotations

import io
import os
import select
import threading
import time
from collections.abc import Callable, Iterator

from mlplab.course.checker.inside.server import LENGTH

LARGEST_ANSWER = 2**26
"""Bytes; nothing longer is read."""

STEP = 0.1
"""Seconds after which it is looked whether time is up."""

LONGEST_STEP = 0.5
"""Of a longer step only so much counts: the whole machine stood still, the student's process too."""

BUSIEST = 10
"""By how many times its seconds a test may take longer because the machine is busy."""

KEPT_OUTPUT = 2**16
"""Bytes of what a test prints that are kept, the last ones."""


class Stopped(Exception):  # noqa: N818  # no error
    """Checking was interrupted."""


class Pipes:
    """What a test's process writes, read until the answer is whole, its pipe closed, or time is up.

    Parameters
    ----------
    answer, output : int
        Descriptors to read from.
    seconds : float
        Of wall time.
    stop : threading.Event
    waited : callable
        Returns how many seconds the process has waited for a core so far; they are not counted.

    Attributes
    ----------
    answer : bytes or None
        What `inside.server` wrote, once all of it is there.
    printed : bytearray
    timed_out : bool
    seconds : float
    """

    def __init__(
        self,
        answer: int,
        output: int,
        seconds: float,
        stop: threading.Event,
        waited: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._channel, self._output, self._seconds = answer, output, seconds
        self._stop, self._waited = stop, waited
        self._content, self.printed = bytearray(), bytearray()
        self.timed_out = False
        self.seconds = self._own = 0.0
        self.answer: bytes | None = None

    def listen(self) -> None:
        """Read on.

        Raises
        ------
        Stopped
            If checking was interrupted.
        """
        began = last = time.monotonic()
        waiting = [self._channel, self._output]
        while self._channel in waiting and not self._is_whole():
            now = time.monotonic()
            self._own += min(now - last, LONGEST_STEP)
            last = now
            if self._own > self._seconds and self._is_late():
                self.timed_out = True
                break
            if self._stop.is_set():
                raise Stopped
            left = self._seconds - self._own
            patience = min(left, STEP) if left > 0 else STEP
            for descriptor in select.select(waiting, [], [], patience)[0]:
                if not self._read(descriptor):
                    waiting.remove(descriptor)
        self.seconds = time.monotonic() - began
        while self._output in waiting and select.select([self._output], [], [], 0)[0]:
            if not self._read(self._output) or self.timed_out:
                break

    def _is_late(self) -> bool:
        """Return whether time is up. What the process has only waited for a core is not its own."""
        charged = self._own - self._waited()
        return charged > self._seconds or self._own > BUSIEST * self._seconds

    def _read(self, descriptor: int) -> bool:
        part = os.read(descriptor, 2**16)
        if descriptor == self._channel:
            if len(self._content) < LARGEST_ANSWER:
                self._content += part
        else:
            self.printed += part
            del self.printed[: max(0, len(self.printed) - KEPT_OUTPUT)]
        return bool(part)

    def _is_whole(self) -> bool:
        if len(self._content) < LENGTH.size:
            return False
        end = LENGTH.size + int(LENGTH.unpack_from(self._content)[0])
        if len(self._content) < end:
            return False
        self.answer = bytes(self._content[LENGTH.size : end])
        return True


def two_pipes() -> Iterator[io.FileIO]:
    """Open the ends of two pipes: where to read and where to write, twice."""
    for _ in range(2):
        reading, writing = os.pipe()
        yield io.FileIO(reading, "r")
        yield io.FileIO(writing, "w")
