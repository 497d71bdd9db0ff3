"""Whether a floating-point type can hold the samples, and tell them apart."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.data.dataset import Float64, too_large
from mlplab.errors import DataError

COARSE = 0.01
"""Of a feature's standard deviation: a rounding that moves values by more blurs the feature."""


def check_precision(
    x: Float64,
    dtype: np.dtype[Any],
    feature_names: tuple[str, ...],
    lines: NDArray[np.int64] | None,
    source: str,
) -> None:
    """Refuse values that are too large for a type, and features that it blurs.

    A feature is blurred when rounding moves a value by more than a hundredth of the feature's standard
    deviation, and makes different values equal. Seconds since 1970 do so in float32, whose numbers are
    there 128 apart.

    Parameters
    ----------
    x : ndarray of float64, shape (samples, features)
    dtype : dtype
    feature_names : tuple of str
    lines : ndarray of int64, shape (samples,), or None
        Line of each sample in a text; without, rows are named, counted from 0.
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
        where = f"{source}, {_place(row, lines)}, column {feature_names[column]!r}"
        raise DataError(too_large(where, x[row, column], dtype))
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
                f"{source}, column {feature_names[column]!r}: of {len(different):,} different values "
                f"{dtype} can tell {left:,} apart (not {a!r} in {_place(rows[0], lines)} from {b!r} in "
                f'{_place(rows[1], lines)}); train in float64 (dtype = "float64"), or scale the features '
                "(standardise = true)"
            )


def _place(row: int, lines: NDArray[np.int64] | None) -> str:
    return f"row {row}" if lines is None else f"line {lines[row]}"
