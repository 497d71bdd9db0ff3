"""Where one published number lies among many runs."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from mlplab.errors import MlplabError, shown
from mlplab.statistics.values import finite

PRINTED = 0.5e-4
"""Half a unit of the fourth decimal, to which the lab prints accuracies (as 98.83 %) and losses."""


def percentile_of(published: float, values: ArrayLike, rounding: float = PRINTED) -> float | None:
    """Return the percentage of runs below a published number; a run that equals it counts one half.

    A published number is rounded. Values that round to it count as equal. Diverged runs are left out.

    Parameters
    ----------
    published : float
    values : array-like, shape (replications,)
        NaN where a run diverged.
    rounding : float
        The largest error of the published number, 0 or above: half a unit of its last digit.

    Returns
    -------
    float, from 0 to 100; or None if every run diverged.

    Raises
    ------
    MlplabError
        If the published number is not finite, rounding is below 0, or the values are not one number of
        each run.

    Examples
    --------
    >>> percentile_of(0.9609, [0.90, 0.92, 0.96093, 0.97, float("nan")])
    62.5
    """
    known = finite(values)
    for name, number in (("published", published), ("rounding", rounding)):
        if not isinstance(number, int | float | np.number) or not math.isfinite(number):
            raise MlplabError(f"expected {name} to be a finite number, received {shown(number)}")
    if rounding < 0:
        raise MlplabError(f"expected rounding to be 0 or above, received {rounding}")
    if not len(known):
        return None
    # Slightly more than half a unit, since decimal fractions are rounded in binary.
    equal = np.abs(known - published) <= rounding + 1e-12
    below = np.count_nonzero((known < published) & ~equal)
    return float(100 * (below + np.count_nonzero(equal) / 2) / len(known))
