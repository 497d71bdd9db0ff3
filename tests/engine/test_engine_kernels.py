"""The engine against the reference, from one trial, for everything that the spec allows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import numpy as np
import pytest

from mlplab.engine.activations import ACTIVATION_CODES
from mlplab.engine.rates import SCHEDULES, step_sizes
from mlplab.engine.updates import OPTIMIZER_CODES
from mlplab.reference import SCHEDULES as REFERENCE_SCHEDULES
from mlplab.reference import learning_rate
from mlplab.report import EXPERIMENTS
from mlplab.run import Run
from mlplab.spec import (
    SGD,
    ActivationName,
    Adam,
    CosineDecay,
    CosineDecayRestarts,
    Experiment,
    ExponentialDecay,
    InverseTimeDecay,
    LossName,
    Network,
    PiecewiseConstantDecay,
    Polar,
    PolynomialDecay,
    Training,
)
from mlplab.training import train

RATES: dict[str, Callable[[float], Any]] = {
    "number": lambda rate: rate,
    "exponential_decay": lambda rate: ExponentialDecay(
        initial_learning_rate=rate, decay_steps=7, decay_rate=0.7, staircase=True
    ),
    "piecewise_constant_decay": lambda rate: PiecewiseConstantDecay(
        boundaries=(5, 11), values=(rate, rate / 2, rate / 4)
    ),
    "polynomial_decay": lambda rate: PolynomialDecay(
        initial_learning_rate=rate, decay_steps=9, power=2.0, cycle=True
    ),
    "inverse_time_decay": lambda rate: InverseTimeDecay(
        initial_learning_rate=rate, decay_steps=6, decay_rate=0.5
    ),
    "cosine_decay": lambda rate: CosineDecay(
        initial_learning_rate=rate / 10, decay_steps=30, warmup_target=rate, warmup_steps=6
    ),
    "cosine_decay_restarts": lambda rate: CosineDecayRestarts(
        initial_learning_rate=rate, first_decay_steps=8, m_mul=0.8
    ),
}

OPTIMIZERS: dict[str, Callable[[Any], Any]] = {
    "sgd": lambda rate: SGD(learning_rate=rate),
    "momentum": lambda rate: SGD(learning_rate=rate, momentum=0.6),
    "nesterov": lambda rate: SGD(learning_rate=rate, momentum=0.6, nesterov=True),
    "adam": lambda rate: Adam(learning_rate=rate),
}


def experiment(
    activation: str, loss: str, optimizer: str, rate: str, dtype: str, epochs: int
) -> Experiment:
    """Return an experiment of 20 updates an epoch, the last batch smaller than the rest."""
    size = 0.02 if optimizer == "adam" else 0.3
    return Experiment(
        dataset=Polar(classes=3, sigma=0.05, train_per_class=59, test_per_class=20),
        network=Network(hidden_layers=2, layer_width=(7, 5), activation=activation),
        training=Training(
            loss=loss,
            optimizer=OPTIMIZERS[optimizer](RATES[rate](size)),
            batch_size=9,
            epochs=epochs,
            dtype=dtype,
        ),
    )


def parted(one: Run, other: Run) -> float:
    """Return the largest difference of any parameter."""
    pairs = zip((*one.weights, *one.biases), (*other.weights, *other.biases), strict=True)
    return float(max(np.abs(a - b).max() for a, b in pairs))


def test_every_name_of_the_spec_is_known_to_the_engine():
    assert set(ACTIVATION_CODES) == set(get_args(ActivationName))
    assert set(SCHEDULES) == set(REFERENCE_SCHEDULES) == set(RATES) - {"number"}
    assert set(OPTIMIZERS) == set(OPTIMIZER_CODES)


@pytest.mark.parametrize("activation", get_args(ActivationName))
@pytest.mark.parametrize("loss", get_args(LossName))
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_engine_follows_reference(activation: str, loss: str, optimizer: str, tolerance: Any):
    # The schedules take turns with every rate, so that each meets each of the others.
    for rate in RATES:
        spec = experiment(activation, loss, optimizer, rate, "float64", epochs=10)
        ref = train(spec, seed=3, trainer="reference")[0]
        comp = train(spec, seed=3)[0]
        assert comp.updates == ref.updates == 200
        assert parted(ref, comp) < tolerance.trajectory_float64
        for name in ("train_loss", "train_accuracy", "valid_loss", "valid_accuracy"):
            ours, theirs = getattr(ref.history, name), getattr(comp.history, name)
            np.testing.assert_allclose(theirs, ours, atol=tolerance.trajectory_float64)
        assert comp.test_loss == pytest.approx(ref.test_loss, abs=tolerance.trajectory_float64)
        assert comp.test_accuracy == ref.test_accuracy
        assert comp.ending == ref.ending


@pytest.mark.parametrize("activation", get_args(ActivationName))
@pytest.mark.parametrize("loss", get_args(LossName))
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_engine_follows_reference_in_float32(
    activation: str, loss: str, optimizer: str, tolerance: Any
):
    spec = experiment(activation, loss, optimizer, "number", "float32", epochs=1)
    ref, comp = (train(spec, seed=3, trainer=trainer)[0] for trainer in ("reference", "engine"))
    assert comp.updates == 20
    assert parted(ref, comp) < tolerance.trajectory_float32


@pytest.mark.parametrize("id", ["1.2-relu", "1.3", "1.4"])
def test_engine_follows_keras(id: str, tolerance: Any):
    batch = EXPERIMENTS[id].training.batch_size
    dataset = EXPERIMENTS[id].dataset
    points = dataset.model_copy(update={"train_per_class": 20 * batch // dataset.classes})  # type: ignore[union-attr]
    training = EXPERIMENTS[id].training.model_copy(update={"dtype": "float64", "epochs": 10})
    spec = EXPERIMENTS[id].model_copy(update={"dataset": points, "training": training})
    keras, comp = (train(spec, seed=2, trainer=trainer)[0] for trainer in ("keras", "engine"))
    assert comp.updates == keras.updates == 200
    assert parted(keras, comp) < tolerance.trajectory_float64


@pytest.mark.parametrize("rate", RATES)
def test_rates_are_the_schedules(rate: str):
    spec = RATES[rate](0.3)
    wanted = [learning_rate(spec, step) for step in range(100)]
    np.testing.assert_allclose(step_sizes(SGD(learning_rate=spec), 100), wanted, rtol=1e-13)
