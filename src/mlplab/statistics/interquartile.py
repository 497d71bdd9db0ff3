"""The interquartile mean: what a typical run reaches."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike

from mlplab.run import Float64
from mlplab.statistics.intervals import RESAMPLES, Estimate, bootstrap
from mlplab.statistics.values import check_resamples, finite


def interquartile_mean(values: ArrayLike, resamples: int = RESAMPLES) -> Estimate | None:
    """Return the mean of the middle half of the runs, with a 95 % bootstrap interval.

    Of n sorted values the ⌊n/4⌋ smallest and the ⌊n/4⌋ largest are dropped. Single odd runs do not move
    it, as they do not move the median, and it uses more of the other runs. Stuck runs are values like
    any other. Diverged runs have no value and are left out: say the fraction of failed runs beside it.

    Where all runs re-split one set of samples, the interval is of further re-splits of that set, and says
    nothing of other samples.

    Parameters
    ----------
    values : array-like, shape (replications,)
        NaN where a run diverged.

    Returns
    -------
    Estimate, or None if every run diverged.

    Raises
    ------
    MlplabError
        If these are not one number of each run.

    Notes
    -----
    Source: Agarwal et al. 2021, whose own code takes `scipy.stats.trim_mean(values, 0.25)`, as this
    does. Where n is not a multiple of four, exactly n/4 could be cut off by weighting the runs at the
    border; neither does so.

    The interval is that of `bootstrap`. In simulated normal, skewed and half-failed samples of 30 and
    100 runs it held the true value in 93 to 96 % of them. BCa (Efron 1987), in 92 to 96 %, was no
    better, and may not exist where nearly all runs are equal.

    Examples
    --------
    >>> interquartile_mean([0.2, 0.94, 0.95, 0.97, float("nan")])
    Estimate(value=0.945, low=0.2, high=0.97)
    """
    check_resamples(resamples)
    known = finite(values)
    if not len(known):
        return None
    return bootstrap(known, _trimmed_mean, resamples)


def _trimmed_mean(values: Float64, axis: int = -1) -> Any:
    from scipy.stats import trim_mean

    return trim_mean(values, 0.25, axis=axis)
