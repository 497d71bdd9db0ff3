"""Arrays that begin where a cache line begins, for what kernels read row by row.

A row of LANES float32 numbers is one line of the cache. NumPy's arrays begin 16 bytes after the beginning
of a line more often than not; then every row lies in two lines, and products take half as long again.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

LINE = 64
"""Bytes of a line of the cache."""

Array = NDArray[Any]


def aligned_zeros(shape: int | tuple[int, ...], dtype: DTypeLike) -> Array:
    """Return an array of zeros that begins where a cache line begins.

    Examples
    --------
    >>> aligned_zeros((3, 16), np.float32).ctypes.data % LINE
    0
    """
    shape = (shape,) if isinstance(shape, int) else shape
    (array,) = aligned_arrays([shape], dtype)
    return array


def aligned_arrays(shapes: Sequence[tuple[int, ...]], dtype: DTypeLike) -> list[Array]:
    """Return arrays of zeros, each of which begins where a cache line begins.

    They lie in one piece of memory: of small arrays, to ask for memory takes longest.
    """
    begins, end = [], 0
    for shape in shapes:
        begins.append(end)
        lines = -(-prod(shape) * np.dtype(dtype).itemsize // LINE)
        end += lines * LINE
    memory = np.zeros(end + LINE, np.uint8)
    first = -memory.ctypes.data % LINE
    return [
        np.ndarray(shape, dtype, memory, first + begin)
        for shape, begin in zip(shapes, begins, strict=True)
    ]


def aligned_copy(array: Array) -> Array:
    """Return a copy of an array that begins where a cache line begins."""
    copy = aligned_zeros(array.shape, array.dtype)
    copy[...] = array
    return copy
