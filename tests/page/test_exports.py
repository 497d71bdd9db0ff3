"""What the page exports is whole: programs answer as the network, files say how it was trained.

The page opens a session, trains up to its updates in Node, and writes all its files.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mlplab
from mlplab.spec import ACTIVATIONS, Experiment

from .exported_sessions import (
    MIXED,
    PLAIN,
    TRAINED,
    Files,
    X,
    docstring_of,
    of_mlplab,
    run_program,
    trained,
)

ALONE = "cannot be made again from the seed alone"

# ---- Numbers -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TRAINED)
def test_the_page_trains_up_to_a_session_as_the_engine_does(name: str, files: dict[str, Files]):
    weights, biases = trained(name).network
    program = run_program(files[name]["network_numpy.py"])
    file = json.loads(files[name]["weights.json"])
    for layer, w, b in zip(file["layers"], weights, biases, strict=True):
        assert np.array(layer["weights"], np.float32).tobytes() == w.tobytes()
        assert np.array(layer["biases"], np.float32).tobytes() == b.tobytes()
    for ours, theirs in zip((*weights, *biases), (*program["W"], *program["B"]), strict=True):
        assert ours.tobytes() == theirs.tobytes()


@pytest.mark.parametrize("name", TRAINED)
def test_the_numpy_program_answers_as_the_network(
    name: str, files: dict[str, Files], tolerance: Any
):
    program = run_program(files[name]["network_numpy.py"])
    ours = trained(name).outputs(X).T
    np.testing.assert_allclose(program["feedforward"](X), ours, rtol=0, atol=tolerance.float32)


def test_the_numpy_program_runs_by_itself(files: dict[str, Files], tmp_path: Path, tolerance: Any):
    path = tmp_path / "network.py"
    path.write_bytes(files["mixed"]["network_numpy.py"])
    command = [sys.executable, "-W", "error", path]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    printed = np.array(done.stdout.replace("[", " ").replace("]", " ").split(), float)
    stepper = trained("mixed")
    ours = stepper.outputs(stepper.trial.dataset.test.x[:3]).T
    np.testing.assert_allclose(printed, ours.ravel(), rtol=0, atol=tolerance.float32)


def test_one_output_is_said_to_be_that_of_the_second_class(files: dict[str, Files]):
    for program in ("network_numpy.py", "network_keras.py"):
        assert "3 (tanh), 1 output for 2 classes." in docstring_of(files["one output"][program])
    assert "probability of the second" in files["one output"]["network_keras.py"].decode()


def test_a_target_has_a_linear_output_and_a_column(files: dict[str, Files]):
    for program in ("network_numpy.py", "network_keras.py"):
        assert "3 (tanh), 1 output for a target." in docstring_of(files["surface"][program])
    heading, *rows = files["surface"]["points.csv"].decode().splitlines()
    assert heading == "x1,x2,y,split"
    dataset = trained("surface").trial.dataset
    shown = [[float(each) for each in row.split(",")[:3]] for row in rows]
    ours = [np.hstack([part.x, part.y]) for part in dataset.splits.values()]
    np.testing.assert_array_equal(np.array(shown, np.float32), np.vstack(ours).astype(np.float32))


def test_a_program_names_each_kind_of_layer_once(files: dict[str, Files]):
    text = files["mixed"]["network_numpy.py"].decode()
    for name in of_mlplab(ACTIVATIONS):
        assert text.count(f"def {name}(z):") == (name in MIXED)
    assert "ACTIVATIONS = [tanh, relu, sigmoid, tanh]" in text
    assert "hidden layers of 5 (tanh), 4 (relu), 4 (sigmoid), 3 (tanh)" in docstring_of(
        text.encode()
    )


# ---- How it came about ---------------------------------------------------------------------------


@pytest.mark.parametrize("program", ["network_numpy.py", "network_keras.py"])
def test_a_program_says_how_its_network_came_about(program: str, files: dict[str, Files]):
    said = docstring_of(files["plain"][program])
    assert "from seed 2: 30 updates, 6 whole epochs." in said
    assert ALONE not in said
    said = docstring_of(files["changed"][program])
    assert "begun with seed 4611686018427387904: 20 updates, 3 whole epochs." in said
    assert ALONE in said
    assert [line for line in said.splitlines() if line[:2] == "- "] == [
        "- update 0: bias to neuron 2 of layer 1 set to -2 by hand",
        "- update 7: learning rate 0.5 → 0.125, batch size 8 → 5",
        "- update 13: weight from 4 to neuron 3 of layer 2 set to 0.1 by hand",
    ]


def notes_of(content: bytes) -> list[str]:
    return [line[2:] for line in content.decode().splitlines() if line.startswith("# ")]


def test_the_experiment_trains_to_what_is_shown_or_says_why_not(files: dict[str, Files]):
    plain = files["plain"]["experiment.toml"]
    assert notes_of(plain) == ["From seed 2: mlplab train experiment.toml --seed 2"]
    spec = Experiment.from_toml_text(plain.decode())
    assert spec == PLAIN
    run = mlplab.train(spec, seed=2)[0]
    shown = json.loads(files["plain"]["weights.json"])["layers"]
    assert [np.array(each["weights"], np.float32).tolist() for each in shown] == [
        w.tolist() for w in run.weights
    ]
    assert notes_of(files["longer"]["experiment.toml"])[1] == (
        "That trains 6 epochs; the playground's network is that of 42 updates, 8 whole epochs."
    )
    changed = files["changed"]["experiment.toml"]
    assert Experiment.from_toml_text(changed.decode()) == PLAIN
    assert notes_of(changed)[1:] == [
        "That trains another network than the playground's, which was changed on the way:",
        "- update 0: bias to neuron 2 of layer 1 set to -2 by hand",
        "- update 7: learning rate 0.5 → 0.125, batch size 8 → 5",
        "- update 13: weight from 4 to neuron 3 of layer 2 set to 0.1 by hand",
    ]


def test_the_curves_are_those_of_the_run(files: dict[str, Files]):
    heading, *rows = files["plain"]["curves.csv"].decode().splitlines()
    assert heading == "epoch,train_loss,train_accuracy,validation_loss,validation_accuracy"
    history = trained("plain").history
    ours = zip(
        history.train_loss,
        history.train_accuracy,
        history.validation_loss,
        history.validation_accuracy,
        strict=True,
    )
    assert [[float(each) for each in row.split(",")[1:]] for row in rows] == [
        [float(each) for each in epoch] for epoch in ours
    ]


def test_the_curves_name_the_metric_of_a_target(files: dict[str, Files]):
    heading, *rows = files["surface"]["curves.csv"].decode().splitlines()
    assert heading == "epoch,train_loss,train_r2,validation_loss,validation_r2"
    found = [float(row.split(",")[4]) for row in rows]
    assert found == trained("surface").history.validation_metric.tolist()


def test_the_curves_name_the_losses_with_penalty(files: dict[str, Files]):
    heading, *rows = files["regularised"]["curves.csv"].decode().splitlines()
    assert heading.endswith(",train_loss_with_penalty,validation_loss_with_penalty")
    history = trained("regularised").history
    with_penalty = history.train_loss_with_penalty, history.validation_loss_with_penalty
    assert [[float(each) for each in row.split(",")[5:]] for row in rows] == [
        [float(each) for each in epoch] for epoch in zip(*with_penalty, strict=True)
    ]


def test_own_points_stand_beside_the_experiment(files: dict[str, Files], tmp_path: Path):
    for name in ("experiment.toml", "points.csv"):
        (tmp_path / name).write_bytes(files["own points"][name])
    assert notes_of(files["own points"]["experiment.toml"])[-1] == (
        "Its samples are in points.csv, beside this file."
    )
    stepper = trained("own points", Experiment.from_toml(tmp_path / "experiment.toml"))
    program = run_program(files["own points"]["network_numpy.py"])
    for ours, theirs in zip(stepper.network[0], program["W"], strict=True):
        assert ours.tobytes() == theirs.tobytes()
