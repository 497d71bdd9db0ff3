"""A number with its 95 % interval: by resampling the runs, and for shares by Wilson's formula."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import ndtr, ndtri, stdtrit

if TYPE_CHECKING:
    from mlplab.run import Float64

LEVEL = 0.95
"""Of every interval."""

RESAMPLES = 9999
"""Of a bootstrap or a permutation test: so many that two digits of an interval do not hang on chance."""

SEED = 0
"""From which every resampling starts afresh, so that the same runs give the same interval."""

AT_ONCE = 1_000_000
"""How many numbers a resampling holds in memory: 8 MB."""


@dataclass(frozen=True)
class Estimate:
    """A number as the runs have it, and its 95 % confidence interval from `low` to `high`.

    The interval of a single run is without end.
    """

    value: float
    low: float
    high: float


def bootstrap(
    values: Float64, statistic: Callable[..., Any], resamples: int = RESAMPLES
) -> Estimate:
    """Estimate a statistic of some runs, with its bootstrap interval: resampling the seeds.

    The statistic is taken of as many samples, drawn with replacement from the values, as `resamples`
    says. The interval lies between their quantiles q and 1 - q, with Φ⁻¹(q) = -sqrt(n / (n - 1)) t, and t
    the 97.5 % quantile of Student's distribution with n - 1 degrees of freedom: q is 1.9 % for 30 runs
    and 2.3 % for 100. With a plain 2.5 % the interval of a mean is too narrow for few runs, as if their
    standard deviation were known and divided by n.

    What no run showed, no resample can show: equal values give an interval without width.

    Parameters
    ----------
    values : ndarray, shape (n,)
        At least one, all finite. Their order does not matter.
    statistic : callable
        `statistic(values, axis=…)`.

    Notes
    -----
    Source: Hesterberg 2015, "What teachers should know about the bootstrap": the expanded percentile
    interval.

    Examples
    --------
    >>> bootstrap(np.array([0.875, 0.9375, 0.9375, 1.0]), np.median)
    Estimate(value=0.9375, low=0.875, high=1.0)
    """
    value = float(statistic(values, axis=-1))
    if len(values) == 1:
        return Estimate(value, -math.inf, math.inf)
    if np.ptp(values) == 0:
        return Estimate(value, value, value)
    # It takes most of a second to import.
    from scipy import stats

    n = len(values)
    tail = ndtr(math.sqrt(n / (n - 1)) * stdtrit(n - 1, (1 - LEVEL) / 2))
    interval = stats.bootstrap(
        (np.sort(values),),
        statistic,
        n_resamples=resamples,
        batch=max(1, AT_ONCE // n),
        vectorized=True,
        confidence_level=1 - 2 * tail,
        method="percentile",
        rng=np.random.default_rng(SEED),
    ).confidence_interval
    return Estimate(value, float(interval.low), float(interval.high))


def estimate_share(successes: float, trials: int) -> Estimate:
    """Estimate a probability from a count, with Wilson's interval, which stays honest at 0 and 1.

    Its centre is (k + z²/2) / (n + z²), its half width z sqrt(k (n - k) / n + z²/4) / (n + z²), with
    z = 1.96.

    Parameters
    ----------
    successes : float
        k, from 0 to `trials`. Halves count ties; the interval then errs on the wide side.
    trials : int
        n, at least 1.

    Notes
    -----
    Source: Wilson 1927. SciPy's `binomtest(k, n).proportion_ci(method="wilson")` is the same, for whole
    numbers only.

    Examples
    --------
    >>> share = estimate_share(3, 100)
    >>> f"{share.value:.0%}, {share.low:.1%} to {share.high:.1%}"
    '3%, 1.0% to 8.5%'
    """
    k, n, z = successes, trials, float(ndtri((1 + LEVEL) / 2))
    centre = (k + z**2 / 2) / (n + z**2)
    half = z * math.sqrt(k * (n - k) / n + z**2 / 4) / (n + z**2)
    # For k = n the upper end is 1, which rounding may miss; for k = 0 the lower end is 0 exactly.
    return Estimate(k / n, centre - half, centre + half if k < n else 1.0)
