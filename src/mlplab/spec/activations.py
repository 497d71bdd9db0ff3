"""Activations: what a neuron makes of its weighted sum.

A hidden layer computes z = W h + b and passes on h = σ(z), elementwise. Without σ, any stack of layers
would be one linear map. Training needs the slope σ'(z) as well, so function and derivative stand side
by side here. (What stands on the last layer is in `heads`.)

A new activation is its function and derivative here and its kernels in `engine.activations`, by one name;
from outside of the package it is `ACTIVATIONS["name"] = Activation(function, derivative)`.

All functions take and return arrays of one shape and keep their dtype.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.floating[Any]]

LEAKY_RELU_SLOPE = 0.2
"""Slope of leaky ReLU for z < 0; Keras 3's default."""


class Activation(NamedTuple):
    """An activation σ and its derivative σ', both functions of z."""

    function: Callable[[Float], Float]
    derivative: Callable[[Float], Float]


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


ACTIVATIONS: dict[str, Activation] = {
    "linear": Activation(linear, linear_derivative),
    "sigmoid": Activation(sigmoid, sigmoid_derivative),
    "tanh": Activation(tanh, tanh_derivative),
    "relu": Activation(relu, relu_derivative),
    "leaky_relu": Activation(leaky_relu, leaky_relu_derivative),
    "elu": Activation(elu, elu_derivative),
    "softplus": Activation(softplus, softplus_derivative),
}
