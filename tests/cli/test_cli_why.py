"""`mlplab why`: what is said of an experiment and of saved runs, and what is refused."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ZEROS = """\
[dataset]
kind = "polar"
classes = 2
sigma = 0.1
train_per_class = 32
test_per_class = 32
[network]
hidden_layers = 1
layer_width = 5
activation = "relu"
initializer = "zeros"
[training]
batch_size = 16
epochs = 3
"""


@pytest.fixture
def spec() -> Path:
    path = Path("zeros.toml")
    path.write_text(ZEROS, encoding="utf-8")
    return path


def test_it_says_why_and_what_would_help(run: Callable[..., Any], spec: Path):
    result = run("why", str(spec), "--replications", "2", "--out", "why")
    assert result.exit_code == 0
    text = " ".join(result.stdout.split())
    assert "Of 2 runs 2 fail. The likeliest cause in all of them: equal neurons (2)." in text
    assert "initializer=he_normal" in text
    assert "for a verdict there must be 30 seeds" in text
    assert "it is the difference on test samples, in percentage points." in text
    assert {path.name for path in Path("why").iterdir()} == {
        "remedies.png",
        "remedies.svg",
        "remedies.csv",
    }
    with Path("why/remedies.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["change"]: row for row in csv.DictReader(file)}
    adam = rows["training.optimizer=adam"]  # equal neurons stay equal, by whatever rule
    assert (adam["runs"], adam["stuck"], adam["diverged"]) == ("2", "2", "0")
    assert float(adam["failed_fraction"]) == 1
    assert float(adam["p_failed"]) == 1
    assert adam["effect"] == "unclear"


def test_saved_runs_are_explained(run: Callable[..., Any], spec: Path):
    trained = run("train", str(spec), "--replications", "2", "--out", "runs")
    assert "mlplab why runs" in " ".join(trained.stdout.split())
    result = run("why", "runs", "--no-changes")
    assert result.exit_code == 0
    assert "equal neurons (2)" in result.stdout
    assert "initializer=" not in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["zeros.toml", "--replications", "0"], "replications must be at least 1"),
        (["zeros.toml", "--no-changes", "--out", "x"], "--no-changes tries none"),
        (["other.toml"], "other.toml"),
        (["zeros.toml", "--set", "network.layer_width=0"], "layer_width"),
        ([".", "--seed", "3"], "--seed says what to train"),
        (["."], "no runs"),
    ],
)
def test_what_cannot_be_done_is_refused(
    run: Callable[..., Any], spec: Path, arguments: list[str], said: str
):
    result = run("why", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert spec.exists()
