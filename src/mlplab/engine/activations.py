"""Activations and their slopes, over flat stretches of numbers; twin of `reference.activations`.

The slope σ'(z) is written in terms of h = σ(z), which is what a kernel keeps.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.engine.compiling import kernel
from mlplab.engine.exponential import (
    exponential,
    exponential_minus_one,
    logarithm_of_one_plus,
)

Flat = NDArray[np.floating[Any]]

ACTIVATION_CODES = {
    name: code
    for code, name in enumerate(
        ("linear", "relu", "leaky_relu", "sigmoid", "tanh", "elu", "softplus")
    )
}
"""Numbers by which kernels know the activations."""

LINEAR, RELU, LEAKY_RELU, SIGMOID, TANH, ELU, SOFTPLUS = ACTIVATION_CODES.values()


@kernel
def activate(code: int, h: Flat) -> None:
    """Turn sums z into h = σ(z), in place; h has any length."""
    zero, one, two = h.dtype.type(0), h.dtype.type(1), h.dtype.type(2)
    if code == RELU:
        for q in range(len(h)):
            h[q] = zero if h[q] <= zero else h[q]  # NaN is not ≤ 0 and stays
    elif code == LEAKY_RELU:
        slope = h.dtype.type(0.2)
        for q in range(len(h)):
            h[q] = slope * h[q] if h[q] < zero else h[q]
    elif code == SIGMOID:
        for q in range(len(h)):
            e = exponential(-abs(h[q]))
            h[q] = (e if h[q] < zero else one) / (one + e)
    elif code == TANH:
        for q in range(len(h)):
            e = exponential_minus_one(-two * abs(h[q]))
            t = -e / (two + e)
            h[q] = -t if h[q] < zero else t
    elif code == ELU:
        for q in range(len(h)):
            e = exponential_minus_one(zero if h[q] > zero else h[q])
            h[q] = h[q] if h[q] > zero else e
    elif code == SOFTPLUS:
        for q in range(len(h)):
            e = exponential(-abs(h[q]))
            h[q] = (zero if h[q] < zero else h[q]) + logarithm_of_one_plus(e)


@kernel
def multiply_by_slope(code: int, delta: Flat, h: Flat) -> None:
    """δ ← δ · σ'(z), given h = σ(z) of the same length."""
    zero, one = h.dtype.type(0), h.dtype.type(1)
    if code == RELU:
        for q in range(len(h)):
            delta[q] = delta[q] if h[q] > zero else zero
    elif code == LEAKY_RELU:
        slope = h.dtype.type(0.2)
        for q in range(len(h)):
            delta[q] = slope * delta[q] if h[q] < zero else delta[q]
    elif code == SIGMOID:
        for q in range(len(h)):
            delta[q] *= h[q] * (one - h[q])
    elif code == TANH:
        for q in range(len(h)):
            delta[q] *= one - h[q] * h[q]
    elif code == ELU:
        for q in range(len(h)):
            delta[q] = delta[q] if h[q] > zero else delta[q] * (h[q] + one)
    elif code == SOFTPLUS:
        for q in range(len(h)):
            delta[q] *= -exponential_minus_one(-h[q])
