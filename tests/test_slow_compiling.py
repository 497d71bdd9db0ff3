"""A script is told once that kernels are compiled, if it takes long; not of what is found on disk."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numba
import pytest

from mlplab import slow_compiling
from mlplab.kept_code import keep_code
from mlplab.slow_compiling import SENTENCE, untold

pytestmark = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")


@pytest.fixture(autouse=True)
def _nothing_told_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(slow_compiling, "_LISTENER", slow_compiling._Listener())
    monkeypatch.setattr(slow_compiling, "LONG", 0.0)


def halved(value: float) -> float:
    return value / 2


def kept() -> Callable[[float], float]:
    function = numba.njit(cache=True)(halved)
    keep_code(function)
    return function


def pass_seconds(monkeypatch: pytest.MonkeyPatch, *seconds: float) -> None:
    """Let the clock of the module, and no other one, show these seconds, one after the other."""
    clock = SimpleNamespace(monotonic=iter(seconds).__next__)
    monkeypatch.setattr(slow_compiling, "time", clock)


def test_it_is_told_once_and_where_python_shows_it_unasked(
    caplog: pytest.LogCaptureFixture,
) -> None:
    function = kept()
    assert function(1.0) == 0.5
    assert function(1) == 0.5  # of another type: compiled, too
    assert sum(function.stats.cache_misses.values()) == 2
    [record] = caplog.records
    assert record.getMessage() == SENTENCE
    assert record.levelno >= logging.lastResort.level


def test_what_is_found_on_disk_is_not_told(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kept()(1.0) == 0.5
    caplog.clear()
    monkeypatch.setattr(slow_compiling, "_LISTENER", slow_compiling._Listener())
    function = kept()
    assert function(1.0) == 0.5
    assert sum(function.stats.cache_hits.values()) == 1
    assert not caplog.records


def test_only_what_takes_long_is_told(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    pass_seconds(monkeypatch, 0.0, 0.4, 1.0, 1.7, 10.0)  # two functions take 0.4 seconds and 0.7
    monkeypatch.setattr(slow_compiling, "LONG", 0.5)
    listener = slow_compiling._Listener()
    for _ in range(2):
        listener.on_start(None)
        listener.on_end(None)
    assert not caplog.records  # 0.4 seconds are gone when the second one begins
    listener.on_start(None)
    assert len(caplog.records) == 1


def test_functions_within_one_another_are_counted_once(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    pass_seconds(
        monkeypatch, 0.0, 0.3, 0.5, 2.0
    )  # the outer one takes 0.5, the inner one part of it
    monkeypatch.setattr(slow_compiling, "LONG", 0.6)
    listener = slow_compiling._Listener()
    listener.on_start(None)
    listener.on_start(None)
    listener.on_end(None)
    listener.on_end(None)
    listener.on_start(None)
    assert not caplog.records


def test_the_own_functions_of_others_are_not_ours(caplog: pytest.LogCaptureFixture) -> None:
    assert numba.njit(halved)(1.0) == 0.5
    assert not caplog.records


def test_the_command_line_has_its_own_sentence(caplog: pytest.LogCaptureFixture) -> None:
    with untold():
        assert kept()(1.0) == 0.5
    assert not caplog.records
    assert not slow_compiling.LOGGER.disabled
