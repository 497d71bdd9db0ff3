"""Heads: what stands on the last layer: its output, the loss of it, and how right it is.

A head turns the last layer's pre-activations z into outputs p, compares them with the labels y as one
number, the loss, and says which way is less wrong: δ = ∂L/∂z is where backpropagation begins. All of them
have the shape (samples, K), labels as one-hot rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from mlplab.spec.activations import Float

EPSILON = 1e-7
"""Keras keeps probabilities this far from 0 and 1 before it takes their logarithm."""


def softmax(z: Float) -> Float:
    """Turn each row of pre-activations into probabilities.

    pₖ = e^zₖ / Σⱼ e^zⱼ

    Subtracting the row's maximum first changes nothing in the quotient and keeps e from overflowing.

    Parameters
    ----------
    z : ndarray, shape (samples, K)

    Returns
    -------
    ndarray, shape (samples, K)
        Rows that sum to 1.

    Examples
    --------
    >>> softmax(np.array([[0.0, 0.0], [1000.0, 0.0]]))
    array([[0.5, 0.5],
           [1. , 0. ]])
    """
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p: Float = e / e.sum(axis=1, keepdims=True)
    return p


def softmax_backward(p: Float, gradient: Float) -> Float:
    """Carry a gradient from the probabilities back to the pre-activations.

    Every pₖ depends on every zⱼ: ∂pₖ/∂zⱼ = pₖ (1[k = j] - pⱼ). Hence

    ∂L/∂zⱼ = pⱼ (gⱼ - Σₖ gₖ pₖ)  with  g = ∂L/∂p

    Parameters
    ----------
    p, gradient : ndarray, shape (samples, K)
        The softmax output and ∂L/∂p.

    Returns
    -------
    ndarray, shape (samples, K)
        ∂L/∂z.
    """
    mean: Float = (gradient * p).sum(axis=1, keepdims=True)
    return p * (gradient - mean)


class Loss(NamedTuple):
    """A loss L(p, y) and its derivative ∂L/∂p."""

    function: Callable[[Float, Float], float]
    derivative: Callable[[Float, Float], Float]


def mean_squared_error(p: Float, y: Float) -> float:
    """L = 1/(nK) Σᵢ Σₖ (pᵢₖ - yᵢₖ)², the mean over samples and classes, as Keras."""
    return float(np.mean((p - y) ** 2))


def mean_squared_error_derivative(p: Float, y: Float) -> Float:
    """∂L/∂pᵢₖ = 2/(nK) (pᵢₖ - yᵢₖ)."""
    return 2 * (p - y) / p.size


def categorical_crossentropy(p: Float, y: Float) -> float:
    """L = -1/n Σᵢ Σₖ yᵢₖ log pᵢₖ, with p kept within [ε, 1 - ε], as Keras."""
    return float(-np.mean((y * np.log(np.clip(p, EPSILON, 1 - EPSILON))).sum(axis=1)))


def categorical_crossentropy_derivative(p: Float, y: Float) -> Float:
    """∂L/∂pᵢₖ = -1/n yᵢₖ / pᵢₖ, and 0 where p was clipped: a sample that is hopelessly wrong
    (p < ε at its class) pulls no more, in Keras as here.
    """
    inside = (p > EPSILON) & (p < 1 - EPSILON)
    return np.where(inside, -y / np.clip(p, EPSILON, 1), 0) / len(p)


LOSSES: dict[str, Loss] = {
    "mean_squared_error": Loss(mean_squared_error, mean_squared_error_derivative),
    "categorical_crossentropy": Loss(categorical_crossentropy, categorical_crossentropy_derivative),
}


def accuracy(p: Float, y: Float) -> float:
    """Fraction of the samples whose largest output is that of their class, 0 to 1.

    A sample with an output that is not a number has no prediction, and is wrong; argmax alone would
    take the first such output for the largest.

    Parameters
    ----------
    p, y : ndarray, shape (samples, K)
        Outputs, and one-hot labels.

    Examples
    --------
    >>> y = np.array([[1.0, 0.0], [1.0, 0.0]])
    >>> accuracy(np.array([[0.8, 0.2], [np.nan, np.nan]]), y)
    0.5
    """
    predicted = np.isfinite(p).all(axis=1)
    return float(np.mean(predicted & (p.argmax(axis=1) == y.argmax(axis=1))))


class Head(NamedTuple):
    """The last layer's output and what is measured of it.

    Attributes
    ----------
    output : callable
        p of the pre-activations z.
    output_backward : callable
        ∂L/∂z of p and ∂L/∂p.
    loss : Loss
    metric : callable
        How right p is for y, one number.
    """

    output: Callable[[Float], Float]
    output_backward: Callable[[Float, Float], Float]
    loss: Loss
    metric: Callable[[Float, Float], float]

    def delta(self, p: Float, y: Float) -> Float:
        """Return δ = ∂L/∂z, where backpropagation begins."""
        return self.output_backward(p, self.loss.derivative(p, y))


HEADS: dict[str, Head] = {
    name: Head(softmax, softmax_backward, loss, accuracy) for name, loss in LOSSES.items()
}
"""Heads by the names of their losses."""
