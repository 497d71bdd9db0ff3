"""Each library makes the updates of the reference, to rounding, or says what it cannot express."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.parity.conftest import small

from mlplab.parity.differences import layer_differences, train_beside_reference
from mlplab.parity.libraries import LIBRARIES, Library
from mlplab.parity.worker import train_in_process
from mlplab.trial import Trial

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

BY_NAME = {library.name: library for library in LIBRARIES}
ROUNDING = 1e-13  # 12 updates in float64; measured 2e-16 to 2e-15
ENTROPY = "categorical_crossentropy"
DECAY = {
    "kind": "exponential_decay",
    "initial_learning_rate": 0.5,
    "decay_steps": 2,
    "decay_rate": 0.7,
}
MOMENTUM_AND_SCHEDULE = {"optimizer": {"kind": "sgd", "learning_rate": DECAY, "momentum": 0.9}}
NOISE = {"dropout": 0.3, "input_noise": 0.1}

TRAININGS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "sgd": ({}, {"optimizer": {"kind": "sgd", "learning_rate": 1.0}}),
    "momentum and schedule": ({}, MOMENTUM_AND_SCHEDULE),
    "adam": ({}, {"optimizer": "adam", "loss": ENTROPY}),
    "adamw": ({}, {"optimizer": "adamw"}),
    "penalty": ({"kernel_regularizer": {"kind": "l2", "l2": 0.01}}, {"optimizer": "adam"}),
    "noise": (NOISE, {"optimizer": "adam"}),
    "nesterov": (
        {"activation": "tanh"},
        {
            "optimizer": {"kind": "sgd", "learning_rate": 0.3, "momentum": 0.8, "nesterov": True},
            "loss": ENTROPY,
        },
    ),
}
FOR_SCIKIT_LEARN: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    name: (network, training | {"loss": ENTROPY})
    for name, (network, training) in TRAININGS.items()
    if name not in ("adamw", "noise")
}


def largest(trial: Trial, library: Library) -> float:
    found = train_beside_reference(trial, library.name, library.begin, trial.updates)
    assert library.cannot_express(trial) is None
    assert found.by_layer.shape == (12, 3, 2)
    return float(found.largest.max())


@pytest.mark.parametrize("name", TRAININGS)
def test_engine(name: str):
    network, training = TRAININGS[name]
    assert largest(small(network, **training), BY_NAME["engine"]) < ROUNDING


def test_jax():
    pytest.importorskip("jax")
    assert largest(small(NOISE, **MOMENTUM_AND_SCHEDULE), BY_NAME["jax"]) < ROUNDING


@pytest.mark.parametrize("name", FOR_SCIKIT_LEARN)
def test_scikit_learn(name: str):
    pytest.importorskip("sklearn")
    network, training = FOR_SCIKIT_LEARN[name]
    assert largest(small(network, **training), BY_NAME["scikit-learn"]) < ROUNDING


@pytest.mark.parametrize("name", TRAININGS)
def test_pytorch(name: str):
    pytest.importorskip("torch", reason="PyTorch is not installed, and nothing of mlplab needs it")
    network, training = TRAININGS[name]
    assert largest(small(network, **training), BY_NAME["PyTorch"]) < ROUNDING


def test_keras_in_a_process_of_its_own():
    pytest.importorskip("keras")
    trial = small(NOISE, **MOMENTUM_AND_SCHEDULE)
    found = train_in_process(trial, BY_NAME["Keras (jax)"], 7)
    # tanh and means apart, Keras on JAX computes all in float64; its noise is given, as ours.
    assert found.largest.max() < ROUNDING


def test_a_process_of_its_own_gives_what_ours_gives():
    trial = small(optimizer="adam")
    here = train_beside_reference(trial, "engine", BY_NAME["engine"].begin, 5)
    told: list[int] = []
    there = train_in_process(trial, BY_NAME["engine"], 5, told.append)
    np.testing.assert_array_equal(there.by_layer, here.by_layer)
    for one, other in zip(there.network, here.network, strict=True):
        for a, b in zip(one, other, strict=True):
            np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    ("network", "training", "part"),
    [
        ({}, {}, "mean_squared_error on softmax"),
        ({}, {"loss": ENTROPY, "label_smoothing": 0.1}, "label_smoothing"),
        ({"dropout": 0.3}, {"loss": ENTROPY}, "dropout"),
        ({"activation": ["relu", "tanh"]}, {"loss": ENTROPY}, "different activations"),
        ({"activation": "gelu"}, {"loss": ENTROPY}, "the activation gelu"),
        ({}, {"loss": ENTROPY, "optimizer": "rmsprop"}, "the optimizer rmsprop"),
        ({"kernel_regularizer": {"kind": "l1", "l1": 0.1}}, {"loss": ENTROPY}, "L1"),
    ],
)
def test_what_scikit_learn_cannot_express(
    network: dict[str, Any], training: dict[str, Any], part: str
):
    said = BY_NAME["scikit-learn"].cannot_express(small(network, **training))
    assert said is not None
    assert part in said


@pytest.mark.parametrize(
    ("optimizer", "part"),
    [
        ("rmsprop", "the optimizer rmsprop"),
        ({"kind": "sgd", "learning_rate": DECAY, "momentum": 0.9, "nesterov": True}, "Nesterov"),
        ({"kind": "adam", "clipnorm": 1.0}, "1e-6"),
    ],
    ids=str,
)
def test_what_pytorch_cannot_express(optimizer: Any, part: str):
    said = BY_NAME["PyTorch"].cannot_express(small(optimizer=optimizer))
    assert said is not None
    assert part in said


def test_what_is_no_number_is_infinitely_far():
    weights, biases = (np.zeros((2, 2)),), (np.zeros(2),)
    found = layer_differences(((np.full((2, 2), np.nan),), biases), (weights, biases))
    assert found.tolist() == [[np.inf, 0.0]]
