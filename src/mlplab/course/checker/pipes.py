"""The pipe into which a test's process writes its answer, and how long is waited for it."""

from __future__ import annotations

import os
import selectors
import threading
import time
from collections.abc import Callable

from mlplab.course.checker.inside.server import LENGTH

LARGEST_ANSWER = 2**26
"""Bytes; nothing longer is read."""

POLL_INTERVAL = 0.1
"""Seconds after which it is looked whether time is up."""

MAX_COUNTED_INTERVAL = 0.5
"""Of a longer wait only so much counts: the whole machine stood still, the student's process too."""

BUSY_FACTOR = 10
"""By how many times its seconds a test may take longer because the machine is busy."""


class Stopped(Exception):  # noqa: N818  # no error
    """Checking was interrupted."""


class AnswerPipe:
    """What a test's process writes, read until the answer is whole, the pipe closed, or time is up.

    Parameters
    ----------
    descriptor : int
        To read from.
    seconds : float
        Of wall time.
    stop : threading.Event
    waited : callable
        Returns how many seconds the process has waited for a core so far; they are not counted.

    Attributes
    ----------
    answer : bytes or None
        What `inside.server` wrote, once all of it is there.
    timed_out : bool
    seconds : float
        Of wall time for which was waited.
    """

    def __init__(
        self,
        descriptor: int,
        seconds: float,
        stop: threading.Event,
        waited: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._descriptor, self._seconds = descriptor, seconds
        self._stop, self._waited = stop, waited
        self._content = bytearray()
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
        # Not select.select, which refuses descriptors from 1024 on: many submissions may be open.
        with selectors.DefaultSelector() as selector:
            selector.register(self._descriptor, selectors.EVENT_READ)
            while not self._is_whole():
                now = time.monotonic()
                self._own += min(now - last, MAX_COUNTED_INTERVAL)
                last = now
                if self._own > self._seconds and self._is_late():
                    self.timed_out = True
                    break
                if self._stop.is_set():
                    raise Stopped
                left = self._seconds - self._own
                patience = min(left, POLL_INTERVAL) if left > 0 else POLL_INTERVAL
                if selector.select(patience) and not self._read():
                    break
        self.seconds = time.monotonic() - began

    def _is_late(self) -> bool:
        """Return whether time is up. What the process has only waited for a core is not its own."""
        charged = self._own - self._waited()
        return charged > self._seconds or self._own > BUSY_FACTOR * self._seconds

    def _read(self) -> bool:
        """Read what is there; return whether the pipe is still open."""
        part = os.read(self._descriptor, 2**16)
        if len(self._content) < LARGEST_ANSWER:
            self._content += part
        return bool(part)

    def _is_whole(self) -> bool:
        if len(self._content) < LENGTH.size:
            return False
        end = LENGTH.size + int(LENGTH.unpack_from(self._content)[0])
        if len(self._content) < end:
            return False
        self.answer = bytes(self._content[LENGTH.size : end])
        return True
