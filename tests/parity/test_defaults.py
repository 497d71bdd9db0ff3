"""The table of defaults says what the libraries say, and each effect is that of its default."""

from __future__ import annotations

import inspect
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.parity.conftest import small

from mlplab.parity.defaults import OPTIMIZERS, defaults_of
from mlplab.parity.differences import layer_differences
from mlplab.parity.effects import measure_effects
from mlplab.parity.variants import (
    by_engine,
    by_reference,
    epsilon_after_correction,
    stopped_by_scikit_learn,
    unclipped,
    velocity_without_rate,
)
from mlplab.spec import Experiment

KERAS = {"sgd": "SGD", "rmsprop": "RMSprop", "adamw": "AdamW"}
PYTORCH = {"sgd": "SGD", "rmsprop": "RMSprop", "adamw": "AdamW", "nadam": "NAdam"}
PYTORCH_NAMES = {"learning_rate": "lr", "epsilon": "eps"}
SCHEDULE = {"kind": "exponential_decay", "initial_learning_rate": 0.5, "decay_steps": 2}
SCHEDULE |= {"decay_rate": 0.7}


def defaults(function: Any) -> dict[str, Any]:
    return {name: p.default for name, p in inspect.signature(function).parameters.items()}


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_keras_defaults(kind: str):
    keras = pytest.importorskip("keras")
    of = defaults(getattr(keras.optimizers, KERAS.get(kind, kind.capitalize())))
    assert {name: values[0] for name, values in OPTIMIZERS[kind].items()} == {
        name: of[name] for name in OPTIMIZERS[kind]
    }


def test_scikit_learn_defaults():
    network = pytest.importorskip("sklearn.neural_network")
    of = defaults(network.MLPClassifier)
    assert (of["epsilon"], of["momentum"], of["nesterovs_momentum"]) == (1e-8, 0.9, True)
    assert (of["alpha"], of["tol"], of["n_iter_no_change"]) == (1e-4, 1e-4, 10)
    assert of["learning_rate_init"] == OPTIMIZERS["sgd"]["learning_rate"][1]
    assert of["batch_size"] == "auto"


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_pytorch_defaults(kind: str):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    of = defaults(getattr(torch.optim, PYTORCH.get(kind, kind.capitalize())))
    names = PYTORCH_NAMES | {"rho": "alpha" if kind == "rmsprop" else "rho"}
    for name, (_, _, value) in OPTIMIZERS[kind].items():
        assert of[names.get(name, name)] == value


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_all_defaults_can_be_measured(kind: str):
    # One is as Keras has it, the others are not: every optimizer's own parameters are tried.
    ledger = measure_effects(small(optimizer=kind))
    effects = {
        (default.what, effect.library): effect for default, of in ledger.rows for effect in of
    }
    assert all(np.isfinite(effect.difference) for effect in effects.values())
    assert effects["order of sums (rounding only)", "reference"].difference < 1e-12
    unchanged = {"order of sums (rounding only)", "the end of the training"}
    for (what, _), effect in effects.items():
        if what not in unchanged:
            assert effect.difference > 1e-12, what


def test_the_epsilon_of_pytorch_is_smaller_in_early_updates():
    trial = small(optimizer={"kind": "adam", "epsilon": 0.1})
    moved = [
        layer_differences(train(trial, 1), (trial.weights, trial.biases)).max()
        for train in (by_engine, epsilon_after_correction)
    ]
    # ε √(1 - β₂) = 0.0032 in place of 0.1, beside √v.
    assert moved[1] > 2 * moved[0]


def test_a_velocity_without_rate_differs_only_where_the_rate_changes():
    constant = small(optimizer={"kind": "sgd", "learning_rate": 0.5, "momentum": 0.9})
    same = layer_differences(velocity_without_rate(constant, 9), by_reference(constant, 9))
    assert same.max() == 0
    decays = small(optimizer={"kind": "sgd", "learning_rate": SCHEDULE, "momentum": 0.9})
    other = layer_differences(velocity_without_rate(decays, 9), by_reference(decays, 9))
    assert other.max() > 1e-3


def test_the_gradient_without_bounds_differs_only_where_probabilities_are_clipped():
    trial = small(loss="categorical_crossentropy")
    head = unclipped(trial.head)
    p = np.array([[0.2, 0.3, 0.5], [1e-9, 0.5, 0.5 - 1e-9]])
    y = np.array([[1.0, 0, 0], [1.0, 0, 0]])
    kept, free = trial.head.delta(p, y), head.delta(p, y)
    np.testing.assert_allclose(kept[0], free[0], atol=1e-12)
    assert abs(kept[1]).max() == 0
    assert free[1, 0] == pytest.approx(-0.5)


def test_scikit_learns_end_comes_after_eleven_epochs_without_change():
    # Without a step the loss is the same from the second epoch on: the twelfth epoch is the last.
    still = {"kind": "sgd", "learning_rate": 1e-12}
    trial = small(optimizer=still, epochs=40)
    ended = stopped_by_scikit_learn(trial, trial.updates)
    assert layer_differences(ended, by_engine(trial, 12 * 3)).max() == 0
    assert layer_differences(ended, by_engine(trial, 13 * 3)).max() > 0


def test_rows_follow_the_experiment():
    def rows(trial: Any) -> set[str]:
        return {default.what for default in defaults_of(trial)}

    sgd = small(optimizer={"kind": "sgd", "learning_rate": SCHEDULE, "momentum": 0.9})
    assert "velocity where the learning rate changes" in rows(sgd)
    assert "a schedule counts" in rows(sgd)
    assert "ε of Adam is added" in rows(small(optimizer="adam"))
    assert "ε of Adam is added" not in rows(sgd)
    assert "probabilities in the cross-entropy" in rows(small(loss="categorical_crossentropy"))
    assert "an L2 penalty of 0.01" in rows(
        small({"kernel_regularizer": {"kind": "l2", "l2": 0.01}})
    )
    assert "normal weights of GlorotNormal" in rows(small({"initializer": "glorot_normal"}))


def test_effects_do_not_change_the_trial():
    trial = small(optimizer="adam")
    before = replace(trial)
    measure_effects(trial)
    assert (
        layer_differences((trial.weights, trial.biases), (before.weights, before.biases)).max() == 0
    )
    assert isinstance(trial.experiment, Experiment)
