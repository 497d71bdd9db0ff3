"""Each loss has its formula's value and its own derivative, and clips where Keras does."""

from __future__ import annotations

from math import log
from typing import Any

import numpy as np
import pytest

from mlplab.frameworks.keras import keras, keras_loss, precision
from mlplab.spec import HEADS, LOSSES, Training, head_of
from mlplab.spec.heads import EPSILON, accuracy, binary_accuracy, softmax, softmax_backward

every_loss = pytest.mark.parametrize("name", LOSSES)
every_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])

# Two points of two classes; the first is right, the second wrong.
P = np.array([[3 / 4, 1 / 4], [3 / 4, 1 / 4]])
Y = np.array([[1.0, 0.0], [0.0, 1.0]])

# L and ∂L/∂p.
BY_HAND = {
    # (1/16 + 1/16 + 9/16 + 9/16) / 4 = 5/16, and 2/4 times the differences ∓1/4, ±3/4.
    "mean_squared_error": (5 / 16, [[-1 / 8, 1 / 8], [3 / 8, -3 / 8]]),
    # -(log 3/4 + log 1/4) / 2 = log(16/3) / 2, and -1/2 · 1/p at the class of each point.
    "categorical_crossentropy": (log(16 / 3) / 2, [[-2 / 3, 0], [0, -2]]),
    # Each output by itself: -(2 log 3/4 + 2 log 1/4) / 4, and 1/4 times -1/p or 1/(1 - p).
    "binary_crossentropy": (log(16 / 3) / 2, [[-1 / 3, 1 / 3], [1, -1]]),
}


def outputs(points: int, classes: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw probabilities and one-hot labels."""
    generator = np.random.default_rng(seed)
    p = softmax(2 * generator.normal(size=(points, classes)))
    return p, np.eye(classes)[generator.integers(classes, size=points)]


def keras_value(name: str, p: np.ndarray, y: np.ndarray) -> float:
    """The mean over the points of Keras's loss of each, as training with Keras has it."""
    with precision(str(p.dtype)):
        function = keras.losses.get(keras_loss(Training(loss=name, dtype=str(p.dtype))))
        values = function(keras.ops.convert_to_tensor(y), keras.ops.convert_to_tensor(p))
        return float(np.mean(keras.ops.convert_to_numpy(values)))


# ---- Worked by hand ------------------------------------------------------------------------------


@every_loss
def test_value_and_derivative_are_those_worked_by_hand(name: str, tolerance: Any):
    value, derivative = BY_HAND[name]
    loss = LOSSES[name]
    assert loss.function(P, Y) == pytest.approx(value, rel=0, abs=tolerance.by_hand)
    np.testing.assert_allclose(loss.derivative(P, Y), derivative, rtol=0, atol=tolerance.by_hand)


def test_binary_accuracy_is_keras_s_and_what_is_no_number_is_wrong():
    p = np.array([[0.5], [0.5 + 2**-50], [0.2], [np.nan], [np.nan]])
    y = np.array([[0.0], [1.0], [1.0], [0.0], [1.0]])
    assert binary_accuracy(p, y) == 2 / 5
    with precision("float64"):
        theirs = keras.ops.convert_to_numpy(keras.metrics.binary_accuracy(y[:3], p[:3]))
    np.testing.assert_array_equal(np.ravel(theirs), [1, 1, 0])


def test_accuracy_is_the_share_of_points_whose_class_has_the_largest_output():
    assert accuracy(P, Y) == 1 / 2
    assert accuracy(np.eye(3), np.eye(3)) == 1
    assert accuracy(np.eye(3), np.eye(3)[[1, 2, 0]]) == 0


def test_accuracy_gives_a_tie_to_the_first_class_as_keras():
    p = np.array([[0.4, 0.4, 0.2], [0.4, 0.4, 0.2], [0.2, 0.4, 0.4]])
    y = np.eye(3)[[0, 1, 1]]
    assert accuracy(p, y) == 2 / 3
    theirs = keras.metrics.categorical_accuracy(y, p)
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(theirs), [1, 0, 1])


@pytest.mark.parametrize("k", [0, 1, 2])
def test_an_output_that_is_no_number_is_wrong_whatever_the_class(k: int):
    p = np.eye(3)
    p[1, k] = np.nan
    assert accuracy(p, np.eye(3)) == 2 / 3
    assert accuracy(np.full((4, 2), np.nan), np.eye(2)[[0, 0, 0, 1]]) == 0


# ---- Central differences -------------------------------------------------------------------------


@every_loss
@pytest.mark.parametrize(("points", "classes"), [(1, 2), (5, 3), (8, 5)])
def test_derivative_is_the_slope_of_the_loss(
    name: str, points: int, classes: int, central_difference: Any, tolerance: Any
):
    p, y = outputs(points, classes, seed=points)
    loss = LOSSES[name]
    np.testing.assert_allclose(
        loss.derivative(p, y),
        central_difference(lambda: loss.function(p, y), p),
        rtol=tolerance.difference,
        atol=tolerance.difference_rounding,
    )


@pytest.mark.parametrize("name", HEADS)
def test_delta_is_the_slope_of_the_loss_by_the_pre_activations(
    name: str, central_difference: Any, tolerance: Any
):
    head = HEADS[name]
    classes = 2 if head.has_one_output else 3
    z = np.random.default_rng(6).normal(size=(5, head.outputs(classes)))
    y = head.targets(np.array([0, 1, 2, 0, 1]) % classes, classes, np.float64)
    np.testing.assert_allclose(
        head.delta(head.output(z), y),
        central_difference(lambda: head.loss.function(head.output(z), y), z),
        rtol=tolerance.difference,
        atol=tolerance.difference_rounding,
    )


# ---- Weights and smoothing -----------------------------------------------------------------------

SMOOTHED = [name for name in HEADS if name != "mean_squared_error"]


@every_loss
def test_a_weight_multiplies_the_loss_of_its_sample_and_the_sum_is_divided_by_their_number(
    name: str, tolerance: Any
):
    # Of two points the second counts three times: of 5/16 = (1/16 + 9/16) / 2, say, (1/16 + 27/16) / 2.
    loss, weight = LOSSES[name], np.array([[1.0], [3.0]])
    first, second = (loss.function(P[i : i + 1], Y[i : i + 1]) for i in range(2))
    assert loss.function(P, Y, weight) == pytest.approx(
        (first + 3 * second) / 2, abs=tolerance.by_hand
    )
    np.testing.assert_allclose(
        loss.derivative(P, Y, weight), loss.derivative(P, Y) * weight, atol=tolerance.by_hand
    )


def test_mean_squared_error_of_weighted_points_is_that_worked_by_hand(tolerance: Any):
    # (2 · (1/16 + 1/16) + 0 · (9/16 + 9/16)) / 4 = 1/16, and 2/4 · 2 · ∓1/4.
    weight = np.array([[2.0], [0.0]])
    loss = LOSSES["mean_squared_error"]
    assert loss.function(P, Y, weight) == pytest.approx(1 / 16, abs=tolerance.by_hand)
    np.testing.assert_allclose(loss.derivative(P, Y, weight), [[-1 / 4, 1 / 4], [0, 0]])


def test_smoothed_labels_are_those_worked_by_hand():
    # s = 0.4 of three classes: 0.6 + 0.4/3 and 0.4/3; of one output 0.6 y + 0.2.
    three = head_of("categorical_crossentropy", 0.4).smoothed(np.eye(3)[[1]])
    np.testing.assert_allclose(three, [[0.4 / 3, 0.6 + 0.4 / 3, 0.4 / 3]], rtol=1e-15)
    two = head_of("binary_crossentropy", 0.4).smoothed(np.array([[1.0], [0.0]]))
    np.testing.assert_allclose(two, [[0.8], [0.2]], rtol=1e-15)


def test_the_two_class_head_is_that_worked_by_hand(tolerance: Any):
    # p = 1/2 at z = 0, 3/4 at z = log 3. Of class 1: -log 1/2, -log 3/4, and δ = (p - 1) / 2; smoothed by
    # 1/2, y = 3/4, so that the second point is where it should be.
    z, y = np.array([[0.0], [log(3)]]), np.ones((2, 1))
    head, smooth = HEADS["binary_crossentropy"], head_of("binary_crossentropy", 0.5)
    p = head.output(z)
    near = {"rtol": 0, "atol": tolerance.by_hand}
    np.testing.assert_allclose(p, [[1 / 2], [3 / 4]], **near)
    np.testing.assert_allclose(head.mean_loss(p, y), (log(2) + log(4 / 3)) / 2, **near)
    np.testing.assert_allclose(head.delta(p, y), [[-1 / 4], [-1 / 8]], **near)
    np.testing.assert_allclose(smooth.delta(p, y), [[-1 / 8], [0]], **near)
    wanted = (log(2) + 3 / 4 * log(4 / 3) + 1 / 4 * log(4)) / 2
    np.testing.assert_allclose(smooth.mean_loss(p, y), wanted, **near)
    assert head.metric(p, y) == 1 / 2  # p = 1/2 is class 0
    np.testing.assert_allclose(head.predictions(p), [[1 / 2, 1 / 2], [1 / 4, 3 / 4]], **near)


@pytest.mark.parametrize("name", SMOOTHED)
@pytest.mark.parametrize("smoothing", [0.0, 0.3])
def test_delta_of_weighted_and_smoothed_samples_is_the_slope_of_their_loss(
    name: str, smoothing: float, central_difference: Any, tolerance: Any
):
    head = head_of(name, smoothing)
    classes = 2 if head.has_one_output else 3
    generator = np.random.default_rng(7)
    z = generator.normal(size=(5, head.outputs(classes)))
    y = head.targets(np.array([0, 1, 2, 0, 1]) % classes, classes, np.float64)
    weight = generator.uniform(0, 3, size=(5, 1))
    np.testing.assert_allclose(
        head.delta(head.output(z), y, weight),
        central_difference(lambda: head.mean_loss(head.output(z), y, weight), z),
        rtol=tolerance.difference,
        atol=tolerance.difference_rounding,
    )


@pytest.mark.parametrize("name", SMOOTHED)
@every_dtype
def test_smoothed_and_weighted_values_are_keras_s(name: str, dtype: str, tolerance: Any):
    head = head_of(name, 0.2)
    classes = 2 if head.has_one_output else 4
    generator = np.random.default_rng(8)
    p = head.output(2 * generator.normal(size=(50, head.outputs(classes)))).astype(dtype)
    y = head.targets(generator.integers(classes, size=50), classes, dtype)
    weight = generator.uniform(0, 3, size=50).astype(dtype)
    training = Training(loss=name, dtype=dtype, label_smoothing=0.2)
    with precision(dtype):
        function = keras_loss(training)
        model = keras.Sequential([keras.Input((p.shape[1],)), keras.layers.Identity()])
        model.compile(loss=function)
        theirs = float(model.evaluate(p, y, sample_weight=weight, batch_size=50, verbose=0))
    ours = head.mean_loss(p, y, weight[:, None])
    assert ours == pytest.approx(theirs, rel=getattr(tolerance, dtype))


# ---- Clipping of the cross-entropy ---------------------------------------------------------------


@every_dtype
def test_crossentropy_stays_finite_at_0_and_1_and_equals_keras(dtype: str, tolerance: Any):
    p = np.array([[1, 0], [1, 0], [1e-9, 1]], dtype)
    y = np.array([[1, 0], [0, 1], [1, 0]], dtype)
    ours = LOSSES["categorical_crossentropy"].function(p, y)
    # -log(1 - ε), then twice -log ε.
    wanted = (-np.log(1 - EPSILON) - 2 * np.log(EPSILON)) / 3
    assert ours == pytest.approx(wanted, rel=tolerance.float32)
    assert ours == pytest.approx(
        keras_value("categorical_crossentropy", p, y), rel=getattr(tolerance, dtype)
    )


@pytest.mark.slow
@every_dtype
def test_a_clipped_point_pulls_no_more_as_in_keras(dtype: str, tolerance: Any):
    # Clipped below, clipped above, and neither.
    z = np.array([[0, 40], [40, 0], [0, 1]], dtype)
    y = np.array([[1, 0], [1, 0], [1, 0]], dtype)
    derivative = LOSSES["categorical_crossentropy"].derivative(softmax(z), y)
    np.testing.assert_array_equal(derivative[:2], 0)
    assert derivative[2, 0] < 0

    if keras.backend.backend() != "jax":
        pytest.skip("the derivative of a Keras function is asked of JAX")
    import jax

    def their_loss(z: Any) -> Any:
        each = keras.losses.categorical_crossentropy(y, keras.activations.softmax(z))
        return keras.ops.sum(each) / len(y)

    with precision(dtype):
        theirs = np.asarray(jax.grad(their_loss)(keras.ops.convert_to_tensor(z)))
    np.testing.assert_allclose(
        softmax_backward(softmax(z), derivative), theirs, rtol=0, atol=getattr(tolerance, dtype)
    )


# ---- Types, and Keras ----------------------------------------------------------------------------


@every_dtype
@every_loss
def test_derivative_keeps_dtype_and_shape_and_the_value_is_a_number(name: str, dtype: str):
    p, y = (array.astype(dtype) for array in outputs(7, 3, seed=1))
    loss = LOSSES[name]
    assert type(loss.function(p, y)) is float
    assert loss.derivative(p, y).dtype == dtype
    assert loss.derivative(p, y).shape == (7, 3)


@every_dtype
@every_loss
def test_value_is_keras_s(name: str, dtype: str, tolerance: Any):
    p, y = (array.astype(dtype) for array in outputs(200, 5, seed=3))
    ours = LOSSES[name].function(p, y)
    assert ours == pytest.approx(keras_value(name, p, y), rel=getattr(tolerance, dtype))


@every_loss
def test_keras_s_own_function_differs_at_most_by_its_float32(name: str, tolerance: Any):
    # Holds the one that `keras_loss` replaces in float64 to the one that it replaces.
    p, y = outputs(200, 5, seed=3)
    with precision("float64"):
        theirs = keras.ops.convert_to_numpy(keras.losses.get(name)(y, p))
    assert LOSSES[name].function(p, y) == pytest.approx(
        float(np.mean(theirs)), rel=tolerance.keras_float32
    )
