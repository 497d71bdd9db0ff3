"""What is in a store is not trained again; what comes out of it is what `train` gives."""

from __future__ import annotations

import csv
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mlplab.store.training
from mlplab.errors import MlplabError, StoreError
from mlplab.run import Outcomes
from mlplab.spec import Experiment
from mlplab.store import (
    EVERYTHING,
    RunFilter,
    Store,
    changes_text,
    export_runs,
    readable_columns,
    spec_text,
    train_stored,
)
from mlplab.store.settings import flat_settings
from mlplab.training import train

SMALL = Experiment(
    dataset={"kind": "linear", "train_per_class": 16, "test_per_class": 8},
    training={"batch_size": 4, "epochs": 3},
)


def assert_same(found: Outcomes, wanted: Outcomes) -> None:
    for field in fields(Outcomes):
        if field.name not in ("experiment", "seconds"):
            one, other = getattr(found, field.name), getattr(wanted, field.name)
            np.testing.assert_array_equal(one, other, err_msg=field.name)


@pytest.fixture
def trained_seeds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The seeds that were trained, in a list that grows."""
    seeds: list[int] = []
    real = mlplab.store.training.stream_outcomes

    def stream(experiments: Any, which: Any, wanted: Any, **how: Any) -> Iterator[Outcomes]:
        seeds.extend(wanted.tolist())
        return real(experiments, which, wanted, **how)

    monkeypatch.setattr(mlplab.store.training, "stream_outcomes", stream)
    return seeds


def test_only_what_is_missing_is_trained(store: Store, trained_seeds: list[int]) -> None:
    first = train_stored(store, SMALL, 5, seed=3)
    assert (first.found, sorted(trained_seeds)) == (0, [3, 4, 5, 6, 7])
    trained_seeds.clear()
    second = train_stored(store, SMALL, 6, seed=6, command="the second")
    assert (second.found, sorted(trained_seeds)) == (2, [8, 9, 10, 11])
    trained_seeds.clear()
    third = train_stored(store, SMALL, 9, seed=3, command="the third")
    assert (third.found, trained_seeds) == (9, [])
    assert_same(third.outcomes, Outcomes.from_runs(train(SMALL, 9, seed=3)))
    # A command that trained nothing has left nothing.
    commands = [command.text for command in store.commands()]
    assert commands == ["mlplab.store.train_stored", "the second"]


def test_another_setting_is_another_experiment(store: Store, trained_seeds: list[int]) -> None:
    train_stored(store, SMALL, 2)
    trained_seeds.clear()
    assert train_stored(store, SMALL.varied({"training.epochs": 4}), 2).found == 0
    assert sorted(trained_seeds) == [0, 1]


def test_own_samples_are_known_by_their_content(store: Store, trained_seeds: list[int]) -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(40, 2))
    y = np.where(x[:, 0] > 0, "a", "b")
    own = SMALL.varied({"dataset": {"kind": "arrays"}})
    first = train_stored(store, own, 2, data=(x, y))
    assert first.resplit_ratio == pytest.approx(8 / 24)
    trained_seeds.clear()
    assert train_stored(store, own, 2, data=(x.copy(), y)).found == 2
    assert trained_seeds == []
    assert train_stored(store, own, 2, data=(x + 1, y)).found == 0


def test_progress_counts_what_is_in_the_store(path: Path, store: Store) -> None:
    told: list[tuple[int, int, int]] = []

    def progress(done: int, total: int) -> None:
        with Store(path, read_only=True) as reader:
            told.append((done, total, reader.count()[0]))

    train_stored(store, SMALL, 50, progress=progress)
    assert told[0][:2] == (0, 50)
    assert told[-1] == (50, 50, 50)
    assert all(done <= stored for done, _, stored in told)


def test_an_interrupt_keeps_what_had_ended(
    store: Store, monkeypatch: pytest.MonkeyPatch, path: Path
) -> None:
    real = mlplab.store.training.stream_outcomes

    def interrupted(*how: Any, **more: Any) -> Iterator[Outcomes]:
        (whole,) = [Outcomes.concatenate(list(real(*how, **more)))]
        yield whole[:4]
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(mlplab.store.training, "stream_outcomes", interrupted)
        with pytest.raises(KeyboardInterrupt):
            train_stored(store, SMALL, 10)
    assert store.count() == (4, 1)
    rest = train_stored(store, SMALL, 10)
    assert rest.found == 4
    assert_same(rest.outcomes, Outcomes.from_runs(train(SMALL, 10)))


def test_nothing_is_trained_for_a_store_that_cannot_keep_it(store: Store) -> None:
    store.close()
    with Store(store.path, read_only=True) as reader, pytest.raises(StoreError, match="read-only"):
        train_stored(reader, SMALL, 2)
    with pytest.raises(MlplabError, match="replications must be at least 1"):
        train_stored(store, SMALL, 0)


RUNS = 2000

TRAINING = f"""
import sys
from mlplab.store import Store, train_stored
from mlplab.spec import Experiment
experiment = Experiment.from_toml_text(sys.argv[2])
with Store(sys.argv[1]) as store:
    train_stored(store, experiment, {RUNS}, threads=1)
"""


@pytest.mark.slow
def test_training_that_is_killed_goes_on_and_ends_the_same(
    tmp_path: Path, contents: Callable[[Path], list[Any]]
) -> None:
    longer = SMALL.varied({"training.epochs": 400, "dataset.train_per_class": 64})
    path, whole = tmp_path / "killed.sqlite", tmp_path / "whole.sqlite"
    arguments = [sys.executable, "-c", TRAINING, path, longer.to_toml()]
    moments = np.random.default_rng(0)
    counts = [0]
    for _ in range(2):
        process = subprocess.Popen(arguments)
        # A while after it has written something.
        while process.poll() is None and stored(path) <= counts[-1]:
            time.sleep(0.02)
        time.sleep(moments.uniform(0, 0.3))
        process.kill()
        process.wait()
        counts.append(stored(path))
    assert 0 < counts[1] < RUNS  # else nothing was under way when it was killed
    assert counts[1] < counts[2]
    for store_path in (path, whole):
        with Store(store_path) as store:
            train_stored(store, longer, RUNS, threads=1)
    assert contents(path) == contents(whole)
    assert len(contents(path)) == RUNS


def stored(path: Path) -> int:
    try:
        with Store(path, read_only=True) as store:
            return store.count()[0]
    except StoreError:  # not made yet
        return 0


def exported(store: Store, path: Path, chosen: RunFilter = EVERYTHING) -> list[dict[str, str]]:
    export_runs(store, path, chosen)
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def variants(store: Store, outcomes_of: Callable[..., Outcomes]) -> list[Experiment]:
    """An experiment and three variants, with runs of seeds 0 to 9 of each."""
    changes: list[dict[str, Any]] = [
        {"training.batch_size": 8},
        {"training.batch_size": 16, "training.optimizer.learning_rate": 2.0},
        {"training.optimizer": "adam"},
    ]
    base = int(store.add_experiments([SMALL.key], [spec_text(SMALL)])[0])
    experiments = [SMALL, *(SMALL.varied(change) for change in changes)]
    keys = [each.key for each in experiments[1:]]
    ids = store.add_experiments(keys, [changes_text(change) for change in changes], base)
    store.add_runs(outcomes_of(range(10), 4), np.array([base, *ids]), store.add_command('a, "b"'))
    return experiments


def test_an_export_is_read_back_to_the_bit(
    store: Store, variants: list[Experiment], tmp_path: Path
) -> None:
    rows = exported(store, tmp_path / "runs.csv")
    assert [(row["experiment"], int(row["seed"])) for row in rows] == [
        (key, seed) for key in sorted(each.key for each in variants) for seed in range(10)
    ]
    stored = store.outcomes()
    by_id = {each.key: each.id for each in store.experiments()}
    order = np.lexsort((stored.seed, [list(by_id.values()).index(i) for i in stored.experiment]))
    assert list(rows[0])[:14] == list(readable_columns(["accuracy"]))
    for name in ("train_loss", "train_metric", "test_metric", "updates"):
        found = [float(row[name.replace("metric", "accuracy")] or "nan") for row in rows]
        np.testing.assert_array_equal(found, getattr(stored, name)[order])
    assert {row["command"] for row in rows} == {'a, "b"'}


def test_an_export_has_the_settings_that_differ(
    store: Store, variants: list[Experiment], tmp_path: Path
) -> None:
    rows = exported(store, tmp_path / "runs.csv")
    settings = {each.key: flat_settings(each) for each in variants}
    names = {name for each in settings.values() for name in each}
    differ = sorted(n for n in names if len({str(s.get(n)) for s in settings.values()}) > 1)
    assert {"training.batch_size", "training.optimizer.kind"} < set(differ)
    assert list(rows[0])[14:] == differ
    for row in rows:
        of = settings[row["experiment"]]
        assert {name: row[name] for name in differ} == {
            name: str(of[name]) if name in of else "" for name in differ
        }
    # Of one experiment nothing differs.
    one = exported(store, tmp_path / "one.csv", RunFilter(SMALL.key, seeds=(3, 4)))
    assert (len(one), list(one[0])) == (2, list(rows[0])[:14])


def test_a_parquet_file_says_what_the_csv_says(
    store: Store, variants: list[Experiment], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    monkeypatch.setattr("mlplab.store.exporting.ROWS", 7)  # several groups of rows
    export_runs(store, tmp_path / "runs.parquet")
    rows = exported(store, tmp_path / "runs.csv")
    frame = pandas.read_parquet(tmp_path / "runs.parquet")
    assert list(frame.columns) == list(rows[0])
    assert len(frame) == len(rows) == 10 * len(variants)
    for name in frame.columns:
        texts = [row[name] for row in rows]
        if frame[name].dtype.kind in "if":
            found = frame[name].to_numpy(float)
            np.testing.assert_array_equal(found, [float(text or "nan") for text in texts])
        else:
            assert ["" if pandas.isna(x) else str(x) for x in frame[name]] == texts


def test_an_export_of_nothing_has_its_header(store: Store, tmp_path: Path) -> None:
    assert exported(store, tmp_path / "none.csv") == []
    assert (tmp_path / "none.csv").read_text().startswith("experiment,seed,ending,cause,train_loss")


def test_an_export_that_fails_leaves_what_was_there(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "runs.csv"
    file.write_text("before")

    def fail(*_: object) -> Iterator[Any]:
        raise StoreError("the store is damaged")

    monkeypatch.setattr(Store, "rows", fail)
    with pytest.raises(StoreError):
        export_runs(store, file)
    with pytest.raises(StoreError, match=r"to .csv or .parquet, received '.txt'"):
        export_runs(store, tmp_path / "runs.txt")
    assert file.read_text() == "before"
    assert sorted(each.name for each in tmp_path.iterdir() if "sqlite" not in each.name) == [
        "runs.csv"
    ]
