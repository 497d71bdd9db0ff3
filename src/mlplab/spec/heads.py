"""Heads: what stands on the last layer: its output, the loss of it, and how right it is.

A head turns the last layer's pre-activations z into outputs p, compares them with targets y as one
number, the loss, and says which way is less wrong: δ = ∂L/∂z is where backpropagation begins. All of them
have the shape (samples, outputs). Of K classes, softmax has K outputs and labels are one-hot rows; a
sigmoid has one output, the probability of class 1, and labels are 0 or 1. Heads of samples that have
numbers to approximate, and no classes, are in `regression`.

All of it is written in NumPy's functions, which compute with other libraries' arrays, too.

A sample may weigh more than another: wᵢ multiplies its part of the loss. As in Keras, the sum is divided
by the number of samples n, not by the sum of the weights.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from mlplab.spec.activations import Float, sigmoid
from mlplab.spec.formulas import Formula

EPSILON = 1e-7
"""Keras keeps probabilities this far from 0 and 1 before it takes their logarithm."""

MetricName = Literal["accuracy", "r2", "mean_absolute_error"]
"""What a head is judged by, besides its loss; of the first two, more is better."""

Weight = Float | float
"""How much samples weigh: a column (samples, 1), or one number for all."""


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


def sigmoid_backward(p: Float, gradient: Float) -> Float:
    """Carry a gradient from the outputs of a sigmoid back to the pre-activations: ∂L/∂z = g p (1 - p)."""
    return gradient * p * (1 - p)


class Loss(NamedTuple):
    """A loss L(p, y, w) and its derivative ∂L/∂p; w is 1 if it is not given.

    Attributes
    ----------
    formula, slope : str
        Templates (`formulas`) of one sample of weight 1: of its loss ℓ, and of g = ∂ℓ/∂p of one output.
        They read p, y and K, the number of outputs. The loss of a batch is L = 1/n Σᵢ wᵢ ℓᵢ.
    is_mean_of_outputs : bool
        Whether ℓ is a mean over the outputs; else it is their sum.
    within : (float, float), optional
        Where p is kept before ℓ is computed; beyond it, g is 0.
    """

    function: Callable[..., float]
    derivative: Callable[..., Float]
    formula: str
    slope: str
    is_mean_of_outputs: bool = True
    within: tuple[float, float] | None = None


def mean_squared_error(p: Float, y: Float, weight: Weight = 1.0) -> float:
    """L = 1/(nK) Σᵢ wᵢ Σₖ (pᵢₖ - yᵢₖ)², the mean over samples and outputs, as Keras."""
    loss: float = np.mean(weight * (p - y) ** 2).item()
    return loss


def mean_squared_error_derivative(p: Float, y: Float, weight: Weight = 1.0) -> Float:
    """∂L/∂pᵢₖ = 2/(nK) wᵢ (pᵢₖ - yᵢₖ)."""
    return 2 * weight * (p - y) / p.size


def categorical_crossentropy(p: Float, y: Float, weight: Weight = 1.0) -> float:
    """L = -1/n Σᵢ wᵢ Σₖ yᵢₖ log pᵢₖ, with p kept within [ε, 1 - ε], as Keras."""
    loss: float = (
        -np.mean((weight * y * np.log(np.clip(p, EPSILON, 1 - EPSILON))).sum(axis=1))
    ).item()
    return loss


def categorical_crossentropy_derivative(p: Float, y: Float, weight: Weight = 1.0) -> Float:
    """∂L/∂pᵢₖ = -1/n wᵢ yᵢₖ / pᵢₖ, and 0 where p was clipped: a sample that is hopelessly wrong
    (p < ε at its class) pulls no more, in Keras as here.
    """
    return np.where(_inside(p), -weight * y / np.clip(p, EPSILON, 1), 0) / len(p)


def binary_crossentropy(p: Float, y: Float, weight: Weight = 1.0) -> float:
    """L = -1/n Σᵢ wᵢ (yᵢ log pᵢ + (1 - yᵢ) log(1 - pᵢ)), with p kept within [ε, 1 - ε].

    Source: Keras 3's `binary_crossentropy`, of probabilities.
    """
    p = np.clip(p, EPSILON, 1 - EPSILON)
    loss: float = (-np.mean(weight * (y * np.log(p) + (1 - y) * np.log(1 - p)))).item()
    return loss


def binary_crossentropy_derivative(p: Float, y: Float, weight: Weight = 1.0) -> Float:
    """∂L/∂pᵢ = 1/n wᵢ ((1 - yᵢ) / (1 - pᵢ) - yᵢ / pᵢ), and 0 where p was clipped."""
    clipped = np.clip(p, EPSILON, 1 - EPSILON)
    slope = weight * ((1 - y) / (1 - clipped) - y / clipped)
    return np.where(_inside(p), slope, 0) / p.size


def _inside(p: Float) -> NDArray[np.bool_]:
    """Tell which probabilities are not clipped."""
    inside: NDArray[np.bool_] = (p > EPSILON) & (p < 1 - EPSILON)
    return inside


LOSSES: dict[str, Loss] = {
    "mean_squared_error": Loss(
        mean_squared_error,
        mean_squared_error_derivative,
        formula="Σ[({p} - {y})²] / {K}",
        slope="2 · ({p} - {y}) / {K}",
    ),
    "categorical_crossentropy": Loss(
        categorical_crossentropy,
        categorical_crossentropy_derivative,
        formula="-Σ[{y} · log({p})]",
        slope="-{y} / {p}",
        is_mean_of_outputs=False,
        within=(EPSILON, 1 - EPSILON),
    ),
    "binary_crossentropy": Loss(
        binary_crossentropy,
        binary_crossentropy_derivative,
        formula="-({y} · log({p}) + (1 - {y}) · log(1 - {p}))",
        slope="(1 - {y}) / (1 - {p}) - {y} / {p}",
        within=(EPSILON, 1 - EPSILON),
    ),
}
"""Every loss of classes by Keras's name of it."""

SMOOTHING = Formula("y", "{y} · (1 - {s}) + {s} / {K}")
"""What `Head.smoothed` makes of the label y of one output, of K classes."""


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
    fraction: float = np.mean(predicted & (p.argmax(axis=1) == y.argmax(axis=1))).item()
    return fraction


def binary_accuracy(p: Float, y: Float) -> float:
    """Fraction of the samples of class 1 with p > 1/2, and of class 0 with p ≤ 1/2, 0 to 1.

    A sample with an output that is not a number is wrong. Source: Keras 3's `binary_accuracy`.

    Parameters
    ----------
    p, y : ndarray, shape (samples, 1)
        Probabilities of class 1, and labels 0 or 1.

    Examples
    --------
    >>> binary_accuracy(np.array([[0.5], [0.6], [np.nan]]), np.array([[0.0], [1.0], [0.0]])).hex()
    '0x1.5555555555555p-1'
    """
    fraction: float = np.mean(np.isfinite(p) & ((p > 0.5) == (y > 0.5))).item()
    return fraction


@dataclass(frozen=True)
class Head:
    """The last layer's output and what is measured of it.

    Attributes
    ----------
    output : callable
        p of the pre-activations z.
    output_backward : callable
        ∂L/∂z of p and ∂L/∂p.
    output_formula, backward_formula : str
        Templates (`formulas`): of the output p of z, and of ∂ℓ/∂z of p and g = ∂ℓ/∂p.
    loss : Loss
    metric : callable
        How right p is for y, one number.
    metric_name : str
        What it is called: `accuracy`, `r2` or `mean_absolute_error`.
    smooths_labels : bool
        Whether labels can be smoothed.
    has_one_output : bool
        Whether two classes have one output together; else each class has its own.
    has_targets : bool
        Whether y are targets, numbers that p is to approximate, and not labels.
    label_smoothing : float
        How much of each label is divided among all classes alike, 0 to below 1.
    """

    output: Callable[[Float], Float]
    output_backward: Callable[[Float, Float], Float]
    output_formula: str
    backward_formula: str
    loss: Loss
    metric: Callable[[Float, Float], float]
    metric_name: MetricName = "accuracy"
    smooths_labels: bool = False
    has_one_output: bool = False
    has_targets: bool = False
    label_smoothing: float = 0.0

    def outputs(self, answers: int) -> int:
        """Return how many outputs the last layer has for so many classes, or targets."""
        return 1 if self.has_one_output else answers

    def targets(self, answers: NDArray[np.int64] | Float, classes: int, dtype: DTypeLike) -> Float:
        """Return y, shape (samples, outputs): of labels 0..K-1 one-hot rows, or a column of 0 and 1.

        Targets, shape (samples, outputs), are y themselves.

        Examples
        --------
        >>> HEADS["mean_squared_error"].targets(np.array([1, 0]), 3, np.float64).tolist()
        [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]
        >>> HEADS["binary_crossentropy"].targets(np.array([1, 0]), 2, np.float64).tolist()
        [[1.0], [0.0]]
        """
        if self.has_targets:
            return answers.astype(dtype)
        if self.has_one_output:
            return answers[:, None].astype(dtype)
        return np.eye(classes, dtype=dtype)[answers]

    def smoothed(self, y: Float) -> Float:
        """Return targets with a part of each label given to all K classes alike: y (1 - s) + s / K.

        Source: Keras 3's losses; the loss of validation and test samples is smoothed, too.
        """
        if self.label_smoothing == 0:
            return y
        classes = 2 if self.has_one_output else y.shape[1]
        return y * (1.0 - self.label_smoothing) + self.label_smoothing / classes

    def mean_loss(self, p: Float, y: Float, weight: Weight = 1.0) -> float:
        """Return the loss of outputs p against targets y, both (samples, outputs)."""
        return self.loss.function(p, self.smoothed(y), weight)

    def delta(self, p: Float, y: Float, weight: Weight = 1.0) -> Float:
        """Return δ = ∂L/∂z, where backpropagation begins."""
        return self.output_backward(p, self.loss.derivative(p, self.smoothed(y), weight))

    def predictions(self, p: Float) -> Float:
        """Return the probability of each class, shape (samples, K): of one output p, 1 - p and p.

        With targets, outputs are what is predicted.

        Examples
        --------
        >>> HEADS["binary_crossentropy"].predictions(np.array([[0.25]]))
        array([[0.75, 0.25]])
        """
        return np.hstack([1 - p, p]) if self.has_one_output else p


_SOFTMAX = (
    *(softmax, softmax_backward),
    *("e^({z}) / Σ[e^({z})]", "{p} · ({g} - Σ[{g} · {p}])"),
)
_SIGMOID = (sigmoid, sigmoid_backward, "1 / (1 + e^(-{z}))", "{g} · {p} · (1 - {p})")

HEADS: dict[str, Head] = {
    "mean_squared_error": Head(*_SOFTMAX, LOSSES["mean_squared_error"], accuracy),
    "categorical_crossentropy": Head(
        *_SOFTMAX, LOSSES["categorical_crossentropy"], accuracy, smooths_labels=True
    ),
    "binary_crossentropy": Head(
        *_SIGMOID,
        LOSSES["binary_crossentropy"],
        binary_accuracy,
        smooths_labels=True,
        has_one_output=True,
    ),
}
"""Heads of labels by the names of their losses, without smoothing."""
