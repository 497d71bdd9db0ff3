"""Losses: how wrong the network is, as one number, and which way is less wrong.

A loss compares the softmax output p with the one-hot labels y, both of shape (points, K), and is the
mean over the points. Its derivative ∂L/∂p has the same shape; it is where backpropagation begins.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from mlplab.reference.activations import Float

EPSILON = 1e-7
"""Keras keeps probabilities this far from 0 and 1 before it takes their logarithm."""


class Loss(NamedTuple):
    """A loss L(p, y) and its derivative ∂L/∂p."""

    function: Callable[[Float, Float], float]
    derivative: Callable[[Float, Float], Float]


def mean_squared_error(p: Float, y: Float) -> float:
    """L = 1/(nK) Σᵢ Σₖ (pᵢₖ - yᵢₖ)², the mean over points and classes, as Keras."""
    return float(np.mean((p - y) ** 2))


def mean_squared_error_derivative(p: Float, y: Float) -> Float:
    """∂L/∂pᵢₖ = 2/(nK) (pᵢₖ - yᵢₖ)."""
    return 2 * (p - y) / p.size


def categorical_crossentropy(p: Float, y: Float) -> float:
    """L = -1/n Σᵢ Σₖ yᵢₖ log pᵢₖ, with p kept within [ε, 1 - ε], as Keras."""
    return float(-np.mean((y * np.log(np.clip(p, EPSILON, 1 - EPSILON))).sum(axis=1)))


def categorical_crossentropy_derivative(p: Float, y: Float) -> Float:
    """∂L/∂pᵢₖ = -1/n yᵢₖ / pᵢₖ, and 0 where p was clipped: a point that is hopelessly wrong
    (p < ε at its class) pulls no more, in Keras as here.
    """
    inside = (p > EPSILON) & (p < 1 - EPSILON)
    return np.where(inside, -y / np.clip(p, EPSILON, 1), 0) / len(p)


LOSSES: dict[str, Loss] = {
    "mean_squared_error": Loss(mean_squared_error, mean_squared_error_derivative),
    "categorical_crossentropy": Loss(categorical_crossentropy, categorical_crossentropy_derivative),
}


def accuracy(p: Float, y: Float) -> float:
    """Share of the points whose largest output is that of their class, 0 to 1.

    A point with an output that is not a number has no answer, and is wrong; argmax alone would take the
    first such output for the largest.

    Parameters
    ----------
    p, y : ndarray, shape (points, K)
        Outputs, and one-hot labels.

    Examples
    --------
    >>> y = np.array([[1.0, 0.0], [1.0, 0.0]])
    >>> accuracy(np.array([[0.8, 0.2], [np.nan, np.nan]]), y)
    0.5
    """
    answered = np.isfinite(p).all(axis=1)
    return float(np.mean(answered & (p.argmax(axis=1) == y.argmax(axis=1))))
