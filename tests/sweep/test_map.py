"""Maps: each cell's runs are those of `train`, trained once, found again, and summed up rightly."""

from __future__ import annotations

import csv
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from mlplab.errors import MlplabError, SpecError
from mlplab.run import Outcomes
from mlplab.spec import Experiment
from mlplab.store import Store
from mlplab.sweep import Axis, MapPlan, TrainedMap, chunks, train_map
from mlplab.sweep.cells import ENDINGS
from mlplab.sweep.description import differences, key_of
from mlplab.sweep.figure import map_note
from mlplab.sweep.numbers import cell_table, write_table
from mlplab.training import train


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "runs.sqlite") as opened:
        yield opened


def assert_same(one: TrainedMap, other: TrainedMap) -> None:
    np.testing.assert_array_equal(one.ending, other.ending)
    for name in one.measures:
        np.testing.assert_array_equal(one.values[name], other.values[name], name)


def test_the_runs_of_a_cell_are_those_of_train(
    plan: MapPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "RUNS_AT_A_TIME", 17)
    monkeypatch.setattr(chunks, "PILOT_RUNS", 12)
    found = train_map(plan)
    assert found.count == plan.run_count == 60
    for cell in range(plan.cell_count):
        y, x = divmod(cell, 5)
        changes = {plan.y.setting: plan.y.values[y], plan.x.setting: plan.x.values[x]}
        outcomes = Outcomes.from_runs(train(plan.experiment.varied(changes), 4, seed=7))
        for name, measure in found.measures.items():
            scores = getattr(outcomes, measure.attribute)
            expected = np.where(outcomes.ending == "diverged", np.nan, scores)
            np.testing.assert_array_equal(found.values[name][y, x], expected)
        assert [ENDINGS[place] for place in found.ending[y, x]] == outcomes.ending.tolist()


@pytest.mark.parametrize("runs", [1, 5, 100])
@pytest.mark.parametrize("pilot", [1, 7, 1000])
def test_every_cell_is_trained_exactly_once(
    plan: MapPlan, runs: int, pilot: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "RUNS_AT_A_TIME", runs)
    monkeypatch.setattr(chunks, "PILOT_RUNS", pilot)
    counts = np.array([0, 4, 1, 0, 2, 3, 4, 4, 4, 0, 1])
    parts = list(chunks._parts(counts))
    places = np.concatenate(parts)
    assert sorted(places.tolist()) == np.flatnonzero(counts).tolist()
    assert all((np.diff(part) > 0).all() for part in parts)


def test_what_is_in_the_store_is_not_trained_again(
    plan: MapPlan, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[int, int]] = []
    first = train_map(plan, store, progress=lambda *so: told.append(so))
    assert told[0] == (0, 0)
    assert told[-1] == (60, 0)
    assert store.count() == (60, 15)
    monkeypatch.setattr("mlplab.sweep.chunks.stream_outcomes", None)  # whatever trains now fails
    again = train_map(plan, store, progress=lambda *so: told.append(so))
    assert told[-1] == (60, 60)
    assert_same(first, again)


def test_runs_of_another_map_are_found_too(plan: MapPlan, store: Store) -> None:
    """Another window, other replications, another axis: what is the same experiment is found."""
    train_map(plan, store)
    wider = replace(plan, x=Axis(plan.x.setting, (*plan.x.values, 20.0)), replications=5)
    told: list[tuple[int, int]] = []
    found = train_map(wider, store, progress=lambda *so: told.append(so))
    assert told[-1] == (3 * 6 * 5, 60)
    assert_same(found, train_map(wider))
    assert store.count() == (90, 18)
    # The experiment comes back as it was, whatever map it was first in.
    keys = {store.experiment(int(i)).key for i in store.cells(2)[1]}
    assert keys == {cell.key for cell in wider.grid.cells(range(18))}


def test_an_interrupt_keeps_what_has_ended(
    plan: MapPlan, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "RUNS_AT_A_TIME", 8)
    monkeypatch.setattr(chunks, "PILOT_RUNS", 8)
    monkeypatch.setattr("mlplab.store.blocks.SECONDS", 0.0)

    def interrupt(done: int, found: int) -> None:
        if done >= 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_map(plan, store, progress=interrupt)
    runs, _ = store.count()
    assert 20 <= runs < 60
    told: list[tuple[int, int]] = []
    resumed = train_map(plan, store, progress=lambda *so: told.append(so))
    assert told[0] == (runs, runs)
    assert_same(resumed, train_map(plan))


def test_a_map_without_a_store_counts_what_ends(plan: MapPlan) -> None:
    told: list[tuple[int, int]] = []
    train_map(plan, progress=lambda *so: told.append(so))
    assert told[-1] == (60, 0)


# ---- What is refused before any work ------------------------------------------------------------


def test_cells_that_the_spec_refuses_are_named(plan: MapPlan) -> None:
    batch = Axis("training.batch_size", (0, 4, -1))
    with pytest.raises(
        SpecError, match=r"refuses the cells with training\.batch_size=0 \(and 1 more\)"
    ):
        MapPlan.of(plan.experiment, plan.x, batch)


def test_plans_that_make_no_map(plan: MapPlan) -> None:
    with pytest.raises(MlplabError, match="two settings"):
        MapPlan.of(plan.experiment, plan.x, plan.x)
    with pytest.raises(MlplabError, match="replications must be at least 1, received 0"):
        MapPlan.of(plan.experiment, plan.x, plan.y, replications=0)
    with pytest.raises(MlplabError, match="15 cells and 15,000,000,000 runs needs about 1,500 GB"):
        MapPlan.of(plan.experiment, plan.x, plan.y, replications=10**9)
    with pytest.raises(SpecError, match="did you mean"):
        MapPlan.of(plan.experiment, Axis("training.batchsize", (1, 2)), plan.y)


def test_a_changed_map_says_what_has_changed(plan: MapPlan) -> None:
    changed = replace(
        plan, replications=9, experiment=plan.experiment.varied({"training.epochs": 3})
    )
    assert key_of(changed.description) != key_of(plan.description)
    assert differences(changed.description, plan.description) == [
        "experiment.training.epochs is 3, was 2",
        "replications is 9, was 4",
    ]


# ---- What the cells say together ----------------------------------------------------------------


def filled(plan: MapPlan, values: np.ndarray, ending: np.ndarray | None = None) -> TrainedMap:
    """Return a map whose every measure has these values, shape (y, x, replications)."""
    trained = TrainedMap(plan)
    which, replication = (i.ravel() for i in np.indices((plan.cell_count, plan.replications)))
    endings = np.full(values.shape, "finished") if ending is None else ending
    columns = {each.attribute: values.ravel() for each in trained.measures.values()}
    outcomes = Outcomes(
        experiment=which,
        seed=plan.seed + replication,
        ending=endings.ravel(),
        cause=np.full(values.size, ""),
        updates=np.ones(values.size, np.int64),
        seconds=np.zeros(values.size),
        **columns,
    )
    trained.write(np.arange(plan.cell_count), outcomes)
    return trained


def test_mean_and_interval_are_students(plan: MapPlan) -> None:
    values = np.random.default_rng(3).normal(0.5, 0.1, (3, 5, 4))
    ending = np.full(values.shape, "finished")
    ending[0, 0, 0] = ending[1, 1, 1:] = ending[2, 2] = "diverged"
    cells = filled(plan, values, ending).statistics("test_loss")
    low, high = stats.t.interval(0.95, 2, values[0, 0, 1:].mean(), stats.sem(values[0, 0, 1:]))
    np.testing.assert_allclose((cells.low[0, 0], cells.high[0, 0]), (low, high))
    assert cells.count[0, 0] == 3
    assert (cells.mean[1, 1], cells.low[1, 1], cells.high[1, 1]) == (
        values[1, 1, 0],
        0.0,
        np.inf,
    )
    assert np.isnan([cells.mean[2, 2], cells.low[2, 2], cells.high[2, 2]]).all()
    assert cells.count[2, 2] == 0


def test_failures_and_the_best_cell(plan: MapPlan) -> None:
    values = np.full((3, 5, 4), 0.5)
    values[1, 2], values[2, 3] = 0.8, 0.9
    ending = np.full(values.shape, "finished")
    ending[2, 3, :2], ending[0, 0, 0] = "diverged", "stuck"
    trained = filled(plan, values, ending)
    assert trained.fraction("diverged")[2, 3] == 0.5
    assert trained.fraction("failed")[0, 0] == 0.25
    assert trained.best() == (1, 2)  # at (2, 3) half of the runs diverged
    assert trained.best("test_loss") != (1, 2)
    assert trained.as_good_as_best() is None  # 4 replications
    assert filled(plan, values, np.full(values.shape, "diverged")).best() is None


def test_cells_that_cannot_be_told_from_the_best(plan: MapPlan) -> None:
    many = replace(plan, replications=40)
    rng = np.random.default_rng(1)
    of_seed = rng.normal(0, 0.2, 40)  # what a seed does to all cells cancels out
    values = 0.5 + of_seed + rng.normal(0, 0.01, (3, 5, 40))
    values[0, :3] += 0.1
    values[2, 4] += 0.05
    alike = filled(many, values).as_good_as_best("test_loss")
    assert alike is not None
    assert not alike[0, :3].any()
    values = -values
    alike = filled(many, values).as_good_as_best("test_loss")
    assert alike is not None
    assert np.argwhere(alike).tolist() == [[0, 0], [0, 1], [0, 2]]


def test_the_table_of_cells(plan: MapPlan, tmp_path: Path) -> None:
    trained = train_map(plan)
    write_table(cell_table(trained), tmp_path / "cells.csv")
    with (tmp_path / "cells.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 15
    cells = trained.statistics("test_accuracy")
    for place, row in enumerate(rows):
        y, x = divmod(place, 5)
        assert float(row["training.optimizer.learning_rate"]) == plan.x.values[x]
        assert int(row["training.batch_size"]) == plan.y.values[y]
        assert float(row["test_accuracy_mean"]) == cells.mean[y, x]
        assert int(row["runs"]) == 4
    parquet = pytest.importorskip("pyarrow.parquet", reason="needs the extra data")
    write_table(cell_table(trained), tmp_path / "cells.parquet")
    assert parquet.read_table(tmp_path / "cells.parquet").num_rows == 15
    with pytest.raises(MlplabError, match="unknown format 'txt' of numbers; known: csv, parquet"):
        write_table(cell_table(trained), tmp_path / "cells.txt")


def test_no_thread_trains_on_after_an_error(plan: MapPlan) -> None:
    # One run ends soon, the other would take minutes.
    epochs = Axis("training.epochs", (2, 5_000_000))
    uneven = MapPlan.of(plan.experiment, epochs, Axis(plan.y.setting, (12,)), replications=1)

    def fail(done: int, found: int) -> None:
        if done:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError) as error:
        train_map(uneven, progress=fail, threads=2)
    assert error.tb is not None  # it holds the frames of what was interrupted
    names = [thread.name for thread in threading.enumerate()]
    assert not [name for name in names if name.startswith("mlplab-engine")], names


def test_few_cells_with_very_many_runs_are_divided_too() -> None:
    counts = np.array([40_000, 0, 900, 30_000])
    parts = [part.tolist() for part in chunks._parts(counts)]
    assert parts == [[2], [0], [3]]


def test_own_samples_that_are_split_anew_are_corrected_for(tmp_path: Path) -> None:
    """Of n re-splits the variance of the mean is 1/n + n_test/n_train of one's (Nadeau and Bengio)."""
    generator = np.random.default_rng(2)
    lines = [f"{a:.3f},{b:.3f},{int(a + b > 0)}" for a, b in generator.normal(size=(100, 2))]
    (tmp_path / "own.csv").write_text("\n".join(["a,b,label", *lines]))
    own = Experiment(dataset={"kind": "file", "path": str(tmp_path / "own.csv")})
    x = Axis("training.optimizer.learning_rate", (0.1, 1.0))
    plan = MapPlan.of(own, x, Axis("training.batch_size", (8, 16)), replications=30)
    trained = TrainedMap(plan)
    # 60 training, 20 validation and 20 test samples.
    assert trained.overlaps["validation_accuracy"] == pytest.approx(1 / 3)
    assert trained.overlaps["train_accuracy"] == pytest.approx(3)
    values = 0.9 + 0.05 * generator.standard_normal((4, 30))
    values[1:] -= 0.02
    trained._ending[:] = 1
    trained._values["validation_accuracy"][:] = values
    cells = trained.statistics()
    error = values[0].std(ddof=1) * np.sqrt(1 / 30 + 1 / 3)
    assert cells.low[0, 0] == pytest.approx(values[0].mean() - 2.0452296 * error)
    assert trained.as_good_as_best().all()
    drawn = MapPlan.of(
        Experiment(dataset="linear"), x, Axis("training.batch_size", (8, 16)), replications=30
    )
    independent = TrainedMap(drawn)
    independent._ending[:] = 1
    independent._values["validation_accuracy"][:] = values - np.repeat(
        [0, 0.05, 0.05, 0.05], 30
    ).reshape(4, 30)
    assert independent.as_good_as_best().sum() == 1
    assert "re-split one set of samples" in map_note(trained, "validation_accuracy")
    assert "re-split" not in map_note(independent, "validation_accuracy")
