"""The lab's linear dataset, solved exactly: lines between its K clusters, and how right they can be.

Class k is a normal cloud around the point m_k·(1, 1), m_k = (k+1)/(K+1), with standard deviation σ in
every direction. All classes being equally likely, Bayes' rule gives the probability of class k at x as

    p_k = exp(-|x - m_k·(1, 1)|² / 2σ²) / Σ_j exp(-|x - m_j·(1, 1)|² / 2σ²)

and since |x|² is the same in every term, that is softmax(z) with z_k = (m_k·(x1 + x2) - m_k²) / σ²: a
network without hidden layers. It is the best classifier that there can be. Multiplying z by any
positive number moves no boundary, only the probabilities.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
from scipy.special import ndtr

from mlplab.boundary.line import Line
from mlplab.boundary.single_layer import SingleLayer
from mlplab.errors import MlplabError, shown

_SMALLEST, _LARGEST = 1e-40, 1e40  # so that 1/σ² stays far within floats, and `SingleLayer`'s 1e100


def separate_clusters(
    classes: int, sigma: float | None = None, sharpness: float | None = None
) -> SingleLayer:
    """Return W and b that separate the K clusters: W_k = s·m_k·(1, 1), b_k = -s·m_k².

    Parameters
    ----------
    classes : int
        Number of clusters K, two at least.
    sigma : float
        Standard deviation of the clusters, 1e-40 to 1e40: s = 1/σ², and the outputs are the exact
        probabilities.
    sharpness : float
        Instead of `sigma`: the change of z_k - z_{k-1} on one unit of length straight across the line
        between neighbours, 1e-40 to 1e40: s = sharpness·(K+1)/√2.

    Returns
    -------
    SingleLayer
        W of shape (K, 2), b of shape (K,), float64.

    Raises
    ------
    MlplabError
        If the classes are no whole number of two at least, not exactly one of `sigma` and `sharpness` is
        given, or it is out of its range.

    Examples
    --------
    >>> layer = separate_clusters(classes=2, sharpness=2**0.5)
    >>> layer.W.round(6).tolist(), layer.b.round(6).tolist()
    ([[1.0, 1.0], [2.0, 2.0]], [-0.333333, -1.333333])
    >>> str(layer.line_between(0, 1))
    'x2 = 1 - x1'
    """
    _check_classes(classes)
    if (sigma is None) == (sharpness is None):
        raise MlplabError(
            "give either sigma or sharpness to separate clusters, "
            f"received sigma={sigma} and sharpness={sharpness}"
        )
    if sigma is not None:
        s = 1 / _positive("sigma", sigma) ** 2
    else:
        s = _positive("sharpness", sharpness) * (classes + 1) / math.sqrt(2)
    mean = np.arange(1, classes + 1) / (classes + 1)
    return SingleLayer(W=s * np.stack([mean, mean], axis=1), b=-s * mean**2)


def cluster_lines(classes: int) -> tuple[Line, ...]:
    """Return the K-1 lines between neighbouring clusters k and k+1: x1 + x2 = (2k+3)/(K+1).

    It is where z_k = z_{k+1}: (m_{k+1} - m_k)·(x1 + x2) = m_{k+1}² - m_k², so x1 + x2 = m_k + m_{k+1}.

    Raises
    ------
    MlplabError
        If the classes are no whole number of two at least.

    Examples
    --------
    >>> [str(line) for line in cluster_lines(3)]
    ['x2 = 0.75 - x1', 'x2 = 1.25 - x1']
    """
    _check_classes(classes)
    return tuple(
        Line(Fraction(1), Fraction(1), Fraction(2 * k + 3, classes + 1)) for k in range(classes - 1)
    )


def best_accuracy(classes: int, sigma: float) -> float:
    """Return the fraction of points that the best classifier gets right: 1 - 2 (K-1)/K · Φ(-h/σ).

    Neighbouring means lie √2/(K+1) apart on the diagonal, and the line between them is half that far
    from both: h = 1 / (√2 (K+1)). Along the diagonal a point lies from its mean by a normal number of
    deviation σ, so it crosses the line on one side with probability Φ(-h/σ). The two classes at the ends
    can err on one side, the K-2 others on two, which makes 2 (K-1) errors of that probability among K
    equally likely classes. Only the classes' true means and σ are used, so no network does better, except
    by luck on a finite test.

    Parameters
    ----------
    classes : int
        Number of clusters K, two at least, with equally many points.
    sigma : float
        Their standard deviation, 1e-40 to 1e40.

    Raises
    ------
    MlplabError
        If a value is out of its range.

    Examples
    --------
    >>> round(best_accuracy(classes=2, sigma=0.1), 6), round(best_accuracy(classes=2, sigma=0.06), 5)
    (0.990789, 0.99996)
    """
    _check_classes(classes)
    half_distance = 1 / (math.sqrt(2) * (classes + 1))
    one_side = float(ndtr(-half_distance / _positive("sigma", sigma)))
    return 1 - 2 * (classes - 1) / classes * one_side


def _check_classes(classes: int) -> None:
    if not isinstance(classes, int | np.integer) or classes < 2:
        raise MlplabError(f"classes must be a whole number, 2 at least, received {shown(classes)}")


def _positive(name: str, value: float | None) -> float:
    if value is None or not _SMALLEST <= value <= _LARGEST:
        raise MlplabError(f"{name} must be above zero (1e-40 to 1e40), received {value}")
    return float(value)
