"""How a gradient moves the parameters; twin of `reference.optimizers`.

Parameters stand in rows of LANES numbers. For a block of narrow networks a column is a network, with a
rate and constants of its own; one wide network is cut into such rows, and all columns have the same.

A SEGMENT of parameters is updated by several loops, and each loop writes to one array. LLVM turns only
such loops into vector instructions, because it must check that the arrays do not overlap.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.engine.compiling import kernel
from mlplab.engine.lanes import LANES
from mlplab.spec import SGD, Adam, OptimizerSpec

Rows = NDArray[np.floating[Any]]
Flat = NDArray[np.floating[Any]]
Lanes = NDArray[np.floating[Any]]

SEGMENT = 16 * LANES
"""Numbers of each array that are worked on at a time: few enough for the first cache."""

_SPARE = 2**10
"""How far moments stay above the smallest normal number, so that their products with 1 - β do, too."""

OPTIMIZER_CODES = {name: code for code, name in enumerate(("sgd", "momentum", "nesterov", "adam"))}
"""Numbers by which kernels know the optimizers; SGD is three of them."""

_SGD, _MOMENTUM, _NESTEROV, _ADAM = OPTIMIZER_CODES.values()


def optimizer_code(spec: OptimizerSpec) -> int:
    """Return the number of an optimizer."""
    if isinstance(spec, SGD):
        name = "nesterov" if spec.nesterov else "momentum" if spec.momentum else "sgd"
        return OPTIMIZER_CODES[name]
    return OPTIMIZER_CODES[spec.kind]


def optimizer_constants(spec: OptimizerSpec) -> tuple[float, float, float]:
    """Return what an optimizer needs besides its rate: (μ, 0, 0), or (1 - β₁, 1 - β₂, ε)."""
    if isinstance(spec, Adam):
        return 1 - spec.beta_1, 1 - spec.beta_2, spec.epsilon
    return spec.momentum, 0.0, 0.0


@kernel
def update(
    optimizer: int,
    constants: Rows,
    rate: Flat,
    theta: Flat,
    gradient: Flat,
    first_moment: Flat,
    second_moment: Flat,
    begin: int,
    end: int,
) -> None:
    """Move some parameters by one update, in place, and set their gradient to zero for the next.

    A moment that fades, as that of a neuron with an output of 0 does, becomes zero before it becomes
    subnormal: arithmetic with subnormal numbers takes a hundred times as long.

    Parameters
    ----------
    constants : ndarray, shape (3, SEGMENT)
        From `optimizer_constants`, those of the LANES networks again and again.
    rate : ndarray, shape (SEGMENT,)
        η of SGD, α of Adam; likewise.
    theta, gradient, first_moment, second_moment : ndarray, shape (rows · LANES,)
        The parameters, ∂L/∂θ, the velocity v (SGD) or running mean m (Adam), and Adam's v.
    begin, end : int
        Which of them to move; whole rows.
    """
    nothing = theta.dtype.type(0)
    least = theta.dtype.type(np.finfo(theta.dtype).tiny * _SPARE)
    # Unsigned, so that no index need be looked at whether it counts from the end.
    last, most = np.uint64(end), np.uint64(SEGMENT)
    for p in range(np.uint64(begin), last, most):
        n = min(most, last - p)
        if optimizer == _SGD:
            for q in range(n):
                theta[p + q] -= rate[q] * gradient[p + q]
        elif optimizer == _ADAM:
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
        else:
            for q in range(n):
                v = constants[0, q] * first_moment[p + q] - rate[q] * gradient[p + q]
                first_moment[p + q] = nothing if abs(v) < least else v
            if optimizer == _MOMENTUM:
                for q in range(n):
                    theta[p + q] += first_moment[p + q]
            else:
                for q in range(n):
                    theta[p + q] += (
                        constants[0, q] * first_moment[p + q] - rate[q] * gradient[p + q]
                    )
        for q in range(n):
            gradient[p + q] = 0


@kernel
def repeat(lanes: Lanes, out: Flat) -> None:
    """Write LANES numbers again and again to `out`, shape (SEGMENT,)."""
    for begin in range(0, SEGMENT, LANES):
        for lane in range(LANES):
            out[begin + lane] = lanes[lane]
