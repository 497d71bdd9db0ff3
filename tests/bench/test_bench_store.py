"""The store in the bench: what keeping runs costs, and what is read of a store with many runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlplab.bench import Record, Settings, run_bench, tasks
from mlplab.bench.full_store import (
    COUNT,
    GOALS,
    RESUME,
    FullStore,
    fill_store,
    full_store_runs,
    full_store_steps,
    measure_full_store,
    time_filters,
    time_resume,
)
from mlplab.bench.report import as_markdown
from mlplab.bench.rounds import Pair
from mlplab.bench.store_figures import StoreFigures
from mlplab.bench.store_overhead import KEPT, StoreOverhead, stored_workload
from mlplab.bench.store_sides import (
    IntoStore,
    ManySeedsIntoStore,
    Map,
    MapIntoStore,
    square_plan,
)
from mlplab.bench.store_table import full_store_table, overhead_table
from mlplab.bench.worker import SideHere
from mlplab.bench.workload import Workload
from mlplab.report.experiments import EXPERIMENTS
from mlplab.store import Condition, RunFilter, Store

SETTINGS = Settings(rounds=3, threads=1, quick=True, parts=("store",))
EXPERIMENT = EXPERIMENTS["1.1-batch-16"]


@pytest.fixture
def record(fake_bench: Any, tmp_path: Path) -> Record:
    return run_bench(SETTINGS, [], folder=tmp_path)


def full(runs: int, seconds: float = 0.5) -> FullStore:
    """Return a store that takes the same time for all."""
    return FullStore(runs, runs // 4, 8_000_000, 2.0, dict.fromkeys(GOALS, (seconds,)))


def test_the_goals_are_those_of_a_million_runs_and_of_the_labs_first_task() -> None:
    assert GOALS[RESUME] == 2.0
    assert {goal for what, goal in GOALS.items() if what.startswith("filter")} == {1.0}
    assert full_store_runs(quick=False) == 512 * 512 * 4
    assert full_store_runs(quick=True) == 50_176
    for quick in (False, True):
        assert stored_workload(quick).experiment == EXPERIMENT
    assert stored_workload(False).population > stored_workload(True).population


def test_an_overhead_is_how_much_longer_it_takes(record: Record) -> None:
    assert record.store is not None
    seeds, grid = record.store.overheads
    assert (seeds.command, grid.command) == tuple(KEPT)
    assert seeds.overhead == pytest.approx(0.04)
    assert grid.overhead == pytest.approx(0.051)
    verdicts = {verdict.what: verdict.reached for verdict in record.verdicts()}
    assert verdicts == {
        "store, train --store: overhead": True,
        "store, map: overhead": False,
    }
    rows = overhead_table(record.store.overheads).rows
    assert rows[0] == (
        *("train --store", "10.0 s", "10.4 s", "4.0 %", "4.0 to 4.0 %", "≤ 5 %", "reached"),
    )
    assert rows[1][-1] == "missed"


def test_both_of_a_pair_are_measured_in_turn(record: Record, fake_bench: Any) -> None:
    measured = [name for name, what in fake_bench.asked if what == "measure"]
    order = [name for sides in KEPT.values() for name in _in_turn(*(side.name for side in sides))]
    assert measured == order


def _in_turn(without: str, stored: str) -> list[str]:
    return [without, stored, stored, without, without, stored]


def test_the_seconds_are_those_of_a_run(
    tiny_workload: Callable[..., Workload], fake_bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    longer = tiny_workload(population=8, epochs=3, momentum=0.0)
    monkeypatch.setattr("mlplab.bench.run.stored_workload", lambda quick: longer)
    found = run_bench(SETTINGS, []).store
    assert found is not None
    assert found.overheads[0].seconds == (30.0, pytest.approx(31.2))


@pytest.mark.parametrize("pair", KEPT.values(), ids=list(KEPT))
def test_both_of_a_pair_train_as_many_runs_and_leave_nothing(
    pair: Any,
    tiny_workload: Callable[..., Workload],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    workload = tiny_workload(population=8, momentum=0.0)
    for side in pair:
        here = SideHere(side, 1)
        assert here.prepare(workload).networks == 8
        assert here.measure().seconds > 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("side", [ManySeedsIntoStore, MapIntoStore])
def test_what_was_not_kept_has_no_time(
    side: type[IntoStore],
    tiny_workload: Callable[..., Workload],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    timed: Any = side(tiny_workload(population=8, momentum=0.0), 1)
    monkeypatch.setattr(Store, "count", lambda self: (7, 1))
    with pytest.raises(RuntimeError, match="expected 8 runs, counted 7"):
        timed.train()


def test_what_was_not_trained_has_no_time(tiny_workload: Callable[..., Workload]) -> None:
    timed = Map(tiny_workload(population=8, momentum=0.0), 1)
    timed.networks = 9
    with pytest.raises(RuntimeError, match="expected 9 runs, counted 8"):
        timed.train()


def test_a_full_store_is_that_of_a_map_which_is_complete(tmp_path: Path) -> None:
    plan = square_plan(EXPERIMENT, 64)
    path = tmp_path / "full.sqlite"
    assert fill_store(path, plan) > 0
    with Store(path) as store:
        assert store.count() == (64, 16)
        cells, ids = store.cells(1)
        assert cells.tolist() == list(range(16))
        made = [store.experiment(int(number)) for number in ids]
        assert [e.key for e in made] == [cell.key for cell in plan.grid.cells(range(16))]
        outcomes = store.sweep_outcomes(1)
    assert outcomes.seed.tolist() == [0, 1, 2, 3] * 16
    assert set(outcomes.ending) == {"finished", "stuck"}
    assert set(time_resume(path, plan)) == {RESUME, "map: its outcomes read, too"}
    assert {*time_resume(path, plan), *time_filters(path)} >= set(GOALS)


def test_a_filter_is_for_a_tenth_of_the_runs(tmp_path: Path) -> None:
    path = tmp_path / "full.sqlite"
    fill_store(path, square_plan(EXPERIMENT, 4096))
    with Store(path) as store:
        runs, _ = store.count(RunFilter(conditions=[Condition("test_accuracy", ">", 0.9)]))
    assert 0.07 < runs / 4096 < 0.13


def test_a_map_that_is_not_complete_is_not_trained(tmp_path: Path) -> None:
    plan = square_plan(EXPERIMENT, 64)
    path = tmp_path / "full.sqlite"
    fill_store(path, plan)
    with Store(path) as store:
        [cell] = plan.grid.cells([3])
        store.delete(RunFilter(cell.key, seeds=(2, 2)))
    with pytest.raises(RuntimeError, match="expected 64 runs in the store, found 63"):
        time_resume(path, plan)
    with Store(path) as store:
        assert store.count() == (63, 16)


@pytest.mark.parametrize(("rounds", "measured"), [(1, 1), (5, 3)])
def test_a_full_store_is_read_a_few_times(tmp_path: Path, rounds: int, measured: int) -> None:
    steps: list[int] = []
    found = measure_full_store(tmp_path, 64, rounds, lambda: steps.append(1))
    assert len(steps) == full_store_steps(64, rounds)
    assert (found.runs, found.experiments) == (64, 16)
    assert found.size == (tmp_path / "full.sqlite").stat().st_size
    assert {len(seconds) for seconds in found.reading.values()} == {measured}


def test_only_a_store_with_a_million_runs_is_judged(pair_of: Callable[..., Pair]) -> None:
    small, large = full(50_176), full(1_048_576)
    assert StoreFigures((), small).verdicts() == []
    assert {row[-1] for row in full_store_table(small).rows} == {""}
    assert "50,176 runs (goals are for 1,000,000)" in full_store_table(small).title
    assert [verdict.reached for verdict in StoreFigures((), large).verdicts()] == [True] * 5
    rows = {name: cells for name, *cells in full_store_table(large).rows}
    assert rows[RESUME] == ["500 ms", "≤ 2 s", "reached"]
    assert rows["a run added"] == ["1.91 µs", "", ""]
    assert "goals are for" not in full_store_table(large).title
    slow = {v.what: v.reached for v in StoreFigures((), full(1_048_576, 1.5)).verdicts()}
    assert slow[f"store, {RESUME}, seconds"] is True
    assert slow[f"store, {COUNT}, seconds"] is False


def test_json_has_every_round(record: Record, pair_of: Callable[..., Pair]) -> None:
    found = json.loads(json.dumps(record.as_json(), allow_nan=False))["store"]
    seeds = found["overheads"][0]
    assert (seeds["command"], seeds["runs"]) == ("train --store", 8)
    assert [len(seeds["without"]), len(seeds["stored"])] == [3, 3]
    assert seeds["overhead"] == pytest.approx(0.04)
    assert found["full"]["runs"] == 64
    assert set(found["full"]["reading"]) >= set(GOALS)
    part = StoreOverhead("map", record.store.overheads[0].workload, pair_of([1.0], [1.1]))  # type: ignore[union-attr]
    assert part.as_json()["overhead"] == pytest.approx(0.1)


def test_the_report_says_how_it_was_measured(record: Record) -> None:
    report = as_markdown(record)
    for wanted in ("## Store", "| train --store |", "numbers are made up", "to the\nanswer"):
        assert wanted in report
    assert "## Store" not in as_markdown(replace(record, store=None))


def test_its_progress_goes_to_the_end_and_its_files_are_gone(
    fake_bench: Any, tmp_path: Path
) -> None:
    steps: dict[str, list[tuple[int, int]]] = {}
    run_bench(
        SETTINGS,
        [],
        lambda task, done, total: steps.setdefault(task, []).append((done, total)),
        folder=tmp_path,
    )
    assert list(steps) == tasks(SETTINGS) == ["overhead of the store", "a full store"]
    for seen in steps.values():
        total = seen[0][1]
        assert seen == [(done, total) for done in range(1, total + 1)]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("runs", "shape"), [(4, (1, 1)), (8, (1, 2)), (64, (4, 4))])
def test_a_plan_has_about_as_many_runs(runs: int, shape: tuple[int, int]) -> None:
    plan = square_plan(EXPERIMENT, runs)
    assert (plan.run_count, plan.shape) == (runs, shape)
    assert np.prod(plan.shape) * plan.replications == runs
