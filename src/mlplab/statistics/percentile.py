"""Where one published number lies among many runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlplab.statistics.summary import finite

if TYPE_CHECKING:
    from mlplab.run import Float64

PRINTED = 0.5e-4
"""Half a unit of the fourth decimal, to which the lab prints shares (as 98.83 %) and losses."""


def percentile_of(published: float, values: Float64, rounding: float = PRINTED) -> float | None:
    """Return the percentage of runs below a published number, those that equal it counted half.

    A published number is rounded, so that values that round to it count as equal. Diverged runs are
    left out.

    Parameters
    ----------
    values : ndarray, shape (replications,)
        NaN where a run diverged.
    rounding : float
        By how much the number may be off: half a unit of its last digit.

    Returns
    -------
    float, from 0 to 100; or None if every run diverged.

    Examples
    --------
    >>> percentile_of(0.9609, np.array([0.90, 0.92, 0.96093, 0.97, np.nan]))
    62.5
    """
    known = finite(values)
    if not len(known):
        return None
    from scipy.stats import percentileofscore

    # A hair more than half a unit, for the binary rounding.
    equal = np.abs(known - published) <= rounding + 1e-12
    return float(percentileofscore(np.where(equal, published, known), published, kind="mean"))
