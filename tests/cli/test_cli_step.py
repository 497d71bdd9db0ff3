"""`mlplab step`: what it prints and draws, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SPEC = """
dataset = {kind = "polar", train_per_class = 40, test_per_class = 8}
network = {hidden_layers = 1, layer_width = 5, activation = "relu"}

[training]
batch_size = 16
epochs = 4
optimizer = {kind = "sgd", learning_rate = 1.0}
"""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """An experiment with 20 updates."""
    path = tmp_path / "spec.toml"
    path.write_text(SPEC, encoding="utf-8")
    return path


def test_a_small_network_is_shown_whole(run: Callable[..., Any], spec: Path):
    result = run("step", spec, "--point", 3, "--update", 7)
    assert result.exit_code == 0
    assert "as training sample 3 alone would make it" in result.stdout.replace("\n", " ")
    assert "not shown" not in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_chosen_neurons_and_a_weight(run: Callable[..., Any], spec: Path):
    result = run("step", spec, "--neuron", "2,1", "--neuron", "1,4", "--weight", "1,4,0")
    assert "a batch of 16 samples" in result.stdout.replace("\n", " ")
    assert "Gradient and update of b₄ in layer 1, by sgd" in result.stdout
    assert "(4 other neurons not shown)" in result.stdout


def test_a_large_network_does_not_flood(run: Callable[..., Any], spec: Path):
    large = ("--set", "network.hidden_layers=10", "--set", "network.layer_width=50")
    result = run("step", spec, *large)
    assert len(result.stdout.splitlines()) < 80
    assert "Layers 2 to 9: no neuron shown." in result.stdout


def test_it_draws_what_it_says(run: Callable[..., Any], spec: Path, tmp_path: Path):
    result = run("step", spec, "--point", 3, "--out", "drawn")
    assert result.exit_code == 0
    assert sorted(path.name for path in (tmp_path / "drawn").iterdir()) == ["step.png", "step.svg"]
    assert "wrote drawn/step.png and .svg  the network, and the plane" in result.stdout
    large = run("step", spec, "--out", "large", "--set", "network.layer_width=50")
    assert "wrote large/step.png and .svg  the plane before and after" in large.stdout
    targets = ("--set", 'dataset={kind="franke"}', "--set", "training.loss=mean_squared_error")
    of_targets = run("step", spec, "--out", "targets", *targets)
    assert of_targets.stdout.endswith("wrote targets/step.png and .svg  the network\n")


def test_each_formula_stands_above_its_numbers(run: Callable[..., Any], spec: Path):
    said = run("step", spec, "--point", 3).stdout
    assert "outputs, z = Σ w·h + b, p = e^(z) / Σ(e^(z))" in said
    assert "g = ∂ℓ/∂p, δ = ∂L/∂z, ∂ℓ/∂z = p · (g - Σ(g · p))" in said


def test_own_data_of_many_features(run: Callable[..., Any], tmp_path: Path):
    rng = np.random.default_rng(1)
    names = [f"f{i}" for i in range(20)]
    rows = [
        ",".join([*(f"{value:.3f}" for value in rng.normal(size=20)), "ab"[i % 2]])
        for i in range(50)
    ]
    (tmp_path / "own.csv").write_text("\n".join([",".join([*names, "label"]), *rows]))
    spec = SPEC.replace(
        'dataset = {kind = "polar", train_per_class = 40, test_per_class = 8}',
        'dataset = {kind = "file", path = "own.csv", label = "label"}',
    )
    (tmp_path / "own.toml").write_text(spec, encoding="utf-8")
    result = run("step", "own.toml", "--point", 3, "--out", "drawn")
    assert result.exit_code == 2
    assert "where samples of classes have two features" in result.stderr
    result = run("step", "own.toml", "--point", 3)
    assert result.exit_code == 0
    assert "… 14 more)" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--point", 80], "there are 80 training samples, numbers 0 to 79, received point=80"),
        (
            ["--update", 20],
            "the training has 20 updates, of which the last is number 19, received update=20",
        ),
        (["--neuron", "3,1"], "there are layers 1 to 2, received layer 3"),
        (["--neuron", "1,6"], "layer 1 has neurons 1 to 5, received neuron 6"),
        (["--neuron", "1"], "--neuron expects L,N, such as 2,1, received '1'"),
        (["--weight", "2,1"], "--weight expects L,N,I, such as 2,1,4, received '2,1'"),
        (["--weight", "2,1,9"], "layer 2 has inputs 1 to 5, and 0 for the bias, received input 9"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_refused(
    refused: Callable[..., str], spec: Path, options: list[Any], sentence: str
):
    assert refused("step", spec, *options) == sentence
