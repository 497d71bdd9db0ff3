"""Each optimizer moves weights as its formula says, and as Keras's."""

from __future__ import annotations

from math import sqrt
from typing import Any, get_args

import numpy as np
import pytest

from mlplab.frameworks.keras import keras, keras_optimizer, precision
from mlplab.reference import OPTIMIZERS
from mlplab.spec import SGD, Adam, CosineDecay, ExponentialDecay, OptimizerSpec

UPDATES = 50

DECAY = ExponentialDecay(initial_learning_rate=0.1, decay_steps=7, decay_rate=0.7)

CASES: dict[str, list[dict[str, Any]]] = {
    "sgd": [
        {},
        {"learning_rate": DECAY},
        {"learning_rate": 0.1, "momentum": 0.9},
        {"learning_rate": DECAY, "momentum": 0.3, "nesterov": True},
        {"learning_rate": 0.001, "momentum": 1.0},
    ],
    "adam": [
        {},
        {"learning_rate": DECAY},
        {"learning_rate": 0.1, "beta_1": 0.5, "beta_2": 0.9, "epsilon": 0.01},
        {"learning_rate": 0.1, "beta_1": 0.0, "beta_2": 0.0},
    ],
}

KINDS = {part.model_fields["kind"].default: part for part in get_args(get_args(OptimizerSpec)[0])}

every_case = pytest.mark.parametrize(
    "spec", [KINDS[kind](**case) for kind in OPTIMIZERS for case in CASES[kind]], ids=repr
)


def path(spec: OptimizerSpec, w: float, gradients: list[float]) -> list[float]:
    """A single weight after each of several updates."""
    weight = np.array([w])
    optimizer = OPTIMIZERS[spec.kind](spec, [weight])
    after = []
    for gradient in gradients:
        optimizer.update([np.array([gradient])])
        after.append(weight.item())
    return after


def test_registry_has_the_kinds_that_an_experiment_accepts():
    assert set(OPTIMIZERS) == set(KINDS)


# ---- Worked by hand ------------------------------------------------------------------------------

BY_HAND = [
    # 1 - 1/4 · 2 = 1/2, and 1/2 + 1/4 · 4 = 3/2.
    (SGD(learning_rate=0.25), [2.0, -4.0], [1 / 2, 3 / 2]),
    # v = -1/2, w = 1/2; v = -1/4 + 1 = 3/4, w = 5/4; v = 3/8, w = 13/8.
    (SGD(learning_rate=0.25, momentum=0.5), [2.0, -4.0, 0.0], [1 / 2, 5 / 4, 13 / 8]),
    # v = -1/2, w = 1 - 1/4 - 1/2 = 1/4; v = 3/4, w = 1/4 + 3/8 + 1 = 13/8.
    (SGD(learning_rate=0.25, momentum=0.5, nesterov=True), [2.0, -4.0], [1 / 4, 13 / 8]),
    # The rate of the first update is that of step 0: 1/2, then 1/4.
    (
        SGD(
            learning_rate=ExponentialDecay(initial_learning_rate=0.5, decay_steps=1, decay_rate=0.5)
        ),
        [1.0, 1.0],
        [1 / 2, 1 / 4],
    ),
    # t = 1, g = 2: m = 1/2 · 2 = 1, v = 1/4 · 4 = 1, α = √(1 - 3/4) / (1 - 1/2) = 1,
    # w = 1 - 1 · 1 / (√1 + 1) = 1/2.
    # t = 2, g = -6: m = 1 + 1/2 · (-6 - 1) = -5/2, v = 1 + 1/4 · (36 - 1) = 39/4,
    # α = √(1 - 9/16) / (1 - 1/4) = √(7/16) · 4/3 = √7/3, w = 1/2 + √7/3 · 5/2 / (√39/2 + 1).
    (
        Adam(learning_rate=1.0, beta_1=0.5, beta_2=0.75, epsilon=1.0),
        [2.0, -6.0],
        [1 / 2, 1 / 2 + sqrt(7) / 3 * 5 / 2 / (sqrt(39) / 2 + 1)],
    ),
]


@pytest.mark.parametrize(("spec", "gradients", "wanted"), BY_HAND, ids=repr)
def test_updates_are_those_worked_by_hand(
    spec: OptimizerSpec, gradients: list[float], wanted: list[float], tolerance: Any
):
    np.testing.assert_allclose(path(spec, 1.0, gradients), wanted, rtol=0, atol=tolerance.by_hand)


def test_every_optimizer_is_worked_by_hand():
    assert {spec.kind for spec, _, _ in BY_HAND} == set(OPTIMIZERS)


def test_a_schedule_counts_updates_not_arrays(tolerance: Any):
    # Rates 1 and 0: each of two arrays moves in the first update and rests in the second.
    spec = SGD(learning_rate=CosineDecay(initial_learning_rate=1.0, decay_steps=1))
    weights = [np.zeros(1), np.zeros(1)]
    optimizer = OPTIMIZERS["sgd"](spec, weights)
    for _ in range(2):
        optimizer.update([np.array([-1.0]), np.array([-2.0])])
    np.testing.assert_allclose(np.concatenate(weights), [1, 2], rtol=0, atol=tolerance.by_hand)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@every_case
def test_weights_move_in_place_and_keep_dtype(spec: OptimizerSpec, dtype: str):
    weights = [np.ones((2, 3), dtype), np.ones(2, dtype)]
    held, gradients = list(weights), [np.ones((2, 3), dtype), np.ones(2, dtype)]
    OPTIMIZERS[spec.kind](spec, weights).update(gradients)
    for weight, before, gradient in zip(weights, held, gradients, strict=True):
        assert weight is before
        assert weight.dtype == dtype
        assert (weight < 1).all()
        np.testing.assert_array_equal(gradient, 1)


# ---- Keras ---------------------------------------------------------------------------------------


@every_case
def test_fifty_updates_are_keras_s(spec: OptimizerSpec, tolerance: Any):
    generator = np.random.default_rng(4)
    start = generator.normal(size=5)
    gradients = generator.normal(size=(UPDATES, 5))

    ours = start.copy()
    optimizer = OPTIMIZERS[spec.kind](spec, [ours])
    with precision("float64"):
        theirs = keras.Variable(start, dtype="float64")
        their_optimizer = keras_optimizer(spec)
        for gradient in gradients:
            optimizer.update([gradient])
            their_optimizer.apply([keras.ops.convert_to_tensor(gradient)], [theirs])
            np.testing.assert_allclose(
                ours, keras.ops.convert_to_numpy(theirs.value), rtol=0, atol=tolerance.float64
            )
    assert np.abs(ours - start).max() > 0.01
