"""The start: what is compiled, in which order, and what a second process needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlplab.bench import starting
from mlplab.bench.starting import COMPILED, Starting, measure_starting, run_program


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> list[tuple[tuple[str, ...], Path | None]]:
    """Let no process start, and keep what would have been started."""
    started: list[tuple[tuple[str, ...], Path | None]] = []

    def pretend(dtypes: tuple[str, ...], cache: Path | None) -> list[float]:
        started.append((dtypes, cache))
        seconds = float(len(started))
        return [seconds * (1 + i) ** 2 for i in range(2 * len(dtypes))]

    monkeypatch.setattr(starting, "run_program", pretend)
    return started


def test_all_is_compiled_once_into_an_empty_cache_and_then_loaded_from_it(
    programs: list[tuple[tuple[str, ...], Path | None]],
) -> None:
    seen: list[int] = []
    found = measure_starting(3, compile_too=True, on_process=lambda: seen.append(len(programs)))
    first, *others = programs
    cache = first[1]
    assert first[0] == ("float32", "float64")
    assert cache is not None
    assert others == [(("float32",), cache)] * 3
    assert not cache.exists()
    assert found.compiling == {
        "float32, a block": 1.0,
        "float32, one network": 3.0,
        "float64, a block": 5.0,
        "float64, one network": 7.0,
    }
    assert (found.first, found.in_all) == (1.0, 16.0)
    assert (found.loading, found.start) == ((2.0, 3.0, 4.0), 3.0)
    assert seen == [1, 2, 3, 4]


def test_a_quick_look_compiles_nothing_anew_and_fills_the_cache_first(
    programs: list[tuple[tuple[str, ...], Path | None]],
) -> None:
    found = measure_starting(2, compile_too=False)
    assert programs == [(("float32",), None)] * 3
    assert (found.compiling, found.in_all) == (None, None)
    assert found.loading == (2.0, 3.0)


@pytest.mark.slow
def test_the_program_trains_a_block_and_one_network_and_tells(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    times = run_program(("float32", "float64"), None)
    assert len(times) == len(COMPILED)
    assert 0 < times[0] < times[1]


def test_a_program_that_fails_is_no_measurement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "PROGRAM", "import sys; print('begun'); sys.exit(4)")
    with pytest.raises(RuntimeError, match="status 4"):
        run_program(("float32",), None)


@pytest.mark.parametrize("cache", [None, Path("somewhere")])
def test_the_program_keeps_what_it_compiles_where_it_is_told(
    cache: Path | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NUMBA_CACHE_DIR", "mine")
    told = "import os, pathlib; pathlib.Path('told').write_text(os.environ['NUMBA_CACHE_DIR'])"
    monkeypatch.setattr(starting, "PROGRAM", told)
    assert run_program((), cache) == []
    assert (tmp_path / "told").read_text() == ("mine" if cache is None else "somewhere")


def test_a_median_of_an_even_number_lies_between() -> None:
    assert Starting(None, (1.0, 2.0, 4.0, 9.0)).start == 3.0
