"""A number with its 95 % interval: by resampling the runs, and for fractions by Wilson's formula."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri, stdtrit

from mlplab.errors import MlplabError, shown
from mlplab.statistics.resampling import resample
from mlplab.statistics.values import check_resamples, read_values

LEVEL = 0.95
"""Of every interval."""

RESAMPLES = 9999
"""Of a bootstrap or a permutation test: enough that chance does not change the first two digits."""


@dataclass(frozen=True)
class Estimate:
    """A number computed from runs, and its 95 % confidence interval from `low` to `high`.

    The interval of a single run reaches from -∞ to ∞.
    """

    value: float
    low: float
    high: float


def bootstrap(
    values: ArrayLike, statistic: Callable[..., Any], resamples: int = RESAMPLES
) -> Estimate:
    """Estimate a statistic of some runs, with its bootstrap interval.

    From the n values, n are drawn with replacement, and the statistic of these is taken; this is done
    `resamples` times. The interval lies between the quantiles q and 1 - q of what comes out, with
    Φ⁻¹(q) = sqrt(n / (n - 1)) t, where t is the 2.5 % quantile of Student's distribution with n - 1
    degrees of freedom: q is 1.9 % for 30 runs and 2.3 % for 100. With q = 2.5 % the interval of a mean
    would be too narrow for few runs: it takes the variance of the runs, divided by n and not by n - 1,
    for the true one.

    A resample contains only values that occurred: equal values give an interval of no width.

    Parameters
    ----------
    values : array-like, shape (n,)
        At least one, all finite. Their order does not matter.
    statistic : callable
        `statistic(values, axis=…)`.

    Raises
    ------
    MlplabError
        If there is no value, one is not finite, the statistic cannot be called, or resamples is not a
        whole number of 1 or above.

    Notes
    -----
    Source: Hesterberg 2015, "What teachers should know about the bootstrap": the expanded percentile
    interval.

    Examples
    --------
    >>> bootstrap([0.875, 0.9375, 0.9375, 1.0], np.median)
    Estimate(value=0.9375, low=0.875, high=1.0)
    """
    known = read_values(values)
    bad = np.count_nonzero(~np.isfinite(known))
    if bad or not len(known):
        came = f"{bad} of {len(known)} that are not" if bad else "none"
        raise MlplabError(f"expected at least one value, all finite, received {came}")
    if not callable(statistic):
        raise MlplabError(
            f"expected a statistic that can be called, such as numpy.mean, received {shown(statistic)}"
        )
    check_resamples(resamples)
    value = float(statistic(known, axis=-1))
    if len(known) == 1:
        return Estimate(value, -math.inf, math.inf)
    if np.ptp(known) == 0:
        return Estimate(value, value, value)
    n = len(known)
    tail = float(ndtr(math.sqrt(n / (n - 1)) * stdtrit(n - 1, (1 - LEVEL) / 2)))
    drawn = resample(np.sort(known), statistic, resamples)
    low, high = np.quantile(drawn, [tail, 1 - tail])
    return Estimate(value, float(low), float(high))


def estimate_fraction(successes: float, trials: float) -> Estimate:
    """Estimate a probability from a count, with Wilson's interval, which keeps its width at 0 and 1.

    Its centre is (k + z²/2) / (n + z²), its half width z sqrt(k (n - k) / n + z²/4) / (n + z²), with
    z = 1.96.

    Parameters
    ----------
    successes : float
        k, from 0 to `trials`. A tie may count as one half; the interval is then rather too wide.
    trials : float
        n, above 0. It need not be whole: trials that depend on each other count as fewer.

    Raises
    ------
    MlplabError
        If n is not above 0, or k is not from 0 to n.

    Notes
    -----
    Source: Wilson 1927. For whole numbers it equals SciPy's
    `binomtest(k, n).proportion_ci(method="wilson")`.

    Examples
    --------
    >>> fraction = estimate_fraction(3, 100)
    >>> f"{fraction.value:.0%}, {fraction.low:.1%} to {fraction.high:.1%}"
    '3%, 1.0% to 8.5%'
    """
    try:
        k, n = float(successes), float(trials)
        is_count = 0 <= k <= n < math.inf and n > 0
    except (TypeError, ValueError):
        is_count = False
    if not is_count:
        raise MlplabError(
            "expected successes from 0 to trials, and trials above 0, received "
            f"{shown(successes)} of {shown(trials)}"
        )
    z = float(ndtri((1 + LEVEL) / 2))
    centre = (k + z**2 / 2) / (n + z**2)
    half = z * math.sqrt(k * (n - k) / n + z**2 / 4) / (n + z**2)
    # For k = n the upper end is 1, which rounding may miss; for k = 0 the lower end is 0 exactly.
    return Estimate(k / n, centre - half, centre + half if k < n else 1.0)
