"""A statistic of runs that are drawn anew, or whose signs are flipped, thousands of times.

What is drawn comes from `mlplab.streams`: the same runs give the same interval with every version of
NumPy and SciPy, and on the playground's page.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.run import Float64
from mlplab.streams import integers

SEED = 0
"""Every resampling starts from this key, so that the same runs give the same interval."""

AT_ONCE = 1_000_000
"""How many numbers are drawn at once, in whole resamples: 8 MB. At most twice as many are kept."""


def resample(values: Float64, statistic: Callable[..., Any], resamples: int) -> Float64:
    """Return a statistic of n values that are drawn from n with replacement, many times.

    Value j of resample r has the place `integers(SEED, r n + j, 1, below=n)`.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
    statistic : callable
        `statistic(values, axis=…)`.
    resamples : int

    Returns
    -------
    ndarray of float64, shape (resamples,)
    """
    n = len(values)
    return np.concatenate(
        [
            statistic(values[_drawn(first, rows, n, n)], axis=-1)
            for first, rows in _parts(resamples, n)
        ]
    )


def flip_signs(values: Float64, resamples: int) -> tuple[Float64, bool]:
    """Return means of n values whose signs are flipped: in every way, or at random if these are too many.

    In way w the sign of value j is flipped if bit j of w is 1. At random, the sign of value j of resample
    r is flipped if `integers(SEED, r n + j, 1, below=2)` is 1.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
    resamples : int
        The largest number of means.

    Returns
    -------
    means : ndarray of float64, shape (min(2^n, resamples),)
    is_every_way : bool
        Whether 2^n is not above `resamples`.
    """
    n = len(values)
    is_every_way = 2**n <= resamples
    means = []
    for first, rows in _parts(2**n if is_every_way else resamples, n):
        if is_every_way:
            flipped = np.arange(first, first + rows)[:, None] >> np.arange(n) & 1
        else:
            flipped = _drawn(first, rows, n, 2)
        means.append(np.where(flipped, -values, values).mean(axis=-1))
    return np.concatenate(means), is_every_way


def _drawn(first: int, rows: int, n: int, below: int) -> NDArray[np.int64]:
    """Return what some resamples draw, shape (rows, n).

    To draw takes longer than the statistics, and gives the same for as many values. So the first part is
    kept, which is all there is of up to a hundred values: tables compare one pair after another. A single
    resample may be larger than `AT_ONCE`; it is not kept.
    """
    is_kept = first == 0 and rows * n <= AT_ONCE
    return _first_drawn(rows, n, below) if is_kept else _draw(first, rows, n, below)


@functools.lru_cache(maxsize=2)
def _first_drawn(rows: int, n: int, below: int) -> NDArray[np.int64]:
    drawn = _draw(0, rows, n, below)
    drawn.flags.writeable = False
    return drawn


def _draw(first: int, rows: int, n: int, below: int) -> NDArray[np.int64]:
    return integers(SEED, first * n, rows * n, below).reshape(rows, n)


def _parts(resamples: int, n: int) -> Iterator[tuple[int, int]]:
    """Divide resamples into parts that fit into memory: the first of each, and how many they are."""
    most = max(1, AT_ONCE // n)
    for first in range(0, resamples, most):
        yield first, min(most, resamples - first)
