"""Randomness that is the same for ever: four streams from one seed, and what is drawn from them.

NumPy promises that `SeedSequence` and `PCG64` never change, but not what `Generator.normal` or
`Generator.permutation` make of their bits (NEP 19). So a trial takes only bits from NumPy, and the way
from bits to numbers stands here: one uniform number for each number drawn, turned into whatever is
wanted by the inverse of its distribution. Two experiments that differ in, say, the initializer then
share the uniforms behind their weights, which makes paired comparisons sharper.

Shuffles use integers only (SplitMix64 and Fisher-Yates), so that a compiled kernel can repeat them bit
for bit.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from mlplab.errors import MlplabError, shown

Float = NDArray[np.float64]
StreamName = Literal["samples", "weights", "shuffle", "noise"]

STREAMS: tuple[StreamName, ...] = ("samples", "weights", "shuffle", "noise")

LARGEST_SEED = 2**62
"""Far from where seeds, and numbers added to them, stop fitting into 64 bits."""

_MASK = 0xFFFFFFFFFFFFFFFF

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
"""2^64 over the golden ratio: SplitMix64's increment."""


def check_seed(seed: int, what: str = "a seed") -> int:
    """Return a seed that can be drawn from; `what` names it in the message.

    Raises
    ------
    MlplabError
        If it is not a whole number from 0 to 2^62.
    """
    is_whole = isinstance(seed, int | np.integer) and not isinstance(seed, bool)
    if not is_whole or not 0 <= seed <= LARGEST_SEED:
        raise MlplabError(f"{what} must be a whole number from 0 to 2^62, received {shown(seed)}")
    return int(seed)


def seeds_in_words(first: int, last: int) -> str:
    """Return which seeds there are, of one or of several in a row.

    >>> seeds_in_words(3, 3), seeds_in_words(0, 99)
    ('seed 3', 'seeds 0 to 99')
    """
    return f"seed {first}" if first == last else f"seeds {first} to {last}"


def stream(seed: int, name: StreamName, part: int = 0) -> np.random.Generator:
    """Return the generator of one stream of a seed; `part` numbers independent sub-streams of it."""
    return np.random.Generator(np.random.PCG64(_sequence(seed, name, part)))


def shuffle_key(seed: int) -> int:
    """Return the 64-bit key from which all shuffles of a seed follow."""
    return _key(seed, "shuffle")


def noise_key(seed: int) -> int:
    """Return the 64-bit key from which all noise of a seed follows, see `mlplab.noise`."""
    return _key(seed, "noise")


def uniform(generator: np.random.Generator, shape: int | tuple[int, ...]) -> Float:
    """Draw float64 numbers uniform on (0, 1), both ends excluded: (i + 1/2) / 2^52, i of 52 bits.

    With 53 bits the largest i + 1/2 would round up to 2^53, the number to 1, and its normal to ∞.
    """
    bits: NDArray[np.uint64] = generator.bit_generator.random_raw(int(np.prod(shape)))
    upper = (bits >> np.uint64(12)).astype(np.float64).reshape(shape)
    return (upper + 0.5) * 2.0**-52


def normal(generator: np.random.Generator, shape: int | tuple[int, ...]) -> Float:
    """Draw float64 standard normal numbers, as Φ⁻¹ of one uniform each."""
    return np.asarray(ndtri(uniform(generator, shape)))


def permutation(key: int, epoch: int, n: int) -> NDArray[np.int64]:
    """Shuffle 0..n-1 for one epoch (counted from 0): Fisher-Yates, driven by SplitMix64.

    Position i (from n-1 down to 1) swaps with position ⌊u·(i+1) / 2^32⌋, u the upper 32 bits of the
    epoch's next SplitMix64 number. The bias of that floor is below n / 2^32.

    Source: Steele, Lea & Flood 2014 (SplitMix64); Durstenfeld 1964 (Fisher-Yates).

    Examples
    --------
    >>> permutation(key=1, epoch=0, n=8).tolist()
    [4, 1, 7, 5, 3, 0, 6, 2]
    """
    base = int(mix(np.array([(key + (epoch + 1) * int(GOLDEN)) & _MASK], dtype=np.uint64))[0])
    counter = np.arange(1, n, dtype=np.uint64)
    upper = mix(np.uint64(base) + counter * GOLDEN) >> np.uint64(32)
    position = np.arange(n - 1, 0, -1, dtype=np.uint64)
    partner = (upper * (position + np.uint64(1))) >> np.uint64(32)
    shuffled = list(range(n))
    for i, j in zip(position.tolist(), partner.tolist(), strict=True):
        shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
    return np.array(shuffled, dtype=np.int64)


def integers(key: int, first: int, count: int, below: int) -> NDArray[np.int64]:
    """Draw whole numbers from 0 to below - 1: numbers `first` to `first + count - 1` of a key.

    Number i is ⌊u · below / 2^32⌋, u the upper 32 bits of SplitMix64's number i, its seed being the key.
    The bias of that floor is below `below` / 2^32.

    Parameters
    ----------
    key : int
        From 0 to 2^64 - 1.
    first, count : int
        0 or above.
    below : int
        From 1 to 2^32.

    Returns
    -------
    ndarray of int64, shape (count,)

    Examples
    --------
    >>> integers(key=1, first=0, count=8, below=6).tolist()
    [3, 4, 5, 2, 2, 4, 5, 3]
    """
    number = np.arange(first + 1, first + count + 1, dtype=np.uint64)
    upper = mix(np.uint64(key) + number * GOLDEN) >> np.uint64(32)
    return ((upper * np.uint64(below)) >> np.uint64(32)).astype(np.int64)


def _key(seed: int, name: StreamName) -> int:
    return int(_sequence(seed, name).generate_state(1, np.uint64)[0])


def _sequence(seed: int, name: StreamName, part: int = 0) -> np.random.SeedSequence:
    return np.random.SeedSequence(seed, spawn_key=(STREAMS.index(name), part))


def mix(z: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """SplitMix64's output function: a bijection of 64-bit integers that leaves no pattern."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))
