"""Heads of regression: linear outputs with squared, absolute or Huber loss.

The first answers of a sample are its targets, one for each output. `output` says what the functions are
for, and their arguments.

The metric of the squared loss is R², the mean over T targets of 1 - Σ (p - y)² / Σ (y - mean of y)². For
that a sample has as many answers more, of each target its scale: 1 over √T times the standard deviation
of the target among the samples of the split. The mean over the samples of Σₜ (scaleₜ (pₜ - yₜ))² is then
1 - R²; squares of what is not scaled would leave float32 in many a unit. A target that does not vary has
no deviation; its scale is -1/T, and it counts by the fraction of samples that miss it. The metric of the
others is the mean absolute error. No metric is weighted.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.drawing import PackedSamples
from mlplab.engine.arrays import Flat, Scratch
from mlplab.engine.compiling import entry, inlined, kernel
from mlplab.engine.lanes import flat
from mlplab.engine.output import add_up
from mlplab.spec.regression import HUBER_DELTA

Float64 = NDArray[np.float64]


@entry
def linear(z: Flat, outputs: int, stride: int, n: int, scratch: Scratch) -> None:
    """Leave pre-activations as they are, as `predict` of a head."""


@entry
def fill_scales(packed: PackedSamples, features: int, targets: int) -> None:
    """Write the scales of each network's targets into all its samples, behind their targets.

    Parameters
    ----------
    packed : ndarray, shape (networks, samples, width)
        The samples of one split.
    features, targets : int
        How many numbers of each come first, and how many follow them.

    Examples
    --------
    >>> packed = np.array([[[0.5, y, 5.0, 0.0, 0.0, 0.0, 0.0, 0.0] for y in (0.0, 2.0, 4.0)]])
    >>> fill_scales(packed, 1, 2)
    >>> packed[0, 0].tolist()
    [0.5, 0.0, 5.0, 0.43301270189221935, -0.5, 0.0, 0.0, 0.0]
    """
    samples = packed.shape[1]
    for network in range(len(packed)):
        for k in range(targets):
            mean, variance, varies = 0.0, 0.0, False
            for i in range(samples):
                mean += packed[network, i, features + k] / samples
                # The mean of equal numbers may be another number: it is rounded.
                varies |= packed[network, i, features + k] != packed[network, 0, features + k]
            for i in range(samples):
                error = packed[network, i, features + k] - mean
                variance += error * error / samples
            scale = -1 / targets
            if varies and variance > 0:
                # Nothing is known of what float64 cannot square.
                scale = 1 / math.sqrt(targets * variance) if variance < np.inf else np.nan
            for i in range(samples):
                packed[network, i, features + targets + k] = scale


# ---- Squared error -------------------------------------------------------------------------------


@kernel
def measure_spread(
    p: Flat, answers: Flat, outputs: int, stride: int, n: int, scratch: Scratch, sums: Float64
) -> None:
    """Add Σₜ (scaleₜ (pₜ - yₜ))² of each sample, of which `mean_with_r_squared` makes R²."""
    number = p.dtype.type
    zero, out = number(0), flat(scratch[1])
    for q in range(n):
        out[q] = 0
    for k in range(outputs):
        row, target = p[k * stride : k * stride + n], answers[k * stride : k * stride + n]
        first = (outputs + k) * stride
        scale = answers[first : first + n]
        for q in range(n):
            error = row[q] - target[q]
            of_constant = zero if error == zero else -scale[q]
            scaled = error * scale[q]
            out[q] += scaled * scaled if scale[q] > zero else of_constant
    add_up(scratch[1], n, sums)


@entry
def mean_with_r_squared(seen: Float64, samples: int, outputs: int) -> None:
    """Loss: mean over samples and outputs; metric: R² of what `measure_spread` added."""
    for network in range(seen.shape[1]):
        seen[0, network] /= samples * outputs
        seen[1, network] = 1 - seen[1, network] / samples


@inlined
def lose_squared(p: Flat, answers: Flat, outputs: int, stride: int, n: int, out: Flat) -> None:
    """ℓ = Σₜ (pₜ - yₜ)²."""
    for q in range(n):
        out[q] = 0
    for k in range(outputs):
        row, target = p[k * stride : k * stride + n], answers[k * stride : k * stride + n]
        for q in range(n):
            error = row[q] - target[q]
            out[q] += error * error


@inlined
def derive_squared(
    p: Flat,
    answers: Flat,
    outputs: int,
    stride: int,
    n: int,
    samples: int,
    scratch: Scratch,
    delta: Flat,
) -> None:
    """δ = 2/(samples T) (p - y)."""
    factor = p.dtype.type(2 / (samples * outputs))
    for k in range(outputs):
        row, target = p[k * stride : k * stride + n], answers[k * stride : k * stride + n]
        out = delta[k * stride : k * stride + n]
        for q in range(n):
            out[q] = (row[q] - target[q]) * factor


# ---- Absolute error ------------------------------------------------------------------------------


@inlined
def lose_absolute(p: Flat, answers: Flat, outputs: int, stride: int, n: int, out: Flat) -> None:
    """ℓ = Σₜ |pₜ - yₜ|."""
    for q in range(n):
        out[q] = 0
    for k in range(outputs):
        row, target = p[k * stride : k * stride + n], answers[k * stride : k * stride + n]
        for q in range(n):
            out[q] += abs(row[q] - target[q])


@kernel
def measure_absolute(
    p: Flat, answers: Flat, outputs: int, stride: int, n: int, scratch: Scratch, sums: Float64
) -> None:
    """Add Σₜ |pₜ - yₜ| of each sample."""
    lose_absolute(p, answers, outputs, stride, n, flat(scratch[1]))
    add_up(scratch[1], n, sums)


@entry
def mean_with_absolute_error(seen: Float64, samples: int, outputs: int) -> None:
    """Loss and metric: means over samples and outputs."""
    for network in range(seen.shape[1]):
        seen[0, network] /= samples * outputs
        seen[1, network] /= samples * outputs


@inlined
def derive_absolute(
    p: Flat,
    answers: Flat,
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
        row, target = p[k * stride : k * stride + n], answers[k * stride : k * stride + n]
        out = delta[k * stride : k * stride + n]
        for q in range(n):
            error = row[q] - target[q]
            out[q] = factor if error > zero else -factor if error < zero else error


# ---- Huber's loss --------------------------------------------------------------------------------


@inlined
def lose_huber(p: Flat, answers: Flat, outputs: int, stride: int, n: int, out: Flat) -> None:
    """ℓ = Σₜ ½ e² where |e| ≤ d, else d |e| - ½ d²; e = p - y."""
    number = p.dtype.type
    half, d = number(0.5), number(HUBER_DELTA)
    for q in range(n):
        out[q] = 0
    for k in range(outputs):
        row, target = p[k * stride : k * stride + n], answers[k * stride : k * stride + n]
        for q in range(n):
            size = abs(row[q] - target[q])
            near, far = half * size * size, d * size - half * d * d
            out[q] += far if size > d else near


@inlined
def derive_huber(
    p: Flat,
    answers: Flat,
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
        row, target = p[k * stride : k * stride + n], answers[k * stride : k * stride + n]
        out = delta[k * stride : k * stride + n]
        for q in range(n):
            out[q] = within(row[q] - target[q], d) * factor


@kernel
def within(value: Any, bound: Any) -> Any:
    """Keep a number within ± a bound; what is no number stays so."""
    return -bound if value < -bound else bound if value > bound else value
