"""The head of two classes with one output: sigmoid and binary cross-entropy.

Arguments are those of `output`, with one class: p is the probability of class 1. Where samples are
weighted or labels smoothed, `labels` has more rows, as in `weighted_output`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.elementary import log
from mlplab.engine.arrays import Flat, Scratch
from mlplab.engine.compiling import entry, kernel
from mlplab.engine.exponential import exponential
from mlplab.engine.lanes import flat
from mlplab.engine.output import TOGETHER, add_up
from mlplab.engine.weighted_output import logarithm, multiply
from mlplab.spec.heads import EPSILON

Float64 = NDArray[np.float64]


@entry
def sigmoid(z: Flat, classes: int, stride: int, n: int, scratch: Scratch) -> None:
    """Turn pre-activations into probabilities, as `predict` of a head."""
    zero, one = z.dtype.type(0), z.dtype.type(1)
    for q in range(n):
        e = exponential(-abs(z[q]))
        z[q] = (e if z[q] < zero else one) / (one + e)


@kernel
def count_right(p: Flat, labels: Flat, n: int, scratch: Scratch, right: Float64) -> None:
    """Add the right predictions to those of their networks; class 1 is predicted where p > 1/2."""
    number = p.dtype.type
    half, one, zero = number(0.5), number(1), number(0)
    is_right = flat(scratch[1])
    for q in range(n):
        agrees = ((p[q] > half) == (labels[q] > half)) & (p[q] == p[q])
        is_right[q] = one if agrees else zero
    add_up(scratch[1], n, right)


@kernel
def pick(p: Flat, labels: Flat, n: int, out: Flat) -> None:
    """Write the probability of each sample's class, p being clipped to ε and 1 - ε before."""
    number = p.dtype.type
    low, high, one = number(EPSILON), number(1 - EPSILON), number(1)
    for q in range(n):
        inside = low if p[q] < low else high if p[q] > high else p[q]
        out[q] = inside if labels[q] == one else one - inside


@kernel
def target(label: Any, smoothing: Any) -> Any:
    """y = label (1 - s) + s/2."""
    number = type(label)
    return label * (number(1) - smoothing) + number(0.5) * smoothing


@entry
def score_binary(
    p: Flat,
    labels: Flat,
    classes: int,
    stride: int,
    n: int,
    scratch: Scratch,
    seen: Float64,
) -> None:
    """L = -log p of samples of class 1, -log (1 - p) of the others."""
    networks = seen.shape[1]
    count_right(p, labels, n, scratch, seen[1])
    likely = flat(scratch[2])
    pick(p, labels, n, likely)
    for network in range(networks):
        for first in range(network, n, TOGETHER * networks):
            # Each is ε at least, so that the product of so many cannot underflow.
            product = 1.0
            for q in range(first, min(n, first + TOGETHER * networks), networks):
                product *= np.float64(likely[q])
            is_number = product == product  # NaN is not
            seen[0, network] -= log(product) if is_number else np.nan


@entry
def score_weighted_binary(
    p: Flat,
    labels: Flat,
    classes: int,
    stride: int,
    n: int,
    scratch: Scratch,
    seen: Float64,
) -> None:
    """As `score_binary`, times w, the number after the label."""
    number = p.dtype.type
    zero, one = number(0), number(1)
    count_right(p, labels, n, scratch, seen[1])
    loss = flat(scratch[2])
    pick(p, labels, n, loss)
    for q in range(n):
        loss[q] = -logarithm(loss[q], zero, one)
    multiply(loss, 1, n, n, labels[stride:])
    add_up(scratch[2], n, seen[0])


@kernel
def lose_smoothed(p: Flat, labels: Flat, stride: int, n: int, loss: Flat) -> None:
    """L = -y log p - (1 - y) log (1 - p) of each sample, p being clipped to ε and 1 - ε."""
    number = p.dtype.type
    low, high, zero, one = number(EPSILON), number(1 - EPSILON), number(0), number(1)
    for q in range(n):
        inside = low if p[q] < low else high if p[q] > high else p[q]
        y = target(labels[q], labels[stride + q])
        of_class = y * logarithm(inside, zero, one)
        loss[q] = -(of_class + (one - y) * logarithm(one - inside, zero, one))


@entry
def score_smoothed_binary(
    p: Flat,
    labels: Flat,
    classes: int,
    stride: int,
    n: int,
    scratch: Scratch,
    seen: Float64,
) -> None:
    """L = -y log p - (1 - y) log (1 - p); how much is smoothed is the number after the label."""
    count_right(p, labels, n, scratch, seen[1])
    lose_smoothed(p, labels, stride, n, flat(scratch[2]))
    add_up(scratch[2], n, seen[0])


@entry
def score_weighted_smoothed_binary(
    p: Flat,
    labels: Flat,
    classes: int,
    stride: int,
    n: int,
    scratch: Scratch,
    seen: Float64,
) -> None:
    """As `score_smoothed_binary`, times w, the number after it."""
    count_right(p, labels, n, scratch, seen[1])
    loss = flat(scratch[2])
    lose_smoothed(p, labels, stride, n, loss)
    multiply(loss, 1, n, n, labels[2 * stride :])
    add_up(scratch[2], n, seen[0])


@entry
def delta_of_binary(
    p: Flat,
    labels: Flat,
    classes: int,
    stride: int,
    n: int,
    samples: int,
    scratch: Scratch,
    delta: Flat,
) -> None:
    """δ = (p - y) / samples, and 0 where p is clipped."""
    number = p.dtype.type
    factor = number(1 / samples)
    low, high = number(EPSILON), number(1 - EPSILON)
    for q in range(n):
        clipped = (p[q] <= low) | (p[q] >= high)
        delta[q] = number(0) if clipped else (p[q] - labels[q]) * factor


@entry
def delta_of_weighted_binary(
    p: Flat,
    labels: Flat,
    classes: int,
    stride: int,
    n: int,
    samples: int,
    scratch: Scratch,
    delta: Flat,
) -> None:
    """As `delta_of_binary`, times w."""
    delta_of_binary(p, labels, classes, stride, n, samples, scratch, delta)
    multiply(delta, 1, stride, n, labels[stride:])


@entry
def delta_of_smoothed_binary(
    p: Flat,
    labels: Flat,
    classes: int,
    stride: int,
    n: int,
    samples: int,
    scratch: Scratch,
    delta: Flat,
) -> None:
    """As `delta_of_binary`, with y smoothed."""
    number = p.dtype.type
    factor = number(1 / samples)
    low, high = number(EPSILON), number(1 - EPSILON)
    for q in range(n):
        clipped = (p[q] <= low) | (p[q] >= high)
        y = target(labels[q], labels[stride + q])
        delta[q] = number(0) if clipped else (p[q] - y) * factor


@entry
def delta_of_weighted_smoothed_binary(
    p: Flat,
    labels: Flat,
    classes: int,
    stride: int,
    n: int,
    samples: int,
    scratch: Scratch,
    delta: Flat,
) -> None:
    """As `delta_of_smoothed_binary`, times w."""
    delta_of_smoothed_binary(p, labels, classes, stride, n, samples, scratch, delta)
    multiply(delta, 1, stride, n, labels[2 * stride :])
