"""The shuffle of an epoch, compiled: that of `streams.permutation`, bit for bit.

As kernels of the engine, these count no references to arrays, which would take longer than what they do.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from mlplab.kernel import Kernel, entry
from mlplab.streams import GOLDEN

Keys = NDArray[np.uint64]
Indices = NDArray[np.int32]

_HALF = np.uint64(32)


@partial(Kernel, _nrt=False)
def mix(z: np.uint64) -> np.uint64:
    """SplitMix64's output function, as `streams.mix`."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@partial(Kernel, _nrt=False)
def shuffle(key: np.uint64, epoch: int, indices: Indices, partners: Indices) -> None:
    """Write the permutation of an epoch (from 0) into `indices`, shape (samples,).

    With whom a place is swapped does not depend on the swaps, so that these numbers are found first, many
    at a time, and kept in `partners`, shape (samples,).
    """
    n = len(indices)
    base = mix(key + np.uint64(epoch + 1) * GOLDEN)
    for i in range(n):
        indices[i] = i
    for i in range(n):
        upper = mix(base + np.uint64(n - i) * GOLDEN) >> _HALF
        partners[i] = np.int32((upper * np.uint64(i + 1)) >> _HALF)
    for i in range(n - 1, 0, -1):
        j = np.uint64(partners[i])  # unsigned: never counted from the end
        indices[i], indices[j] = indices[j], indices[i]


def shuffles(keys: Keys, epoch: int, samples: int) -> Indices:
    """Return the shuffle of an epoch for each of some trials.

    Parameters
    ----------
    keys : ndarray of uint64, shape (trials,)
        Of their shuffles.
    epoch : int
        Counted from 0.
    samples : int

    Returns
    -------
    ndarray of int32, shape (trials, samples)

    Examples
    --------
    >>> shuffles(np.array([1, 1], np.uint64), epoch=0, samples=8).tolist()[1]
    [4, 1, 7, 5, 3, 0, 6, 2]
    """
    indices = np.empty((len(keys), samples), np.int32)
    entry(fill_shuffles)(keys, epoch, indices, np.empty(samples, np.int32))
    return indices


def fill_shuffles(keys: Keys, epoch: int, indices: Indices, partners: Indices) -> None:
    """Write what `shuffles` returns; `partners`, shape (samples,), is room to work in."""
    for i in range(len(keys)):
        shuffle(keys[i], epoch, indices[i], partners)
