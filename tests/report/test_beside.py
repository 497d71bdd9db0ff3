"""Work beside the main thread: its result, its errors, and its end when nobody wants it."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable

import pytest

from mlplab.errors import MlplabError
from mlplab.report.beside import beside


def test_the_work_goes_on_while_the_body_does() -> None:
    met = threading.Barrier(2, timeout=10)
    with beside(lambda go_on: met.wait()) as future:
        met.wait()
    assert future.done()


def test_the_body_waits_for_the_work() -> None:
    def work(go_on: Callable[[], None]) -> int:
        time.sleep(0.05)
        go_on()
        return 3

    with beside(work) as future:
        pass
    assert future.result() == 3


def test_what_the_work_raises_comes_with_its_result() -> None:
    def work(go_on: Callable[[], None]) -> None:
        raise MlplabError("no")

    with beside(work) as future:
        pass
    with pytest.raises(MlplabError, match="no"):
        future.result()


@pytest.mark.parametrize("error", [MlplabError, KeyboardInterrupt])
def test_what_the_body_raises_ends_the_work(error: type[BaseException]) -> None:
    begun, ended = threading.Event(), threading.Event()

    def work(go_on: Callable[[], None]) -> None:
        begun.set()
        try:
            while True:
                time.sleep(0.001)
                go_on()
        finally:
            ended.set()

    def body() -> None:
        with beside(work):
            assert begun.wait(10)
            raise error

    with pytest.raises(error):
        body()
    assert ended.is_set()


@pytest.mark.usefixtures("signals_as_usual")
def test_an_interrupt_while_the_body_waits_ends_the_work() -> None:
    ended = threading.Event()

    def work(go_on: Callable[[], None]) -> None:
        try:
            time.sleep(0.05)
            assert threading.main_thread().ident is not None
            signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
            while True:
                time.sleep(0.001)
                go_on()
        finally:
            ended.set()

    with pytest.raises(KeyboardInterrupt), beside(work):
        pass
    assert ended.is_set()
