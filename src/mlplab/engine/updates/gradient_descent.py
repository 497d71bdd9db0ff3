"""The updates of SGD: plain, with momentum, and Nesterov's."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlplab.engine.arrays import Flat, Rows
from mlplab.engine.compiling import entry, kernel
from mlplab.engine.updates.known import register
from mlplab.engine.updates.segments import SEGMENT, smallest


@kernel
def describe_sgd(constants: Flat, momentum: float, nesterov: float) -> int:
    """(μ, 0, 0)."""
    constants[0] = momentum
    return 2 if nesterov else 1 if momentum > 0 else 0


@entry
def sgd(
    constants: Rows,
    rate: Flat,
    theta: Flat,
    gradient: Flat,
    first_moment: Flat,
    second_moment: Flat,
) -> None:
    """θ ← θ - η g."""
    # Unsigned, so that no index need be looked at whether it counts from the end.
    end, most = np.uint64(len(theta)), np.uint64(SEGMENT)
    for p in range(np.uint64(0), end, most):
        n = min(most, end - p)
        for q in range(n):
            theta[p + q] -= rate[q] * gradient[p + q]


@entry
def momentum(
    constants: Rows,
    rate: Flat,
    theta: Flat,
    gradient: Flat,
    first_moment: Flat,
    second_moment: Flat,
) -> None:
    """v ← μ v - η g, θ ← θ + v."""
    end, most = np.uint64(len(theta)), np.uint64(SEGMENT)
    for p in range(np.uint64(0), end, most):
        n = min(most, end - p)
        accelerate(constants, rate, gradient, first_moment, p, n)
        for q in range(n):
            theta[p + q] += first_moment[p + q]


@entry
def nesterov(
    constants: Rows,
    rate: Flat,
    theta: Flat,
    gradient: Flat,
    first_moment: Flat,
    second_moment: Flat,
) -> None:
    """v ← μ v - η g, θ ← θ + μ v - η g."""
    end, most = np.uint64(len(theta)), np.uint64(SEGMENT)
    for p in range(np.uint64(0), end, most):
        n = min(most, end - p)
        accelerate(constants, rate, gradient, first_moment, p, n)
        for q in range(n):
            theta[p + q] += constants[0, q] * first_moment[p + q] - rate[q] * gradient[p + q]


@kernel
def accelerate(constants: Rows, rate: Flat, gradient: Flat, velocity: Flat, p: int, n: Any) -> None:
    """v ← μ v - η g, of n parameters from p on."""
    nothing, least = velocity.dtype.type(0), smallest(velocity)
    for q in range(n):
        v = constants[0, q] * velocity[p + q] - rate[q] * gradient[p + q]
        velocity[p + q] = nothing if abs(v) < least else v


register("sgd", describe_sgd, sgd=sgd, momentum=momentum, nesterov=nesterov)
