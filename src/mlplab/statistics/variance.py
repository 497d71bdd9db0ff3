"""What makes runs differ: the samples, the initial weights, or the shuffles."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mlplab.errors import MlplabError
from mlplab.run import Float64
from mlplab.statistics.values import read_array


@dataclass(frozen=True)
class VarianceFractions:
    """The variance components of runs as fractions of their sum, 0 to 1; together they are 1.

    Attributes
    ----------
    samples, weights, shuffle : float
        What the samples, the initial weights and the shuffles explain, each alone.
    interactions : float
        What only two or three of them explain together: weights that get stuck on some samples but not
        on others, for example.
    """

    samples: float
    weights: float
    shuffle: float
    interactions: float


def variance_fractions(values: ArrayLike) -> VarianceFractions | None:
    """Split the variance between runs by its sources, from runs of every combination of seeds.

    The model of a value is a mean and independent random effects of the samples a, the weights w, the
    shuffles o and their combinations: μ + A_a + W_w + O_o + (AW)_aw + … + (AWO)_awo. Let MS_S be the mean
    square of the factors S. The variance of the effect of S is estimated in two steps: MS_T is summed
    over all sets T of factors that contain S, with a minus where T has an odd number of factors more than
    S; the sum is divided by the number of runs that have one seed of S in common. For the samples it is
    (MS_A - MS_AW - MS_AO + MS_AWO) / (weights × shuffle). There is no further remainder, since the seeds
    determine a run.

    Parameters
    ----------
    values : array-like, shape (samples, weights, shuffle)
        `values[i, j, k]` is of the run with the i-th seed of the samples, the j-th of the weights and the
        k-th of the shuffles; at least two seeds each.

    Returns
    -------
    VarianceFractions, or None if all values are equal.

    Raises
    ------
    MlplabError
        If the shape is another, or a run diverged: the split needs every combination.

    Notes
    -----
    Chance can make the estimate of a variance near zero negative; it then counts as zero. How exact the
    fraction of a factor is depends on its number of seeds less one, not on the number of runs: with 10
    seeds each, expect it to be off by about 10 percentage points.

    Source: the analysis of variance with random effects (Searle, Casella & McCulloch 1992, chapter 4).

    Examples
    --------
    >>> samples, weights = np.array([0.90, 0.94]), np.array([0.00, 0.02])
    >>> found = variance_fractions(np.add.outer(np.add.outer(samples, weights), np.zeros(2)))
    >>> round(found.samples, 9), round(found.weights, 9)
    (0.8, 0.2)
    """
    values = read_array(values, "values of shape (samples, weights, shuffle)")
    if values.ndim != 3 or min(values.shape) < 2:
        raise MlplabError(
            "expected values of shape (samples, weights, shuffle), at least two seeds each, received "
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
    samples, weights, shuffle = (variances[frozenset({axis})] / total for axis in range(3))
    together = sum(variance for own, variance in variances.items() if len(own) > 1)
    return VarianceFractions(samples, weights, shuffle, together / total)


def _mean_square(values: Float64, factors: tuple[int, ...]) -> float:
    """Return the mean square of some factors: their sum of squares by their degrees of freedom."""
    effect = values
    for axis in range(values.ndim):
        mean = effect.mean(axis=axis, keepdims=True)
        effect = effect - mean if axis in factors else mean
    repeated = values.size / effect.size
    freedom = math.prod(values.shape[axis] - 1 for axis in factors)
    return float(repeated * (effect**2).sum() / freedom)
