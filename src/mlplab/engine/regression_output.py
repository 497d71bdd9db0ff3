"""Heads of regression: linear outputs with squared, absolute or Huber loss.

Arguments are those of `output`, but an output is no class: `labels` has a target for each output, from
the same multiple of the stride, and after them, where samples are weighted, the weight. `score` adds the
loss to the first row of `seen`, and to the second what the metric is made of, unweighted: Σ (p - y)² of
the squared loss, of whose mean and the targets' variance R² follows, and Σ |p - y| of the others.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.engine.arrays import Flat, Scratch
from mlplab.engine.compiling import entry, kernel
from mlplab.engine.lanes import flat
from mlplab.engine.output import add_up
from mlplab.engine.weighted_output import multiply
from mlplab.spec.regression import HUBER_DELTA

Float64 = NDArray[np.float64]


@entry
def linear(z: Flat, outputs: int, stride: int, n: int, scratch: Scratch) -> None:
    """Leave pre-activations as they are, as `predict` of a head."""


@entry
def mean_over_outputs(seen: Float64, samples: int, outputs: int) -> None:
    """Mean over samples and outputs."""
    for network in range(seen.shape[1]):
        seen[0, network] /= samples * outputs
        seen[1, network] /= samples * outputs


@kernel
def add_squares(p: Flat, labels: Flat, outputs: int, stride: int, n: int, out: Flat) -> None:
    """Σ (p - y)² over the outputs of each sample."""
    for q in range(n):
        out[q] = 0
    for k in range(outputs):
        row, target = p[k * stride : k * stride + n], labels[k * stride : k * stride + n]
        for q in range(n):
            error = row[q] - target[q]
            out[q] += error * error


@kernel
def add_sizes(p: Flat, labels: Flat, outputs: int, stride: int, n: int, out: Flat) -> None:
    """Σ |p - y| over the outputs of each sample."""
    for q in range(n):
        out[q] = 0
    for k in range(outputs):
        row, target = p[k * stride : k * stride + n], labels[k * stride : k * stride + n]
        for q in range(n):
            out[q] += abs(row[q] - target[q])


@kernel
def add_huber(p: Flat, labels: Flat, outputs: int, stride: int, n: int, out: Flat) -> None:
    """Σ ½ e² where |e| ≤ d, else d |e| - ½ d², over the outputs of each sample; e = p - y."""
    number = p.dtype.type
    half, d = number(0.5), number(HUBER_DELTA)
    for q in range(n):
        out[q] = 0
    for k in range(outputs):
        row, target = p[k * stride : k * stride + n], labels[k * stride : k * stride + n]
        for q in range(n):
            size = abs(row[q] - target[q])
            near, far = half * size * size, d * size - half * d * d
            out[q] += far if size > d else near


# ---- Scores --------------------------------------------------------------------------------------


@entry
def score_squared(
    p: Flat, labels: Flat, outputs: int, stride: int, n: int, scratch: Scratch, seen: Float64
) -> None:
    """L = Σ (p - y)²."""
    add_squares(p, labels, outputs, stride, n, flat(scratch[2]))
    add_up(scratch[2], n, seen[0])
    add_up(scratch[2], n, seen[1])


@entry
def score_weighted_squared(
    p: Flat, labels: Flat, outputs: int, stride: int, n: int, scratch: Scratch, seen: Float64
) -> None:
    """L = w Σ (p - y)²."""
    loss = flat(scratch[2])
    add_squares(p, labels, outputs, stride, n, loss)
    add_up(scratch[2], n, seen[1])
    multiply(loss, 1, n, n, labels[outputs * stride :])
    add_up(scratch[2], n, seen[0])


@entry
def score_absolute(
    p: Flat, labels: Flat, outputs: int, stride: int, n: int, scratch: Scratch, seen: Float64
) -> None:
    """L = Σ |p - y|."""
    add_sizes(p, labels, outputs, stride, n, flat(scratch[2]))
    add_up(scratch[2], n, seen[0])
    add_up(scratch[2], n, seen[1])


@entry
def score_weighted_absolute(
    p: Flat, labels: Flat, outputs: int, stride: int, n: int, scratch: Scratch, seen: Float64
) -> None:
    """L = w Σ |p - y|."""
    loss = flat(scratch[2])
    add_sizes(p, labels, outputs, stride, n, loss)
    add_up(scratch[2], n, seen[1])
    multiply(loss, 1, n, n, labels[outputs * stride :])
    add_up(scratch[2], n, seen[0])


@entry
def score_huber(
    p: Flat, labels: Flat, outputs: int, stride: int, n: int, scratch: Scratch, seen: Float64
) -> None:
    """L = Σ Huber's loss."""
    add_sizes(p, labels, outputs, stride, n, flat(scratch[1]))
    add_up(scratch[1], n, seen[1])
    add_huber(p, labels, outputs, stride, n, flat(scratch[2]))
    add_up(scratch[2], n, seen[0])


@entry
def score_weighted_huber(
    p: Flat, labels: Flat, outputs: int, stride: int, n: int, scratch: Scratch, seen: Float64
) -> None:
    """L = w Σ Huber's loss."""
    add_sizes(p, labels, outputs, stride, n, flat(scratch[1]))
    add_up(scratch[1], n, seen[1])
    loss = flat(scratch[2])
    add_huber(p, labels, outputs, stride, n, loss)
    multiply(loss, 1, n, n, labels[outputs * stride :])
    add_up(scratch[2], n, seen[0])


# ---- δ -------------------------------------------------------------------------------------------


@entry
def delta_of_squared(
    p: Flat,
    labels: Flat,
    outputs: int,
    stride: int,
    n: int,
    samples: int,
    scratch: Scratch,
    delta: Flat,
) -> None:
    """δ = 2/(samples T) (p - y) of T outputs."""
    factor = p.dtype.type(2 / (samples * outputs))
    for k in range(outputs):
        row, target = p[k * stride : k * stride + n], labels[k * stride : k * stride + n]
        out = delta[k * stride : k * stride + n]
        for q in range(n):
            out[q] = (row[q] - target[q]) * factor


@entry
def delta_of_weighted_squared(
    p: Flat,
    labels: Flat,
    outputs: int,
    stride: int,
    n: int,
    samples: int,
    scratch: Scratch,
    delta: Flat,
) -> None:
    """As `delta_of_squared`, times w."""
    delta_of_squared(p, labels, outputs, stride, n, samples, scratch, delta)
    multiply(delta, outputs, stride, n, labels[outputs * stride :])


@kernel
def within(value: Any, bound: Any) -> Any:
    """Keep a number within ± a bound; what is no number stays so."""
    return -bound if value < -bound else bound if value > bound else value


@entry
def delta_of_absolute(
    p: Flat,
    labels: Flat,
    outputs: int,
    stride: int,
    n: int,
    samples: int,
    scratch: Scratch,
    delta: Flat,
) -> None:
    """δ = 1/(samples T) sign(p - y), 0 where they are equal."""
    number = p.dtype.type
    factor, zero = number(1 / (samples * outputs)), number(0)
    for k in range(outputs):
        row, target = p[k * stride : k * stride + n], labels[k * stride : k * stride + n]
        out = delta[k * stride : k * stride + n]
        for q in range(n):
            error = row[q] - target[q]
            out[q] = factor if error > zero else -factor if error < zero else error


@entry
def delta_of_weighted_absolute(
    p: Flat,
    labels: Flat,
    outputs: int,
    stride: int,
    n: int,
    samples: int,
    scratch: Scratch,
    delta: Flat,
) -> None:
    """As `delta_of_absolute`, times w."""
    delta_of_absolute(p, labels, outputs, stride, n, samples, scratch, delta)
    multiply(delta, outputs, stride, n, labels[outputs * stride :])


@entry
def delta_of_huber(
    p: Flat,
    labels: Flat,
    outputs: int,
    stride: int,
    n: int,
    samples: int,
    scratch: Scratch,
    delta: Flat,
) -> None:
    """δ = 1/(samples T) (p - y), the difference kept within ± d."""
    number = p.dtype.type
    factor, d = number(1 / (samples * outputs)), number(HUBER_DELTA)
    for k in range(outputs):
        row, target = p[k * stride : k * stride + n], labels[k * stride : k * stride + n]
        out = delta[k * stride : k * stride + n]
        for q in range(n):
            out[q] = within(row[q] - target[q], d) * factor


@entry
def delta_of_weighted_huber(
    p: Flat,
    labels: Flat,
    outputs: int,
    stride: int,
    n: int,
    samples: int,
    scratch: Scratch,
    delta: Flat,
) -> None:
    """As `delta_of_huber`, times w."""
    delta_of_huber(p, labels, outputs, stride, n, samples, scratch, delta)
    multiply(delta, outputs, stride, n, labels[outputs * stride :])
