"""How a gradient moves the parameters; twin of `reference.optimizers`.

Parameters stand in rows of LANES numbers. For a block of narrow networks a column is a network, with a
rate and constants of its own; one wide network is cut into such rows, and all columns have the same.

A STRETCH of parameters is updated by loops of which each writes to one array: only those does LLVM turn
into vector instructions, because it must check that the arrays do not overlap.
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

STRETCH = 16 * LANES
"""Numbers of each array that are worked on at a time: few enough for the first cache."""

_SPARE = 2**10
"""How far memories stay above the smallest normal number, so that their products with 1 - β do, too."""

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
    memory: Flat,
    squares: Flat,
    begin: int,
    end: int,
) -> None:
    """Move some parameters by one update, in place, and set their gradient to zero for the next.

    A memory that fades, as that of a neuron that answers nothing does, becomes zero before it becomes
    subnormal: arithmetic with subnormal numbers takes a hundred times as long.

    Parameters
    ----------
    constants : ndarray, shape (3, STRETCH)
        From `optimizer_constants`, those of the LANES networks again and again.
    rate : ndarray, shape (STRETCH,)
        η of SGD, α of Adam; likewise.
    theta, gradient, memory, squares : ndarray, shape (rows · LANES,)
        The parameters, ∂L/∂θ, the velocity v (SGD) or running mean m (Adam), and Adam's v.
    begin, end : int
        Which of them to move; whole rows.
    """
    nothing = theta.dtype.type(0)
    least = theta.dtype.type(np.finfo(theta.dtype).tiny * _SPARE)
    # Unsigned, so that no index need be looked at whether it counts from the end.
    last, most = np.uint64(end), np.uint64(STRETCH)
    for p in range(np.uint64(begin), last, most):
        n = min(most, last - p)
        if optimizer == _SGD:
            for q in range(n):
                theta[p + q] -= rate[q] * gradient[p + q]
        elif optimizer == _ADAM:
            for q in range(n):
                m = memory[p + q] + constants[0, q] * (gradient[p + q] - memory[p + q])
                memory[p + q] = nothing if abs(m) < least else m
            for q in range(n):
                g = gradient[p + q]
                v = squares[p + q] + constants[1, q] * (g * g - squares[p + q])
                squares[p + q] = nothing if v < least else v
            for q in range(n):
                root = np.sqrt(squares[p + q]) + constants[2, q]
                theta[p + q] -= rate[q] * memory[p + q] / root
        else:
            for q in range(n):
                v = constants[0, q] * memory[p + q] - rate[q] * gradient[p + q]
                memory[p + q] = nothing if abs(v) < least else v
            if optimizer == _MOMENTUM:
                for q in range(n):
                    theta[p + q] += memory[p + q]
            else:
                for q in range(n):
                    theta[p + q] += constants[0, q] * memory[p + q] - rate[q] * gradient[p + q]
        for q in range(n):
            gradient[p + q] = 0


@kernel
def repeat(lanes: Lanes, out: Flat) -> None:
    """Write LANES numbers again and again to `out`, shape (STRETCH,)."""
    for begin in range(0, STRETCH, LANES):
        for lane in range(LANES):
            out[begin + lane] = lanes[lane]
