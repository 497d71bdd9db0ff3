"""Each optimizer moves weights as its formula says, and as Keras's."""

from __future__ import annotations

from itertools import product
from math import sqrt
from typing import Any

import numpy as np
import pytest

from mlplab.frameworks.keras import keras, keras_optimizer, precision
from mlplab.spec import (
    SGD,
    Adadelta,
    Adagrad,
    Adam,
    AdamW,
    ExponentialDecay,
    Lion,
    Nadam,
    OptimizerSpec,
    RMSprop,
    Training,
    learning_rates,
)

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
    "adamw": [
        {"learning_rate": 0.01},
        {"learning_rate": DECAY, "weight_decay": 0.3, "beta_1": 0.5},
    ],
    "nadam": [
        {"learning_rate": 0.01},
        {"learning_rate": DECAY},
        {"learning_rate": 0.1, "beta_1": 0.5, "beta_2": 0.9, "epsilon": 0.01},
        {"learning_rate": 0.1, "beta_1": 0.0, "beta_2": 0.0},
    ],
    "adagrad": [
        {"learning_rate": 0.1},
        {"learning_rate": DECAY, "initial_accumulator_value": 2.0, "epsilon": 0.1},
        {"learning_rate": 0.1, "initial_accumulator_value": 0.0},
    ],
    "rmsprop": [
        {"learning_rate": 0.01},
        {"learning_rate": DECAY, "rho": 0.5, "momentum": 0.7, "epsilon": 0.1},
        {"learning_rate": 0.001, "rho": 0.0, "momentum": 1.0},
    ],
    "adadelta": [
        {"learning_rate": 1.0},
        {"learning_rate": DECAY, "rho": 0.5, "epsilon": 0.1},
    ],
    "lion": [
        {"learning_rate": 0.01},
        {"learning_rate": DECAY, "beta_1": 0.5, "beta_2": 0.3},
        {"learning_rate": 0.01, "beta_1": 0.1, "beta_2": 0.0},
    ],
}

KINDS = OptimizerSpec.kinds

every_case = pytest.mark.parametrize(
    "spec", [KINDS[kind](**case) for kind in KINDS for case in CASES[kind]], ids=repr
)


def step_sizes(spec: OptimizerSpec, updates: int) -> np.ndarray:
    """The step sizes of the first updates, shape (updates, numbers of each)."""
    return spec.step_sizes(np.arange(updates, dtype=np.float64)).T


def path(spec: OptimizerSpec, start: np.ndarray, gradients: np.ndarray) -> np.ndarray:
    """The weights after each of several updates, shape (updates, weights)."""
    w = start.copy()
    moments = [np.full_like(w, value) for value in spec.initial_moments]
    after = []
    for gradient, sizes in zip(gradients, step_sizes(spec, len(gradients)).tolist(), strict=True):
        if spec.weight_decay > 0:
            w -= sizes[-1] * w
        spec.update(w, gradient, sizes, *moments)
        after.append(w.copy())
    return np.array(after)


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
    # Each weight decays by η λ = 1 · 1/4 first: 1 becomes 3/4, then Adam's steps as above, the second
    # from 1/4, which has become 3/16.
    (
        AdamW(learning_rate=1.0, weight_decay=0.25, beta_1=0.5, beta_2=0.75, epsilon=1.0),
        [2.0, -6.0],
        [1 / 4, 3 / 16 + sqrt(7) / 3 * 5 / 2 / (sqrt(39) / 2 + 1)],
    ),
    # 1 - 1/4 · 1/2 = 7/8, 7/8 - 1/4 · 2 = 3/8; 7/8 of that, and 21/64 + 1.
    (SGD(learning_rate=0.25, weight_decay=0.5), [2.0, -4.0], [3 / 8, 85 / 64]),
    # With β₁ = 1/2: u₁ = 1/2 (1 - 0.48) = 0.26 = U₁, u₂ = 1/2 (1 - 0.4608) = 0.2696.
    # t = 1, g = 2: m = 1, v = 1, v̂ = 1 / (1/4) = 4,
    # m̂ = 0.2696 · 1 / (1 - 0.26 · 0.2696) + 0.74 · 2 / 0.74, w = 1 - m̂ / (√4 + 1).
    # t = 2, g = 0: m = 1/2, v = 3/4, v̂ = 3/4 / (7/16) = 12/7, u₃ = 1/2 (1 - 0.442368) = 0.278816,
    # m̂ = 0.278816 · 1/2 / (1 - 0.26 · 0.2696 · 0.278816), w falls by m̂ / (√(12/7) + 1).
    (
        Nadam(learning_rate=1.0, beta_1=0.5, beta_2=0.75, epsilon=1.0),
        [2.0, 0.0],
        [
            1 - (0.2696 / (1 - 0.26 * 0.2696) + 2) / 3,
            1
            - (0.2696 / (1 - 0.26 * 0.2696) + 2) / 3
            - 0.139408 / (1 - 0.26 * 0.2696 * 0.278816) / (sqrt(12 / 7) + 1),
        ],
    ),
    # a = 4 + 4 = 8, w = 1 - 2 / √(8 + 1) = 1/3; a = 8 + 16 = 24, w = 1/3 + 4 / √25 = 17/15.
    (
        Adagrad(learning_rate=1.0, initial_accumulator_value=4.0, epsilon=1.0),
        [2.0, -4.0],
        [1 / 3, 17 / 15],
    ),
    # v = 3/4 · 4 = 3, m = 2 / √(3 + 1) = 1, w = 1 - 1 = 0;
    # v = 1/4 · 3 = 3/4, g = 0: m = 1/2 · 1, w = -1/2;
    # g = 3: v = 3/16 + 3/4 · 9 = 111/16, m = 1/4 + 3 / √(127/16), w = -1/2 - m.
    (
        RMSprop(learning_rate=1.0, rho=0.25, momentum=0.5, epsilon=1.0),
        [2.0, 0.0, 3.0],
        [0.0, -1 / 2, -3 / 4 - 12 / sqrt(127)],
    ),
    # a = 3/4 · 4 = 3, s = √1 · 2 / √(3 + 1) = 1, d = 3/4, w = 1 - 1/2 = 1/2;
    # g = 0: a = 3/4, s = 0, d = 3/16;
    # g = 1: a = 3/16 + 3/4 = 15/16, s = √(19/16) / √(31/16), w = 1/2 - 1/2 s.
    (
        Adadelta(learning_rate=0.5, rho=0.25, epsilon=1.0),
        [2.0, 0.0, 1.0],
        [1 / 2, 1 / 2, 1 / 2 - sqrt(19 / 31) / 2],
    ),
    # m = 0: down by the sign of 1/4 · 2; m = 1/2 · 2 = 1. Then 3/4 · 1 - 1/4 · 2 > 0 although g = -2:
    # down again; m = 1/2 - 1 = -1/2. g = 3/2: 3/4 · -1/2 + 1/4 · 3/2 = 0, and the weight stays.
    (
        Lion(learning_rate=0.25, beta_1=0.75, beta_2=0.5),
        [2.0, -2.0, 1.5],
        [3 / 4, 1 / 2, 1 / 2],
    ),
]


@pytest.mark.parametrize(("spec", "gradients", "wanted"), BY_HAND, ids=repr)
def test_updates_are_those_worked_by_hand(
    spec: OptimizerSpec, gradients: list[float], wanted: list[float], tolerance: Any
):
    after = path(spec, np.ones(1), np.array(gradients)[:, None])
    np.testing.assert_allclose(after[:, 0], wanted, rtol=0, atol=tolerance.by_hand)


def test_every_optimizer_is_worked_by_hand():
    assert {spec.kind for spec, _, _ in BY_HAND} == set(KINDS)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@every_case
def test_weights_move_in_place_and_keep_dtype(spec: OptimizerSpec, dtype: str):
    w, gradient = np.ones((2, 3), dtype), np.ones((2, 3), dtype)
    moments = [np.full_like(w, value) for value in spec.initial_moments]
    assert len(moments) == len(spec.moments)
    spec.update(w, gradient, step_sizes(spec, 1)[0].tolist(), *moments)
    assert {array.dtype for array in (w, *moments)} == {np.dtype(dtype)}
    assert (w < 1).all()
    np.testing.assert_array_equal(gradient, 1)


# ---- Step sizes ----------------------------------------------------------------------------------

LINES = [*range(0, 50, 7), 299]
"""Updates that are looked at."""


@pytest.mark.parametrize("rate", [0.3, DECAY], ids=["number", "schedule"])
def test_sgd_steps_by_its_learning_rate(rate: Any):
    steps = np.array(LINES, dtype=np.float64)
    for optimizer in (SGD(learning_rate=rate), SGD(learning_rate=rate, momentum=0.9)):
        np.testing.assert_array_equal(optimizer.step_sizes(steps), [learning_rates(rate, steps)])


@pytest.mark.parametrize("rate", [0.3, DECAY], ids=["number", "schedule"])
@pytest.mark.parametrize(("beta_1", "beta_2"), [(0.9, 0.999), (0.0, 0.5), (0.5, 0.0)])
def test_adam_steps_by_the_corrected_rate(rate: Any, beta_1: float, beta_2: float, tolerance: Any):
    # α = η √(1 - β₂ᵗ) / (1 - β₁ᵗ), t = 1, 2, …
    optimizer = Adam(learning_rate=rate, beta_1=beta_1, beta_2=beta_2)
    steps = np.array(LINES, dtype=np.float64)
    for t, eta, size in zip(
        steps + 1, learning_rates(rate, steps), optimizer.step_sizes(steps)[0], strict=True
    ):
        wanted = eta * sqrt(1 - beta_2**t) / (1 - beta_1**t)
        # Of 1 - β₂ᵗ, a thousandth at first, the roundings of β₂ᵗ are a larger part.
        assert size == pytest.approx(wanted, rel=tolerance.float64, abs=0)


def test_step_sizes_of_some_updates_are_those_of_all():
    for kind, decay in product(KINDS.values(), (0.0, 0.1)):
        spec = kind(learning_rate=DECAY, weight_decay=decay)
        all_of_them = step_sizes(spec, 300)
        for lines in (LINES, LINES[::-1]):
            some = spec.step_sizes(np.array(lines, dtype=np.float64)).T
            np.testing.assert_array_equal(some, all_of_them[lines])


@pytest.mark.parametrize("kind", KINDS)
def test_weight_decay_follows_the_learning_rate_as_it_is(kind: str):
    steps = np.array(LINES, dtype=np.float64)
    spec = KINDS[kind](learning_rate=DECAY, weight_decay=0.25)
    sizes = spec.step_sizes(steps)
    np.testing.assert_array_equal(sizes[-1], 0.25 * learning_rates(DECAY, steps))
    without = spec.varied({"weight_decay": 0.0}).step_sizes(steps)
    assert len(without) == spec.step_size_count
    np.testing.assert_array_equal(sizes[:-1], without)


def test_nadam_looks_ahead_ever_further_and_its_product_ends_at_zero(tolerance: Any):
    # After 5,000 updates U is 0 to float64's last digit, u is β₁, and 1 - β₂ᵗ nearly 1.
    late = Nadam(learning_rate=1.0, beta_2=0.9).step_sizes(np.array([5000.0, 1e5]))
    for line in late.T:
        np.testing.assert_allclose(line, [0.9, 0.1, 1.0], rtol=tolerance.float64)


# ---- Keras ---------------------------------------------------------------------------------------


@every_case
def test_fifty_updates_are_keras_s(spec: OptimizerSpec, tolerance: Any):
    generator = np.random.default_rng(4)
    start = generator.normal(size=5)
    gradients = generator.normal(size=(UPDATES, 5))

    ours = path(spec, start, gradients)
    with precision("float64"):
        theirs = keras.Variable(start, dtype="float64")
        their_optimizer = keras_optimizer(spec)
        for after, gradient in zip(ours, gradients, strict=True):
            their_optimizer.apply([keras.ops.convert_to_tensor(gradient)], [theirs])
            np.testing.assert_allclose(
                after, keras.ops.convert_to_numpy(theirs.value), rtol=0, atol=tolerance.float64
            )
    assert np.abs(ours[-1] - start).max() > 0.005


def test_an_optimizer_says_how_it_moves():
    class Nothing(OptimizerSpec):
        """Moves nothing."""

        moments = ()

    with pytest.raises(TypeError, match=r"abstract method '?update'?"):
        Nothing(kind="nothing", learning_rate=0.1)  # type: ignore[abstract]  # the mistake


def test_another_kind_begins_with_its_own_decay_unless_one_was_set():
    assert Adam().varied({"beta_1": 0.5}).weight_decay == 0
    training = Training(optimizer=Adam(clipnorm=2.0))
    optimizer = training.varied({"optimizer.kind": "adamw"}).optimizer
    assert (optimizer.weight_decay, optimizer.clipnorm) == (0.004, 2.0)
    decayed = training.varied({"optimizer.weight_decay": 0.5, "optimizer.kind": "adamw"})
    assert decayed.optimizer.weight_decay == 0.5
    assert decayed.varied({"optimizer.kind": "lion"}).optimizer.weight_decay == 0.5
    without = decayed.varied({"optimizer.weight_decay": 0.0})
    assert without.optimizer.canonical()["weight_decay"] == 0
    assert "weight_decay" not in without.varied({"optimizer.kind": "adam"}).optimizer.canonical()
