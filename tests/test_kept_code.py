"""Machine code on disk: damaged, it is compiled and kept anew; of several processes one compiles."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import numba
import pytest
from numba.core.caching import FunctionCache, IndexDataCacheFile

from mlplab.kept_code import KeptCode, keep_code
from mlplab.locking import lock

COMPILES = not numba.config.DISABLE_JIT


def doubled(value: float) -> float:
    return value * 2


def kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], float]:
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(folder))
    function = numba.njit(cache=True)(doubled)
    keep_code(function)
    return function


@pytest.mark.skipif(not COMPILES, reason="nothing is compiled")
@pytest.mark.parametrize("ending", ["nbi", "nbc"])
@pytest.mark.parametrize("damage", [b"", b"\x80\x05", bytes(400), b"cut"])
def test_a_damaged_file_is_written_anew(
    ending: str, damage: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    kept(tmp_path, monkeypatch)(1.0)
    (path,) = tmp_path.rglob(f"*.{ending}")
    path.write_bytes(path.read_bytes()[:-20] if damage == b"cut" else damage)
    assert kept(tmp_path, monkeypatch)(1.5) == 3.0
    again = kept(tmp_path, monkeypatch)
    assert again(1.5) == 3.0
    assert sum(again.stats.cache_hits.values()) == 1


@pytest.mark.skipif(not COMPILES, reason="nothing is compiled")
def test_a_full_disk_keeps_nothing_and_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FunctionCache, "_save_overload", full)
    assert kept(tmp_path, monkeypatch)(1.5) == 3.0


@pytest.fixture
def taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[IO[str]]:
    """The lock of the function, as another process has it that compiles."""
    fcntl = pytest.importorskip("fcntl", reason="Windows has no such locks")
    kept(tmp_path, monkeypatch)(1)
    (path,) = tmp_path.rglob("*.lock")
    with path.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


@pytest.mark.skipif(not COMPILES, reason="nothing is compiled")
def test_a_process_waits_for_what_another_one_compiles(
    taken: IO[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Numba looks for it on disk after that: else, the time that the other one took is spent again."""
    waited = []
    other = numba.njit(cache=True)(doubled)

    def the_other_is_ready(seconds: float) -> None:
        waited.append(seconds)
        other(1.0)
        taken.close()

    monkeypatch.setattr("mlplab.kept_code.time.sleep", the_other_is_ready)
    function = kept(tmp_path, monkeypatch)
    assert function(1.5) == 3.0
    assert len(waited) == 1
    assert sum(function.stats.cache_hits.values()) == 1


@pytest.mark.skipif(not COMPILES, reason="nothing is compiled")
def test_a_process_that_hangs_is_not_waited_for_without_end(
    taken: IO[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("mlplab.kept_code.LONGEST", 0.05)
    began = time.monotonic()
    assert kept(tmp_path, monkeypatch)(1.5) == 3.0
    assert time.monotonic() - began >= 0.05


@pytest.mark.skipif(not COMPILES, reason="nothing is compiled")
def test_a_process_forked_meanwhile_does_not_keep_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    pytest.importorskip("fcntl", reason="Windows has no such locks")
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))
    of_the_other: list[int] = []  # a forked process has the same open file

    def fork_and_lock(file: IO[str]) -> bool:
        of_the_other.append(os.dup(file.fileno()))
        return lock(file)

    monkeypatch.setattr("mlplab.kept_code.lock", fork_and_lock)
    with KeptCode(doubled).alone():
        (path,) = tmp_path.rglob("*.lock")
        with path.open() as file:
            assert not lock(file)
    with path.open() as file:
        assert lock(file)
    os.close(*of_the_other)


@pytest.mark.skipif(not COMPILES, reason="nothing is compiled")
def test_processes_that_keep_two_signatures_at_once_do_not_mix_them_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """As where nothing can be locked: the other one has read the index, and keeps its code meanwhile."""
    monkeypatch.setattr("mlplab.kept_code.lock", lambda file: True)
    other = kept(tmp_path, monkeypatch)
    other._cache._cache_file._load_index = dict
    write = IndexDataCacheFile._save_data
    begins = iter([True])

    def written(files: IndexDataCacheFile, name: str, data: object) -> None:
        if next(begins, False):
            assert other(1) == 2
        write(files, name, data)

    monkeypatch.setattr(IndexDataCacheFile, "_save_data", written)
    assert kept(tmp_path, monkeypatch)(1.5) == 3.0
    for value in (1, 1.5):
        found = kept(tmp_path, monkeypatch)(value)
        assert (found, type(found)) == (2 * value, type(value))
