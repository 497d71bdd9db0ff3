"""`mlplab regions`: linear regions of what is trained, or was."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlplab import train
from mlplab.boundary import Extent, exact
from mlplab.spec import Experiment

SMALL = """
[dataset]
kind = "polar"
train_per_class = 32
test_per_class = 8

[network]
hidden_layers = 1
layer_width = 4
activation = "relu"

[training]
epochs = 3
"""

BOX = Extent(-1, 1, -1, 1)


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(SMALL)
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_it_says_and_writes_what_exact_finds(run: Callable[..., Any], spec: Path) -> None:
    result = run("regions", spec, "--replications", 3, "--seed", 5, "--box=-1,1,-1,1")
    assert result.exit_code == 0
    runs = train(Experiment.from_toml(spec), replications=3, seed=5)
    found = exact(runs, BOX)
    said = " ".join(result.stdout.split())
    assert f"Seed 5: {found.region_count[0]} linear regions in -1 < x1 < 1, -1 < x2 < 1" in said
    assert "All 3 networks:" in said
    folder = Path("small-regions")
    rows = rows_of(folder / "regions.csv")
    assert [row["seed"] for row in rows] == ["5", "6", "7"]
    assert [int(row["linear_regions"]) for row in rows] == found.region_count.tolist()
    assert [float(row["boundary_length"]) for row in rows] == found.boundary_length.tolist()
    assert [float(row["area_of_1"]) for row in rows] == found.class_areas[:, 1].tolist()
    segments = rows_of(folder / "boundary.csv")
    places = [[float(row[c]) for c in ("x1_from", "x2_from", "x1_to", "x2_to")] for row in segments]
    assert places == found.boundary.reshape(-1, 4).tolist()
    beside = [{row["class_at_left"], row["class_at_right"]} for row in segments]
    assert beside == [{"0", "1"}] * len(segments)
    assert (folder / "regions.png").exists()
    assert (folder / "boundaries.svg").exists()


@pytest.mark.usefixtures("undrawn_figures")
def test_a_folder_of_runs_is_trained_already(run: Callable[..., Any], spec: Path) -> None:
    train(Experiment.from_toml(spec), replications=2).save("small-runs")
    result = run("regions", "small-runs", "--out", "found")
    assert result.exit_code == 0
    assert len(rows_of(Path("found/regions.csv"))) == 2
    of_training = run("regions", spec, "--replications", 2)
    assert re.findall(r"(?m)^(?:Seed|All).*", of_training.stdout) == re.findall(
        r"(?m)^(?:Seed|All).*", result.stdout
    )


@pytest.mark.usefixtures("undrawn_figures")
def test_targets_have_no_boundary(run: Callable[..., Any], spec: Path) -> None:
    dataset = "dataset={kind='plane', train_samples=20, test_samples=5}"
    result = run("regions", spec, "--set", dataset, "--out", "found")
    assert result.exit_code == 0
    assert "linear regions" in result.stdout
    assert "boundary" not in result.stdout
    assert sorted(path.name for path in Path("found").iterdir()) == ["regions.csv"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["small.toml", "--set", "network.activation=tanh"], "with tanh the network has none"),
        (["small.toml", "--box", "1,2"], "--box expects four numbers, .* received '1,2'"),
        (["small.toml", "--box", "1,0,0,1"], "finite x1_min < x1_max, received 1.0 and 0.0"),
        (["small.toml", "--seed", "-1"], "--seed must be a whole number"),
        (["small.toml", "--replications", "0"], "must be at least 1, received 0"),
        (["small.toml", "--set", "dataset={kind='friedman_1'}"], "2 features were expected"),
        (["none.toml"], "cannot read"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    refused: Callable[..., str], spec: Path, arguments: list[str], sentence: str
) -> None:
    assert re.search(sentence, refused("regions", *arguments))


def test_options_of_training_are_refused_for_runs(refused: Callable[..., str], spec: Path) -> None:
    train(Experiment.from_toml(spec)).save("small-runs")
    sentence = refused("regions", "small-runs", "--seed", 3)
    assert "--seed says what to train, and the runs of 'small-runs' are trained" in sentence
