"""The updates of Adagrad, RMSprop and Adadelta: a rate for each weight."""

from __future__ import annotations

import numpy as np

from mlplab.engine.arrays import Flat, Rows
from mlplab.engine.compiling import entry, kernel
from mlplab.engine.updates.known import register
from mlplab.engine.updates.segments import SEGMENT, smallest


@kernel
def describe_adagrad(constants: Flat, initial_accumulator_value: float, epsilon: float) -> int:
    """(a₀ + ε, 0, 0): the sum of squares begins at zero here, and a₀ is added where it is read."""
    constants[0] = initial_accumulator_value + epsilon
    return 0


@entry
def adagrad(
    constants: Rows,
    rate: Flat,
    theta: Flat,
    gradient: Flat,
    first_moment: Flat,
    second_moment: Flat,
) -> None:
    """a ← a + g², θ ← θ - η g / √(a + a₀ + ε)."""
    nothing, least = theta.dtype.type(0), smallest(theta)
    end, most = np.uint64(len(theta)), np.uint64(SEGMENT)
    for p in range(np.uint64(0), end, most):
        n = min(most, end - p)
        for q in range(n):
            a = first_moment[p + q] + gradient[p + q] * gradient[p + q]
            first_moment[p + q] = nothing if a < least else a
        for q in range(n):
            root = np.sqrt(first_moment[p + q] + constants[0, q])
            theta[p + q] -= rate[q] * gradient[p + q] / root


@kernel
def describe_rmsprop(constants: Flat, rho: float, momentum: float, epsilon: float) -> int:
    """(1 - ρ, μ, ε)."""
    constants[0], constants[1], constants[2] = 1 - rho, momentum, epsilon
    return 0


@entry
def rmsprop(
    constants: Rows,
    rate: Flat,
    theta: Flat,
    gradient: Flat,
    first_moment: Flat,
    second_moment: Flat,
) -> None:
    """v ← v + (1 - ρ)(g² - v), m ← μ m + η g / √(v + ε), θ ← θ - m.

    m is the first moment, v the second.
    """
    nothing, least = theta.dtype.type(0), smallest(theta)
    end, most = np.uint64(len(theta)), np.uint64(SEGMENT)
    for p in range(np.uint64(0), end, most):
        n = min(most, end - p)
        for q in range(n):
            g = gradient[p + q]
            v = second_moment[p + q] + constants[0, q] * (g * g - second_moment[p + q])
            second_moment[p + q] = nothing if v < least else v
        for q in range(n):
            step = rate[q] * gradient[p + q] / np.sqrt(second_moment[p + q] + constants[2, q])
            m = constants[1, q] * first_moment[p + q] + step
            first_moment[p + q] = nothing if abs(m) < least else m
        for q in range(n):
            theta[p + q] -= first_moment[p + q]


@kernel
def describe_adadelta(constants: Flat, rho: float, epsilon: float) -> int:
    """(1 - ρ, ε, 0)."""
    constants[0], constants[1] = 1 - rho, epsilon
    return 0


@entry
def adadelta(
    constants: Rows,
    rate: Flat,
    theta: Flat,
    gradient: Flat,
    first_moment: Flat,
    second_moment: Flat,
) -> None:
    """a ← a + (1 - ρ)(g² - a), s = √(d + ε) g / √(a + ε), θ ← θ - η s, d ← d + (1 - ρ)(s² - d).

    a is the first moment, d the second.
    """
    nothing, least = theta.dtype.type(0), smallest(theta)
    end, most = np.uint64(len(theta)), np.uint64(SEGMENT)
    for p in range(np.uint64(0), end, most):
        n = min(most, end - p)
        for q in range(n):
            g = gradient[p + q]
            a = first_moment[p + q] + constants[0, q] * (g * g - first_moment[p + q])
            first_moment[p + q] = nothing if a < least else a
        for q in range(n):
            ratio = np.sqrt(second_moment[p + q] + constants[1, q]) / np.sqrt(
                first_moment[p + q] + constants[1, q]
            )
            theta[p + q] -= rate[q] * (ratio * gradient[p + q])
        for q in range(n):
            ratio = np.sqrt(second_moment[p + q] + constants[1, q]) / np.sqrt(
                first_moment[p + q] + constants[1, q]
            )
            s = ratio * gradient[p + q]
            d = second_moment[p + q] + constants[0, q] * (s * s - second_moment[p + q])
            second_moment[p + q] = nothing if d < least else d


register("adagrad", describe_adagrad, adagrad=adagrad)
register("rmsprop", describe_rmsprop, rmsprop=rmsprop)
register("adadelta", describe_adadelta, adadelta=adadelta)
