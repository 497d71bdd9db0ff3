"""How a gradient moves the parameters: the updates of `spec.optimizers`, compiled.

An optimizer is one function, which kernels call by its address:
`update(constants, rate, theta, gradient, first_moment, second_moment)` moves parameters by one update, in
place. Kernels begin the gradient of the next batch anew.

- `constants`, shape (3, SEGMENT): what `optimizer_constants` says, for LANES networks again and again.
- `rate`, shape (R · SEGMENT,): η of SGD, α of Adam, likewise; of an optimizer that needs R numbers a
  SEGMENT each.
- `theta`, `gradient`, `first_moment`, `second_moment`, shape (rows · LANES,): the parameters, ∂L/∂θ, the
  velocity v (SGD) or mean m (Adam), and Adam's v.

Parameters stand in rows of LANES numbers. In a block a column is a network, with its own rate and
constants. One network alone is cut into such rows, and all columns have the same.

A SEGMENT of parameters is updated by several loops, and each loop writes to one array. LLVM turns only
such loops into vector instructions, because it must check that the arrays do not overlap.

A moment that fades, as that of a neuron with an output of 0 does, becomes zero before it becomes
subnormal: arithmetic with subnormal numbers takes a hundred times as long.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from mlplab.engine.arrays import Flat, Rows
from mlplab.engine.calls import address
from mlplab.engine.compiling import entry, kernel, number_type
from mlplab.engine.lanes import LANES
from mlplab.spec import SGD, Adam, OptimizerSpec

SEGMENT = 64 * LANES
"""Numbers of each array that are worked on at a time: in float32, what a loop reads of all arrays fits a
cache of 32 KiB, and each loop is long beside asking first whether its arrays overlap."""

_SPARE = 2**10
"""How far moments stay above the smallest normal number, so that their products with 1 - β do, too."""


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
    nothing, least = theta.dtype.type(0), smallest(theta)
    end, most = np.uint64(len(theta)), np.uint64(SEGMENT)
    for p in range(np.uint64(0), end, most):
        n = min(most, end - p)
        for q in range(n):
            m = first_moment[p + q] + constants[0, q] * (gradient[p + q] - first_moment[p + q])
            first_moment[p + q] = nothing if abs(m) < least else m
        for q in range(n):
            g = gradient[p + q]
            v = second_moment[p + q] + constants[1, q] * (g * g - second_moment[p + q])
            second_moment[p + q] = nothing if v < least else v
        for q in range(n):
            root = np.sqrt(second_moment[p + q]) + constants[2, q]
            theta[p + q] -= rate[q] * first_moment[p + q] / root


@kernel
def smallest(numbers: Flat) -> Any:
    """Return the size below which a moment of their type becomes zero."""
    return numbers.dtype.type(np.finfo(numbers.dtype).tiny * _SPARE)


OPTIMIZERS: dict[str, Callable[..., None]] = {
    "sgd": sgd,
    "momentum": momentum,
    "nesterov": nesterov,
    "adam": adam,
}
"""The optimizers that kernels can call; SGD is three of them."""


def optimizer_name(spec: OptimizerSpec) -> str:
    """Return the name of a spec's optimizer in `OPTIMIZERS`."""
    if isinstance(spec, SGD):
        return "nesterov" if spec.nesterov else "momentum" if spec.momentum else "sgd"
    return spec.kind


def optimizer_address(spec: OptimizerSpec, dtype: DTypeLike) -> int:
    """Return what kernels know an optimizer by."""
    return _address(optimizer_name(spec), np.dtype(dtype))


@lru_cache(maxsize=16)
def _address(name: str, dtype: np.dtype[Any]) -> int:
    number = number_type(dtype)
    return address(OPTIMIZERS[name], number[:, ::1], *[number[::1]] * 5)


def optimizer_constants(spec: OptimizerSpec) -> tuple[float, float, float]:
    """Return what an optimizer needs besides its rate: (μ, 0, 0), or (1 - β₁, 1 - β₂, ε)."""
    if isinstance(spec, Adam):
        return 1 - spec.beta_1, 1 - spec.beta_2, spec.epsilon
    return (spec.momentum if isinstance(spec, SGD) else 0.0), 0.0, 0.0


@kernel
def repeat(lanes: Flat, out: Flat) -> None:
    """Write LANES numbers again and again to `out`, shape (SEGMENT,)."""
    for begin in range(0, SEGMENT, LANES):
        for lane in range(LANES):
            out[begin + lane] = lanes[lane]
