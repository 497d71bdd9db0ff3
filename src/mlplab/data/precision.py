"""Whether a floating-point type can hold the samples, and tell them apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from mlplab.data.dataset import Float64, too_large
from mlplab.errors import DataError

COARSE = 0.01
"""Of a feature's standard deviation: a rounding that moves values by more blurs the feature."""


def check_precision(
    x: Float64,
    names: tuple[str, ...],
    remedy: str,
    dtype: np.dtype[Any],
    place: Callable[[int], str],
    source: str,
) -> None:
    """Refuse values that are too large for a type, and features that it blurs.

    A feature is blurred when rounding moves a value by more than a hundredth of the feature's standard
    deviation, and makes different values equal. Seconds since 1970 do so in float32, whose numbers are
    there 128 apart.

    Parameters
    ----------
    x : ndarray of float64, shape (samples, columns)
        Features or targets.
    names : tuple of str
        What the columns are called.
    remedy : str
        What helps, besides float64.
    dtype : dtype
    place : callable
        What messages call the place of the sample of an index: its line, or its row.
    source : str
        What messages call the samples.

    Raises
    ------
    DataError
        With the value, its place, and what helps.
    """
    if dtype == np.float64:
        return
    with np.errstate(over="ignore"):
        rounded = x.astype(dtype)
    if np.isinf(rounded).any():
        row, column = np.argwhere(np.isinf(rounded))[0].tolist()
        where = f"{source}, {place(row)}, column {names[column]!r}"
        raise DataError(too_large(where, x[row, column], dtype, remedy))
    blurred = np.abs(x - rounded).max(axis=0) > COARSE * x.std(axis=0)
    for column in np.flatnonzero(blurred).tolist():
        different = np.unique(x[:, column])
        equal = np.diff(different.astype(dtype)) == 0
        if equal.any():
            first = int(np.flatnonzero(equal)[0])
            a, b = different[first : first + 2].tolist()
            rows = [int(np.flatnonzero(x[:, column] == value)[0]) for value in (a, b)]
            left = len(different) - int(equal.sum())
            raise DataError(
                f"{source}, column {names[column]!r}: of {len(different):,} different values "
                f"{dtype} can tell {left:,} apart (not {a!r} in {place(rows[0])} from {b!r} in "
                f'{place(rows[1])}); train in float64 (dtype = "float64"), or {remedy}'
            )
