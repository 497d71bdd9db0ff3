"""The forward and the backward pass of sixteen networks at once, for the kernels of `block`.

Arrays of shape (…, LANES) hold a column for each network. The parameters of layer l are the rows from
begin[l] of `theta`: W row by row, output by output, then b. Level 0 are the inputs, level l the outputs
of layer l; neuron j of level l has CHUNK rows from (level[l] + j) · STRIDE of `h`, one for each sample,
so that every inner loop runs over samples and lanes.
"""

from __future__ import annotations

from mlplab.drawing import PackedSamples
from mlplab.engine.arrays import Flat, Indices, Rows, Scratch, Whole
from mlplab.engine.calls import (
    call_activate,
    call_predict,
    call_slope,
    call_update,
)
from mlplab.engine.compiling import inlined, kernel
from mlplab.engine.dropout import drop, multiply
from mlplab.engine.gathering import gather
from mlplab.engine.kept import KEEPS_Z, keep_z, part_for_slope
from mlplab.engine.lanes import LANES, add_sum, fill, flat, pointer
from mlplab.engine.options import DROPS, Step
from mlplab.engine.products import multiply_rows

CHUNK = 16
"""Samples of each network that go through the layers together."""

STRIDE = CHUNK + 1
"""Rows from a neuron to the next, the last of them unused: a cache keeps only a few of the lines that are
apart by a power of two, and a product reads the same samples of all neurons again and again."""


@kernel
def take(
    samples: PackedSamples,
    indices: Indices,
    first: int,
    count: int,
    features: int,
    taken: Rows,
    h: Rows,
    answers: Rows,
) -> None:
    """Put samples of each network into level 0 of `h`, and the first answer of each into `answers`.

    `samples` is as `layout.pack_samples` has it. `count` of them are taken, from place `first` of the
    `indices`; `taken`, shape (width, LANES), holds one of each.
    """
    for i in range(count):
        gather(taken, samples, indices, first + i)
        for feature in range(features):
            fill(h, feature * STRIDE + i, taken, feature, 1)
        fill(answers, i, taken, features, 1)


@kernel
def take_further_answers(
    samples: PackedSamples,
    indices: Indices,
    first: int,
    count: int,
    features: int,
    end: int,
    taken: Rows,
    answers: Rows,
) -> None:
    """Put the answers of samples from the second on into `answers`, which has STRIDE rows for each.

    Those before number `end`; the rest as `take` has it.
    """
    for i in range(count):
        gather(taken, samples, indices, first + i)
        for answer in range(1, end):
            fill(answers, answer * STRIDE + i, taken, features + answer, 1)


@kernel
def together(neurons: int, count: int) -> int:
    """Return how many neurons are worked on at once; unused rows between them may become anything."""
    return neurons if count == CHUNK else 1


@kernel
def neuron_slice(level: int, neuron: int, neurons: int, count: int) -> slice:
    """Return the place of the numbers of `together` neurons of a level, from one of them on."""
    first = level + neuron * STRIDE
    return slice(first * LANES, (first + (together(neurons, count) - 1) * STRIDE + count) * LANES)


@kernel
def forward(
    theta: Rows,
    sizes: Whole,
    begin: Whole,
    level: Whole,
    activations: Whole,
    head: Whole,
    count: int,
    h: Rows,
    scratch: Scratch,
    step: Step | None,
) -> None:
    """Feed `count` samples of each network forward; the last level becomes the outputs of the head.

    In training `step` says what is done besides; to look at networks, there is none.
    """
    last = len(sizes) - 2
    half = (level[last + 1] + sizes[last + 1]) * STRIDE * LANES
    flat_h, activity, weights = flat(h), pointer(h), pointer(theta)
    for layer in range(last + 1):
        inputs, outputs = sizes[layer], sizes[layer + 1]
        low, high, w = level[layer] * STRIDE, level[layer + 1] * STRIDE, begin[layer]
        biases = w + inputs * outputs
        # z[o, i] = b[o] + Σ_k W[o, k] · h[k, i]
        multiply_rows(
            *(activity, high, STRIDE, 1),
            *(weights, biases, 1, 0),
            *(weights, w, inputs, 1),
            *(activity, low, 1, STRIDE),
            *(outputs, count, inputs),
        )
        if layer < last:
            for o in range(0, outputs, together(outputs, count)):
                above = neuron_slice(high, o, outputs, count)
                if step is not None:
                    keep_z(activations, layer, flat_h, above, half)
                call_activate(activations[layer, 0], flat_h[above])
            if step is not None and step.switches[DROPS] != 0:
                drop(
                    *(step, LANES, layer, activations[layer, KEEPS_Z], outputs, count),
                    *(STRIDE * LANES, flat_h, high * LANES, half),
                )
    stride = STRIDE * h.shape[1]
    top = flat_h[level[last + 1] * stride :]
    call_predict(head[0], top, sizes[last + 1], stride, count * LANES, scratch)


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
    begins: bool,
    complete: bool,
    optimizer: int,
    constants: Rows,
    rate: Flat,
    first_moment: Flat,
    second_moment: Flat,
    step: Step | None,
) -> None:
    """Add ∂L/∂W and ∂L/∂b of `count` samples to `gradient`, given δ of the last level.

    Where a batch `begins`, its gradient starts from zeros, whatever stands there. Where its gradient is
    `complete`, each layer is updated as soon as it is done with, while its numbers are in the cache.
    """
    flat_h, flat_delta = flat(h), flat(delta)
    activity, errors, slopes, weights = (
        pointer(h),
        pointer(delta),
        pointer(gradient),
        pointer(theta),
    )
    last = len(sizes) - 2
    half = (level[last + 1] + sizes[last + 1]) * STRIDE * LANES
    for layer in range(last, -1, -1):
        inputs, outputs = sizes[layer], sizes[layer + 1]
        low, high, w = level[layer] * STRIDE, level[layer + 1] * STRIDE, begin[layer]
        biases = w + inputs * outputs
        # Level 0 has no δ: its rows are zeros, from which sums start.
        start, row, next_row, next_column = (errors, 0, 0, 0) if begins else (slopes, w, inputs, 1)
        # ∂L/∂W[o, k] += Σ_i δ[o, i] · h[k, i]
        multiply_rows(
            *(slopes, w, inputs, 1),
            *(start, row, next_row, next_column),
            *(errors, high, STRIDE, 1),
            *(activity, low, STRIDE, 1),
            *(outputs, inputs, count),
        )
        if begins:
            fill(gradient, biases, delta, 0, outputs)
        for o in range(outputs):
            add_sum(gradient, biases + o, delta, high + o * STRIDE, count)
        if layer > 0:
            # δ[k, i] of the level below = Σ_o W[o, k] · δ[o, i]
            multiply_rows(
                *(errors, low, STRIDE, 1),
                *(errors, 0, 0, 0),
                *(weights, w, 1, inputs),
                *(errors, high, 1, STRIDE),
                *(inputs, count, outputs),
            )
            if step is not None and step.switches[DROPS] != 0:
                own = flat_delta[low * LANES : (low + inputs * STRIDE) * LANES]
                multiply(step, LANES, layer - 1, inputs, count, STRIDE * LANES, own)
            for k in range(0, inputs, together(inputs, count)):
                below = neuron_slice(low, k, inputs, count)
                taken = below
                if step is not None:
                    taken = part_for_slope(step, activations, layer - 1, below, half)
                call_slope(activations[layer - 1, 1], flat_delta[below], flat_h[taken])
        if complete:
            part = slice(w * LANES, begin[layer + 1] * LANES)
            call_update(
                *(optimizer, constants, rate, flat(theta)[part], flat(gradient)[part]),
                *(first_moment[part], second_moment[part]),
            )
