"""Activations: what a neuron makes of its weighted sum.

A hidden layer computes z = W h + b and passes on h = σ(z), elementwise. Without σ, any stack of layers
would be one linear map. Training needs the slope σ'(z) as well, so function and derivative stand side
by side here. (What stands on the last layer is in `heads`.)

A new activation is its function and derivative here, each with its template (`formulas`), and its kernels
in `engine.activations`, by one name; from outside of the package it is
`ACTIVATIONS["name"] = Activation(function, derivative, formula, slope)`.

One that is piecewise linear says where its kinks are: its networks have linear regions.

All functions take and return arrays of one shape and keep their dtype.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Float = NDArray[np.floating[Any]]

LEAKY_RELU_SLOPE = 0.2
"""Slope of leaky ReLU for z < 0; Keras 3's default."""

SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772
"""With them, a layer passes on mean 0 and variance 1 (Klambauer et al. 2017)."""

GELU_SLOPE, GELU_CUBE = 2 * math.sqrt(2 / math.pi), 0.044715
"""Of the sigmoid whose argument, an odd cubic in z, comes near to Φ (Hendrycks & Gimpel 2016)."""

GELU_END = 32.0
"""Beyond ±32 that sigmoid is 0 or 1 in float64 too, and z³ need not be looked at."""

NORMAL_DENSITY = 1 / math.sqrt(2 * math.pi)
"""φ(0): the density of the standard normal distribution at its mean."""


class Activation(NamedTuple):
    """An activation σ and its derivative σ', both functions of z, and the templates of both.

    Templates read z; that of the slope may read h = σ(z), too. `kinks` are the z, rising, between which
    σ is affine; None if it is not piecewise linear.
    """

    function: Callable[[Float], Float]
    derivative: Callable[[Float], Float]
    formula: str
    slope: str
    kinks: tuple[float, ...] | None = None


def linear(z: Float) -> Float:
    """σ(z) = z."""
    return z


def linear_derivative(z: Float) -> Float:
    """σ'(z) = 1."""
    return np.ones_like(z)


def sigmoid(z: Float) -> Float:
    """σ(z) = 1 / (1 + e⁻ᶻ), written for z < 0 as eᶻ / (1 + eᶻ), so that e is never raised above 0."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


def sigmoid_derivative(z: Float) -> Float:
    """σ'(z) = σ(z) (1 - σ(z))."""
    s = sigmoid(z)
    return s * (1 - s)


def tanh(z: Float) -> Float:
    """σ(z) = tanh z."""
    return np.tanh(z)


def tanh_derivative(z: Float) -> Float:
    """σ'(z) = 1 - tanh² z."""
    return 1 - np.tanh(z) ** 2


def relu(z: Float) -> Float:
    """σ(z) = max(0, z)."""
    return np.maximum(z, 0)


def relu_derivative(z: Float) -> Float:
    """σ'(z) = 1 for z > 0, else 0; at the kink 0, as Keras."""
    return (z > 0).astype(z.dtype)


def leaky_relu(z: Float) -> Float:
    """σ(z) = z for z ≥ 0, else 0.2 z."""
    return np.where(z >= 0, z, LEAKY_RELU_SLOPE * z)


def leaky_relu_derivative(z: Float) -> Float:
    """σ'(z) = 1 for z ≥ 0, else 0.2."""
    return np.where(z >= 0, 1, LEAKY_RELU_SLOPE).astype(z.dtype)


def elu(z: Float) -> Float:
    """σ(z) = z for z > 0, else eᶻ - 1."""
    return np.where(z > 0, z, np.expm1(np.minimum(z, 0)))


def elu_derivative(z: Float) -> Float:
    """σ'(z) = 1 for z > 0, else eᶻ."""
    return np.exp(np.minimum(z, 0))


def softplus(z: Float) -> Float:
    """σ(z) = log(1 + eᶻ)."""
    return np.logaddexp(z, 0)


def softplus_derivative(z: Float) -> Float:
    """σ'(z) = 1 / (1 + e⁻ᶻ), the sigmoid."""
    return sigmoid(z)


def softsign(z: Float) -> Float:
    """σ(z) = z / (1 + |z|)."""
    return z / (1 + abs(z))


def softsign_derivative(z: Float) -> Float:
    """σ'(z) = 1 / (1 + |z|)²."""
    return 1 / (1 + abs(z)) ** 2


def selu(z: Float) -> Float:
    """σ(z) = 1.0507 z for z > 0, else 1.0507 · 1.6733 (eᶻ - 1)."""
    return SELU_SCALE * np.where(z > 0, z, SELU_ALPHA * np.expm1(np.minimum(z, 0)))


def selu_derivative(z: Float) -> Float:
    """σ'(z) = 1.0507 for z > 0, else 1.0507 · 1.6733 eᶻ."""
    return SELU_SCALE * np.where(z > 0, 1, SELU_ALPHA * np.exp(np.minimum(z, 0)))


def hard_sigmoid(z: Float) -> Float:
    """σ(z) = (z + 3) / 6, but 0 below -3 and 1 above 3."""
    return np.clip(z + 3, 0, 6) / 6


def hard_sigmoid_derivative(z: Float) -> Float:
    """σ'(z) = 1/6 for -3 < z < 3, else 0; at the kinks 0, as Keras."""
    return ((z + 3 > 0) & (z + 3 < 6)).astype(z.dtype) / 6


def relu6(z: Float) -> Float:
    """σ(z) = min(max(0, z), 6)."""
    return np.clip(z, 0, 6)


def relu6_derivative(z: Float) -> Float:
    """σ'(z) = 1 for 0 < z < 6, else 0; at the kinks 0, as Keras."""
    return ((z > 0) & (z < 6)).astype(z.dtype)


def exponential(z: Float) -> Float:
    """σ(z) = eᶻ."""
    return np.exp(z)


def exponential_derivative(z: Float) -> Float:
    """σ'(z) = eᶻ."""
    return np.exp(z)


def silu(z: Float) -> Float:
    """σ(z) = z / (1 + e⁻ᶻ), z times its sigmoid; also called swish."""
    e: Float = np.exp(-np.abs(z))
    return np.where(z >= 0, z / (1 + e), z * e / (1 + e))


def silu_derivative(z: Float) -> Float:
    """σ'(z) = s (1 + z (1 - s)), with s the sigmoid of z."""
    return sigmoid(z) * (1 + z * sigmoid(-z))


def gelu(z: Float) -> Float:
    """σ(z) = z Φ(z), z times the fraction of a standard normal distribution that lies below z."""
    below: Float = ndtr(z)
    return z * below


def gelu_derivative(z: Float) -> Float:
    """σ'(z) = Φ(z) + z φ(z), with the normal density φ(z) = e^(-z²/2) / √(2π)."""
    below: Float = ndtr(z)
    density: Float = NORMAL_DENSITY * np.exp(-z * z / 2)
    return below + z * density


def gelu_tanh(z: Float) -> Float:
    """σ(z) = ½ z (1 + tanh(√(2/π) (z + 0.044715 z³))), near to gelu and without Φ.

    Keras has it as `gelu(z, approximate=True)`. Here a name alone says what a layer does, so it has one
    of its own. Written with the sigmoid s: ½ (1 + tanh u) = s(2u), which for z < 0 keeps its digits.
    """
    near = np.clip(z, -GELU_END, GELU_END)
    u2 = GELU_SLOPE * (near + GELU_CUBE * near**3)
    e: Float = np.exp(-np.abs(u2))
    return np.where(z >= 0, z / (1 + e), z * e / (1 + e))


def gelu_tanh_derivative(z: Float) -> Float:
    """σ'(z) = s + z s (1 - s) 2u', with s = s(2u) and 2u' = √(8/π) (1 + 3 · 0.044715 z²)."""
    near = np.clip(z, -GELU_END, GELU_END)
    u2: Float = GELU_SLOPE * (near + GELU_CUBE * near**3)
    slope: Float = GELU_SLOPE * (1 + 3 * GELU_CUBE * near**2)
    return sigmoid(u2) * (1 + near * sigmoid(-u2) * slope)


def mish(z: Float) -> Float:
    """σ(z) = z tanh(log(1 + eᶻ)), z times the tanh of its softplus."""
    t: Float = np.tanh(np.logaddexp(z, 0))
    return z * t


def mish_derivative(z: Float) -> Float:
    """σ'(z) = t + z (1 - t²) s, with t = tanh(log(1 + eᶻ)) and s the sigmoid of z."""
    t: Float = np.tanh(softplus(z))
    return t + z * (1 - t**2) * sigmoid(z)


_LEAK = f"{LEAKY_RELU_SLOPE:g}"
_SELU_BELOW = f"{SELU_SCALE * SELU_ALPHA!r} · "
_SOFTPLUS, _SIGMOID = "log(1 + e^({z}))", "1 / (1 + e^(-{z}))"
_GELU_ARGUMENT = f"√(8 / π) · ({{z}} + {GELU_CUBE} · {{z}}³)"

ACTIVATIONS: dict[str, Activation] = {
    "linear": Activation(linear, linear_derivative, "{z}", "1", ()),
    "sigmoid": Activation(sigmoid, sigmoid_derivative, _SIGMOID, "{h} · (1 - {h})"),
    "tanh": Activation(tanh, tanh_derivative, "tanh({z})", "1 - {h}²"),
    "relu": Activation(relu, relu_derivative, "max(0, {z})", "1 if {z} > 0 else 0", (0.0,)),
    "leaky_relu": Activation(
        leaky_relu,
        leaky_relu_derivative,
        f"{{z}} if {{z}} ≥ 0 else {_LEAK} · {{z}}",
        f"1 if {{z}} ≥ 0 else {_LEAK}",
        (0.0,),
    ),
    "elu": Activation(
        elu, elu_derivative, "{z} if {z} > 0 else e^({z}) - 1", "1 if {z} > 0 else e^({z})"
    ),
    "softplus": Activation(softplus, softplus_derivative, _SOFTPLUS, _SIGMOID),
    "softsign": Activation(softsign, softsign_derivative, "{z} / (1 + |{z}|)", "1 / (1 + |{z}|)²"),
    "selu": Activation(
        selu,
        selu_derivative,
        f"{SELU_SCALE!r} · {{z}} if {{z}} > 0 else {_SELU_BELOW}(e^({{z}}) - 1)",
        f"{SELU_SCALE!r} if {{z}} > 0 else {_SELU_BELOW}e^({{z}})",
    ),
    "hard_sigmoid": Activation(
        hard_sigmoid,
        hard_sigmoid_derivative,
        "min(max({z} + 3, 0), 6) / 6",
        "1 / 6 if -3 < {z} < 3 else 0",
        (-3.0, 3.0),
    ),
    "relu6": Activation(
        relu6, relu6_derivative, "min(max(0, {z}), 6)", "1 if 0 < {z} < 6 else 0", (0.0, 6.0)
    ),
    "exponential": Activation(exponential, exponential_derivative, "e^({z})", "e^({z})"),
    "silu": Activation(
        silu,
        silu_derivative,
        "{z} / (1 + e^(-{z}))",
        "(1 + {z} / (1 + e^({z}))) / (1 + e^(-{z}))",
    ),
    "gelu": Activation(gelu, gelu_derivative, "{z} · Φ({z})", "Φ({z}) + {z} · φ({z})"),
    "gelu_tanh": Activation(
        gelu_tanh,
        gelu_tanh_derivative,
        f"{{z}} / (1 + e^(-{_GELU_ARGUMENT}))",
        f"(1 + {{z}} · √(8 / π) · (1 + 3 · {GELU_CUBE} · {{z}}²) / (1 + e^({_GELU_ARGUMENT})))"
        f" / (1 + e^(-{_GELU_ARGUMENT}))",
    ),
    "mish": Activation(
        mish,
        mish_derivative,
        f"{{z}} · tanh({_SOFTPLUS})",
        f"tanh({_SOFTPLUS}) + {{z}} · (1 - tanh({_SOFTPLUS})²) / (1 + e^(-{{z}}))",
    ),
}
"""Every activation by Keras's name of it."""
