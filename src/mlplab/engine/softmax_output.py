"""Heads of classes with an output for each: softmax with squared error or cross-entropy.

The first answer of a sample is its label, from 0 on. `output` says what the functions are for, and their
arguments.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlplab.elementary import log
from mlplab.engine.arrays import Flat, Scratch
from mlplab.engine.compiling import entry, inlined, kernel
from mlplab.engine.exponential import exponential
from mlplab.engine.lanes import flat
from mlplab.engine.output import TOGETHER, add_up, logarithm
from mlplab.spec.heads import EPSILON

Float64 = NDArray[np.float64]


@entry
def softmax(z: Flat, outputs: int, stride: int, n: int, scratch: Scratch) -> None:
    """Turn pre-activations into probabilities, as `predict` of a head."""
    one = z.dtype.type(1)
    largest, total = flat(scratch[0]), flat(scratch[1])
    for q in range(n):
        largest[q] = z[q]
    for k in range(1, outputs):
        row = z[k * stride : k * stride + n]
        for q in range(n):
            largest[q] = row[q] if row[q] > largest[q] else largest[q]
    for k in range(outputs):
        row = z[k * stride : k * stride + n]
        for q in range(n):
            row[q] = exponential(row[q] - largest[q])
    for q in range(n):
        total[q] = z[q]
    for k in range(1, outputs):
        row = z[k * stride : k * stride + n]
        for q in range(n):
            total[q] += row[q]
    for q in range(n):
        total[q] = one / total[q]
    for k in range(outputs):
        row = z[k * stride : k * stride + n]
        for q in range(n):
            row[q] *= total[q]


@kernel
def count_right(
    p: Flat, answers: Flat, outputs: int, stride: int, n: int, scratch: Scratch, right: Float64
) -> None:
    """Add the right predictions to those of their networks; of equal outputs the first is predicted."""
    number = p.dtype.type
    one, zero = number(1), number(0)
    best, predicted = flat(scratch[0]), flat(scratch[1])
    for q in range(n):
        best[q] = p[q]
    for q in range(n):
        predicted[q] = zero
    for k in range(1, outputs):
        row, label = p[k * stride : k * stride + n], number(k)
        for q in range(n):
            before = predicted[q]  # read in any case, else there are no vector instructions for it
            predicted[q] = label if row[q] > best[q] else before
        for q in range(n):
            best[q] = row[q] if row[q] > best[q] else best[q]
    for q in range(n):
        # Where no output is a number, `best` is none: no prediction, so not a right one.
        is_right = (predicted[q] == answers[q]) & (best[q] == best[q])
        predicted[q] = one if is_right else zero
    add_up(scratch[1], n, right)


# ---- Mean squared error --------------------------------------------------------------------------


@inlined
def lose_squares(p: Flat, answers: Flat, outputs: int, stride: int, n: int, out: Flat) -> None:
    """ℓ = Σₖ (pₖ - yₖ)², y being 1 of the class of the label, else 0."""
    number = p.dtype.type
    for q in range(n):
        out[q] = 0
    for k in range(outputs):
        row, label = p[k * stride : k * stride + n], number(k)
        for q in range(n):
            error = row[q] - (number(1) if answers[q] == label else number(0))
            out[q] += error * error


@inlined
def derive_squares(
    p: Flat,
    answers: Flat,
    outputs: int,
    stride: int,
    n: int,
    samples: int,
    scratch: Scratch,
    delta: Flat,
) -> None:
    """g = 2/(samples K) (p - y), δ = p (g - Σ g p)."""
    number = p.dtype.type
    factor = number(2 / (samples * outputs))
    total = flat(scratch[0])
    for q in range(n):
        total[q] = 0
    for k in range(outputs):
        row, label = p[k * stride : k * stride + n], number(k)
        for q in range(n):
            error = row[q] - (number(1) if answers[q] == label else number(0))
            total[q] += error * row[q]
    for k in range(outputs):
        row, label = p[k * stride : k * stride + n], number(k)
        out = delta[k * stride : k * stride + n]
        for q in range(n):
            error = row[q] - (number(1) if answers[q] == label else number(0))
            out[q] = row[q] * factor * (error - total[q])


# ---- Cross-entropy -------------------------------------------------------------------------------


@inlined
def pick(p: Flat, answers: Flat, outputs: int, stride: int, n: int, out: Flat) -> None:
    """Write the probability of each sample's class, of which `add_cross_entropy` makes ℓ."""
    for q in range(n):
        out[q] = p[q]
    for k in range(1, outputs):
        row, label = p[k * stride : k * stride + n], p.dtype.type(k)
        for q in range(n):
            this, before = row[q], out[q]
            out[q] = this if answers[q] == label else before


@kernel
def add_cross_entropy(likely: Scratch, n: int, sums: Float64) -> None:
    """ℓ = -log p of the class of the label, p being clipped to ε and 1 - ε."""
    networks, line = len(sums), flat(likely)
    for network in range(networks):
        for first in range(network, n, TOGETHER * networks):
            product, lost = 1.0, False
            for q in range(first, min(n, first + TOGETHER * networks), networks):
                value = np.float64(line[q])
                lost |= value != value  # NaN, which max and min would lose
                product *= min(max(value, EPSILON), 1 - EPSILON)
            sums[network] -= np.nan if lost else log(product)


@inlined
def derive_cross_entropy(
    p: Flat,
    answers: Flat,
    outputs: int,
    stride: int,
    n: int,
    samples: int,
    scratch: Scratch,
    delta: Flat,
) -> None:
    """δ = (p - y) / samples, and 0 where the probability of the class is clipped."""
    number = p.dtype.type
    factor = number(1 / samples)
    low, high = number(EPSILON), number(1 - EPSILON)
    likely = flat(scratch[0])
    pick(p, answers, outputs, stride, n, likely)
    for k in range(outputs):
        row, label = p[k * stride : k * stride + n], number(k)
        out = delta[k * stride : k * stride + n]
        for q in range(n):
            clipped = (likely[q] <= low) | (likely[q] >= high)
            error = row[q] - (number(1) if answers[q] == label else number(0))
            out[q] = number(0) if clipped else error * factor


# ---- Cross-entropy of smoothed labels ------------------------------------------------------------


@inlined
def lose_smoothed(p: Flat, answers: Flat, outputs: int, stride: int, n: int, out: Flat) -> None:
    """ℓ = -Σₖ yₖ log pₖ, y = s/K and 1 - s more at the class of the label; s is the second answer."""
    number = p.dtype.type
    low, high = number(EPSILON), number(1 - EPSILON)
    smoothing = answers[stride : stride + n]
    for q in range(n):
        out[q] = 0
    for k in range(outputs):
        row, label = p[k * stride : k * stride + n], number(k)
        for q in range(n):
            other = smoothing[q] / number(outputs)
            y = (number(1) - smoothing[q]) + other if answers[q] == label else other
            out[q] -= y * logarithm(row[q], low, high)


@inlined
def derive_smoothed(
    p: Flat,
    answers: Flat,
    outputs: int,
    stride: int,
    n: int,
    samples: int,
    scratch: Scratch,
    delta: Flat,
) -> None:
    """δⱼ = (pⱼ Σₖ yₖ - yⱼ) / samples, without the classes whose probability is clipped."""
    number = p.dtype.type
    factor = number(1 / samples)
    low, high = number(EPSILON), number(1 - EPSILON)
    smoothing, total = answers[stride : stride + n], flat(scratch[0])
    for q in range(n):
        total[q] = 0
    for k in range(outputs):
        row, label = p[k * stride : k * stride + n], number(k)
        out = delta[k * stride : k * stride + n]
        for q in range(n):
            other = smoothing[q] / number(outputs)
            y = (number(1) - smoothing[q]) + other if answers[q] == label else other
            inside = (row[q] > low) & (row[q] < high)
            out[q] = y if inside else number(0)
            total[q] += out[q]
    for k in range(outputs):
        row, out = p[k * stride : k * stride + n], delta[k * stride : k * stride + n]
        for q in range(n):
            out[q] = (row[q] * total[q] - out[q]) * factor
