"""Machine code on disk that is damaged is compiled anew, and kept anew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numba
import pytest
from numba.core.caching import FunctionCache

from mlplab.kept_code import keep_code

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
