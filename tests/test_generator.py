"""The kernels' generator is NumPy's `SeedSequence` and `PCG64`, bit for bit."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mlplab.generator import SAMPLES, SHUFFLE, WEIGHTS, fill_uniform, seed_words, start
from mlplab.streams import LARGEST_SEED, STREAMS, shuffle_key, stream, uniform

seeds = st.integers(0, LARGEST_SEED) | st.sampled_from([2**32 - 1, 2**32, LARGEST_SEED])
parts = st.integers(0, 2**32 - 1)
streams = st.sampled_from(range(len(STREAMS)))


def started(seed: int, number: int, part: int) -> np.ndarray:
    """A generator at the beginning of a sub-stream."""
    generator = np.zeros(4, np.uint64)
    start(np.uint64(seed), number, part, generator)
    return generator


def test_the_streams_have_their_numbers():
    assert [STREAMS[i] for i in (SAMPLES, WEIGHTS, SHUFFLE)] == ["samples", "weights", "shuffle"]


@given(seed=seeds, number=streams, part=parts)
def test_words_are_those_of_seed_sequence(seed: int, number: int, part: int):
    sequence = np.random.SeedSequence(seed, spawn_key=(number, part))
    words = sequence.generate_state(4, np.uint64).tolist()
    assert seed_words(np.uint64(seed), number, part) == tuple(words)


@given(seed=seeds, number=streams, part=parts)
def test_the_state_is_pcg64_s(seed: int, number: int, part: int):
    halves = [int(half) for half in started(seed, number, part)]
    theirs = stream(seed, STREAMS[number], part).bit_generator.state["state"]
    assert halves[0] << 64 | halves[1] == theirs["state"]
    assert halves[2] << 64 | halves[3] == theirs["inc"]


@given(seed=seeds, number=streams, part=parts, counts=st.lists(st.integers(0, 40), max_size=3))
def test_uniform_numbers_are_those_of_the_stream_call_after_call(
    seed: int, number: int, part: int, counts: list[int]
):
    generator, theirs = started(seed, number, part), stream(seed, STREAMS[number], part)
    for count in counts:
        out = np.zeros(count)
        fill_uniform(generator, out)
        np.testing.assert_array_equal(out, uniform(theirs, count))


@given(seed=seeds)
def test_the_first_word_of_the_shuffle_stream_is_the_shuffle_key(seed: int):
    assert seed_words(np.uint64(seed), SHUFFLE, 0)[0] == shuffle_key(seed)
