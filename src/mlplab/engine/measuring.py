"""What one network is like over all training samples: its neurons, its gradients, its signals.

A pass forward and one backward over all samples, without an update. What stands where in the arrays is
said in `single_passes`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mlplab.drawing import PackedSamples
from mlplab.engine.arrays import Flat, Rows, Scratch, Whole
from mlplab.engine.calls import (
    call_activate,
    call_mean,
    call_output_delta,
    call_score,
    call_slope,
)
from mlplab.engine.compiling import entry, kernel
from mlplab.engine.heads import ANSWERS, WEIGHS
from mlplab.engine.kept import KEEPS_Z
from mlplab.engine.lanes import LANES, flat, pointer
from mlplab.engine.options import Step
from mlplab.engine.output import count_predicted
from mlplab.engine.single_passes import backward, forward, take, take_further_answers

Float64 = NDArray[np.float64]

MEASURES = (
    "dead",
    "saturated",
    "twins",
    "weight",
    "gradient",
    "delta",
    "spread",
    "moved",
)
"""Measures of a layer, by their names.

`dead`: neurons whose activation has no slope at any sample, though it has one elsewhere; `saturated`:
neurons at whose samples a bounded activation is flat; `twins`: neurons with the same weights and bias
as one before them; `weight`, `gradient`: the root mean squares of W and of ∂L/∂W; `delta`: that of
∂Lᵢ/∂z over neurons and samples; `spread`: that over neurons of the standard deviation of h over samples;
`moved`: that of the change of W since the network that is compared with. Of the outputs, the first three
are 0. For `weight` and `moved`, weights of inputs that are 0 at every sample do not count: no gradient
ever changes them, and where they are many, the others would seem to stand still.
"""

DEAD, SATURATED, TWINS, WEIGHT, GRADIENT, DELTA, SPREAD, MOVED = range(len(MEASURES))

NO_SLOPE = 1e-3
"""A slope of less than this fraction of the activation's largest passes nothing on: relu has 0."""

FLAT_SLOPE = 0.05
"""A bounded activation is flat where its slope is below this fraction of its largest: tanh beyond 2.2."""

MOSTLY = 0.9
"""A neuron is saturated where its activation is flat for this fraction of the samples."""

SAME = 1e-4
"""Two neurons are the same where no two of their numbers differ by more than this fraction."""

SLOPES, FLATS, SUM, SQUARES = range(4)
"""Rows of `sums`: samples with a slope, samples on a flat part, Σ h and Σ h² of each neuron."""


@entry
def measure(
    theta: Rows,
    before: Rows,
    sizes: Whole,
    begin: Whole,
    level: Whole,
    activations: Whole,
    head: Whole,
    samples: PackedSamples,
    vectors: int,
    switches: Whole,
    settings: Float64,
    keys: NDArray[np.uint64],
    chosen: Whole,
    h: Rows,
    delta: Rows,
    by_sample: Rows,
    answers: Rows,
    scratch: Scratch,
    gradient: Rows,
    unused: Rows,
    line: Flat,
    sums: Float64,
    seen: Float64,
    predicted: Whole,
    measures: Float64,
) -> None:
    """Measure a network over all samples.

    Parameters
    ----------
    theta : ndarray, shape (rows, LANES)
        Parameters, as `layout.pack_single` has them.
    before : ndarray, shape (rows, LANES)
        Those that they are compared with.
    samples : ndarray, shape (1, samples, width)
    switches, settings, keys : ndarray
        Zeros: nothing is left out, and no noise added.
    line : ndarray, shape (2 · stride,)
        Room for slopes.
    sums : ndarray of float64, shape (4, neurons of all levels)
    seen : ndarray of float64, shape (3, 1)
        Gets loss and metric, as `single_evaluation.evaluate` has them.
    predicted : ndarray of int64, shape (K, 1)
        Zeros; gets for how many samples each class is predicted.
    measures : ndarray of float64, shape (layers, measures)
        Gets the measures of each layer, the outputs' last.
    """
    total, outputs, last = samples.shape[1], sizes[-1], len(sizes) - 2
    stride = vectors * LANES
    top = level[-1] * vectors
    half = (level[-1] + outputs) * stride
    p, answer, error = flat(h[top:]), flat(answers), flat(delta[top:])
    flat_h, flat_delta = flat(h), flat(delta)
    step = Step(pointer(switches), pointer(flat(settings)), pointer(keys), 0, 0)
    seen[:] = 0
    sums[:] = 0
    measures[:] = 0
    compared = head[ANSWERS] - head[WEIGHS]
    if head[WEIGHS] != 0:
        answer[compared * stride :] = 1
    for start in range(0, total, stride):
        count = min(stride, total - start)
        for i in range(count):
            chosen[i] = start + i
        take(samples, chosen[:count], vectors, sizes[0], flat_h, answers)
        for k in range(sizes[0]):
            for i in range(count):
                sums[SQUARES, k] += float(flat_h[k * stride + i]) ** 2
        if compared > 1:
            take_further_answers(samples, chosen[:count], vectors, sizes[0], compared, answers)
        forward(theta, sizes, begin, level, activations, head, vectors, count, h, scratch, step)
        call_score(head[1], p, answer, outputs, stride, count, scratch, seen)
        if len(predicted) > 0:
            count_predicted(p, outputs, stride, count, scratch, predicted)
        call_output_delta(head[2], p, answer, outputs, stride, count, total, scratch, error)
        backward(
            *(
                theta,
                gradient,
                sizes,
                begin,
                level,
                activations,
                vectors,
                count,
                h,
                delta,
                by_sample,
            ),
            start == 0,
            False,
            0,
            *(unused, line, line, line, step),
        )
        for layer in range(last + 1):
            _add_up_samples(
                *(layer, layer < last, count, stride, half, total, sizes, level, activations),
                *(flat_h, flat_delta, line, sums, measures[layer]),
            )
    call_mean(head[3], seen, total, outputs)
    for layer in range(last + 1):
        is_hidden = layer < last
        _measure_neurons(total, layer, is_hidden, sizes, level, sums, measures[layer])
        inputs = sums[SQUARES, level[layer] : level[layer] + sizes[layer]]
        _measure_weights(
            theta, before, gradient, begin, layer, sizes, inputs, is_hidden, measures[layer]
        )


@kernel
def _add_up_samples(
    layer: int,
    is_hidden: bool,
    count: int,
    stride: int,
    half: int,
    total: int,
    sizes: Whole,
    level: Whole,
    activations: Whole,
    h: Flat,
    delta: Flat,
    line: Flat,
    sums: Float64,
    of_layer: Float64,
) -> None:
    """Add what `count` samples say of the neurons of a layer to `sums`, and of δ to its measures."""
    row = line[:stride]
    largest, is_bounded = 1.0, False
    if is_hidden:
        largest, is_bounded = _slopes_of(activations, layer, line)
    for o in range(sizes[layer + 1]):
        neuron = level[layer + 1] + o
        at = neuron * stride
        for i in range(count):
            value, error = float(h[at + i]), float(delta[at + i]) * total
            sums[SUM, neuron] += value
            sums[SQUARES, neuron] += value * value
            of_layer[DELTA] += error * error
        if is_hidden:
            taken = at + half if activations[layer, KEEPS_Z] != 0 else at
            row[:] = 1
            call_slope(activations[layer, 1], row, h[taken : taken + stride])
            for i in range(count):
                slope = abs(float(row[i])) / largest
                sums[SLOPES, neuron] += slope >= NO_SLOPE
                sums[FLATS, neuron] += is_bounded and slope < FLAT_SLOPE


@kernel
def _measure_neurons(
    total: int,
    layer: int,
    is_hidden: bool,
    sizes: Whole,
    level: Whole,
    sums: Float64,
    of_layer: Float64,
) -> None:
    """Write what the sums over all samples say of the neurons of a layer."""
    outputs = sizes[layer + 1]
    for o in range(outputs):
        neuron = level[layer + 1] + o
        mean = sums[SUM, neuron] / total
        of_layer[SPREAD] += max(0.0, sums[SQUARES, neuron] / total - mean * mean)
        if is_hidden:
            is_saturated = sums[FLATS, neuron] >= MOSTLY * total
            of_layer[SATURATED] += is_saturated
            of_layer[DEAD] += sums[SLOPES, neuron] == 0 and not is_saturated
    of_layer[SPREAD] = math.sqrt(of_layer[SPREAD] / outputs)
    of_layer[DELTA] = math.sqrt(of_layer[DELTA] / (outputs * total))


@kernel
def _slopes_of(activations: Whole, layer: int, line: Flat) -> tuple[float, bool]:
    """Return the largest slope of an activation, 1 at most, and whether it is flat at both ends.

    It is looked at from z = -8 to 7. An activation that grows ever faster has no largest slope.
    """
    slopes, z = line[:LANES], line[LANES : 2 * LANES]
    for q in range(LANES):
        slopes[q] = 1
        z[q] = q - 8
    if activations[layer, KEEPS_Z] == 0:
        call_activate(activations[layer, 0], z)
    call_slope(activations[layer, 1], slopes, z)
    largest = 0.0
    for q in range(LANES):
        largest = max(largest, abs(float(slopes[q])))
    largest = min(max(largest, 1e-30), 1.0)
    ends = max(abs(float(slopes[0])), abs(float(slopes[LANES - 1])))
    return largest, ends < FLAT_SLOPE * largest


@kernel
def _measure_weights(
    theta: Rows,
    before: Rows,
    gradient: Rows,
    begin: Whole,
    layer: int,
    sizes: Whole,
    squares: Float64,
    is_hidden: bool,
    of_layer: Float64,
) -> None:
    """Write what is measured of a layer's weights, given Σ h² of each of its inputs."""
    inputs, outputs = sizes[layer], sizes[layer + 1]
    used = 0
    for k in range(inputs):
        used += squares[k] > 0
    width = (begin[layer + 1] - begin[layer]) // outputs * LANES
    weights, former, slopes = flat(theta), flat(before), flat(gradient)
    for o in range(outputs):
        at = begin[layer] * LANES + o * width
        for k in range(inputs):
            weight = float(weights[at + k])
            of_layer[GRADIENT] += float(slopes[at + k]) ** 2
            if squares[k] > 0:
                of_layer[WEIGHT] += weight * weight
                of_layer[MOVED] += (weight - float(former[at + k])) ** 2
        if is_hidden:
            for other in range(o):
                is_same = True
                place = begin[layer] * LANES + other * width
                for k in range(inputs + 1):
                    one, two = float(weights[at + k]), float(weights[place + k])
                    if not abs(one - two) <= SAME * max(abs(one), abs(two)):
                        is_same = False
                        break
                if is_same:
                    of_layer[TWINS] += 1
                    break
    of_layer[GRADIENT] = math.sqrt(of_layer[GRADIENT] / (inputs * outputs))
    for which in (WEIGHT, MOVED):
        of_layer[which] = math.sqrt(of_layer[which] / (max(used, 1) * outputs))
