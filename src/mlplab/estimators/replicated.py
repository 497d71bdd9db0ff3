"""What `cv_results_` says beyond scikit-learn's: each seed's scores, and intervals of the means."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from mlplab.statistics.resplits import mean_over_resplits

Float64 = NDArray[np.float64]


def mean_of_replications(scored: list[dict[str, Any]], replications: int) -> list[dict[str, Any]]:
    """Return one result for each candidate and split: means over its replications, which follow it."""
    if replications == 1:
        return scored
    return [
        {
            name: _mean([each[name] for each in scored[i : i + replications]])
            for name in scored[i]
            if name != "fit_error"
        }
        for i in range(0, len(scored), replications)
    ]


def _mean(values: list[Any]) -> Any:
    if isinstance(values[0], dict):
        return {name: _mean([each[name] for each in values]) for name in values[0]}
    return float(np.mean(values))


def more_results(
    scores: dict[str, Float64], train_samples: int, test_samples: int
) -> dict[str, Float64]:
    """Return the further columns, a value for each candidate.

    Parameters
    ----------
    scores : dict
        Of each scorer its test scores, shape (candidates, splits, replications).
    train_samples, test_samples : int
        Of all splits together.

    Notes
    -----
    The interval is that of Nadeau and Bengio for re-splits of one set of samples, with the mean over the
    replications as the score of a split: replications tell nothing of other samples. Where there is one
    split, it is that of independent replications, and holds for this split only.
    """
    found: dict[str, Float64] = {}
    for name, values in scores.items():
        replications = values.shape[2]
        if replications > 1:
            of_seeds = values.mean(axis=1)
            for i in range(replications):
                found[f"replication{i}_test_{name}"] = of_seeds[:, i]
            found[f"std_replications_test_{name}"] = of_seeds.std(axis=1, ddof=1)
        one_split = values.shape[1] == 1
        ratio = 0.0 if one_split else test_samples / train_samples
        of_splits = values[:, 0] if one_split else values.mean(axis=2)
        bounds = np.array([_interval(each, ratio) for each in of_splits])
        found[f"low_test_{name}"], found[f"high_test_{name}"] = bounds.T
    return found


def _interval(values: Float64, ratio: float) -> tuple[float, float]:
    """Return the interval of a mean; that of a candidate which failed on a split is unknown."""
    if not np.isfinite(values).all():
        return math.nan, math.nan
    found = mean_over_resplits(values, ratio)
    return (math.nan, math.nan) if found is None else (found.low, found.high)


def ranks(values: Float64) -> NDArray[np.int32]:
    """Return 1 for the highest value, and so on; NaN comes last.

    >>> ranks(np.array([0.5, np.nan, 0.9, 0.5])).tolist()
    [2, 4, 1, 2]
    """
    lowest = np.where(np.isnan(values), -np.inf, values)
    return np.asarray(rankdata(-lowest, method="min"), np.int32)
