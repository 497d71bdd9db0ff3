"""Runs that share one finite set of samples: how far their results reach beyond these samples.

Freshly drawn samples make runs independent. Runs that split one set of samples anew are not: their
test sets overlap, and so do their training sets. The mean of many such runs comes close to what is true
of this set, which may be far from what is true of other samples; no number of runs makes up for it.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import stdtr, stdtrit

from mlplab.errors import MlplabError, shown
from mlplab.run import Float64, Runs
from mlplab.spec import FiniteSamples
from mlplab.statistics.intervals import LEVEL, Estimate
from mlplab.statistics.measures import Measure
from mlplab.statistics.summary import check_runs


def effective_runs(runs: int, ratio: float) -> float:
    """Return how many independent runs tell as much as so many runs on re-splits: 1 / (1/n + ratio).

    Parameters
    ----------
    runs : int
        n, at least 1.
    ratio : float
        As `overlap_ratio` returns it; 0 for independent runs.

    Examples
    --------
    >>> round(effective_runs(100, 1 / 3), 2)
    2.91
    """
    return 1 / (1 / runs + ratio)


def overlap_ratio(measure: Measure, resplit_ratio: float | None) -> float:
    """Return ρ / (1 - ρ), where ρ is the correlation between runs on re-splits of one set of samples.

    Nadeau and Bengio take for ρ the fraction of samples that a result is measured on. That is
    n_test / (n_test + n_train) for results on the test samples, so that the ratio is n_test / n_train.
    For results on the training samples it is n_train / n_test by the same argument: two training sets
    have most samples in common.

    Parameters
    ----------
    measure : Measure
    resplit_ratio : float or None
        n_test / n_train; None if runs do not re-split one set of samples.

    Returns
    -------
    float
        0 if they do not.
    """
    if resplit_ratio is None:
        return 0.0
    return 1 / resplit_ratio if measure.on_training_samples else resplit_ratio


def mean_over_resplits(differences: Float64, ratio: float) -> Estimate | None:
    """Estimate the mean of differences between runs on re-splits of one set of samples.

    The interval is m ± t s sqrt(1/n + ratio), with m and s the mean and the standard deviation (n - 1) of
    the n differences, and t the 97.5 % quantile of Student's distribution with n - 1 degrees of freedom.

    Parameters
    ----------
    differences : ndarray, shape (n,)
        All finite.
    ratio : float
        As `overlap_ratio` returns it.

    Returns
    -------
    Estimate, or None if there is no difference.

    Notes
    -----
    Source: Nadeau and Bengio 2003, "Inference for the generalization error", section 4.1.
    """
    n = len(differences)
    if not n:
        return None
    mean = float(differences.mean())
    if n == 1:
        return Estimate(mean, -math.inf, math.inf)
    half = float(stdtrit(n - 1, (1 + LEVEL) / 2)) * _standard_error(differences, ratio)
    return Estimate(mean, mean - half, mean + half)


def p_value_over_resplits(differences: Float64, margin: float, ratio: float) -> float:
    """Return the p-value of the corrected t-test: that the mean difference has just the size `margin`.

    It is two-sided, with t = (|m| - margin) / (s sqrt(1/n + ratio)); symbols and source as for
    `mean_over_resplits`.
    """
    n = len(differences)
    if n < 2:
        return 1.0
    beyond = abs(float(differences.mean())) - margin
    error = _standard_error(differences, ratio)
    if error == 0:
        return 0.0 if beyond else 1.0
    return float(2 * stdtr(n - 1, -abs(beyond) / error))


def has_one_split(runs: Runs) -> bool:
    """Tell whether all runs have the same training and test samples: own ones with a split given."""
    check_runs(runs)
    return runs.resplit_ratio is None and isinstance(runs.experiment.dataset, FiniteSamples)


def check_resplit(resplit_ratio: float | None, one_split: bool) -> None:
    """Refuse a ratio that is not above 0, and one beside `one_split`.

    Raises
    ------
    MlplabError
        With what came.
    """
    if resplit_ratio is None:
        return
    if one_split:
        raise MlplabError(
            "expected runs that re-split their samples (resplit_ratio) or that share one split "
            f"(one_split), received both, with resplit_ratio={shown(resplit_ratio)}"
        )
    try:
        is_ratio = 0 < float(resplit_ratio) < math.inf
    except (TypeError, ValueError):
        is_ratio = False
    if not is_ratio:
        raise MlplabError(
            "expected resplit_ratio, test samples divided by training samples, to be above 0, "
            f"received {shown(resplit_ratio)}"
        )


def _standard_error(differences: Float64, ratio: float) -> float:
    if np.ptp(differences) == 0:
        return 0.0  # The deviation of equal numbers may be off from 0 by a rounding.
    return float(differences.std(ddof=1)) / math.sqrt(effective_runs(len(differences), ratio))
