"""Sixteen networks at once, a network in each lane; twin of `reference.training`.

A layer of a small network is too little work for matrix routines. Here the same layer of sixteen
networks is done together, a few training samples of each at a time. `single` computes the same, bit for
bit, where there are too few networks to fill the lanes.

Arrays of shape (…, LANES) hold a column for each network. The parameters of layer l are the rows from
begin[l] of `theta`: W row by row, output by output, then b. Level 0 are the inputs, level l the outputs
of layer l; neuron j of level l has the CHUNK rows from (level[l] + j) · CHUNK of `h`, one for each
sample, so that every inner loop runs over samples and lanes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.engine.activations import activate, multiply_by_slope
from mlplab.engine.compiling import entry, inlined, kernel
from mlplab.engine.lanes import LANES, add_product, add_sum, fill, flat
from mlplab.engine.output import is_finite, mean_scores, output_delta, score, softmax
from mlplab.engine.shuffle import shuffle
from mlplab.engine.updates import SEGMENT, repeat, update

Rows = NDArray[np.floating[Any]]
Flat = NDArray[np.floating[Any]]
Samples = NDArray[np.floating[Any]]
Orders = NDArray[np.int32]
Scratch = NDArray[np.floating[Any]]
Whole = NDArray[np.int64]

CHUNK = 16
"""Samples of each network that go through the layers together."""


@kernel
def orders(samples: int) -> Orders:
    """Return room for an order of each network's samples, shape (LANES, samples and some).

    Rows of 1,024 numbers would begin 4 KiB apart, where caches keep few numbers at a time.
    """
    return np.empty((LANES, samples + LANES), np.int32)


@kernel
def take(
    samples: Samples,
    order: Orders,
    first: int,
    count: int,
    features: int,
    classes: int,
    h: Rows,
    truth: Rows,
) -> None:
    """Put samples of each network into level 0 of `h`, and their one-hot labels into `truth`.

    `samples` is as `layout.pack_samples` has it. `count` of them are taken, from place `first` of the
    `order`; `truth` has CHUNK rows for each class.
    """
    own = 1 if len(samples) > 1 else 0
    truth[: classes * CHUNK] = 0
    for i in range(count):
        for lane in range(LANES):
            sample = samples[lane * own, order[lane, first + i]]
            for feature in range(features):
                h[feature * CHUNK + i, lane] = sample[feature]
            truth[np.uint32(sample[features]) * CHUNK + i, lane] = 1


@kernel
def together(neurons: int, count: int) -> int:
    """Return how many neurons have numbers that follow each other without a gap."""
    return neurons if count == CHUNK else 1


@kernel
def neuron_slice(level: int, neuron: int, neurons: int, count: int) -> slice:
    """Return the place of the numbers of `together` neurons of a level, from one of them on."""
    first = level + neuron * CHUNK
    return slice(first * LANES, (first + (together(neurons, count) - 1) * CHUNK + count) * LANES)


@kernel
def forward(
    theta: Rows,
    sizes: Whole,
    begin: Whole,
    level: Whole,
    activations: Whole,
    count: int,
    h: Rows,
    scratch: Scratch,
) -> None:
    """Feed `count` samples of each network forward; the last level becomes the probabilities."""
    last = len(sizes) - 2
    flat_h = flat(h)
    for layer in range(last + 1):
        inputs, outputs = sizes[layer], sizes[layer + 1]
        low, high, w = level[layer] * CHUNK, level[layer + 1] * CHUNK, begin[layer]
        biases = w + inputs * outputs
        for o in range(outputs):
            z = high + o * CHUNK
            fill(h, z, theta, biases + o, count)
        # z[o, i] += Σ_k W[o, k] · h[k, i]
        add_product(
            *(h, high, CHUNK, 1),
            *(theta, w, inputs, 1),
            *(h, low, 1, CHUNK),
            *(outputs, count, inputs),
        )
        if layer < last:
            for o in range(0, outputs, together(outputs, count)):
                activate(activations[layer], flat_h[neuron_slice(high, o, outputs, count)])
    stride = CHUNK * h.shape[1]
    top = flat_h[level[last + 1] * stride :]
    softmax(top, sizes[last + 1], stride, count * LANES, scratch)


@inlined
def backward(
    theta: Rows,
    gradient: Rows,
    sizes: Whole,
    begin: Whole,
    level: Whole,
    activations: Whole,
    count: int,
    h: Rows,
    delta: Rows,
    complete: bool,
    optimizer: int,
    constants: Rows,
    rate: Flat,
    first_moment: Flat,
    second_moment: Flat,
) -> None:
    """Add ∂L/∂W and ∂L/∂b of `count` samples to `gradient`, given δ of the last level.

    Where that makes the gradient of the batch `complete`, each layer is updated as soon as it is done
    with, while its numbers are still in the cache.
    """
    flat_h, flat_delta = flat(h), flat(delta)
    for layer in range(len(sizes) - 2, -1, -1):
        inputs, outputs = sizes[layer], sizes[layer + 1]
        low, high, w = level[layer] * CHUNK, level[layer + 1] * CHUNK, begin[layer]
        biases = w + inputs * outputs
        # ∂L/∂W[o, k] += Σ_i δ[o, i] · h[k, i]
        add_product(
            *(gradient, w, inputs, 1),
            *(delta, high, CHUNK, 1),
            *(h, low, CHUNK, 1),
            *(outputs, inputs, count),
        )
        for o in range(outputs):
            add_sum(gradient, biases + o, delta, high + o * CHUNK, count)
        if layer > 0:
            # δ[k, i] of the level below = Σ_o W[o, k] · δ[o, i]
            delta[low : low + inputs * CHUNK] = 0
            add_product(
                *(delta, low, CHUNK, 1),
                *(theta, w, 1, inputs),
                *(delta, high, 1, CHUNK),
                *(inputs, count, outputs),
            )
            for k in range(0, inputs, together(inputs, count)):
                below = neuron_slice(low, k, inputs, count)
                multiply_by_slope(activations[layer - 1], flat_delta[below], flat_h[below])
        if complete:
            update(
                *(optimizer, constants, rate),
                *(flat(theta), flat(gradient), first_moment, second_moment),
                *(w * LANES, begin[layer + 1] * LANES),
            )


@entry
def evaluate_block(
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
    """Write loss and accuracy of each network over all its samples to `seen`, shape (2, LANES).

    `samples` has the shape (LANES or 1, samples, width), as in `train_block`.
    """
    total, classes = samples.shape[1], sizes[-1]
    top, stride = level[-1] * CHUNK, CHUNK * theta.shape[1]
    h = np.zeros((top + classes * CHUNK, LANES), theta.dtype)
    truth = np.zeros((classes * CHUNK, LANES), theta.dtype)
    p, one_hot = flat(h[top:]), flat(truth)
    order = orders(total)
    for lane in range(LANES):
        for i in range(total):
            order[lane, i] = i
    scratch = np.empty((3, CHUNK, LANES), theta.dtype)
    seen[:] = 0
    for start in range(0, total, CHUNK):
        if stop[0] != 0:
            return
        count = min(CHUNK, total - start)
        take(samples, order, start, count, sizes[0], classes, h, truth)
        forward(theta, sizes, begin, level, activations, count, h, scratch)
        score(p, one_hot, classes, stride, count * LANES, cross_entropy, scratch, seen)
    mean_scores(seen, total, classes, cross_entropy)


@entry
def train_block(
    theta: Rows,
    sizes: Whole,
    begin: Whole,
    level: Whole,
    activations: Whole,
    cross_entropy: bool,
    optimizer: int,
    constants: Rows,
    rates: Rows,
    keys: NDArray[np.uint64],
    batch_size: int,
    samples: Samples,
    validation: Samples,
    history: NDArray[np.float64],
    stop: NDArray[np.uint8],
    done: NDArray[np.int64],
) -> None:
    """Train sixteen networks of one shape, each with its own samples and its own shuffle.

    Parameters
    ----------
    theta : ndarray, shape (parameters, LANES)
        Initial parameters, and the final ones afterwards.
    sizes, begin, level : ndarray of int64
        Neurons of each level; where layers begin in `theta`, and levels in `h`.
    activations : ndarray of int64, shape (hidden layers,)
        Codes of `ACTIVATION_CODES`.
    optimizer : int
        Of `OPTIMIZER_CODES`.
    constants : ndarray, shape (3, LANES)
        Of the optimizer, see `update`.
    rates : ndarray, shape (updates, LANES)
        From `rates.step_sizes`.
    keys : ndarray of uint64, shape (LANES,)
        Of the shuffles.
    samples, validation : ndarray, shape (LANES or 1, samples, width)
        Training and validation samples of each network, or those that all share, as
        `layout.pack_samples` has them; of the latter there may be none.
    history : ndarray of float64, shape (epochs, 4, LANES)
        Filled with training loss and accuracy, validation loss and accuracy. A network whose training
        loss is not finite has ended with that epoch: its parameters are those at its end, what follows
        in its history means nothing. A validation loss that is not finite ends nothing.
    stop : ndarray of uint8, shape (1,)
        Once it is not 0, training ends within a few samples, and nothing that it leaves means anything.
    done : ndarray of int64, shape (1,)
        Raised by one after every epoch; the number of epochs once all networks have ended.
    """
    total, classes, epochs = samples.shape[1], sizes[-1], len(history)
    top, stride = level[-1] * CHUNK, CHUNK * theta.shape[1]
    h = np.zeros((top + classes * CHUNK, LANES), theta.dtype)
    delta = np.zeros_like(h)
    truth = np.zeros((classes * CHUNK, LANES), theta.dtype)
    p, one_hot, error = flat(h[top:]), flat(truth), flat(delta[top:])
    gradient = np.zeros_like(theta)
    first_moment = np.zeros(theta.size, theta.dtype)
    second_moment = np.zeros(theta.size, theta.dtype)
    rate = np.empty(SEGMENT, theta.dtype)
    repeated = np.empty((3, SEGMENT), theta.dtype)
    for i in range(3):
        repeat(constants[i], repeated[i])
    ended = np.zeros(LANES, np.uint8)
    at_end = np.empty_like(theta)
    order = orders(total)
    scratch = np.empty((3, CHUNK, LANES), theta.dtype)
    validates = validation.shape[1] > 0
    step = 0
    for epoch in range(epochs):
        for lane in range(LANES):
            shuffle(keys[lane], epoch, order[lane, :total])
        seen = history[epoch, :2]
        seen[:] = 0
        for start in range(0, total, batch_size):
            size = min(batch_size, total - start)
            repeat(rates[step], rate)
            for first in range(start, start + size, CHUNK):
                if stop[0] != 0:
                    return
                count = min(CHUNK, start + size - first)
                n = count * LANES
                take(samples, order, first, count, sizes[0], classes, h, truth)
                forward(theta, sizes, begin, level, activations, count, h, scratch)
                score(p, one_hot, classes, stride, n, cross_entropy, scratch, seen)
                output_delta(p, one_hot, classes, stride, n, cross_entropy, size, scratch, error)
                backward(
                    *(theta, gradient, sizes, begin, level, activations, count, h, delta),
                    first + count == start + size,
                    *(optimizer, repeated, rate, first_moment, second_moment),
                )
            step += 1
        mean_scores(seen, total, classes, cross_entropy)
        if validates:
            seen = history[epoch, 2:]
            evaluate_block(
                theta, sizes, begin, level, activations, cross_entropy, validation, stop, seen
            )
        under_way = 0
        for lane in range(LANES):
            if not ended[lane] and not is_finite(history[epoch, :2], lane):
                ended[lane] = 1
                for q in range(len(theta)):
                    at_end[q, lane] = theta[q, lane]
            under_way += 1 - ended[lane]
        if under_way == 0:
            done[0] = epochs
            break
        done[0] = epoch + 1
    for lane in range(LANES):
        if ended[lane]:
            for q in range(len(theta)):
                theta[q, lane] = at_end[q, lane]
