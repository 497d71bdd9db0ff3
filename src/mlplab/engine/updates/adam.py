"""The updates of Adam, AdamW and Nadam, which share what they remember."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlplab.engine.arrays import Flat, Rows
from mlplab.engine.compiling import entry, inlined, kernel
from mlplab.engine.updates.known import register
from mlplab.engine.updates.segments import SEGMENT, smallest


@kernel
def describe_adam(constants: Flat, beta_1: float, beta_2: float, epsilon: float) -> int:
    """(1 - β₁, 1 - β₂, ε)."""
    constants[0], constants[1], constants[2] = 1 - beta_1, 1 - beta_2, epsilon
    return 0


@entry
def adam(
    constants: Rows,
    rate: Flat,
    theta: Flat,
    gradient: Flat,
    first_moment: Flat,
    second_moment: Flat,
) -> None:
    """m ← m + (1 - β₁)(g - m), v ← v + (1 - β₂)(g² - v), θ ← θ - α m / (√v + ε)."""
    end, most = np.uint64(len(theta)), np.uint64(SEGMENT)
    for p in range(np.uint64(0), end, most):
        n = min(most, end - p)
        remember(constants, gradient, first_moment, second_moment, p, n)
        for q in range(n):
            root = np.sqrt(second_moment[p + q]) + constants[2, q]
            theta[p + q] -= rate[q] * first_moment[p + q] / root


@entry
def nadam(
    constants: Rows,
    rate: Flat,
    theta: Flat,
    gradient: Flat,
    first_moment: Flat,
    second_moment: Flat,
) -> None:
    """Moments as in Adam, θ ← θ - (α₁ m + α₂ g) / (√(α₃ v) + ε), by the rates of `Nadam.scale`."""
    end, most = np.uint64(len(theta)), np.uint64(SEGMENT)
    for p in range(np.uint64(0), end, most):
        n = min(most, end - p)
        remember(constants, gradient, first_moment, second_moment, p, n)
        for q in range(n):
            root = np.sqrt(rate[2 * SEGMENT + q] * second_moment[p + q]) + constants[2, q]
            ahead = rate[q] * first_moment[p + q] + rate[SEGMENT + q] * gradient[p + q]
            theta[p + q] -= ahead / root


@inlined
def remember(
    constants: Rows, gradient: Flat, first_moment: Flat, second_moment: Flat, p: int, n: Any
) -> None:
    """m ← m + (1 - β₁)(g - m), v ← v + (1 - β₂)(g² - v), of n parameters from p on."""
    nothing, least = gradient.dtype.type(0), smallest(gradient)
    for q in range(n):
        m = first_moment[p + q] + constants[0, q] * (gradient[p + q] - first_moment[p + q])
        first_moment[p + q] = nothing if abs(m) < least else m
    for q in range(n):
        g = gradient[p + q]
        v = second_moment[p + q] + constants[1, q] * (g * g - second_moment[p + q])
        second_moment[p + q] = nothing if v < least else v


register("adam", describe_adam, adam=adam)
register("adamw", describe_adam, adam=adam)
register("nadam", describe_adam, nadam=nadam)
