"""The shuffle of an epoch, compiled: that of `streams.permutation`, bit for bit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlplab.engine.compiling import kernel

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)


@kernel
def mix(z: np.uint64) -> np.uint64:
    """SplitMix64's output function, as `streams.mix`."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@kernel
def shuffle(
    key: np.uint64, epoch: int, indices: NDArray[np.int32], partners: NDArray[np.int32]
) -> None:
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
