"""Trials drawn as arrays, many at once: samples, initial weights and keys, each from its stream.

A row of every array is a trial, drawn from the seed of that stream alone: it comes out the same alone and
in company. `trial.draw` draws one trial by the same functions. Nothing here holds Python's lock for long.

Samples are packed in the type that is trained: each is a row of its features, its class or its targets
and what else the head asks for (the answers), and zeros up to a multiple of four numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from mlplab.generator import NOISE, SAMPLES, SHUFFLE, WEIGHTS, fill_uniform, seed_words, start
from mlplab.kernel import entry, fixed_tuple
from mlplab.spec import InitializerSpec, Zeros
from mlplab.spec.datasets import Recipe

Float64 = NDArray[np.float64]
PackedSamples = NDArray[np.floating[Any]]
"""Samples as kernels read them, shape (…, samples, packed_width(features))."""

Seeds = NDArray[np.uint64]

BIASES = 1 << 31
"""Where the sub-streams of biases begin in the stream of weights: no network has as many layers."""

GOES_ON = -1
"""In the place of a sub-stream: a layer's numbers follow those of the layer before it."""


def packed_width(features: int, answers: int = 1) -> int:
    """Return how many numbers a packed sample has: a multiple of four.

    >>> packed_width(2), packed_width(3), packed_width(4), packed_width(3, answers=2)
    (4, 4, 8, 8)
    """
    return -(-(features + answers) // 4) * 4


def draw_samples(
    recipes: Sequence[Recipe], seeds: Seeds, dtype: DTypeLike
) -> tuple[PackedSamples, PackedSamples, PackedSamples]:
    """Draw the training, validation and test samples of some trials.

    Each split and class has a sub-stream of its own: more training samples leave the test samples as
    they are.

    Parameters
    ----------
    recipes : sequence of Recipe
        Of each trial; of one kind, with the same counts, features and classes.
    seeds : ndarray of uint64, shape (trials,)
    dtype : dtype
        float32 or float64.

    Returns
    -------
    three ndarrays of the dtype, shape (trials, samples, packed_width(features, answers))
        Class by class; the answers are a sample's class, or its targets.
    """
    first = recipes[0]
    targets = len(first.target_names)
    width = packed_width(first.features, max(targets, 1))
    splits = tuple(np.empty((len(seeds), n, width), dtype) for n in first.counts)
    fill = entry(fill_samples, place=first.place, parameter_count=len(first.parameters))
    drawn = max(first.class_count, 1), first.features, targets, first.uniforms
    fill(_table(recipes), seeds, *drawn, splits)
    train, validation, test = splits
    return train, validation, test


def draw_weights(
    initializers: Sequence[InitializerSpec], seeds: Seeds, sizes: Sequence[int]
) -> Float64:
    """Draw the initial weights of some trials' networks.

    Parameters
    ----------
    initializers : sequence of InitializerSpec
        Of each trial; of one kind, all shared or none.
    seeds : ndarray of uint64, shape (trials,)
    sizes : sequence of int
        Inputs, neurons of each hidden layer, outputs.

    Returns
    -------
    ndarray of float64, shape (trials, weights)
        W of each layer, first to last, row by row.
    """
    return _draw_layers(initializers, seeds, [(a * b, a, b) for a, b in pairwise(sizes)], 0)


def draw_biases(
    initializers: Sequence[InitializerSpec], seeds: Seeds, sizes: Sequence[int]
) -> Float64:
    """Draw the initial biases of some trials' networks, from sub-streams of their own.

    So weights are the same whatever biases begin with. Parameters as those of `draw_weights`.

    Returns
    -------
    ndarray of float64, shape (trials, biases)
        b of each layer, first to last.
    """
    if isinstance(initializers[0], Zeros):  # as nearly always: there is nothing to draw
        return np.zeros((len(seeds), sum(sizes[1:])))
    return _draw_layers(initializers, seeds, [(n, n, n) for n in sizes[1:]], BIASES)


def _draw_layers(
    initializers: Sequence[InitializerSpec],
    seeds: Seeds,
    layers: Sequence[tuple[int, int, int]],
    first_part: int,
) -> Float64:
    """Draw (count, fan_in, fan_out) numbers of each layer, from sub-streams from `first_part` on."""
    first = initializers[0]
    # Layers that share an initializer draw from a sub-stream of their shape. It is numbered as shapes
    # appear, so that another last layer leaves those before it as they are.
    places = {shape: 1 + i for i, shape in enumerate(dict.fromkeys(layers))}
    if first.shared:
        parts = [first_part + places[shape] for shape in layers]
    else:
        parts = [first_part, *[GOES_ON] * (len(layers) - 1)]
    numbers = np.empty((len(seeds), sum(count for count, *_ in layers)))
    fill = entry(fill_layers, formula=first.weights, parameter_count=len(first.parameters))
    layers_, parts_ = np.array(layers, np.int64), np.array(parts, np.int64)
    fill(_table(initializers), seeds, layers_, parts_, numbers)
    return numbers


def shuffle_keys(seeds: Seeds) -> NDArray[np.uint64]:
    """Return the keys from which all shuffles of some trials follow, shape (trials,)."""
    return _keys(SHUFFLE, seeds)


def noise_keys(seeds: Seeds) -> NDArray[np.uint64]:
    """Return the keys from which all noise of some trials follows, shape (trials,)."""
    return _keys(NOISE, seeds)


def _keys(stream: int, seeds: Seeds) -> NDArray[np.uint64]:
    keys = np.empty(len(seeds), np.uint64)
    entry(fill_keys)(stream, seeds, keys)
    return keys


def _table(parts: Sequence[Any]) -> Float64:
    """Return the parameters of some parts of one kind, shape (parts, parameters)."""
    # Most trials have the same part, and to ask it for its parameters takes as long as to draw weights.
    rows = {key: part.parameters for key, part in {id(part): part for part in parts}.items()}
    return np.array([rows[id(part)] for part in parts], np.float64).reshape(len(parts), -1)


# These stand for a kind's formula and the number of its parameters; `entry` puts them in their places.
parameter_count: Any = None
place: Any = None
formula: Any = None


def fill_samples(
    parameters: Float64,
    seeds: Seeds,
    classes: int,
    features: int,
    targets: int,
    uniforms: int,
    splits: tuple[PackedSamples, PackedSamples, PackedSamples],
) -> None:
    """Draw samples: parameters (trials, parameters), seeds (trials,), splits as returned above."""
    generator = np.empty(4, np.uint64)
    columns = features + targets
    for number in range(len(splits)):
        out = splits[number]
        n = out.shape[1] // classes
        x, u = np.empty((n, columns)), np.empty(uniforms * n)
        for trial in range(len(seeds)):
            for k in range(classes):
                start(seeds[trial], SAMPLES, number * classes + k, generator)
                fill_uniform(generator, u)
                place(k, classes, u, x, *fixed_tuple(parameters[trial], parameter_count))
                rows = out[trial, k * n : (k + 1) * n]
                for j in range(columns):
                    for i in range(n):
                        rows[i, j] = x[i, j]
                for j in range(columns, rows.shape[1]):
                    rows[:, j] = k if j == features else 0


def fill_layers(
    parameters: Float64, seeds: Seeds, layers: Any, parts: Any, numbers: Float64
) -> None:
    """Draw the numbers of layers, those of one after those of another; numbers (trials, all).

    `layers` (layers, 3) has of each how many they are, fan_in and fan_out; `parts` (layers,) the
    sub-stream at whose beginning each starts, or `GOES_ON`.
    """
    generator = np.empty(4, np.uint64)
    for trial in range(len(seeds)):
        begin = 0
        for layer in range(len(layers)):
            count, fan_in, fan_out = layers[layer]
            if parts[layer] != GOES_ON:
                start(seeds[trial], WEIGHTS, parts[layer], generator)
            u = numbers[trial, begin : begin + count]
            fill_uniform(generator, u)
            formula(u, fan_in, fan_out, *fixed_tuple(parameters[trial], parameter_count))
            begin += count


def fill_keys(stream: int, seeds: Seeds, keys: Seeds) -> None:
    """Write the key that each seed has for a stream; both shape (trials,)."""
    for trial in range(len(seeds)):
        keys[trial] = seed_words(seeds[trial], stream, 0)[0]


def draw_splits(y: NDArray[np.int64], aside: NDArray[np.int64], seeds: Seeds) -> NDArray[np.int8]:
    """Choose the splits of a finite set of samples, for some trials, within each class.

    A class's samples are taken in random order: the first ones for validation, the next for the test,
    and the rest to train on.

    Parameters
    ----------
    y : ndarray of int64, shape (samples,)
        Class of each sample, 0..K-1.
    aside : ndarray of int64, shape (K, 2)
        How many of each class go to validation and to the test.
    seeds : ndarray of uint64, shape (trials,)

    Returns
    -------
    ndarray of int8, shape (trials, samples)
        0 for training, 1 for validation, 2 for the test.
    """
    splits = np.zeros((len(seeds), len(y)), np.int8)
    entry(fill_splits)(y, aside, seeds, splits)
    return splits


def fill_splits(y: Any, aside: Any, seeds: Seeds, splits: Any) -> None:
    """Choose splits; arrays as `draw_splits` has them, splits (trials, samples) all 0."""
    generator = np.empty(4, np.uint64)
    for k in range(len(aside)):
        members, count = np.empty(len(y), np.int64), 0
        for i in range(len(y)):
            members[count] = i
            count += int(y[i] == k)
        members, u = members[:count], np.empty(count)
        validation, test = aside[k]
        for trial in range(len(seeds)):
            start(seeds[trial], SAMPLES, k, generator)
            fill_uniform(generator, u)
            ascending = np.sort(u)
            last_of_validation, last_of_test = (
                ascending[validation - 1],
                ascending[validation + test - 1],
            )
            for i in range(len(members)):
                if u[i] <= last_of_validation:
                    splits[trial, members[i]] = 1
                elif u[i] <= last_of_test:
                    splits[trial, members[i]] = 2


def gather_splits(
    packed: PackedSamples, splits: NDArray[np.int8], counts: Sequence[int]
) -> tuple[PackedSamples, PackedSamples, PackedSamples]:
    """Put the packed samples of a finite set into the splits of some trials, in their order.

    Parameters
    ----------
    packed : ndarray, shape (samples, width)
    splits : ndarray of int8, shape (trials, samples)
        From `draw_splits`.
    counts : sequence of three int
        Samples in each split.

    Returns
    -------
    three ndarrays, shape (trials, samples of the split, width)
    """
    train, validation, test = (
        np.empty((len(splits), count, packed.shape[1]), packed.dtype) for count in counts
    )
    entry(copy_splits)(packed, splits, (train, validation, test))
    return train, validation, test


def copy_splits(packed: PackedSamples, splits: Any, out: Any) -> None:
    """Copy each packed sample to the next free row of its split; arrays as `gather_splits` has them."""
    free = np.empty(3, np.int64)
    for trial in range(len(splits)):
        free[:] = 0
        for i in range(len(packed)):
            split = splits[trial, i]
            for j in range(packed.shape[1]):
                out[split][trial, free[split], j] = packed[i, j]
            free[split] += 1
