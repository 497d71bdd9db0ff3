"""What a script or a notebook is told while kernels are compiled for long: one line, by `logging`.

Without it, the first training on a machine is silent for a quarter of a minute, or for a minute where
other work goes on. A warning of `warnings` would make an error of it in whoever's tests run first.
`logging` is for what happened and no caller can change; unless told otherwise, Python shows it on stderr.
The command line has a sentence of its own.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from numba.core import event
from numba.core.compiler_lock import global_compiler_lock

LOGGER = logging.getLogger(__name__)

LONG = 1.0
"""Seconds of compiling, all of this process together, after which it is told."""

SENTENCE = (
    "mlplab compiles kernels for this machine, once: half a minute or so, longer where it is busy; "
    "they are kept on disk"
)


class _Listener(event.Listener):
    """Counts the seconds of compiling; Numba tells of each function where its compiling begins and ends.

    Functions are compiled within the one that calls them, so that there are beginnings enough.
    """

    def __init__(self) -> None:
        self._is_told = False
        self._open = 0
        self._seconds = 0.0
        self._began = 0.0

    def on_start(self, event: object) -> None:
        now = time.monotonic()
        if self._open == 0:
            self._began = now
        self._open += 1
        if not self._is_told and self._seconds + now - self._began >= LONG:
            self._is_told = True
            LOGGER.warning(SENTENCE)

    def on_end(self, event: object) -> None:
        self._open -= 1
        if self._open == 0:
            self._seconds += time.monotonic() - self._began


_LISTENER = _Listener()


@contextmanager
def told_if_slow() -> Iterator[None]:
    """Tell it once in a process, if what is compiled within a `with` statement takes long.

    What is found on disk is not compiled. What others compile by Numba is not counted: one thread
    compiles at a time.
    """
    with global_compiler_lock, event.install_listener("numba:compile", _LISTENER):
        yield


@contextmanager
def untold() -> Iterator[None]:
    """Say nothing within a `with` statement."""
    was_disabled = LOGGER.disabled
    LOGGER.disabled = True
    try:
        yield
    finally:
        LOGGER.disabled = was_disabled
