"""Each activation has its formula's values and its own derivative, and agrees with Keras."""

from __future__ import annotations

from collections.abc import Callable
from math import erf, exp, log, pi, sqrt, tanh
from typing import Any

import numpy as np
import pytest

from mlplab.frameworks.keras import keras, keras_activation, precision
from mlplab.spec import ACTIVATIONS
from mlplab.spec.activations import SELU_ALPHA, SELU_SCALE
from mlplab.spec.heads import softmax, softmax_backward

every_activation = pytest.mark.parametrize("name", ACTIVATIONS)
every_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])

SCALED = SELU_SCALE * SELU_ALPHA
BELOW_1, DENSITY_1 = (1 + erf(1 / sqrt(2))) / 2, exp(-1 / 2) / sqrt(2 * pi)
TANH_U, SLOPE_U = tanh(sqrt(2 / pi) * 1.044715), sqrt(2 / pi) * (1 + 3 * 0.044715)

# σ(z), σ'(z) at points where both are fractions (or the logarithm of one).
BY_HAND = {
    "linear": [(-2.0, -2.0, 1.0), (0.0, 0.0, 1.0), (3.0, 3.0, 1.0)],
    # e^-ln3 = 1/3, 1/(1 + 1/3) = 3/4, and 3/4 · 1/4 = 3/16.
    "sigmoid": [(0.0, 1 / 2, 1 / 4), (log(3), 3 / 4, 3 / 16), (-log(3), 1 / 4, 3 / 16)],
    # (2 - 1/2) / (2 + 1/2) = 3/5, and 1 - 9/25 = 16/25.
    "tanh": [(0.0, 0.0, 1.0), (log(2), 3 / 5, 16 / 25), (-log(2), -3 / 5, 16 / 25)],
    "relu": [(-2.0, 0.0, 0.0), (0.0, 0.0, 0.0), (3.0, 3.0, 1.0)],
    "leaky_relu": [(-2.0, -0.4, 0.2), (0.0, 0.0, 1.0), (3.0, 3.0, 1.0)],
    # e^-ln2 - 1 = -1/2.
    "elu": [(-log(2), -1 / 2, 1 / 2), (0.0, 0.0, 1.0), (3.0, 3.0, 1.0)],
    # log(1 + 3) = log 4, and its slope is the sigmoid.
    "softplus": [(0.0, log(2), 1 / 2), (log(3), log(4), 3 / 4), (-log(3), log(4 / 3), 1 / 4)],
    # 3 / (1 + 3) = 3/4, and 1 / (1 + 3)² = 1/16.
    "softsign": [(0.0, 0.0, 1.0), (3.0, 3 / 4, 1 / 16), (-1.0, -1 / 2, 1 / 4)],
    # Of e^-ln2 - 1 = -1/2 the product with λα, and of e^-ln2 = 1/2; at the kink the slope from below.
    "selu": [
        (-log(2), -SCALED / 2, SCALED / 2),
        (0.0, 0.0, SCALED),
        (2.0, 2 * SELU_SCALE, SELU_SCALE),
    ],
    # (-3 + 3) / 6 = 0, (1.5 + 3) / 6 = 3/4; at the kinks the slope is 0.
    "hard_sigmoid": [(-3.0, 0.0, 0.0), (0.0, 1 / 2, 1 / 6), (1.5, 3 / 4, 1 / 6), (3.0, 1.0, 0.0)],
    "relu6": [(-2.0, 0.0, 0.0), (0.0, 0.0, 0.0), (3.0, 3.0, 1.0), (6.0, 6.0, 0.0), (7.0, 6.0, 0.0)],
    "exponential": [(0.0, 1.0, 1.0), (log(3), 3.0, 3.0), (-log(3), 1 / 3, 1 / 3)],
    # With s = 3/4: log 3 · 3/4, and 3/4 (1 + log 3 / 4); with s = 1/4 likewise.
    "silu": [
        (0.0, 0.0, 1 / 2),
        (log(3), 3 / 4 * log(3), 3 / 4 * (1 + log(3) / 4)),
        (-log(3), -1 / 4 * log(3), 1 / 4 * (1 - 3 / 4 * log(3))),
    ],
    # Φ(1) = ½ (1 + erf(1/√2)) and φ(1) = e^-½ / √(2π): 1 · Φ(1), and Φ(1) + 1 · φ(1).
    "gelu": [
        (0.0, 0.0, 1 / 2),
        (1.0, BELOW_1, BELOW_1 + DENSITY_1),
        (-1.0, -(1 - BELOW_1), 1 - BELOW_1 - DENSITY_1),
    ],
    # u(1) = √(2/π) · 1.044715, u'(1) = √(2/π) (1 + 3 · 0.044715): ½ (1 + t) + ½ (1 - t²) u'.
    "gelu_tanh": [
        (0.0, 0.0, 1 / 2),
        (1.0, (1 + TANH_U) / 2, (1 + TANH_U) / 2 + (1 - TANH_U**2) / 2 * SLOPE_U),
        (-1.0, -(1 - TANH_U) / 2, (1 - TANH_U) / 2 - (1 - TANH_U**2) / 2 * SLOPE_U),
    ],
    # e^softplus(log 3) = 4: t = (16 - 1) / (16 + 1) = 15/17, 1 - t² = 64/289, s = 3/4.
    # At 0: e^softplus = 2, t = (4 - 1) / (4 + 1) = 3/5.
    "mish": [
        (0.0, 0.0, 3 / 5),
        (log(3), 15 / 17 * log(3), 15 / 17 + log(3) * 64 / 289 * 3 / 4),
    ],
}

# σ(-1000), σ'(-1000), σ(1000), σ'(1000), to a unit in the last place.
AT_A_THOUSAND = {
    "linear": (-1000, 1, 1000, 1),
    "sigmoid": (0, 0, 1, 0),
    "tanh": (-1, 0, 1, 0),
    "relu": (0, 0, 1000, 1),
    "leaky_relu": (-200, 0.2, 1000, 1),
    "elu": (-1, 0, 1000, 1),
    "softplus": (0, 0, 1000, 1),
    "softsign": (-1000 / 1001, 1 / 1001**2, 1000 / 1001, 1 / 1001**2),
    "selu": (-SCALED, 0, 1000 * SELU_SCALE, SELU_SCALE),
    "hard_sigmoid": (0, 0, 1, 0),
    "relu6": (0, 0, 6, 0),
    "exponential": (0, 0, np.inf, np.inf),
    "silu": (0, 0, 1000, 1),
    "gelu": (0, 0, 1000, 1),
    "gelu_tanh": (0, 0, 1000, 1),
    "mish": (0, 0, 1000, 1),
}
"""As float64 has them; eᶻ of 1000 is no number, and overflows by its nature."""


def keras_slope(function: Callable[[Any], Any], z: np.ndarray) -> np.ndarray:
    """The derivative by z that training with Keras uses."""
    if keras.backend.backend() != "jax":
        pytest.skip("the derivative of a Keras function is asked of JAX")
    import jax

    return np.asarray(jax.vmap(jax.grad(function))(keras.ops.convert_to_tensor(z)))


# ---- Worked by hand ------------------------------------------------------------------------------


@every_activation
def test_values_and_slopes_are_those_worked_by_hand(name: str, tolerance: Any):
    z, values, slopes = np.array(BY_HAND[name]).T
    activation = ACTIVATIONS[name]
    np.testing.assert_allclose(activation.function(z), values, rtol=0, atol=tolerance.by_hand)
    np.testing.assert_allclose(activation.derivative(z), slopes, rtol=0, atol=tolerance.by_hand)


def test_softmax_is_that_worked_by_hand(tolerance: Any):
    # e^ln3 : e^0 = 3 : 1; e^ln2 : e^ln3 : e^ln5 = 2 : 3 : 5.
    two = softmax(np.array([[log(3), 0.0], [0.0, log(3)]]))
    np.testing.assert_allclose(two, [[3 / 4, 1 / 4], [1 / 4, 3 / 4]], atol=tolerance.by_hand)
    three = softmax(np.array([[log(2), log(3), log(5)]]))
    np.testing.assert_allclose(three, [[0.2, 0.3, 0.5]], rtol=0, atol=tolerance.by_hand)


def test_softmax_backward_is_that_worked_by_hand(tolerance: Any):
    # p = (3/4, 1/4), g = (1, -1): Σ gp = 1/2, so 3/4 (1 - 1/2) = 3/8 and 1/4 (-1 - 1/2) = -3/8.
    back = softmax_backward(np.array([[3 / 4, 1 / 4]]), np.array([[1.0, -1.0]]))
    np.testing.assert_allclose(back, [[3 / 8, -3 / 8]], rtol=0, atol=tolerance.by_hand)


# ---- Central differences -------------------------------------------------------------------------


@every_activation
def test_derivative_is_the_slope_of_the_function(name: str, tolerance: Any):
    # An even number of points about 0, so that none is at the kink of relu and leaky relu.
    z, h = np.linspace(-5, 5, 1000), tolerance.step
    function, derivative, *_ = ACTIVATIONS[name]
    numeric = (function(z + h) - function(z - h)) / (2 * h)
    np.testing.assert_allclose(
        derivative(z), numeric, rtol=tolerance.difference, atol=tolerance.difference_rounding
    )


@pytest.mark.parametrize("classes", [2, 3, 5])
def test_softmax_backward_is_the_slope_of_softmax(
    classes: int, central_difference: Any, tolerance: Any
):
    generator = np.random.default_rng(classes)
    z, gradient = generator.normal(size=(2, 4, classes))
    # With L = Σ g p, ∂L/∂p is g.
    numeric = central_difference(lambda: np.sum(gradient * softmax(z)), z)
    np.testing.assert_allclose(
        softmax_backward(softmax(z), gradient),
        numeric,
        rtol=tolerance.difference,
        atol=tolerance.difference_rounding,
    )


# ---- Large numbers, types and shapes -------------------------------------------------------------


@every_dtype
@every_activation
def test_nothing_overflows_and_limits_are_exact(name: str, dtype: str):
    # Warnings are errors here, so an overflow would show.
    z = np.array([-1000, 1000], dtype)
    function, derivative, *_ = ACTIVATIONS[name]
    with np.errstate(over="ignore" if name == "exponential" else "raise"):
        values = np.stack([function(z), derivative(z)], axis=1).ravel()
    np.testing.assert_array_max_ulp(values, np.array(AT_A_THOUSAND[name], dtype), maxulp=1)


@every_dtype
def test_softmax_does_not_overflow(dtype: str):
    z = np.array([[1000, 0, -1000], [-1000, -1000, -1000], [1e38, -1e38, 1e38]], dtype)
    third = np.array(1, dtype) / 3
    wanted = np.array([[1, 0, 0], [third, third, third], [0.5, 0, 0.5]], dtype)
    np.testing.assert_array_equal(softmax(z), wanted)


def test_softmax_is_the_same_when_all_sums_grow_alike(tolerance: Any):
    z = np.random.default_rng(1).normal(size=(20, 4))
    p = softmax(z)
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=0, atol=tolerance.float64)
    np.testing.assert_allclose(softmax(z + 64), p, rtol=0, atol=tolerance.float64)


@every_dtype
@every_activation
def test_dtype_and_shape_stay_and_the_sums_are_left_alone(name: str, dtype: str):
    z = np.linspace(-2, 2, 6, dtype=dtype).reshape(3, 2)
    before = z.copy()
    for function in ACTIVATIONS[name][:2]:
        assert function(z).dtype == dtype
        assert function(z).shape == (3, 2)
    np.testing.assert_array_equal(z, before)


@every_dtype
def test_softmax_keeps_the_dtype(dtype: str):
    p = softmax(np.ones((3, 2), dtype))
    assert p.dtype == dtype
    assert softmax_backward(p, np.ones((3, 2), dtype)).dtype == dtype


# ---- Keras ---------------------------------------------------------------------------------------

POINTS = [-1000.0, -30.0, *np.linspace(-4, 4, 41), 30.0, 1000.0]  # 0, the kink, is among them


@every_dtype
@every_activation
def test_values_and_slopes_are_keras_s_kinks_included(name: str, dtype: str, tolerance: Any):
    z = np.array(POINTS, dtype)
    assert 0 in z
    function, derivative, *_ = ACTIVATIONS[name]
    near = {"rtol": getattr(tolerance, dtype), "atol": getattr(tolerance, dtype)}
    with precision(dtype), np.errstate(over="ignore"):
        theirs = keras.activations.get(keras_activation(name, dtype))
        np.testing.assert_allclose(function(z), keras.ops.convert_to_numpy(theirs(z)), **near)
        np.testing.assert_allclose(derivative(z), keras_slope(theirs, z), **near)


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "gelu_tanh"])
def test_keras_s_own_function_differs_at_most_by_its_float32(name: str, tolerance: Any):
    # Holds the one that `keras_activation` replaces in float64 to the one that it replaces.
    z = np.array(POINTS)
    with precision("float64"), np.errstate(over="ignore"):
        theirs = keras.ops.convert_to_numpy(keras.activations.get(name)(z))
        ours = ACTIVATIONS[name].function(z)
    np.testing.assert_allclose(ours, theirs, rtol=tolerance.keras_float32, atol=0)


@every_dtype
def test_softmax_is_keras_s(dtype: str, tolerance: Any):
    z = (5 * np.random.default_rng(2).normal(size=(50, 5))).astype(dtype)
    with precision(dtype):
        theirs = keras.ops.convert_to_numpy(keras.activations.softmax(z))
    np.testing.assert_allclose(softmax(z), theirs, rtol=0, atol=getattr(tolerance, dtype))
