"""Workers share their threads fairly: all are asked in turn, and who wants nothing costs nothing."""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from mlplab.playground.workers import Workers

WAIT = 20.0


@pytest.fixture(params=[1, 2])
def workers(request: pytest.FixtureRequest) -> Iterator[Workers]:
    made = Workers(request.param)
    yield made
    made.close()


def test_those_who_always_want_get_equal_turns(workers: Workers):
    turns: Counter[int] = Counter()
    enough = threading.Event()

    def task_of(number: int):
        def task() -> float | None:
            turns[number] += 1
            if turns.total() >= 1000:
                enough.set()
                return None
            time.sleep(1e-4)
            return 0.0

        return task

    for number in range(5):
        workers.wake(task_of(number))
    assert enough.wait(WAIT)
    # Not to the turn: a thread may be held up by others of the machine.
    assert min(turns.values()) > 0.5 * max(turns.values())


def test_one_who_waits_is_asked_when_it_said(workers: Workers):
    asked: list[float] = []
    done = threading.Event()

    def task() -> float | None:
        asked.append(time.monotonic())
        if len(asked) == 3:
            done.set()
            return None
        return 0.05

    workers.wake(task)
    assert done.wait(WAIT)
    assert all(b - a >= 0.05 for a, b in itertools.pairwise(asked))


def test_one_who_wants_nothing_is_asked_only_when_woken(workers: Workers):
    asked = threading.Semaphore(0)

    def task() -> None:
        asked.release()

    workers.wake(task)
    assert asked.acquire(timeout=WAIT)
    assert not asked.acquire(timeout=0.1)
    workers.wake(task)
    assert asked.acquire(timeout=WAIT)


def test_one_who_is_woken_at_work_is_asked_again(workers: Workers):
    begun, go_on, again = threading.Event(), threading.Event(), threading.Event()

    def task() -> None:
        if begun.is_set():
            again.set()
            return
        begun.set()
        go_on.wait(WAIT)

    workers.wake(task)
    assert begun.wait(WAIT)
    workers.wake(task)
    go_on.set()
    assert again.wait(WAIT)


def test_a_task_is_never_at_work_twice():
    workers = Workers(4)
    at_work = threading.Lock()
    trouble = threading.Event()
    done = threading.Event()
    count = 0

    def task() -> float | None:
        nonlocal count
        if not at_work.acquire(blocking=False):
            trouble.set()
            return None
        time.sleep(1e-4)
        count += 1
        at_work.release()
        if count >= 300:
            done.set()
            return None
        return 0.0

    for _ in range(50):
        workers.wake(task)
        time.sleep(1e-4)
    assert done.wait(WAIT)
    assert not trouble.is_set()
    workers.close()


def test_one_who_is_forgotten_is_asked_no_more(workers: Workers):
    turns: Counter[str] = Counter()

    def task() -> float:
        turns["it"] += 1
        return 0.001

    workers.wake(task)
    while not turns["it"]:
        time.sleep(0.001)
    workers.forget(task)
    time.sleep(0.05)
    before = turns["it"]
    time.sleep(0.05)
    assert turns["it"] == before


def test_a_fault_of_one_is_logged_and_ends_no_other(
    workers: Workers, caplog: pytest.LogCaptureFixture
):
    done = threading.Event()

    def faulty() -> None:
        raise RuntimeError("a fault")

    with caplog.at_level(logging.ERROR, logger="mlplab"):
        workers.wake(faulty)
        time.sleep(0.05)
        workers.wake(done.set)  # type: ignore[arg-type]  # returns nothing, as a task may
        assert done.wait(WAIT)
    assert "a fault" in caplog.text
