"""One number of each run, as an array: what is none is refused in one sentence."""

from __future__ import annotations

import operator

import numpy as np
from numpy.typing import ArrayLike

from mlplab.errors import MlplabError, shown
from mlplab.run import Float64, Run, Runs


def read_array(values: ArrayLike, expected: str) -> Float64:
    """Return numbers of any shape as float64; None becomes NaN.

    Parameters
    ----------
    values : array-like
    expected : str
        What to say that was expected.

    Raises
    ------
    MlplabError
        If they are runs, not numbers, or rows of unequal length.

    Examples
    --------
    >>> read_array([0.5, None], "one number of each run").tolist()
    [0.5, nan]
    """
    if isinstance(values, Run | Runs):
        raise MlplabError(
            f"expected {expected}, received {shown(values)}: name the number, as in "
            "outcomes(runs, 'test_accuracy')"
        )
    numbers = _as_numbers(values)
    if numbers is None:
        raise MlplabError(f"expected {expected}, received {shown(values)}")
    return numbers


def _as_numbers(values: ArrayLike) -> Float64 | None:
    try:
        found = np.asarray(values)
        return np.asarray(found, dtype=np.float64) if found.dtype.kind in "biufO" else None
    except (TypeError, ValueError):
        return None


def read_values(values: ArrayLike) -> Float64:
    """Return one number of each run as float64, shape (replications,), which may be 0.

    Raises
    ------
    MlplabError
        If they are something else.
    """
    expected = "one number of each run"
    found = read_array(values, expected)
    if found.ndim != 1:
        came = f"an array of shape {found.shape}" if found.ndim else shown(values)
        raise MlplabError(f"expected {expected}, received {came}")
    return found


def finite(values: ArrayLike) -> Float64:
    """Return the values of the runs that have one: those that did not diverge.

    Parameters
    ----------
    values : array-like, shape (replications,)
        NaN where a run diverged.

    Raises
    ------
    MlplabError
        If they are not one number of each run.

    Examples
    --------
    >>> finite([0.9, float("nan"), 0.95]).tolist()
    [0.9, 0.95]
    """
    known = read_values(values)
    return known[np.isfinite(known)]


def check_resamples(resamples: int) -> None:
    """Refuse a number of resamples that is not a whole number of 1 or above.

    Raises
    ------
    MlplabError
        With what came.
    """
    try:
        enough = operator.index(resamples) >= 1
    except TypeError:
        enough = False
    if not enough:
        raise MlplabError(
            f"expected resamples to be a whole number of 1 or above, received {shown(resamples)}"
        )
