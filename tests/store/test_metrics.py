"""A store knows which metric an experiment's runs have, and calls it by its name."""

from __future__ import annotations

import csv
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mlplab.errors import StoreError
from mlplab.run import Outcomes
from mlplab.spec import Experiment
from mlplab.store import (
    READABLE,
    Condition,
    RunFilter,
    Store,
    export_runs,
    readable_columns,
    spec_text,
    train_stored,
)
from mlplab.store.schema import METRICS
from mlplab.training import train

KEPT = Path(__file__).parent / "stores"

EXPERIMENTS = {
    "accuracy": Experiment(dataset="linear"),
    "r2": Experiment(dataset="plane"),
    "mean_absolute_error": Experiment(dataset="plane", training={"loss": "huber"}),
}
"""Of each metric."""


@pytest.fixture
def ids(store: Store, outcomes_of: Callable[..., Outcomes]) -> dict[str, int]:
    """The id of each experiment, which has twelve runs."""
    found = {}
    for metric, experiment in EXPERIMENTS.items():
        assert experiment.head.metric_name == metric
        number = store.add_experiments(
            [experiment.key], [spec_text(experiment)], metric=experiment.head.metric_name
        )
        store.add_runs(outcomes_of(range(12)), number, store.add_command("test"))
        found[metric] = int(number[0])
    return found


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("relation", [">", "<=", "!="])
def test_a_condition_finds_runs_of_its_metric_only(
    store: Store, ids: dict[str, int], metric: str, relation: str
) -> None:
    everything = store.outcomes()
    passes = {">": np.greater, "<=": np.less_equal, "!=": np.not_equal}[relation]
    wanted = (everything.experiment == ids[metric]) & passes(everything.test_metric, 0.1)
    chosen = RunFilter(conditions=[Condition.parse(f"test_{metric}{relation}0.1")])
    found = store.outcomes(chosen)
    np.testing.assert_array_equal(found.seed, everything.seed[wanted])
    assert set(found.experiment) == {ids[metric]}
    # Also where it is asked within tables that are joined, and where runs are deleted.
    assert store.count(chosen) == (len(found), 1)
    assert [each.id for each in store.experiments(chosen)] == [ids[metric]]
    assert [number for number, *_ in store.specs(chosen)] == [ids[metric]]
    assert len(list(store.rows(chosen))) == len(found)
    assert store.metrics(chosen) == [metric]
    assert store.delete(chosen) == len(found)
    assert store.count()[0] == 36 - len(found)


def test_an_experiment_says_its_metric_and_the_mean_of_it(
    store: Store, ids: dict[str, int]
) -> None:
    for each in store.experiments():
        runs = store.outcomes(RunFilter(each.key))
        assert ids[each.metric] == each.id
        assert each.test_metric == pytest.approx(runs.test_metric[runs.ending != "diverged"].mean())


@pytest.mark.usefixtures("ids")
def test_the_view_has_a_column_for_each_metric(store: Store) -> None:
    with closing(sqlite3.connect(store.path)) as connection:
        query = f"SELECT {', '.join(READABLE)} FROM readable_runs ORDER BY experiment, seed"
        view = connection.execute(query).fetchall()
        names = [each[1] for each in connection.execute("PRAGMA table_info(readable_runs)")]
    assert view == list(store.rows())
    assert names == list(READABLE)
    for metric, experiment in EXPERIMENTS.items():
        rows = [dict(zip(READABLE, row, strict=True)) for row in view if row[0] == experiment.key]
        found = store.outcomes(RunFilter(experiment.key))
        for split in ("train", "validation", "test"):
            values = np.array([row[f"{split}_{metric}"] for row in rows], float)
            np.testing.assert_array_equal(values, getattr(found, f"{split}_metric"))
            others = {f"{split}_{other}" for other in METRICS if other != metric}
            assert {row[name] for row in rows for name in others} == {None}


@pytest.mark.usefixtures("ids")
@pytest.mark.parametrize(
    "wanted", [["accuracy"], ["r2"], ["r2", "mean_absolute_error"], [*METRICS]]
)
def test_an_export_has_columns_of_the_metrics_that_there_are(
    store: Store, tmp_path: Path, wanted: list[str]
) -> None:
    for metric in set(METRICS) - set(wanted):
        store.delete(RunFilter(EXPERIMENTS[metric].key))
    export_runs(store, tmp_path / "runs.csv")
    with (tmp_path / "runs.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    columns = readable_columns(store.metrics())
    assert list(rows[0])[: len(columns)] == list(columns)
    assert [name for name in columns if name.startswith("test")] == [
        "test_loss",
        *(f"test_{metric}" for metric in METRICS if metric in wanted),
    ]
    assert len(rows) == 12 * len(wanted)
    for metric in wanted:
        of_metric = [row for row in rows if row["experiment"] == EXPERIMENTS[metric].key]
        found = store.outcomes(RunFilter(EXPERIMENTS[metric].key)).test_metric
        assert [float(row[f"test_{metric}"]) for row in of_metric] == found.tolist()
        others = [f"test_{other}" for other in wanted if other != metric]
        assert all(row[name] == "" for row in of_metric for name in others)


@pytest.mark.parametrize("metric", METRICS)
def test_what_is_trained_into_a_store_has_its_metric(store: Store, metric: str) -> None:
    experiment = EXPERIMENTS[metric]
    assert train_stored(store, experiment, 2).found == 0
    again = train_stored(store, experiment, 4)
    runs = train(experiment, 4)
    assert again.found == 2
    for name in ("test_metric", "validation_metric", "train_metric", "test_loss", "cause"):
        wanted = getattr(Outcomes.from_runs(runs), name)
        np.testing.assert_array_equal(getattr(again.outcomes, name), wanted)
    assert store.metrics() == [metric]
    (listed,) = store.experiments()
    assert store.experiment(listed.id) == experiment


def test_runs_that_are_no_better_than_a_constant_are_kept(
    store: Store, ids: dict[str, int], outcomes_of: Callable[..., Outcomes]
) -> None:
    seeds = range(100, 103)
    stuck = replace(
        outcomes_of(seeds), ending=np.full(3, "stuck", "<U8"), cause=np.full(3, "constant", "<U9")
    )
    store.add_runs(stuck, np.array([ids["r2"]]), store.add_command("test"))
    chosen = RunFilter(seeds=(100, 102))
    assert store.outcomes(chosen).cause.tolist() == ["constant"] * 3
    assert {row[3] for row in store.rows(chosen)} == {"constant"}


def test_a_metric_that_is_not_the_experiments_is_damage(store: Store) -> None:
    plane = EXPERIMENTS["r2"]
    (number,) = store.add_experiments([plane.key], [spec_text(plane)])
    with pytest.raises(StoreError, match=r"it has the metric accuracy, and its spec r2$"):
        store.experiment(int(number))


def test_a_store_of_schema_1_keeps_its_runs(tmp_path: Path) -> None:
    """Each number of each run is what it was, and the metric of all is the accuracy."""
    path = tmp_path / "runs.sqlite"
    shutil.copy(KEPT / "v1.sqlite", path)
    query = "SELECT * FROM runs ORDER BY experiment, seed"
    words = "experiment, seed, ending, cause, train_loss, train_accuracy, test_accuracy, updates"
    in_words = f"SELECT {words}, finished_at, command FROM readable_runs ORDER BY 1, 2"
    with closing(sqlite3.connect(path)) as connection:
        before = [connection.execute(each).fetchall() for each in (query, in_words)]
    with Store(path) as store:
        assert store.metrics() == ["accuracy"]
        assert {each.metric for each in store.experiments()} == {"accuracy"}
        for each in store.experiments():
            assert store.experiment(each.id).head.metric_name == "accuracy"
    with closing(sqlite3.connect(path)) as connection:
        after = [connection.execute(each).fetchall() for each in (query, in_words)]
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert len(before[0]) == 6
    assert before == after
