"""The head of two classes with one output: sigmoid and binary cross-entropy.

The first answer of a sample is its label, 0 or 1; p is the probability of class 1. `output` says what the
functions are for, and their arguments.
"""

from __future__ import annotations

from typing import Any

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
def sigmoid(z: Flat, outputs: int, stride: int, n: int, scratch: Scratch) -> None:
    """Turn pre-activations into probabilities, as `predict` of a head."""
    zero, one = z.dtype.type(0), z.dtype.type(1)
    for q in range(n):
        e = exponential(-abs(z[q]))
        z[q] = (e if z[q] < zero else one) / (one + e)


@kernel
def count_right_of_two(
    p: Flat, answers: Flat, outputs: int, stride: int, n: int, scratch: Scratch, right: Float64
) -> None:
    """Add the right predictions to those of their networks; class 1 is predicted where p > 1/2."""
    number = p.dtype.type
    half, one, zero = number(0.5), number(1), number(0)
    is_right = flat(scratch[1])
    for q in range(n):
        agrees = ((p[q] > half) == (answers[q] > half)) & (p[q] == p[q])
        is_right[q] = one if agrees else zero
    add_up(scratch[1], n, right)


# ---- Binary cross-entropy ------------------------------------------------------------------------


@inlined
def pick_of_two(p: Flat, answers: Flat, outputs: int, stride: int, n: int, out: Flat) -> None:
    """Write the probability of each sample's class, p being clipped to ε and 1 - ε before."""
    number = p.dtype.type
    low, high, one = number(EPSILON), number(1 - EPSILON), number(1)
    for q in range(n):
        inside = low if p[q] < low else high if p[q] > high else p[q]
        out[q] = inside if answers[q] == one else one - inside


@kernel
def add_binary(likely: Scratch, n: int, sums: Float64) -> None:
    """ℓ = -log p of samples of class 1, -log (1 - p) of the others; they are clipped already."""
    networks, line = len(sums), flat(likely)
    for network in range(networks):
        for first in range(network, n, TOGETHER * networks):
            product = 1.0
            for q in range(first, min(n, first + TOGETHER * networks), networks):
                product *= np.float64(line[q])
            is_number = product == product  # NaN is not
            sums[network] -= log(product) if is_number else np.nan


@inlined
def derive_binary(
    p: Flat,
    answers: Flat,
    outputs: int,
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
        delta[q] = number(0) if clipped else (p[q] - answers[q]) * factor


# ---- Binary cross-entropy of smoothed labels -----------------------------------------------------


@kernel
def smoothed(label: Any, smoothing: Any) -> Any:
    """y = label (1 - s) + s/2."""
    number = type(label)
    return label * (number(1) - smoothing) + number(0.5) * smoothing


@inlined
def lose_smoothed_binary(
    p: Flat, answers: Flat, outputs: int, stride: int, n: int, out: Flat
) -> None:
    """ℓ = -y log p - (1 - y) log (1 - p), p being clipped to ε and 1 - ε; s is the second answer."""
    number = p.dtype.type
    low, high, zero, one = number(EPSILON), number(1 - EPSILON), number(0), number(1)
    for q in range(n):
        inside = low if p[q] < low else high if p[q] > high else p[q]
        y = smoothed(answers[q], answers[stride + q])
        of_class = y * logarithm(inside, zero, one)
        out[q] = -(of_class + (one - y) * logarithm(one - inside, zero, one))


@inlined
def derive_smoothed_binary(
    p: Flat,
    answers: Flat,
    outputs: int,
    stride: int,
    n: int,
    samples: int,
    scratch: Scratch,
    delta: Flat,
) -> None:
    """As `derive_binary`, with y smoothed."""
    number = p.dtype.type
    factor = number(1 / samples)
    low, high = number(EPSILON), number(1 - EPSILON)
    for q in range(n):
        clipped = (p[q] <= low) | (p[q] >= high)
        y = smoothed(answers[q], answers[stride + q])
        delta[q] = number(0) if clipped else (p[q] - y) * factor
