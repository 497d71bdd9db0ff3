"""Each optimizer moves weights as its formula says, and as Keras's."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
import pytest

from mlplab.frameworks.keras import keras, keras_optimizer, precision
from mlplab.spec import SGD, Adam, ExponentialDecay, OptimizerSpec, learning_rates

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

KINDS = OptimizerSpec.kinds

every_case = pytest.mark.parametrize(
    "spec", [KINDS[kind](**case) for kind in KINDS for case in CASES[kind]], ids=repr
)


def step_sizes(spec: OptimizerSpec, updates: int) -> np.ndarray:
    """The step sizes of the first updates."""
    return spec.step_sizes(np.arange(updates, dtype=np.float64))


def path(spec: OptimizerSpec, start: np.ndarray, gradients: np.ndarray) -> np.ndarray:
    """The weights after each of several updates, shape (updates, weights)."""
    w = start.copy()
    moments = [np.zeros_like(w) for _ in spec.moments]
    after = []
    for gradient, step_size in zip(gradients, step_sizes(spec, len(gradients)), strict=True):
        spec.update(w, gradient, step_size, *moments)
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
    moments = [np.zeros_like(w) for _ in spec.moments]
    spec.update(w, gradient, float(step_sizes(spec, 1)[0]), *moments)
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
        np.testing.assert_array_equal(optimizer.step_sizes(steps), learning_rates(rate, steps))


@pytest.mark.parametrize("rate", [0.3, DECAY], ids=["number", "schedule"])
@pytest.mark.parametrize(("beta_1", "beta_2"), [(0.9, 0.999), (0.0, 0.5), (0.5, 0.0)])
def test_adam_steps_by_the_corrected_rate(rate: Any, beta_1: float, beta_2: float, tolerance: Any):
    # α = η √(1 - β₂ᵗ) / (1 - β₁ᵗ), t = 1, 2, …
    optimizer = Adam(learning_rate=rate, beta_1=beta_1, beta_2=beta_2)
    steps = np.array(LINES, dtype=np.float64)
    for t, eta, size in zip(
        steps + 1, learning_rates(rate, steps), optimizer.step_sizes(steps), strict=True
    ):
        wanted = eta * sqrt(1 - beta_2**t) / (1 - beta_1**t)
        # Of 1 - β₂ᵗ, a thousandth at first, the roundings of β₂ᵗ are a larger part.
        assert size == pytest.approx(wanted, rel=tolerance.float64, abs=0)


def test_step_sizes_of_some_updates_are_those_of_all():
    for spec in (SGD(learning_rate=DECAY), Adam(learning_rate=DECAY)):
        some = spec.step_sizes(np.array(LINES, dtype=np.float64))
        np.testing.assert_array_equal(some, step_sizes(spec, 300)[LINES])


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
    assert np.abs(ours[-1] - start).max() > 0.01


def test_an_optimizer_says_how_it_moves():
    class Nothing(OptimizerSpec):
        """Moves nothing."""

        moments = ()

    with pytest.raises(TypeError, match=r"abstract methods? '?step_sizes'?, '?update'?"):
        Nothing(kind="nothing", learning_rate=0.1)  # type: ignore[abstract]  # the mistake
