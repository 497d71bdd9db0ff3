"""What makes runs differ: the points, the initial weights, or the batch order."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mlplab.errors import MlplabError

if TYPE_CHECKING:
    from mlplab.run import Float64


@dataclass(frozen=True)
class VarianceShares:
    """Shares of the variance between runs, which add up to 1.

    `points`, `weights` and `order` are what each explains alone; `interactions` is what only two or
    three of them together explain, as weights that get stuck on some points only.
    """

    points: float
    weights: float
    order: float
    interactions: float


def variance_shares(values: Float64) -> VarianceShares | None:
    """Split the variance between runs by its sources, from runs with every combination of their seeds.

    A value is taken as the sum of a mean and of independent random effects of the points p, the weights
    w, the order o and their combinations: μ + P_p + W_w + O_o + (PW)_pw + … + (PWO)_pwo. With MS_S the
    mean square of the factors S, the variance of the effect of S is estimated as
    the sum of ±MS_T over all T that contain S, with a minus for each odd number of further factors,
    divided by the number of runs that share one seed of S: for the points
    (MS_P - MS_PW - MS_PO + MS_PWO) / (weights × order). Training adds nothing random of its own, so that
    there is no other remainder.

    Parameters
    ----------
    values : ndarray, shape (points, weights, order)
        Of the run with the i-th seed of the points, the j-th of the weights and the k-th of the order;
        at least two seeds each.

    Returns
    -------
    VarianceShares, or None if all values are equal.

    Raises
    ------
    MlplabError
        If the shape is another, or a run diverged: the split needs every combination.

    Notes
    -----
    An estimate below zero, which chance makes of a variance near zero, counts as zero. The share of one
    factor rests on its number of seeds less one, whatever the number of runs: of 10 seeds each, expect
    it to be off by about 10 percentage points.

    Source: the analysis of variance with random effects (Searle, Casella & McCulloch 1992, chapter 4).

    Examples
    --------
    >>> points, weights = np.array([0.90, 0.94]), np.array([0.00, 0.02])
    >>> shares = variance_shares(np.add.outer(np.add.outer(points, weights), np.zeros(2)))
    >>> round(shares.points, 9), round(shares.weights, 9)
    (0.8, 0.2)
    """
    if values.ndim != 3 or min(values.shape) < 2:
        raise MlplabError(
            "expected values of shape (points, weights, order), at least two seeds each, received "
            f"shape {values.shape}"
        )
    diverged = np.count_nonzero(~np.isfinite(values))
    if diverged:
        raise MlplabError(
            f"expected a finite value of every combination of seeds, received {diverged} of "
            f"{values.size} that are not"
        )
    if np.ptp(values) == 0:
        return None
    subsets = [s for size in (1, 2, 3) for s in itertools.combinations(range(3), size)]
    mean_squares = {frozenset(s): _mean_square(values, s) for s in subsets}
    variances = {}
    for own in mean_squares:
        signed = [(-1) ** len(t - own) * ms for t, ms in mean_squares.items() if own <= t]
        cells = math.prod(values.shape[axis] for axis in range(3) if axis not in own)
        variances[own] = max(0.0, sum(signed) / cells)
    total = sum(variances.values())
    points, weights, order = (variances[frozenset({axis})] / total for axis in range(3))
    together = sum(variance for own, variance in variances.items() if len(own) > 1)
    return VarianceShares(points, weights, order, together / total)


def _mean_square(values: Float64, factors: tuple[int, ...]) -> float:
    """Return the mean square of the effect of some factors: its sum of squares by its freedom."""
    effect = values
    for axis in range(values.ndim):
        mean = effect.mean(axis=axis, keepdims=True)
        effect = effect - mean if axis in factors else mean
    repeated = values.size / effect.size
    freedom = math.prod(values.shape[axis] - 1 for axis in factors)
    return float(repeated * (effect**2).sum() / freedom)
