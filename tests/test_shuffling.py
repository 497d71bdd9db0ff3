"""The compiled shuffle is the trial's, bit for bit."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mlplab.shuffling import shuffle, shuffles
from mlplab.streams import permutation


@given(
    key=st.integers(0, 2**64 - 1),
    epoch=st.one_of(st.integers(0, 5), st.integers(0, 2**40)),
    samples=st.integers(1, 300),
)
def test_shuffle_is_the_permutation_of_the_streams(key: int, epoch: int, samples: int):
    order, partners = np.full((2, samples), -1, np.int32)
    # Uncompiled, the 64 bits warn when they overflow, as they are meant to.
    with np.errstate(over="ignore"):
        shuffle(np.uint64(key), epoch, order, partners)
    assert order.tolist() == permutation(key, epoch, samples).tolist()


def test_shuffle_of_many_samples_is_the_permutation_of_the_streams():
    order, partners = np.empty((2, 100_000), np.int32)
    with np.errstate(over="ignore"):
        shuffle(np.uint64(2**63 + 11), 7, order, partners)
    assert order.tolist() == permutation(2**63 + 11, 7, 100_000).tolist()


def test_shuffles_of_many_trials_are_those_of_each():
    keys = [3, 2**64 - 1, 17]
    with np.errstate(over="ignore"):
        found = shuffles(np.array(keys, np.uint64), 5, 40)
    assert found.tolist() == [permutation(key, 5, 40).tolist() for key in keys]
