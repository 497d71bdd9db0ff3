"""One network, its samples in the lanes; twin of `reference.training`, and of `block`.

Every number is computed as in a block of sixteen networks, from the same numbers in the same order; only
what stands side by side differs. Forward and δ have samples in the lanes. The gradient of W has inputs
in the lanes, for which the inputs of a layer are written once more, a row for each sample.

The parameters of layer l are rows from begin[l] of `theta`: for each output its weights, its bias, and
zeros up to a whole number of rows. Neuron j of level l has `vectors` rows from (level[l] + j) · vectors
of `h`, the samples one after the other.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.engine.activations import activate, multiply_by_slope
from mlplab.engine.compiling import entry, kernel
from mlplab.engine.lanes import LANES, add_outer, flat
from mlplab.engine.output import is_finite, mean_scores, output_delta, score, softmax
from mlplab.engine.shuffle import shuffle
from mlplab.engine.updates import SEGMENT, update

Flat = NDArray[np.floating[Any]]
Samples = NDArray[np.floating[Any]]
Rows = NDArray[np.floating[Any]]
Scratch = NDArray[np.floating[Any]]
Whole = NDArray[np.int64]

VECTORS = 4
"""Rows of samples that go through the layers together, at most."""


@kernel
def rows_of(inputs: int) -> int:
    """Return how many rows hold the weights and the bias of one output."""
    return (inputs + LANES) // LANES


@kernel
def take(
    samples: Samples,
    chosen: Whole,
    vectors: int,
    features: int,
    classes: int,
    h: Flat,
    truth: Flat,
) -> None:
    """Put samples into level 0 of `h`, and their one-hot labels into `truth`; as in `block`."""
    stride = vectors * LANES
    truth[: classes * stride] = 0
    for i in range(len(chosen)):
        sample = samples[0, chosen[i]]
        for feature in range(features):
            h[feature * stride + i] = sample[feature]
        truth[np.uint32(sample[features]) * stride + i] = 1


@kernel
def forward(
    theta: Rows,
    sizes: Whole,
    begin: Whole,
    level: Whole,
    activations: Whole,
    vectors: int,
    count: int,
    h: Rows,
    scratch: Scratch,
) -> None:
    """Feed `count` samples forward; the last level becomes the probabilities."""
    last = len(sizes) - 2
    flat_h, weights = flat(h), flat(theta)
    for layer in range(last + 1):
        inputs, outputs = sizes[layer], sizes[layer + 1]
        low, high = level[layer] * vectors, level[layer + 1] * vectors
        row, w = rows_of(inputs) * LANES, begin[layer] * LANES
        for o in range(outputs):
            bias = weights[w + o * row + inputs]
            h[high + o * vectors : high + (o + 1) * vectors] = bias
        # z[o, i] += Σ_k W[o, k] · h[k, i]
        add_outer(
            *(h, high, vectors, 1),
            *(weights, w, row, 1),
            *(h, low, 1, vectors),
            *(outputs, vectors, inputs),
        )
        if layer < last:
            activate(activations[layer], flat_h[high * LANES : (high + outputs * vectors) * LANES])
    top = level[last + 1] * vectors * LANES
    softmax(flat_h[top:], sizes[last + 1], vectors * LANES, count, scratch)


@kernel
def backward(
    theta: Rows,
    gradient: Rows,
    sizes: Whole,
    begin: Whole,
    level: Whole,
    activations: Whole,
    vectors: int,
    count: int,
    h: Rows,
    delta: Rows,
    by_sample: Rows,
    complete: bool,
    optimizer: int,
    constants: Rows,
    rate: Flat,
    first_moment: Flat,
    second_moment: Flat,
) -> None:
    """Add ∂L/∂W and ∂L/∂b of `count` samples to `gradient`, and update as in `block`."""
    flat_h, flat_delta, flat_by_sample = flat(h), flat(delta), flat(by_sample)
    weights = flat(theta)
    stride = vectors * LANES
    for layer in range(len(sizes) - 2, -1, -1):
        inputs, outputs = sizes[layer], sizes[layer + 1]
        low, high = level[layer] * vectors, level[layer + 1] * vectors
        rows, w = rows_of(inputs), begin[layer]
        by_sample[: count * rows] = 0
        for i in range(count):
            flat_by_sample[i * rows * LANES + inputs] = 1  # the bias is the weight of an input of 1
        for k in range(inputs):
            line = flat_h[low * LANES + k * stride : low * LANES + k * stride + count]
            for i in range(count):
                flat_by_sample[i * rows * LANES + k] = line[i]
        # ∂L/∂W[o, k] += Σ_i δ[o, i] · h[k, i]
        add_outer(
            *(gradient, w, rows, 1),
            *(flat_delta, high * LANES, stride, 1),
            *(by_sample, 0, 1, rows),
            *(outputs, rows, count),
        )
        if layer > 0:
            # δ[k, i] of the level below = Σ_o W[o, k] · δ[o, i]
            below = slice(low * LANES, (low + inputs * vectors) * LANES)
            flat_delta[below] = 0
            add_outer(
                *(delta, low, vectors, 1),
                *(weights, w * LANES, 1, rows * LANES),
                *(delta, high, 1, vectors),
                *(inputs, vectors, outputs),
            )
            multiply_by_slope(activations[layer - 1], flat_delta[below], flat_h[below])
        if complete:
            update(
                *(optimizer, constants, rate),
                *(weights, flat(gradient), first_moment, second_moment),
                *(w * LANES, begin[layer + 1] * LANES),
            )


@entry
def evaluate_single(
    theta: Rows,
    sizes: Whole,
    begin: Whole,
    level: Whole,
    activations: Whole,
    cross_entropy: bool,
    samples: Samples,
    stop: NDArray[np.uint8],
    seen: NDArray[np.float64],
) -> None:
    """Write loss and accuracy over all samples, shape (1, samples, width), to `seen`, shape (2, 1)."""
    total, classes = samples.shape[1], sizes[-1]
    vectors = min(VECTORS, (total + LANES - 1) // LANES)
    top, stride = level[-1] * vectors, vectors * LANES
    h = np.zeros((top + classes * vectors, LANES), theta.dtype)
    truth = np.zeros(classes * stride, theta.dtype)
    p = flat(h[top:])
    chosen = np.empty(stride, np.int64)
    scratch = np.empty((3, vectors, LANES), theta.dtype)
    seen[:] = 0
    for start in range(0, total, stride):
        if stop[0] != 0:
            return
        count = min(stride, total - start)
        for i in range(count):
            chosen[i] = start + i
        take(samples, chosen[:count], vectors, sizes[0], classes, flat(h), truth)
        forward(theta, sizes, begin, level, activations, vectors, count, h, scratch)
        score(p, truth, classes, stride, count, cross_entropy, scratch, seen)
    mean_scores(seen, total, classes, cross_entropy)


@entry
def predict_single(
    theta: Rows,
    sizes: Whole,
    begin: Whole,
    level: Whole,
    activations: Whole,
    samples: Samples,
    first: int,
    predictions: Rows,
) -> None:
    """Write the outputs of the neurons from number `first` on for all samples.

    Neurons are counted from the inputs on. `samples` has the shape (1, samples, width), `predictions`
    (neurons, samples).
    """
    total, classes = samples.shape[1], sizes[-1]
    vectors = min(VECTORS, (total + LANES - 1) // LANES)
    neurons, stride = level[-1] + classes, vectors * LANES
    h = np.zeros((neurons * vectors, LANES), theta.dtype)
    truth = np.zeros(classes * stride, theta.dtype)
    line = flat(h)
    chosen = np.empty(stride, np.int64)
    scratch = np.empty((3, vectors, LANES), theta.dtype)
    for start in range(0, total, stride):
        count = min(stride, total - start)
        for i in range(count):
            chosen[i] = start + i
        take(samples, chosen[:count], vectors, sizes[0], classes, line, truth)
        forward(theta, sizes, begin, level, activations, vectors, count, h, scratch)
        for neuron in range(first, neurons):
            for i in range(count):
                predictions[neuron - first, start + i] = line[neuron * stride + i]


@entry
def train_single(
    theta: Rows,
    first_moment: Flat,
    second_moment: Flat,
    sizes: Whole,
    begin: Whole,
    level: Whole,
    activations: Whole,
    cross_entropy: bool,
    optimizer: int,
    constants: Flat,
    rates: Flat,
    key: np.uint64,
    batch_size: int,
    samples: Samples,
    validation: Samples,
    history: NDArray[np.float64],
    place: Whole,
    stop: NDArray[np.uint8],
    done: NDArray[np.int64],
) -> None:
    """Train one network for as many updates as there are rates, from where it stands.

    Parameters as those of `block.train_block`, for one network; besides or otherwise:

    Parameters
    ----------
    first_moment, second_moment : ndarray, shape (numbers of theta,)
        What the optimizer remembers: zeros at the beginning, and what the next updates go on from
        afterwards.
    constants : ndarray, shape (3,)
        Of the optimizer.
    rates : ndarray, shape (updates,)
        Of the updates to make.
    samples, validation : ndarray, shape (1, samples, width)
    history : ndarray of float64, shape (epochs, 4, 1)
        Has a line for every epoch that is reached, and in that of an epoch under way the sums so far.
    place : ndarray of int64, shape (2,)
        Whole epochs done, and samples of the next one that are used: zeros at the beginning. A network
        whose training loss is not finite has ended with that epoch, whatever updates are left.
    """
    total, classes = samples.shape[1], sizes[-1]
    vectors = min(VECTORS, (batch_size + LANES - 1) // LANES)
    top, stride = level[-1] * vectors, vectors * LANES
    h = np.zeros((top + classes * vectors, LANES), theta.dtype)
    delta = np.zeros_like(h)
    truth = np.zeros(classes * stride, theta.dtype)
    p, error = flat(h[top:]), flat(delta[top:])
    by_sample = np.zeros((stride * rows_of(max(sizes)), LANES), theta.dtype)
    gradient = np.zeros_like(theta)
    order = np.empty(total, np.int32)
    chosen = np.empty(stride, np.int64)
    scratch = np.empty((3, vectors, LANES), theta.dtype)
    rate = np.empty(SEGMENT, theta.dtype)
    repeated = np.empty((3, SEGMENT), theta.dtype)
    for i in range(3):
        repeated[i] = constants[i]
    validates = validation.shape[1] > 0
    step = 0
    while step < len(rates):
        epoch = place[0]
        shuffle(key, epoch, order)
        seen = history[epoch, :2]
        if place[1] == 0:
            seen[:] = 0
        while place[1] < total and step < len(rates):
            start = place[1]
            size = min(batch_size, total - start)
            rate[:] = rates[step]
            for first in range(start, start + size, stride):
                if stop[0] != 0:
                    return
                count = min(stride, start + size - first)
                for i in range(count):
                    chosen[i] = order[first + i]
                take(samples, chosen[:count], vectors, sizes[0], classes, flat(h), truth)
                forward(theta, sizes, begin, level, activations, vectors, count, h, scratch)
                score(p, truth, classes, stride, count, cross_entropy, scratch, seen)
                output_delta(p, truth, classes, stride, count, cross_entropy, size, scratch, error)
                backward(
                    *(theta, gradient, sizes, begin, level, activations),
                    *(vectors, count, h, delta, by_sample),
                    first + count == start + size,
                    *(optimizer, repeated, rate, first_moment, second_moment),
                )
            place[1] += size
            step += 1
        if place[1] < total:
            return
        mean_scores(seen, total, classes, cross_entropy)
        if validates:
            seen = history[epoch, 2:]
            evaluate_single(
                theta, sizes, begin, level, activations, cross_entropy, validation, stop, seen
            )
        place[0], place[1] = epoch + 1, 0
        done[0] = epoch + 1
        if not is_finite(history[epoch, :2], 0):
            done[0] = len(history)
            return
