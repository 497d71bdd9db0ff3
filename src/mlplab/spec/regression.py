"""Heads of regression: linear outputs, compared with any number of targets.

As in `heads`: p and y have the shape (samples, outputs), w is a column of weights or one number. Each
loss is the mean over samples and outputs, Keras's by Keras's names.
"""

from __future__ import annotations

import numpy as np

from mlplab.spec.activations import Float, linear
from mlplab.spec.heads import LOSSES, Head, Loss, Weight

HUBER_DELTA = 1.0
"""From where on Huber's loss grows as the error and no longer as its square; Keras 3's default."""


def linear_backward(p: Float, gradient: Float) -> Float:
    """∂L/∂z = ∂L/∂p: outputs are the pre-activations."""
    return gradient


def mean_absolute_error(p: Float, y: Float, weight: Weight = 1.0) -> float:
    """L = 1/(nT) Σᵢ wᵢ Σₜ |pᵢₜ - yᵢₜ|."""
    loss: float = np.mean(weight * np.abs(p - y)).item()
    return loss


def mean_absolute_error_derivative(p: Float, y: Float, weight: Weight = 1.0) -> Float:
    """∂L/∂pᵢₜ = 1/(nT) wᵢ sign(pᵢₜ - yᵢₜ); 0 where they are equal, as Keras on JAX."""
    return weight * np.sign(p - y) / p.size


def huber(p: Float, y: Float, weight: Weight = 1.0) -> float:
    """L = 1/(nT) Σᵢ wᵢ Σₜ h(pᵢₜ - yᵢₜ), with h(e) = ½ e² for |e| ≤ d, else d |e| - ½ d²."""
    loss: float = np.mean(weight * _huber_of(p - y)).item()
    return loss


def _huber_of(error: Float) -> Float:
    size = np.abs(error)
    far = HUBER_DELTA * size - 0.5 * HUBER_DELTA**2
    return np.where(size <= HUBER_DELTA, 0.5 * size**2, far)


def huber_derivative(p: Float, y: Float, weight: Weight = 1.0) -> Float:
    """∂L/∂pᵢₜ = 1/(nT) wᵢ e, with e = pᵢₜ - yᵢₜ kept within ± d."""
    return weight * np.clip(p - y, -HUBER_DELTA, HUBER_DELTA) / p.size


def r_squared(p: Float, y: Float) -> float:
    """Coefficient of determination, 1 - Σ (p - y)² / Σ (y - mean of y)², the mean over the targets.

    1 is exact, 0 as good as the targets' mean for every sample, and below 0 worse. A target that is
    constant has none: it counts 1 if it is met exactly, else 0. Source: scikit-learn's `r2_score`.

    Examples
    --------
    >>> y = np.array([[0.0], [1.0], [2.0]])
    >>> r_squared(y, y), r_squared(np.ones((3, 1)), y)
    (1.0, 0.0)
    """
    p, y = p.astype(np.float64), y.astype(np.float64)
    lost = ((p - y) ** 2).sum(axis=0)
    spread = ((y - y.mean(axis=0)) ** 2).sum(axis=0)
    # The mean of equal numbers is rounded, so that they seem to spread.
    is_varied = (y != y[:1]).any(axis=0) & (spread != 0)
    of_varied = 1 - lost / np.where(is_varied, spread, 1)
    mean: float = np.mean(np.where(is_varied, of_varied, lost == 0)).item()
    return mean


def constant_loss(loss: str, y: Float) -> Float:
    """Return the loss of the best answer that is the same for every sample.

    It is the mean of each target for the squared error, and the median for the absolute error. For
    Huber's loss it is where the sum of its slopes changes sign, found by halving an interval.

    Parameters
    ----------
    loss : str
        A key of `REGRESSION_HEADS`.
    y : ndarray, shape (..., samples, targets)

    Returns
    -------
    ndarray of float64, shape (...)

    Examples
    --------
    >>> y = np.array([[0.0], [0.0], [3.0]])
    >>> [float(constant_loss(loss, y)) for loss in ("mean_squared_error", "mean_absolute_error")]
    [2.0, 1.0]
    >>> constant_loss("huber", y).round(6)  # at 1/2: the slopes are 1/2, 1/2 and -1
    np.float64(0.75)
    """
    y = y.astype(np.float64)
    # What float64 cannot hold, such as the square of a huge target, is infinite or not a number.
    with np.errstate(over="ignore", invalid="ignore"):
        if loss == "mean_squared_error":
            error = (y - y.mean(axis=-2, keepdims=True)) ** 2
        elif loss == "mean_absolute_error":
            error = np.abs(y - np.median(y, axis=-2, keepdims=True))
        else:
            error = _huber_of(y - _best_of_huber(y))
        return np.asarray(error.mean(axis=(-2, -1)))


def _best_of_huber(y: Float) -> Float:
    low: Float = y.min(axis=-2, keepdims=True)
    high: Float = y.max(axis=-2, keepdims=True)
    for _ in range(60):
        middle = low + (high - low) / 2
        slope = np.clip(y - middle, -HUBER_DELTA, HUBER_DELTA).sum(axis=-2, keepdims=True)
        low, high = np.where(slope > 0, middle, low), np.where(slope > 0, high, middle)
    return low


_LINEAR = (linear, linear_backward, "{z}", "{g}")
_HALF = f"{0.5 * HUBER_DELTA**2:g}"
_DELTA = f"{HUBER_DELTA:g}"

REGRESSION_HEADS: dict[str, Head] = {
    "mean_squared_error": Head(
        *_LINEAR, LOSSES["mean_squared_error"], r_squared, "r2", has_targets=True
    ),
    "mean_absolute_error": Head(
        *_LINEAR,
        Loss(
            mean_absolute_error,
            mean_absolute_error_derivative,
            formula="Σ[|{p} - {y}|] / {K}",
            slope="sign({p} - {y}) / {K}",
        ),
        mean_absolute_error,
        "mean_absolute_error",
        has_targets=True,
    ),
    "huber": Head(
        *_LINEAR,
        Loss(
            huber,
            huber_derivative,
            formula=f"Σ[(0.5 · ({{p}} - {{y}})² if |{{p}} - {{y}}| ≤ {_DELTA}"
            f" else {_DELTA} · |{{p}} - {{y}}| - {_HALF})] / {{K}}",
            slope=f"min(max({{p}} - {{y}}, -{_DELTA}), {_DELTA}) / {{K}}",
        ),
        mean_absolute_error,
        "mean_absolute_error",
        has_targets=True,
    ),
}
"""Heads of targets by the names of their losses; those of labels are in `heads`."""
