"""Work in a thread beside the main one, which is ended as soon as the main one fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from threading import Event
from typing import TypeVar

Result = TypeVar("Result")


class NotWantedError(Exception):
    """The main thread has failed, and wants no result."""


@contextmanager
def beside(work: Callable[[Callable[[], None]], Result]) -> Iterator[Future[Result]]:
    """Do some work in a thread of its own while the body runs; after the body, it is done.

    What is raised in the body, an interrupt too, ends the work; what the work raises is raised by the
    future's `result`.

    Parameters
    ----------
    work : callable
        Takes a function that it is to call now and then, which raises `NotWantedError` once the body has failed.

    Examples
    --------
    >>> with beside(lambda go_on: 6 * 7) as future:
    ...     pass
    >>> future.result()
    42
    """
    failed = Event()

    def go_on() -> None:
        if failed.is_set():
            raise NotWantedError

    with ThreadPoolExecutor(1) as thread:
        future = thread.submit(work, go_on)
        try:
            yield future
            wait([future])  # here, so that an interrupt meanwhile ends the work
        except BaseException:
            failed.set()
            raise
