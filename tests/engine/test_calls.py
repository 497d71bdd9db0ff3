"""Where nothing is compiled, each function has an address of its own, whoever asks at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from mlplab.engine import calls


def first() -> None:
    """A function."""


def second() -> None:
    """Another one."""


class Meeting(list[Callable[..., None]]):
    """A list; while something is added to it for the first time, another thread adds something."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        super().__init__()
        self.thread = threading.Thread(target=meanwhile)

    def append(self, function: Callable[..., None]) -> None:
        super().append(function)
        if self.thread.ident is None:
            self.thread.start()
            self.thread.join(0.2)  # it may have to wait for this one


def test_two_threads_that_ask_at_once_get_two_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[int] = []
    functions = Meeting(lambda: found.append(calls.address.__wrapped__(second)))
    monkeypatch.setattr(calls, "COMPILES", False)
    monkeypatch.setattr(calls, "_FUNCTIONS", functions)
    found.append(calls.address.__wrapped__(first))
    functions.thread.join()
    assert sorted(found) == [1, 2]
