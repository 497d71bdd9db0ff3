"""`mlplab train --store` and `mlplab runs`: what is said, and what is left when it goes wrong."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.cli.small import SMALL

from mlplab.cli.train_stored import command_line
from mlplab.run import Outcomes
from mlplab.spec import Experiment
from mlplab.store import RunFilter, Store, spec_text
from mlplab.training import train

pytestmark = pytest.mark.usefixtures("small_toml")

STORE = "mlplab-runs.sqlite"


@pytest.fixture
def filled(run: Callable[..., Any], small_toml: None) -> tuple[str, str]:
    """A store in the default place with two experiments, of 4 and 2 runs; their keys."""
    for options in (["--replications", 4], ["--replications", 2, "--set", "training.epochs=7"]):
        result = run("train", "small.toml", "--store", STORE, *options)
        assert result.exit_code == 0, result.output
    small = Experiment.from_toml_text(SMALL)
    return small.key, small.varied({"training.epochs": 7}).key


def test_training_says_what_it_found(run: Callable[..., Any], plain: Callable[[str], str]) -> None:
    first = run("train", "small.toml", "--store", "my.sqlite", "--replications", 3)
    said = plain(first.stdout)
    assert (first.exit_code, first.stderr) == (0, "")
    assert said.startswith("small: seeds 0 to 2, 0 found in the store, 3 trained by engine")
    assert f"stored in my.sqlite: experiment {Experiment.from_toml_text(SMALL).key[:12]}" in said
    second = run("train", "small.toml", "--store", "my.sqlite", "--replications", 4, "--seed", 1)
    assert "seeds 1 to 4, 2 found in the store, 2 trained by engine" in plain(second.stdout)
    third = run("train", "small.toml", "--store", "my.sqlite", "--seed", 2)
    assert "seed 2, 1 found in the store, 0 trained by engine" in plain(third.stdout)
    # The same numbers as without a store.
    plainly = run("train", "small.toml", "--replications", 4, "--seed", 1)
    table = [line for line in plainly.stdout.splitlines() if "│" in line]
    assert table == [line for line in second.stdout.splitlines() if "│" in line]
    assert len(table) == 4
    assert not Path("my.sqlite-wal").exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--trainer", "reference"], "--store keeps runs of the engine"),
        (["--out", "here"], "--store keeps neither histories nor weights, which --out needs"),
        (["--replications", 0], "replications must be at least 1"),
    ],
)
def test_what_a_store_does_not_keep_is_refused(
    run: Callable[..., Any], options: list[Any], sentence: str
) -> None:
    result = run("train", "small.toml", "--store", "new.sqlite", *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr


def test_what_is_no_store_is_refused(refused: Callable[..., str]) -> None:
    for arguments in (["train", "small.toml"], ["runs", "list"], ["runs", "export", "a.csv"]):
        said = refused(*arguments, "--store", "small.toml")
        assert said == "'small.toml' is no store of runs: it is not a file of SQLite"
    assert refused("runs", "list") == f"there is no store of runs '{STORE}'"


def test_runs_are_listed_by_experiment(
    run: Callable[..., Any], plain: Callable[[str], str], filled: tuple[str, str]
) -> None:
    said = plain(run("runs", "list").stdout)
    first, second = sorted(filled)
    assert said.index(first[:12]) < said.index(second[:12])
    assert f"6 runs of 2 experiments in {STORE}" in said
    assert f"{filled[0][:12]} 4 0 to 3 0 0" in said
    said = plain(run("runs", "list", "--limit", 1).stdout)
    assert second[:12] not in said
    assert "The first 1 are shown; --limit 0 shows all." in said
    for options, count in (
        (["--experiment", filled[0][:10]], 4),
        (["--seeds", "1-2"], 3),
        (["--seeds", "3"], 1),
        (["--ending", "diverged"], 0),
        (["--where", "updates>50", "--where", "seed<1"], 1),
    ):
        said = plain(run("runs", "list", *options).stdout)
        assert f"{count} run{'' if count == 1 else 's'} of" in said


def test_an_experiment_is_shown_as_it_is(
    run: Callable[..., Any], plain: Callable[[str], str], filled: tuple[str, str]
) -> None:
    result = run("runs", "show", filled[1][:14])
    toml = result.stdout.split("\n\n", 1)[1].split("┏")[0]
    assert Experiment.from_toml_text(toml).key == filled[1]
    assert "All 2 runs" in plain(result.stdout)
    assert "trained by: " in plain(result.stdout)


PLANE = Experiment(dataset={"kind": "plane", "train_samples": 16, "test_samples": 8})


@pytest.fixture
def with_targets(filled: tuple[str, str]) -> tuple[str, str]:
    """Runs of targets in the same store, three of R² and three of the error; their keys."""
    with Store(STORE) as store:
        for loss in ("mean_squared_error", "huber"):
            experiment = PLANE.varied({"training.loss": loss})
            metric = experiment.head.metric_name
            ids = store.add_experiments([experiment.key], [spec_text(experiment)], metric=metric)
            runs = Outcomes.from_runs(train(experiment, 3, trainer="reference"))
            store.add_runs(runs, ids, store.add_command("mlplab train plane.toml"))
    return PLANE.key, PLANE.varied({"training.loss": "huber"}).key


def test_runs_of_targets_are_listed_by_their_own_metric(
    run: Callable[..., Any],
    plain: Callable[[str], str],
    filled: tuple[str, str],
    with_targets: tuple[str, str],
) -> None:
    squared, huber = with_targets
    mixed = plain(run("runs", "list").stdout)
    assert "on test samples" in mixed
    assert "12 runs of 4 experiments" in mixed
    for text in ("accuracy ", "R² ", "mean absolute error "):
        assert text in run("runs", "list").stdout
    for key, title in (
        (squared, "test R²"),
        (huber, "test mean absolute error"),
        (filled[0], "test accuracy"),
    ):
        assert title in " ".join(run("runs", "list", "--experiment", key[:12]).stdout.split())
    for metric, key in zip(("r2", "mean_absolute_error"), with_targets, strict=True):
        said = plain(run("runs", "list", "--where", f"test_{metric}<1e9").stdout)
        assert key[:12] in said
        assert "3 runs of 1 experiment in" in said
    assert "6 runs of 2 experiments" in plain(
        run("runs", "list", "--where", "test_accuracy>=0").stdout
    )


def test_an_experiment_with_targets_is_shown_with_its_metric(
    run: Callable[..., Any], plain: Callable[[str], str], with_targets: tuple[str, str]
) -> None:
    shown = run("runs", "show", with_targets[0][:14]).stdout
    said = plain(shown)
    for title in ("test R²", "test loss", "training R²", "training loss"):
        assert title in shown
    assert "accuracy" not in said
    with Store(STORE) as store:
        ending = store.outcomes(RunFilter(with_targets[0])).ending
    assert "stuck" in ending  # one epoch of four updates
    assert "Stuck: the training loss is no better than that of the best constant answer." in said


def test_an_export_calls_each_metric_by_its_name(
    run: Callable[..., Any], with_targets: tuple[str, str]
) -> None:
    assert run("runs", "export", "some.csv", "--where", "test_r2<1e9").exit_code == 0
    header, *rows = Path("some.csv").read_text().splitlines()
    assert "test_r2" in header
    assert "accuracy" not in header
    assert {row.split(",")[0] for row in rows} == {with_targets[0]}


def test_runs_are_exported(run: Callable[..., Any], filled: tuple[str, str]) -> None:
    result = run("runs", "export", "all.csv")
    assert (result.exit_code, result.stdout.split()) == (
        0,
        [
            "wrote",
            "all.csv",
            "6",
            "runs",
            "of",
            "2",
            "experiments,",
            "a",
            "row",
            "for",
            "each",
            "run",
        ],
    )
    lines = Path("all.csv").read_text().splitlines()
    assert lines[0].endswith(",seconds,finished_at,command,training.epochs")
    assert [line.split(",")[0] for line in lines[1:]] == sorted([filled[0]] * 4 + [filled[1]] * 2)


def test_two_stores_of_the_same_runs_have_the_same_export(run: Callable[..., Any]) -> None:
    tables = []
    for name, parts in (("one", [(0, 6)]), ("other", [(4, 2), (0, 5)])):
        for seed, count in parts:
            options = ["--seed", seed, "--replications", count, "--store", f"{name}.sqlite"]
            assert run("train", "small.toml", *options, "--threads", len(parts)).exit_code == 0
        assert run("runs", "export", f"{name}.csv", "--store", f"{name}.sqlite").exit_code == 0
        rows = [line.split(",") for line in Path(f"{name}.csv").read_text().splitlines()]
        assert rows[0][11:] == ["seconds", "finished_at", "command"]
        tables.append([row[:11] for row in rows])
    assert tables[0] == tables[1]
    assert len(tables[0]) == 7


def test_runs_are_deleted_only_on_demand(
    run: Callable[..., Any], refused: Callable[..., str], filled: tuple[str, str]
) -> None:
    said = refused("runs", "delete", "--seeds", "1-9")
    assert said == f"this would delete 4 runs of 2 experiments from '{STORE}': add --yes to do it"
    assert "or --all for all runs, received neither" in refused("runs", "delete", "--yes")
    assert "received both" in refused("runs", "delete", "--yes", "--all", "--seeds", "1")
    result = run("runs", "delete", "--seeds", "1-9", "--yes")
    assert result.stdout == f"deleted 4 runs from {STORE}\n"
    with Store(STORE, read_only=True) as store:
        assert store.outcomes().seed.tolist() == [0, 0]
    assert run("runs", "delete", "--all", "--yes").exit_code == 0
    with closing(sqlite3.connect(STORE)) as connection:
        # The last one stays, so that its id is given to no other.
        assert connection.execute("SELECT count(*) FROM experiments").fetchone() == (1,)


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["list", "--where", "accuracy>1"], "unknown column 'accuracy'; did you mean"),
        (["list", "--ending", "done"], "unknown ending 'done'"),
        (["list", "--seeds", "3-2"], "the last seed must not be below the first, received 3-2"),
        (["list", "--seeds", "a"], "--seeds expects a seed or two, such as 0-99, received 'a'"),
        (["list", "--experiment", "xyz"], "hexadecimal digits of its key, received 'xyz'"),
        (["show", "00000000000"], "has no runs of an experiment whose key begins '00000000000'"),
        (["show", ""], "more than one experiment in"),
        (["export", "runs.txt"], "runs are exported to .csv or .parquet, received '.txt'"),
    ],
)
def test_what_cannot_be_read_is_refused(
    refused: Callable[..., str], arguments: list[str], sentence: str
) -> None:
    assert sentence in refused("runs", *arguments)


def test_the_command_is_written_down_as_it_was_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/bin/mlplab", "train", "my lab.toml"])
    assert command_line() == "mlplab train 'my lab.toml'"


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_a_signal_keeps_what_had_ended() -> None:
    command = [sys.executable, "-m", "mlplab", "train", "small.toml", "--store", "s.sqlite"]
    command += ["--replications", "100000", "--set", "training.epochs=1500", "--threads", "1"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    for _ in range(600):
        time.sleep(0.05)
        if Path("s.sqlite").exists():
            with closing(sqlite3.connect("s.sqlite")) as connection:
                has_table = connection.execute(
                    "SELECT count(*) FROM sqlite_master WHERE name = 'runs'"
                ).fetchone()[0]
                if has_table and connection.execute("SELECT count(*) FROM runs").fetchone()[0]:
                    break
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate()
    assert (process.returncode, out) == (128 + signal.SIGTERM, ""), err
    assert "of 100000 runs in the store 's.sqlite'; the same command goes on" in err
    with Store("s.sqlite", read_only=True) as store:
        assert 0 < store.count()[0] < 100_000
