"""`mlplab map`: what it leaves, what it finds again, and what it refuses."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlplab.cli import sweeping as command
from mlplab.errors import StoreError
from mlplab.store import Store

SMALL = """
dataset = {kind = "linear", train_per_class = 16, test_per_class = 8}
[training]
optimizer = {kind = "sgd", learning_rate = 1.0}
batch_size = 4
epochs = 2
"""

AXES = (
    *("--x", "training.optimizer.learning_rate=log:0.01:10:5"),
    *("--y", "training.batch_size=1,4,16"),
)
FILES = ["cells.csv", "experiment.toml", "map.html", "map.png", "map.svg"]

Run = Callable[..., Any]

undrawn = pytest.mark.usefixtures("undrawn_figures")


@pytest.fixture(autouse=True)
def _a_small_experiment(_in_an_empty_folder_and_80_columns: None) -> None:
    Path("small.toml").write_text(SMALL)


def test_what_a_map_leaves(run: Run, plain: Callable[[str], str]) -> None:
    result = run("map", "small.toml", *AXES)
    assert result.exit_code == 0, result.stderr
    assert sorted(path.name for path in Path("small-map").iterdir()) == FILES
    said = plain(result.stdout)
    assert "60 runs of 15 cells" in said
    assert "said of 30 replications or more; this map has 4." in said
    with Path("small-map/cells.csv").open(newline="") as file:
        assert len(list(csv.DictReader(file))) == 15
    with Store("mlplab-runs.sqlite", read_only=True) as store:
        assert store.count() == (60, 15)
        assert store.commands()[0].text.startswith("mlplab")


@undrawn
@pytest.mark.slow
def test_the_same_command_finds_everything(run: Run, plain: Callable[[str], str]) -> None:
    run("map", "small.toml", *AXES)
    cells = Path("small-map/cells.csv").read_bytes()
    again = run("map", "small.toml", *AXES, "--out", "again")
    assert "has 60 of the 60 runs of this map" in plain(again.stdout)
    assert Path("again/cells.csv").read_bytes() == cells
    assert Path("again/map.html").read_bytes() == Path("small-map/map.html").read_bytes()


@undrawn
@pytest.mark.slow
def test_another_map_says_in_what_it_differs(run: Run, plain: Callable[[str], str]) -> None:
    run("map", "small.toml", *AXES)
    other = run("map", "small.toml", *AXES, "--replications", 2, "--set", "training.epochs=3")
    assert "experiment.training.epochs is 3, was 2; replications is 2, was 4" in plain(other.stdout)


@undrawn
@pytest.mark.slow
def test_a_window_shows_a_part(run: Run) -> None:
    axes = (AXES[0], AXES[1], "--y", "dataset.sigma=lin:0.05:0.5:4")
    result = run("map", "small.toml", *axes, "--window", "0.1:1,0.2:0.3")
    assert result.exit_code == 0, result.stderr
    with Path("small-map/cells.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert (len(rows), rows[0]["dataset.sigma"], rows[-1]["dataset.sigma"]) == (20, "0.2", "0.3")


@undrawn
def test_thirty_replications_tell_which_cells_are_as_good(
    run: Run, plain: Callable[[str], str]
) -> None:
    result = run("map", "small.toml", *AXES, "--replications", 30)
    assert "of 15 cells cannot be told from it" in plain(result.stdout)


@undrawn
def test_the_samples_of_a_map_are_those_of_its_experiment(
    run: Run, refused: Callable[..., str]
) -> None:
    rows = [f"{i % 7},{i % 5},{'ab'[i % 2]}" for i in range(40)]
    Path("own.csv").write_text("\n".join(["x1,x2,label", *rows]) + "\n")
    Path("own.toml").write_text('dataset = {kind = "file", path = "own.csv"}\n')
    for axis in ("dataset.path=own.csv,b.csv", "dataset.label=label,x1", "dataset=linear,moons"):
        assert "train those by themselves" in refused("map", "own.toml", *AXES[:2], "--y", axis)
    fractions = run("map", "own.toml", *AXES[:2], "--y", "dataset.test_fraction=0.2,0.4")
    assert fractions.exit_code == 0


@undrawn
@pytest.mark.slow
def test_a_complete_map_is_drawn_from_a_store_that_cannot_be_written(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("map", "small.toml", *AXES)

    def refuse(path: Path) -> None:
        raise StoreError(f"'{path}' cannot be written")

    monkeypatch.setattr("mlplab.store.store.open_for_writing", refuse)
    assert run("map", "small.toml", *AXES, "--out", "again").exit_code == 0
    other = run("map", "small.toml", *AXES, "--replications", 5)
    assert (other.exit_code, other.stderr) == (
        2,
        "mlplab: 'mlplab-runs.sqlite' cannot be written\n",
    )


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (
            ("--x", "training.learning_rate=0.1,0.2"),
            "did you mean 'training.optimizer.learning_rate'",
        ),
        (("--x", "training.optimizer.learning_rate=log:1:0.1:5"), "FROM must be below TO"),
        (("--x", "0.1,0.2"), "--x expects SETTING=log:FROM:TO:N"),
        (("--x", "training.batch_size=1,2"), "a map needs two settings"),
        (
            ("--y", "training.batch_size=0,2"),
            "the spec refuses the cells with training.batch_size=0",
        ),
        (("--y", "network.activation=relu,tanh"), "the spec refuses the cells"),
        (("--measure", "accuracy"), "unknown measure 'accuracy'"),
        (("--measure", "test_r2"), "runs whose metric is accuracy have no test_r2: known are "),
        (("--numbers", "xlsx"), "unknown format 'xlsx' of numbers; known: csv, parquet"),
        (("--replications", 0), "replications must be at least 1, received 0"),
        (("--window", "1:2"), "--window expects X0:X1,Y0:Y1"),
        (("--window", "1:2,1:2"), "a window needs axes of log: or lin:"),
        (("--store", "small.toml"), "small.toml"),
        (("--store", "no/such/folder/runs.sqlite"), "no/such/folder"),
        (("--out", "small.toml"), "small.toml"),
        (("--threads", 0), "threads must be at least 1, received 0"),
        (("--y", "training.batch_size=4,4.0"), "the cells with training.batch_size=4.0"),
        (("--y", "dataset.path=a.csv,b.csv"), "no field 'path' in"),
        (("--y", 'dataset=[{kind="file",path="a.csv"}]'), "train those by themselves"),
        (("--y", "training.optimizer=sgd,{kind='sgd'}"), "no list of values"),
        (("--y", 'training.optimizer=["sgd",{kind="sgd"}]'), "mean the same"),
        (("--x", "training.optimizer.learning_rate=1,1.0"), "1 and 1.0 mean the same"),
        (
            ("--x", "training.optimizer.learning_rate=lgo:1:2:3"),
            "--x expects SETTING=log:FROM:TO:N",
        ),
        (("--replications", 10**12), "needs about"),
    ],
)
def test_what_is_refused_changes_nothing(
    refused: Callable[..., str], changed: tuple[object, ...], says: str
) -> None:
    assert says in refused("map", "small.toml", *AXES, *changed)


@undrawn
@pytest.mark.slow
def test_what_takes_long_is_not_begun_without_yes(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "LONGEST", 0.0)
    monkeypatch.setattr(command, "MEASURED", 0.0)
    monkeypatch.setattr("mlplab.store.blocks.SECONDS", 0.0)
    monkeypatch.setattr("mlplab.sweep.chunks.RUNS_AT_A_TIME", 256)
    many = (
        "map",
        "small.toml",
        "--x",
        "training.optimizer.learning_rate=log:0.01:10:300",
        *AXES[2:],
    )
    result = run(*many)
    assert result.exit_code == 2
    assert "which are kept: add --yes" in result.stderr
    assert not Path("small-map").exists()
    with Store("mlplab-runs.sqlite", read_only=True) as store:
        assert 0 < store.count()[0] < 3600
    assert run(*many, "--yes").exit_code == 0
