"""Which runs an index chooses: the same that NumPy chooses of an array with one axis."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.errors import shown


def chosen(which: Any, n: int) -> int | NDArray[np.int64]:
    """Return the place that an index chooses among n runs, or the places, each from 0 to n - 1.

    Parameters
    ----------
    which : int, slice, or array_like of int or bool, shape (any,)
        Negative numbers count from the end. A mask has n values.

    Raises
    ------
    IndexError
        If there is no such run, or a mask has another length.
    TypeError
        If it is something else.

    Examples
    --------
    >>> chosen(-1, 4), chosen(slice(None, None, -2), 4).tolist(), chosen([True, False], 2).tolist()
    (3, [3, 1], [0])
    """
    if isinstance(which, slice):
        return np.arange(n)[which]
    if isinstance(which, bool | np.bool | tuple | str):
        raise _no_index(which)
    try:
        return _checked(operator.index(which), n)
    except TypeError:
        pass
    try:
        indices = np.asarray(which)
    except ValueError:
        raise _no_index(which) from None
    if indices.shape == (0,) and not isinstance(which, np.ndarray):
        indices = indices.astype(np.int64)  # NumPy takes an empty list for floats
    if indices.ndim != 1 or indices.dtype.kind not in "biu":
        raise _no_index(which)
    if indices.dtype.kind == "b":
        if len(indices) != n:
            raise IndexError(f"a mask of {n} runs has {n} values, received {len(indices)}")
        return np.flatnonzero(indices)
    for i in indices[(indices < -n) | (indices >= n)][:1].tolist():
        _checked(i, n)
    return np.where(indices < 0, indices + n, indices).astype(np.int64)


def _checked(i: int, n: int) -> int:
    if not -n <= i < n:
        raise IndexError(f"there is no run {i}: these are {n}, counted from 0")
    return i % n


def _no_index(which: object) -> TypeError:
    return TypeError(
        "runs[i] takes a whole number, a slice, a mask or a list of whole numbers, "
        f"received {shown(which)}"
    )
