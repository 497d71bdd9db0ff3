"""How a gradient moves the parameters: the updates of `spec.optimizers`, compiled.

An optimizer is one function, which kernels call by its address:
`update(constants, rate, theta, gradient, first_moment, second_moment)` moves parameters by one update, in
place. Kernels begin the gradient of the next batch anew.

- `constants`, shape (3, SEGMENT): what its kind makes of the fields of the spec (`describe`), for LANES
  networks again and again.
- `rate`, shape (R · SEGMENT,): the R numbers of `OptimizerSpec.step_sizes`, each again and again.
- `theta`, `gradient`, `first_moment`, `second_moment`, shape (rows · LANES,): the parameters, ∂L/∂θ, and
  what the optimizer remembers. Moments begin at zero.

Parameters stand in rows of LANES numbers. In a block a column is a network, with its own rate and
constants. One network alone is cut into such rows, and all columns have the same.

A SEGMENT of parameters is updated by several loops, and each loop writes to one array. LLVM turns only
such loops into vector instructions, because it must check that the arrays do not overlap.

A moment that fades, as that of a neuron with an output of 0 does, becomes zero before it becomes
subnormal: arithmetic with subnormal numbers takes a hundred times as long.

`known` says which kinds there are; each family has its file, as in `spec.optimizers`.
"""

from mlplab.engine.updates import adam, adaptive, gradient_descent, lion
from mlplab.engine.updates.known import (
    OPTIMIZERS,
    describe_optimizer,
    optimizer_address,
    optimizer_constants,
    optimizer_name,
    register,
    update_addresses,
)
from mlplab.engine.updates.segments import SEGMENT, repeat

__all__ = [
    "OPTIMIZERS",
    "SEGMENT",
    "adam",
    "adaptive",
    "describe_optimizer",
    "gradient_descent",
    "lion",
    "optimizer_address",
    "optimizer_constants",
    "optimizer_name",
    "register",
    "repeat",
    "update_addresses",
]
