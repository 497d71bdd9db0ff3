"""`mlplab sweep`: what it leaves, what it finds again, and what it refuses."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlplab.cli import sweeping as command
from mlplab.errors import StoreError
from mlplab.spec import Experiment
from mlplab.store import Store

SMALL = """
dataset = {kind = "linear", train_per_class = 16, test_per_class = 8}
[training]
optimizer = {kind = "sgd", learning_rate = 1.0}
batch_size = 4
epochs = 4
"""

SPACE = """
[training]
batch_size = [1, 4, 16]
[training.optimizer]
learning_rate = "log:0.01:10"
"""

FILES = ["small.toml", "space.toml", "--candidates", "20", "--replications", "3", "--final", "30"]

Run = Callable[..., Any]

undrawn = pytest.mark.usefixtures("undrawn_figures")


@pytest.fixture(autouse=True)
def _a_small_search(_in_an_empty_folder_and_80_columns: None) -> None:
    Path("small.toml").write_text(SMALL)
    Path("space.toml").write_text(SPACE)


def test_what_a_sweep_leaves(run: Run, plain: Callable[[str], str]) -> None:
    result = run("sweep", *FILES)
    assert result.exit_code == 0, result.stderr
    pictures = [
        f"{name}.{form}"
        for name in ("history", "importance", "parallel", "slices")
        for form in ("png", "svg")
    ]
    left = sorted(path.name for path in Path("small-sweep").iterdir())
    assert left == sorted(["candidates.csv", "summary.md", "winner.toml", *pictures])
    said = plain(result.stdout)
    assert "3 runs: 43.3 % got stuck, 0.0 % diverged." in said
    assert re.search(r"search validation test 95 % interval failed", said)
    for name in ("winner", "runner-up", "given setting"):
        assert name in said
    assert " than it is." in said
    with Path("small-sweep/candidates.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 20
    (best,) = (row for row in rows if row["rank"] == "1")
    winner = Experiment.from_toml("small-sweep/winner.toml")
    assert repr(winner.training.optimizer.learning_rate) == best["training.optimizer.learning_rate"]
    with Store("mlplab-runs.sqlite", read_only=True) as store:
        assert store.count() == (20 * 3 + 3 * 30, 21)


@undrawn
@pytest.mark.slow
def test_the_same_command_finds_everything(run: Run, plain: Callable[[str], str]) -> None:
    for options in (["--sampler", "tpe"], ["--halving", "both"]):
        first = run("sweep", *FILES, *options, "--out", "first")
        assert first.exit_code == 0, first.stderr
        with Store("mlplab-runs.sqlite", read_only=True) as store:
            count = store.count()
        again = run("sweep", *FILES, *options, "--out", "again")
        assert "runs of this sweep, begun" in plain(again.stdout)
        with Store("mlplab-runs.sqlite", read_only=True) as store:
            assert store.count() == count
        for name in ("candidates.csv", "summary.md", "winner.toml"):
            one, other = (Path(folder) / name for folder in ("first", "again"))
            assert one.read_bytes().replace(b"first", b"again") == other.read_bytes(), name


@undrawn
@pytest.mark.slow
def test_another_sweep_says_in_what_it_differs(run: Run, plain: Callable[[str], str]) -> None:
    run("sweep", *FILES)
    other = run("sweep", *FILES, "--seed", 5)
    assert "is new in 'mlplab-runs.sqlite', where runs of others are found too" in plain(
        other.stdout
    )
    assert "the nearest one differs: seed is 5, was 0" in plain(other.stdout)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (("--sampler", "tpee"), "did you mean 'tpe'"),
        (("--sampler", "grid"), "a grid has the candidates that it has"),
        (("--objective", "test_accuracy"), "by validation samples"),
        (
            ("--objective", "validation_r2"),
            "runs whose metric is accuracy have no validation_r2: a search for their best setting "
            "compares candidates by validation_accuracy or validation_loss",
        ),
        (("--halving", "runs"), "replications, epochs, both"),
        (("--final", 1), "final must be at least 2"),
        (("--numbers", "xls"), "unknown format 'xls'"),
        (("--store", "small.toml"), "'small.toml'"),
        (("--out", "small.toml"), "small.toml"),
        (("--set", "training.batch_siz=4"), "did you mean 'batch_size'"),
    ],
)
def test_what_is_refused_changes_nothing(
    refused: Callable[..., str], changed: tuple[object, ...], says: str
) -> None:
    assert says in refused("sweep", *FILES, *changed)


def test_a_space_that_is_none_is_refused(refused: Callable[..., str]) -> None:
    assert "cannot read the space 'nowhere.toml'" in refused("sweep", "small.toml", "nowhere.toml")
    Path("space.toml").write_text("[training]\nbatch_siz = [4]\n")
    assert "did you mean 'batch_size'" in refused("sweep", *FILES)
    Path("space.toml").write_text("[training]\nbatch_size = [4, 0]\n")
    assert "training.batch_size=0" in refused("sweep", *FILES)


@undrawn
@pytest.mark.slow
def test_what_takes_long_is_not_begun_without_yes(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "LONGEST", 0.0)
    monkeypatch.setattr(command, "MEASURED", 0.0)
    monkeypatch.setattr("mlplab.store.blocks.SECONDS", 0.0)
    monkeypatch.setattr("mlplab.sweep.chunks.RUNS_AT_A_TIME", 256)
    many = [*FILES, "--replications", "100"]
    result = run("sweep", *many)
    assert result.exit_code == 2
    assert "add --yes to train it" in result.stderr
    assert not Path("small-sweep").exists()
    assert run("sweep", *many, "--yes").exit_code == 0


@undrawn
@pytest.mark.slow
def test_only_the_runs_of_this_search_are_counted(run: Run, plain: Callable[[str], str]) -> None:
    run("sweep", *FILES, "--replications", "9")
    halving = ["sweep", *FILES, "--replications", "9", "--halving", "replications"]
    run(*halving)
    again = plain(run(*halving).stdout)
    # 20 candidates × 1 run, 7 × 2 more, 3 × 6 more, and fresh ones, though the store has nine of each.
    assert "has 142 of at most 142 runs of this sweep" in again


@undrawn
def test_a_search_that_is_whole_is_read_from_a_disk_that_cannot_be_written(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("space.toml").write_text('"training.batch_size" = [4, 16]\n')
    command = ["sweep", "small.toml", "space.toml", "--sampler", "grid", "--final", "30"]
    assert run(*command).exit_code == 0

    def refuse(path: Path) -> None:
        raise StoreError(f"the store '{path}' cannot be written")

    monkeypatch.setattr("mlplab.store.store.open_for_writing", refuse)
    assert run(*command, "--out", "again").exit_code == 0
    more = run(*command, "--replications", "9", "--out", "more")
    assert more.exit_code == 2
    assert "cannot be written" in more.stderr
