"""The interquartile mean: what a typical run reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlplab.statistics.intervals import RESAMPLES, Estimate, bootstrap
from mlplab.statistics.summary import finite

if TYPE_CHECKING:
    from mlplab.run import Float64


def interquartile_mean(values: Float64, resamples: int = RESAMPLES) -> Estimate | None:
    """Return the mean of the middle half of the runs, with a 95 % bootstrap interval.

    Of n sorted values the ⌊n/4⌋ smallest and the ⌊n/4⌋ largest are dropped. It resists single odd runs
    as the median does, and uses more of the others. Stuck runs are values like any other. Diverged runs
    have none: they are left out, so that the share of failed runs belongs beside this number.

    Parameters
    ----------
    values : ndarray, shape (replications,)
        NaN where a run diverged.

    Returns
    -------
    Estimate, or None if every run diverged.

    Notes
    -----
    Source: Agarwal et al. 2021, whose own code takes `scipy.stats.trim_mean(values, 0.25)`, as this
    does; where n is no multiple of four, weights for the runs on the border would cut off n/4 exactly.

    The interval is that of `bootstrap`: in simulated normal, skewed and half-failed samples of 30 and 100
    runs it held the true value in 93 to 96 % of them. BCa (Efron 1987), in 92 to 96 %, was no better, and
    may have no answer where nearly all runs are equal.

    Examples
    --------
    >>> import numpy as np
    >>> interquartile_mean(np.array([0.2, 0.94, 0.95, 0.97, np.nan]))
    Estimate(value=0.945, low=0.2, high=0.97)
    """
    known = finite(values)
    if not len(known):
        return None
    return bootstrap(known, _trimmed_mean, resamples)


def _trimmed_mean(values: Float64, axis: int = -1) -> Any:
    from scipy.stats import trim_mean

    return trim_mean(values, 0.25, axis=axis)
