"""The streams give the same numbers for ever, and those numbers are as random as they must be."""

from __future__ import annotations

import itertools
from collections import Counter
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from mlplab.streams import STREAMS, integers, normal, permutation, shuffle_key, stream, uniform

LEVEL = 0.001
"""Of the distribution tests; their seeds are fixed, so that they either always pass or never."""


# ---- The same for ever -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seed", "wanted"),
    [
        (0, 17794728303100841390),
        (1, 12693850297123342857),
        (2**40, 14503375032213899440),
    ],
)
def test_shuffle_key_is_the_same_for_ever(seed: int, wanted: int):
    assert shuffle_key(seed) == wanted


@pytest.mark.parametrize(
    ("key", "epoch", "wanted"),
    [
        (0, 0, [1, 2, 5, 7, 0, 8, 4, 3, 9, 6]),
        (1, 0, [6, 4, 7, 2, 9, 1, 5, 0, 8, 3]),
        (1, 1, [5, 9, 7, 1, 6, 2, 3, 8, 0, 4]),
        (2**64 - 1, 99, [2, 1, 3, 8, 9, 6, 0, 5, 4, 7]),
    ],
)
def test_permutation_is_the_same_for_ever(key: int, epoch: int, wanted: list[int]):
    shuffled = permutation(key, epoch, 10)
    assert shuffled.tolist() == wanted
    assert shuffled.dtype == np.int64


@pytest.mark.parametrize(
    ("seed", "name", "part", "wanted"),
    [
        (0, "samples", 0, [0.5651317655614635, 0.935433136976671, 0.479874547082539]),
        (1, "weights", 0, [0.08663550109667073, 0.713530762545138, 0.9941852415600115]),
        (1, "weights", 1, [0.5831697343778658, 0.3347670863753728, 0.24726916138060917]),
        (7, "shuffle", 0, [0.1115520768794974, 0.2533736758823865, 0.2081309996417741]),
    ],
)
def test_uniform_numbers_are_the_same_for_ever(
    seed: int, name: Any, part: int, wanted: list[float]
):
    np.testing.assert_allclose(uniform(stream(seed, name, part), 3), wanted, rtol=1e-12)


def test_normal_numbers_are_the_same_for_ever():
    wanted = [-0.3050332668380361, -0.987889926834884, -1.24038090967599, -0.7078335596711165]
    np.testing.assert_allclose(normal(stream(3, "samples"), 4), wanted, rtol=1e-12)


# ---- Uniform and normal numbers --------------------------------------------------------------


def generator_of(*bits: int) -> Any:
    """A generator whose next raw numbers are given."""
    raw = np.array(bits, dtype=np.uint64)
    return SimpleNamespace(bit_generator=SimpleNamespace(random_raw=lambda n: raw[:n]))


def test_uniform_numbers_are_the_upper_52_bits_and_a_half():
    bits = [0, 2**12 - 1, 2**12, 2**63, 2**64 - 2**12, 2**64 - 1]
    wanted = [((b >> 12) + 0.5) / 2**52 for b in bits]
    assert uniform(generator_of(*bits), len(bits)).tolist() == wanted


def test_ends_are_excluded_whatever_the_bits():
    lowest, highest = uniform(generator_of(0, 2**64 - 1), 2).tolist()
    assert 0 < lowest < highest < 1
    assert lowest == 1 - highest
    assert np.isfinite(normal(generator_of(0, 2**64 - 1), 2)).all()


@pytest.mark.parametrize("name", STREAMS)
def test_uniform_numbers_are_uniform_and_unrelated(name: Any):
    u = uniform(stream(11, name), 100_000)
    assert stats.kstest(u, stats.uniform.cdf).pvalue > LEVEL
    assert abs(np.corrcoef(u[1:], u[:-1])[0, 1]) < 4 / np.sqrt(len(u))


def test_normal_numbers_are_normal():
    assert stats.kstest(normal(stream(11, "samples"), 100_000), stats.norm.cdf).pvalue > LEVEL


def test_shape_only_arranges_the_numbers():
    flat, square = (uniform(stream(2, "weights"), shape) for shape in (12, (3, 4)))
    np.testing.assert_array_equal(square, flat.reshape(3, 4))
    np.testing.assert_array_equal(normal(stream(2, "weights"), (3, 4)), stats.norm.ppf(square))


# ---- Streams ---------------------------------------------------------------------------------


def test_every_seed_stream_and_part_is_a_stream_of_its_own():
    drawn = [
        uniform(stream(seed, name, part), 1_000)
        for seed in (0, 1, 2)
        for name in STREAMS
        for part in (0, 1, 2)
    ]
    assert len(np.unique(np.concatenate(drawn))) == 36 * 1_000
    # 630 correlations, each of standard deviation 1/√1000.
    correlations = np.corrcoef(drawn)[np.triu_indices(36, k=1)]
    assert np.abs(correlations).max() < 5 / np.sqrt(1_000)


def test_shuffle_keys_of_neighbouring_seeds_differ_in_half_of_their_bits():
    keys = [shuffle_key(seed) for seed in range(200)]
    assert len(set(keys)) == 200
    flipped = [(a ^ b).bit_count() for a, b in itertools.pairwise(keys)]
    # Of 64 fair bits 32 flip, with a standard deviation of 4.
    assert abs(np.mean(flipped) - 32) < 4 * 4 / np.sqrt(len(flipped))


# ---- Shuffles --------------------------------------------------------------------------------

WORD = 2**64


def splitmix64(state: int, count: int) -> list[int]:
    """The first numbers of SplitMix64 (Steele, Lea & Flood 2014), in Python's unbounded integers."""
    numbers = []
    for _ in range(count):
        state = (state + 0x9E3779B97F4A7C15) % WORD
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) % WORD
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) % WORD
        numbers.append(z ^ (z >> 31))
    return numbers


def fisher_yates(key: int, epoch: int, n: int) -> list[int]:
    """Durstenfeld's shuffle, driven by the generator whose seed is the key's number `epoch`."""
    numbers = iter(splitmix64(splitmix64(key, epoch + 1)[epoch], n))
    items = list(range(n))
    for last in range(n - 1, 0, -1):
        other = (next(numbers) >> 32) * (last + 1) >> 32
        items[last], items[other] = items[other], items[last]
    return items


def test_the_oracle_s_splitmix64_is_the_published_one():
    # The usual test vector of SplitMix64, seed 1234567.
    assert splitmix64(1234567, 5) == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    key=st.integers(min_value=0, max_value=WORD - 1),
    epoch=st.integers(min_value=0, max_value=500),
    n=st.integers(min_value=1, max_value=300),
)
def test_permutation_is_splitmix64_and_fisher_yates(key: int, epoch: int, n: int):
    shuffled = permutation(key, epoch, n).tolist()
    assert shuffled == fisher_yates(key, epoch, n)
    assert sorted(shuffled) == list(range(n))


@pytest.mark.parametrize("over", ["keys", "epochs"])
def test_permutations_are_equally_likely(over: str):
    times = 4_800
    orders = Counter(
        tuple(permutation(shuffle_key(i), 0, 4).tolist())
        if over == "keys"
        else tuple(permutation(shuffle_key(0), i, 4).tolist())
        for i in range(times)
    )
    assert len(orders) == 24
    assert stats.chisquare(list(orders.values())).pvalue > LEVEL


# ---- Whole numbers ---------------------------------------------------------------------------


@pytest.mark.parametrize("key", [0, 1, 1234567, WORD - 1])
@pytest.mark.parametrize("below", [1, 2, 100, 2**32])
def test_integers_are_splitmix64s_scaled_down(key: int, below: int):
    wanted = [(number >> 32) * below >> 32 for number in splitmix64(key, 50)]
    assert integers(key, 0, 50, below).tolist() == wanted
    assert integers(key, 20, 30, below).tolist() == wanted[20:]


@pytest.mark.parametrize("below", [2, 7, 100])
def test_integers_are_equally_likely(below: int):
    counts = np.bincount(integers(0, 0, 100_000, below), minlength=below)
    assert len(counts) == below
    assert stats.chisquare(counts).pvalue > LEVEL
