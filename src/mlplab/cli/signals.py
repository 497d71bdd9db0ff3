"""SIGTERM and SIGHUP end a command as Ctrl-C does: what is finished is kept."""

from __future__ import annotations

import _thread
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn, TextIO, cast


class HandledInterrupt(KeyboardInterrupt):
    """An interrupt of ours.

    A KeyboardInterrupt itself, not one of a subclass, that leaves code which `exec` was given as text is
    taken by CPython for one that nobody handles, even if somebody does: at its end the process then kills
    itself by SIGINT, whatever its status was to be.

    Parameters
    ----------
    again : callable
        Lets it come once more: one that comes while Python runs a callback, such as that of a weak
        reference, is raised in there, and Python only prints it.
    """

    def __init__(self, again: Callable[[], None]) -> None:
        super().__init__()
        self.again = again


SOON = 0.01
"""Seconds after which a signal is sent again."""

SIGNALS = [signal.Signals[name] for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
"""Windows has no SIGHUP."""


class Termination:
    """Whether the process was told to end, and what that does now.

    Attributes
    ----------
    status : int
        What the process then exits with: 128 and the first signal's number; 130, Ctrl-C's, without one.
    received : bool
        Whether there was a signal.
    """

    def __init__(self) -> None:
        self.status = 128 + signal.SIGINT
        self.received = False
        self._interrupts = False
        self._outer = _outer_termination()
        # Asked now: of a terminal that is gone it can no longer be said that it was one.
        self._terminals = [
            each
            for each in map(_descriptor, (sys.stdout, sys.stderr))
            if each >= 0 and os.isatty(each)
        ]

    @contextmanager
    def interrupting(self) -> Iterator[None]:
        """Raise KeyboardInterrupt at a signal, once; if one came before, at once."""
        self._interrupts = True
        try:
            if self.received:
                self._interrupt()
            yield
        except ImportError as error:
            # So ends a C extension that is interrupted while it is loaded.
            if isinstance(error.__cause__, KeyboardInterrupt):
                raise HandledInterrupt(self._again) from error
            raise
        finally:
            self._interrupts = False

    def receive(self, number: int, frame: FrameType | None) -> None:
        """Take note of a signal; the handler."""
        del frame
        self._note(number)
        if number != signal.SIGTERM:
            self._leave_the_terminal()
        self._interrupt()

    def _note(self, number: int) -> None:
        """Keep the first signal's status; outside, too, where the command ends."""
        if not self.received:
            self.received = True
            self.status = 128 + number
        if self._outer is not None:
            self._outer._note(number)

    def _leave_the_terminal(self) -> None:
        """Print to nowhere from now on: the terminal is gone, and printing to it would fail."""
        for descriptor in self._terminals:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, descriptor)
            os.close(nowhere)

    def _interrupt(self) -> None:
        if self._interrupts:
            self._interrupts = False
            raise HandledInterrupt(self._again)

    def _again(self) -> None:
        self._interrupts = True
        _send(self.status - 128)


@contextmanager
def handled_interrupts() -> Iterator[None]:
    """Let Ctrl-C raise a `HandledInterrupt` where it would raise a KeyboardInterrupt."""
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    ignored, sys.unraisablehook = sys.unraisablehook, _send_again(sys.unraisablehook)
    signal.signal(signal.SIGINT, _raise_interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.unraisablehook = ignored


def _raise_interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise HandledInterrupt(lambda: _send(number))


def _send_again(
    otherwise: Callable[[sys.UnraisableHookArgs], object],
) -> Callable[[sys.UnraisableHookArgs], object]:
    """Return what Python calls for an exception that nobody can handle: of ours, it is sent again."""

    def hook(ignored: sys.UnraisableHookArgs) -> object:
        if isinstance(ignored.exc_value, HandledInterrupt):
            return ignored.exc_value.again()
        return otherwise(ignored)

    return hook


def _send(number: int) -> None:
    """Send this process a signal, soon: at once, it would come within the same callback."""

    def send() -> None:
        if hasattr(signal, "pthread_kill"):
            # To the main thread, so that it waits for nothing any longer.
            signal.pthread_kill(cast(int, threading.main_thread().ident), number)
        else:
            _thread.interrupt_main(signal.Signals(number))

    timer = threading.Timer(SOON, send)
    timer.daemon = True
    timer.start()


def _outer_termination() -> Termination | None:
    """Return the termination that handles signals now, None if none does."""
    for number in SIGNALS:
        outer = getattr(signal.getsignal(number), "__self__", None)
        if isinstance(outer, Termination):
            return outer
    return None


@contextmanager
def termination() -> Iterator[Termination]:
    """Keep SIGTERM and SIGHUP from ending the process, so that files are written whole.

    A signal that is ignored, as SIGHUP under `nohup`, stays so. In another thread than the main one,
    which alone may handle signals, nothing changes.

    Within another one, this one alone handles signals until it ends; the other one takes note of them.

    Yields
    ------
    Termination
        Inside its `interrupting()` a signal is an interrupt; outside it is only noted.
    """
    told = Termination()
    before = {}
    if threading.current_thread() is threading.main_thread():
        for number in SIGNALS:
            handler = signal.getsignal(number)
            if handler not in (signal.SIG_IGN, None):  # None: it is not Python's
                before[number] = signal.signal(number, told.receive)
    try:
        with handled_interrupts():
            yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _descriptor(stream: TextIO | None) -> int:
    """Return a stream's file descriptor, -1 if it has none, as in a test."""
    try:
        return stream.fileno() if stream is not None else -1  # None: it was closed before we began
    except (OSError, ValueError):
        return -1
