"""The forward and the backward pass of one network, for the kernels of `single`.

The parameters of layer l are rows from begin[l] of `theta`: for each output its weights, its bias, and
zeros up to a whole number of rows. Neuron j of level l has `vectors` rows from (level[l] + j) · vectors
of `h`, the samples one after the other.
"""

from __future__ import annotations

from mlplab.drawing import PackedSamples
from mlplab.engine.arrays import Flat, Rows, Scratch, Whole
from mlplab.engine.calls import (
    call_activate,
    call_predict,
    call_slope,
    call_update,
)
from mlplab.engine.compiling import kernel
from mlplab.engine.dropout import drop, multiply
from mlplab.engine.kept import KEEPS_Z, keep_z, part_for_slope
from mlplab.engine.lanes import LANES, flat, pointer
from mlplab.engine.options import DROPS, Step
from mlplab.engine.products import multiply_numbers

VECTORS = 4
"""Rows of samples that go through the layers together, at most."""


def vectors_of(samples: int) -> int:
    """Return how many rows of samples go through the layers together, of so many in all."""
    return min(VECTORS, (samples + LANES - 1) // LANES)


@kernel
def take(
    samples: PackedSamples,
    chosen: Whole,
    vectors: int,
    features: int,
    h: Flat,
    answers: Rows,
) -> None:
    """Put samples into level 0 of `h`, and the first answer of each into `answers`; as in `block`."""
    stride, line = vectors * LANES, flat(answers)
    for i in range(len(chosen)):
        sample = samples[0, chosen[i]]
        for feature in range(features):
            h[feature * stride + i] = sample[feature]
        line[i] = sample[features]


@kernel
def take_further_answers(
    samples: PackedSamples, chosen: Whole, vectors: int, features: int, end: int, answers: Rows
) -> None:
    """Put the answers of samples from the second to before number `end` into `answers`; as in `block`.

    `answers` has a row for each answer, in which they are used as a line: from one answer to the next it
    is as far as from one neuron of `h` to the next.
    """
    stride, line = vectors * LANES, flat(answers)
    for answer in range(1, end):
        for i in range(len(chosen)):
            line[answer * stride + i] = samples[0, chosen[i], features + answer]


@kernel
def forward(
    theta: Rows,
    sizes: Whole,
    begin: Whole,
    level: Whole,
    activations: Whole,
    head: Whole,
    vectors: int,
    count: int,
    h: Rows,
    scratch: Scratch,
    step: Step | None,
) -> None:
    """Feed `count` samples forward; the last level becomes the outputs of the head; as in `block`."""
    last = len(sizes) - 2
    half = (level[last + 1] + sizes[last + 1]) * vectors * LANES
    flat_h, weights, activity = flat(h), flat(theta), pointer(h)
    for layer in range(last + 1):
        inputs, outputs = sizes[layer], sizes[layer + 1]
        low, high = level[layer] * vectors, level[layer + 1] * vectors
        row = (begin[layer + 1] - begin[layer]) // outputs * LANES
        w = begin[layer] * LANES
        for o in range(outputs):
            bias = weights[w + o * row + inputs]
            h[high + o * vectors : high + (o + 1) * vectors] = bias
        # z[o, i] += Σ_k W[o, k] · h[k, i]
        multiply_numbers(
            *(activity, high, vectors, 1),
            *(activity, high, vectors, 1),
            *(pointer(weights), w, row, 1),
            *(activity, low, 1, vectors),
            *(outputs, vectors, inputs),
        )
        if layer < last:
            above = slice(high * LANES, (high + outputs * vectors) * LANES)
            if step is not None:
                keep_z(activations, layer, flat_h, above, half)
            call_activate(activations[layer, 0], flat_h[above])
            if step is not None and step.switches[DROPS] != 0:
                drop(
                    *(step, 1, layer, activations[layer, KEEPS_Z], outputs, count),
                    *(vectors * LANES, flat_h, high * LANES, half),
                )
    top = level[last + 1] * vectors * LANES
    call_predict(head[0], flat_h[top:], sizes[last + 1], vectors * LANES, count, scratch)


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
    begins: bool,
    complete: bool,
    optimizer: int,
    constants: Rows,
    rate: Flat,
    first_moment: Flat,
    second_moment: Flat,
    step: Step | None,
) -> None:
    """Add ∂L/∂W and ∂L/∂b of `count` samples to `gradient`, and update as in `block`."""
    flat_h, flat_delta, flat_by_sample = flat(h), flat(delta), flat(by_sample)
    weights, errors, slopes = flat(theta), pointer(delta), pointer(gradient)
    stride = vectors * LANES
    last = len(sizes) - 2
    half = (level[last + 1] + sizes[last + 1]) * vectors * LANES
    for layer in range(last, -1, -1):
        inputs, outputs = sizes[layer], sizes[layer + 1]
        low, high = level[layer] * vectors, level[layer + 1] * vectors
        rows, w = (begin[layer + 1] - begin[layer]) // outputs, begin[layer]
        by_sample[: count * rows] = 0
        for i in range(count):
            flat_by_sample[i * rows * LANES + inputs] = 1  # the bias is the weight of an input of 1
        for k in range(inputs):
            line = flat_h[low * LANES + k * stride : low * LANES + k * stride + count]
            for i in range(count):
                flat_by_sample[i * rows * LANES + k] = line[i]
        # Level 0 has no δ: its rows are zeros, from which sums start.
        start, row, next_row, next_column = (errors, 0, 0, 0) if begins else (slopes, w, rows, 1)
        # ∂L/∂W[o, k] += Σ_i δ[o, i] · h[k, i]
        multiply_numbers(
            *(slopes, w, rows, 1),
            *(start, row, next_row, next_column),
            *(pointer(flat_delta), high * LANES, stride, 1),
            *(pointer(by_sample), 0, 1, rows),
            *(outputs, rows, count),
        )
        if layer > 0:
            # δ[k, i] of the level below = Σ_o W[o, k] · δ[o, i]
            below = slice(low * LANES, (low + inputs * vectors) * LANES)
            multiply_numbers(
                *(errors, low, vectors, 1),
                *(errors, 0, 0, 0),
                *(pointer(weights), w * LANES, 1, rows * LANES),
                *(errors, high, 1, vectors),
                *(inputs, vectors, outputs),
            )
            if step is not None and step.switches[DROPS] != 0:
                multiply(step, 1, layer - 1, inputs, count, stride, flat_delta[below])
            taken = below
            if step is not None:
                taken = part_for_slope(step, activations, layer - 1, below, half)
            call_slope(activations[layer - 1, 1], flat_delta[below], flat_h[taken])
        if complete:
            part = slice(w * LANES, begin[layer + 1] * LANES)
            call_update(
                *(optimizer, constants, rate, weights[part], flat(gradient)[part]),
                *(first_moment[part], second_moment[part]),
            )
