"""How a gradient moves the parameters; twin of `reference.optimizers`.

Parameters stand in rows of LANES numbers. For a block of narrow networks a column is a network, with a
rate and constants of its own; one wide network is cut into such rows, and all columns have the same.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.engine.compiling import kernel
from mlplab.engine.lanes import LANES
from mlplab.spec import SGD, Adam, OptimizerSpec

Rows = NDArray[np.floating[Any]]
Lane = NDArray[np.floating[Any]]

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
    rate: Lane,
    theta: Rows,
    gradient: Rows,
    memory: Rows,
    squares: Rows,
) -> None:
    """Move all parameters by one update, in place.

    Parameters
    ----------
    constants : ndarray, shape (3, LANES)
        From `optimizer_constants`, a column for each network.
    rate : ndarray, shape (LANES,)
        η of SGD, α of Adam.
    theta, gradient, memory, squares : ndarray, shape (rows, LANES)
        The parameters, ∂L/∂θ, the velocity v (SGD) or running mean m (Adam), and Adam's v.
    """
    first, second, third = constants[0], constants[1], constants[2]
    if optimizer == _SGD:
        for p in range(len(theta)):
            for lane in range(LANES):
                theta[p, lane] -= rate[lane] * gradient[p, lane]
    elif optimizer == _MOMENTUM:
        for p in range(len(theta)):
            for lane in range(LANES):
                v = first[lane] * memory[p, lane] - rate[lane] * gradient[p, lane]
                memory[p, lane] = v
                theta[p, lane] += v
    elif optimizer == _NESTEROV:
        for p in range(len(theta)):
            for lane in range(LANES):
                step = rate[lane] * gradient[p, lane]
                v = first[lane] * memory[p, lane] - step
                memory[p, lane] = v
                theta[p, lane] += first[lane] * v - step
    elif optimizer == _ADAM:
        for p in range(len(theta)):
            for lane in range(LANES):
                g = gradient[p, lane]
                m = memory[p, lane] + first[lane] * (g - memory[p, lane])
                v = squares[p, lane] + second[lane] * (g * g - squares[p, lane])
                memory[p, lane] = m
                squares[p, lane] = v
                theta[p, lane] -= rate[lane] * m / (np.sqrt(v) + third[lane])
