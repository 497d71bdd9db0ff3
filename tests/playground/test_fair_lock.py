"""The lock of a session: handed on in the order of asking, reentrant, and not lost by an interruption."""

from __future__ import annotations

import signal
import threading
import time
from types import FrameType

import pytest

from mlplab.playground.session.fair_lock import FairLock

WAIT = 60


def wait_until_wanted(lock: FairLock) -> None:
    end = time.monotonic() + WAIT
    while not lock.is_wanted:
        assert time.monotonic() < end
        time.sleep(0.001)


def test_who_lets_go_and_asks_again_at_once_comes_after_who_waits():
    lock, came = FairLock(), []

    def take() -> None:
        with lock:
            came.append("who waited")

    for _ in range(50):
        came.clear()
        waiting = threading.Thread(target=take)
        with lock:
            waiting.start()
            wait_until_wanted(lock)
        with lock:
            came.append("who asked again")
        waiting.join(WAIT)
        assert came == ["who waited", "who asked again"]


def test_those_who_wait_come_in_their_order():
    lock, came = FairLock(), []
    threads = []
    with lock:
        for i in range(5):

            def take(number: int = i) -> None:
                with lock:
                    came.append(number)

            before = len(lock._waiting)
            threads.append(threading.Thread(target=take))
            threads[-1].start()
            while len(lock._waiting) == before:
                time.sleep(0.001)
        assert came == []
    for thread in threads:
        thread.join(WAIT)
    assert came == [0, 1, 2, 3, 4]
    assert not lock.is_wanted


def test_who_has_it_may_take_it_again():
    lock, taken = FairLock(), threading.Event()

    def take() -> None:
        with lock:
            taken.set()

    with lock:
        with lock:
            thread = threading.Thread(target=take)
            thread.start()
            wait_until_wanted(lock)
        assert not taken.wait(0.05)  # the inner end lets nobody in
    assert taken.wait(WAIT)
    thread.join(WAIT)


class Interruption(Exception):  # noqa: N818  # it is raised by a signal, and no error
    pass


def interrupt(number: int, frame: FrameType | None) -> None:
    raise Interruption


def test_an_interrupted_wait_leaves_the_lock_to_the_others():
    lock, let_go = FairLock(), threading.Event()

    def hold() -> None:
        with lock:
            let_go.wait(WAIT)

    holder = threading.Thread(target=hold)
    holder.start()
    while lock._owner is None:
        time.sleep(0.001)

    def alarm() -> None:
        wait_until_wanted(lock)
        time.sleep(0.05)  # for it to wait in fact
        signal.pthread_kill(main, signal.SIGALRM)

    main = threading.get_ident()
    usual = signal.signal(signal.SIGALRM, interrupt)
    try:
        threading.Thread(target=alarm).start()
        with pytest.raises(Interruption), lock:
            pytest.fail("another has it")
    finally:
        signal.signal(signal.SIGALRM, usual)
    assert not lock.is_wanted
    let_go.set()
    holder.join(WAIT)
    with lock:
        assert lock._owner == threading.get_ident()
    assert lock._owner is None
