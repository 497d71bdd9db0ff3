"""Scores and δ of softmax heads whose samples are weighted, or whose labels are smoothed.

They are functions of their own, so that heads without them stay as they are. Arguments are those of
`output`, but `labels` has more rows than that of the label, each from another multiple of the stride: how
much labels are smoothed, where they are, and last the weight of each sample, where samples are weighted.
So each network of a block has its own.

A weight multiplies the loss and the δ of its sample; right predictions are not weighted.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.elementary import log
from mlplab.engine.arrays import Flat, Scratch
from mlplab.engine.compiling import entry, kernel
from mlplab.engine.lanes import flat
from mlplab.engine.output import (
    add_up,
    count_right,
    delta_of_cross_entropy,
    delta_of_squared_error,
    pick,
)
from mlplab.spec.heads import EPSILON

Float64 = NDArray[np.float64]


@kernel
def logarithm(value: Any, low: Any, high: Any) -> Any:
    """ln of a probability kept within low and high, in its own type; NaN of what is no number."""
    inside = low if value < low else high if value > high else value
    wide = np.float64(inside)
    found = log(wide)
    return type(value)(found if wide == wide else np.nan)  # NaN is not


@kernel
def multiply(values: Flat, classes: int, stride: int, n: int, weights: Flat) -> None:
    """Multiply n numbers of each class by the weights of their samples."""
    for k in range(classes):
        row = values[k * stride : k * stride + n]
        for q in range(n):
            row[q] *= weights[q]


# ---- Squared error -------------------------------------------------------------------------------


@entry
def score_weighted_squared_error(
    p: Flat,
    labels: Flat,
    classes: int,
    stride: int,
    n: int,
    scratch: Scratch,
    seen: Float64,
) -> None:
    """L = Σ w (p - y)²; the weight is the number after the label."""
    number = p.dtype.type
    count_right(p, labels, classes, stride, n, scratch, seen[1])
    loss = flat(scratch[2])
    for q in range(n):
        loss[q] = 0
    for k in range(classes):
        row, label = p[k * stride : k * stride + n], number(k)
        for q in range(n):
            error = row[q] - (number(1) if labels[q] == label else number(0))
            loss[q] += error * error
    multiply(loss, 1, n, n, labels[stride:])
    add_up(scratch[2], n, seen[0])


@entry
def delta_of_weighted_squared_error(
    p: Flat,
    labels: Flat,
    classes: int,
    stride: int,
    n: int,
    samples: int,
    scratch: Scratch,
    delta: Flat,
) -> None:
    """δ = w p (g - Σ g p), g = 2/(samples K) (p - y)."""
    delta_of_squared_error(p, labels, classes, stride, n, samples, scratch, delta)
    multiply(delta, classes, stride, n, labels[stride:])


# ---- Cross-entropy of weighted samples -----------------------------------------------------------


@entry
def score_weighted_cross_entropy(
    p: Flat,
    labels: Flat,
    classes: int,
    stride: int,
    n: int,
    scratch: Scratch,
    seen: Float64,
) -> None:
    """L = -w log p of the class of the label, p being clipped to ε and 1 - ε."""
    number = p.dtype.type
    low, high = number(EPSILON), number(1 - EPSILON)
    count_right(p, labels, classes, stride, n, scratch, seen[1])
    loss = flat(scratch[2])
    pick(p, labels, classes, stride, n, loss)
    for q in range(n):
        loss[q] = -logarithm(loss[q], low, high)
    multiply(loss, 1, n, n, labels[stride:])
    add_up(scratch[2], n, seen[0])


@entry
def delta_of_weighted_cross_entropy(
    p: Flat,
    labels: Flat,
    classes: int,
    stride: int,
    n: int,
    samples: int,
    scratch: Scratch,
    delta: Flat,
) -> None:
    """δ = w (p - y) / samples, and 0 where the probability of the class is clipped."""
    delta_of_cross_entropy(p, labels, classes, stride, n, samples, scratch, delta)
    multiply(delta, classes, stride, n, labels[stride:])


# ---- Cross-entropy of smoothed labels ------------------------------------------------------------


@kernel
def lose_smoothed(p: Flat, labels: Flat, classes: int, stride: int, n: int, loss: Flat) -> None:
    """L = -Σₖ yₖ log pₖ of each sample, y = s/K and 1 - s more at the class of the label."""
    number = p.dtype.type
    low, high = number(EPSILON), number(1 - EPSILON)
    smoothing = labels[stride : stride + n]
    for q in range(n):
        loss[q] = 0
    for k in range(classes):
        row, label = p[k * stride : k * stride + n], number(k)
        for q in range(n):
            other = smoothing[q] / number(classes)
            y = (number(1) - smoothing[q]) + other if labels[q] == label else other
            loss[q] -= y * logarithm(row[q], low, high)


@entry
def score_smoothed_cross_entropy(
    p: Flat,
    labels: Flat,
    classes: int,
    stride: int,
    n: int,
    scratch: Scratch,
    seen: Float64,
) -> None:
    """L = -Σₖ yₖ log pₖ; how much is smoothed is the number after the label."""
    count_right(p, labels, classes, stride, n, scratch, seen[1])
    lose_smoothed(p, labels, classes, stride, n, flat(scratch[2]))
    add_up(scratch[2], n, seen[0])


@entry
def score_weighted_smoothed_cross_entropy(
    p: Flat,
    labels: Flat,
    classes: int,
    stride: int,
    n: int,
    scratch: Scratch,
    seen: Float64,
) -> None:
    """L = -w Σₖ yₖ log pₖ; after the label come how much is smoothed, and the weight."""
    count_right(p, labels, classes, stride, n, scratch, seen[1])
    loss = flat(scratch[2])
    lose_smoothed(p, labels, classes, stride, n, loss)
    multiply(loss, 1, n, n, labels[2 * stride :])
    add_up(scratch[2], n, seen[0])


@entry
def delta_of_smoothed_cross_entropy(
    p: Flat,
    labels: Flat,
    classes: int,
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
    smoothing, total = labels[stride : stride + n], flat(scratch[0])
    for q in range(n):
        total[q] = 0
    for k in range(classes):
        row, label = p[k * stride : k * stride + n], number(k)
        out = delta[k * stride : k * stride + n]
        for q in range(n):
            other = smoothing[q] / number(classes)
            y = (number(1) - smoothing[q]) + other if labels[q] == label else other
            inside = (row[q] > low) & (row[q] < high)
            out[q] = y if inside else number(0)
            total[q] += out[q]
    for k in range(classes):
        row, out = p[k * stride : k * stride + n], delta[k * stride : k * stride + n]
        for q in range(n):
            out[q] = (row[q] * total[q] - out[q]) * factor


@entry
def delta_of_weighted_smoothed_cross_entropy(
    p: Flat,
    labels: Flat,
    classes: int,
    stride: int,
    n: int,
    samples: int,
    scratch: Scratch,
    delta: Flat,
) -> None:
    """As `delta_of_smoothed_cross_entropy`, times w."""
    delta_of_smoothed_cross_entropy(p, labels, classes, stride, n, samples, scratch, delta)
    multiply(delta, classes, stride, n, labels[2 * stride :])
