"""Losses of regression are their formulas, their slopes and Keras's values; R² is scikit-learn's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mlplab.frameworks.keras import keras, precision
from mlplab.spec.regression import REGRESSION_HEADS, r_squared

every_head = pytest.mark.parametrize("name", REGRESSION_HEADS)

# Errors of 1/2, -1/4 and 3, 0: within Huber's bound, within it, beyond it, and none.
P = np.array([[1.5, 0.75], [4.0, 2.0]])
Y = np.array([[1.0, 1.0], [1.0, 2.0]])

BY_HAND = {
    # (1/4 + 1/16 + 9 + 0) / 4, and 2/4 times the errors.
    "mean_squared_error": (149 / 64, [[1 / 4, -1 / 8], [3 / 2, 0]]),
    # (1/2 + 1/4 + 3 + 0) / 4, and the signs / 4.
    "mean_absolute_error": (15 / 16, [[1 / 4, -1 / 4], [1 / 4, 0]]),
    # (1/8 + 1/32 + (3 - 1/2) + 0) / 4, and the errors within ± 1, / 4.
    "huber": (85 / 128, [[1 / 8, -1 / 16], [1 / 4, 0]]),
}


@every_head
def test_value_and_delta_are_those_worked_by_hand(name: str, tolerance: Any):
    value, delta = BY_HAND[name]
    head = REGRESSION_HEADS[name]
    assert head.mean_loss(head.output(P), Y) == pytest.approx(value, rel=0, abs=tolerance.by_hand)
    np.testing.assert_allclose(head.delta(P, Y), delta, rtol=0, atol=tolerance.by_hand)
    weight = np.array([[2.0], [0.5]])
    np.testing.assert_allclose(
        head.delta(P, Y, weight), delta * weight, rtol=0, atol=tolerance.by_hand
    )


@every_head
@pytest.mark.parametrize("targets", [1, 3])
def test_delta_is_the_slope_of_the_loss(
    name: str, targets: int, central_difference: Any, tolerance: Any
):
    head, generator = REGRESSION_HEADS[name], np.random.default_rng(targets)
    z, y = 2 * generator.normal(size=(2, 7, targets))
    weight = generator.uniform(0, 3, size=(7, 1))
    np.testing.assert_allclose(
        head.delta(head.output(z), y, weight),
        central_difference(lambda: head.mean_loss(head.output(z), y, weight), z),
        rtol=tolerance.difference,
        atol=tolerance.difference_rounding,
    )


@every_head
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_value_is_keras_s(name: str, dtype: str, tolerance: Any):
    generator = np.random.default_rng(5)
    p, y = (2 * generator.normal(size=(2, 50, 2))).astype(dtype)
    with precision(dtype):
        theirs = keras.ops.convert_to_numpy(keras.losses.get(name)(y, p))
    ours = REGRESSION_HEADS[name].mean_loss(p, y)
    # Keras on JAX takes the mean over targets in float32, even of float64 values.
    near = tolerance.float32 if dtype == "float32" else tolerance.keras_float32
    assert ours == pytest.approx(float(np.mean(theirs)), rel=near)


def test_r_squared_is_scikit_learns():
    metrics = pytest.importorskip("sklearn.metrics")
    p, y = np.random.default_rng(1).normal(size=(2, 30, 3))
    assert r_squared(p, y) == pytest.approx(metrics.r2_score(y, p), rel=1e-12)
    y[:, 1] = 2.0
    assert r_squared(p, y) == pytest.approx(metrics.r2_score(y, p), rel=1e-12)
    assert r_squared(y, y) == 1
