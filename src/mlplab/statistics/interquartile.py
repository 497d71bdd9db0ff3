"""The interquartile mean: what a typical run reaches."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlplab.run import Float64
from mlplab.statistics.intervals import RESAMPLES, Estimate, bootstrap
from mlplab.statistics.measures import Measure, find_measure
from mlplab.statistics.resplits import check_resplit, effective_runs, overlap_ratio
from mlplab.statistics.values import check_resamples, finite


def interquartile_mean(
    values: ArrayLike,
    resamples: int = RESAMPLES,
    *,
    measure: str | Measure = "test_accuracy",
    resplit_ratio: float | None = None,
) -> Estimate | None:
    """Return the mean of the middle half of the runs, with a 95 % bootstrap interval.

    Of n sorted values the ⌊n/4⌋ smallest and the ⌊n/4⌋ largest are dropped. Single odd runs do not move
    it, as they do not move the median, and it uses more of the other runs. Stuck runs are values like
    any other. Diverged runs have no value and are left out: say the fraction of failed runs beside it.

    Where all runs re-split one set of samples, their bootstrap would say nothing of other samples. Then
    the interval is made sqrt(1 + n · ratio) times as wide, with `overlap_ratio`'s ratio: so much larger
    is the standard error of a mean over re-splits, see `mean_over_resplits`. It stays within the
    measure's bounds, such as 0 and 1 of accuracies.

    Parameters
    ----------
    values : array-like, shape (replications,)
        NaN where a run diverged.
    measure : str or Measure
        What the values are; of importance for re-splits only.
    resplit_ratio : float, optional
        n_test / n_train, where all runs re-split one set of samples.

    Returns
    -------
    Estimate, or None if every run diverged.

    Raises
    ------
    MlplabError
        If these are not one number of each run, there is no such measure, or the ratio is not above 0.

    Notes
    -----
    Source: Agarwal et al. 2021, whose own code takes `scipy.stats.trim_mean(values, 0.25)`, as this
    does. Where n is not a multiple of four, exactly n/4 could be cut off by weighting the runs at the
    border; neither does so.

    The interval is that of `bootstrap`. In simulated normal, skewed and half-failed samples of 30 and
    100 runs it held the true value in 93 to 96 % of them. BCa (Efron 1987), in 92 to 96 %, was no
    better, and may not exist where nearly all runs are equal. On 40 re-splits of 100 samples with random
    labels, the corrected interval held the true value in 97 to 100 %, and the bootstrap's in half.

    Examples
    --------
    >>> interquartile_mean([0.2, 0.94, 0.95, 0.97, float("nan")])
    Estimate(value=0.945, low=0.2, high=0.97)
    """
    check_resamples(resamples)
    check_resplit(resplit_ratio, one_split=False)
    known = finite(values)
    if not len(known):
        return None
    estimate = bootstrap(known, _trimmed_mean, resamples)
    if resplit_ratio is None:
        return estimate
    return _widened(estimate, len(known), find_measure(measure), resplit_ratio)


def _widened(estimate: Estimate, n: int, measure: Measure, resplit_ratio: float) -> Estimate:
    if n == 1:
        return estimate
    factor = math.sqrt(n / effective_runs(n, overlap_ratio(measure, resplit_ratio)))
    low = estimate.value - factor * (estimate.value - estimate.low)
    high = estimate.value + factor * (estimate.high - estimate.value)
    least, greatest = measure.bounds
    return Estimate(estimate.value, max(low, least), min(high, greatest))


def _trimmed_mean(values: Float64, axis: int = -1) -> Any:
    """Return the mean of the middle half along the last axis."""
    n = values.shape[axis]
    middle = np.sort(values, axis=axis)[..., n // 4 : n - n // 4]
    return middle.mean(axis=axis)
