"""One update of some parameters: they decay, if they do, and then the optimizer moves them."""

from __future__ import annotations

import numpy as np

from mlplab.engine.arrays import Flat, Rows
from mlplab.engine.calls import call_update
from mlplab.engine.compiling import kernel
from mlplab.engine.updates.segments import SEGMENT


@kernel
def move(
    decays: int,
    optimizer: int,
    constants: Rows,
    rate: Flat,
    theta: Flat,
    gradient: Flat,
    first_moment: Flat,
    second_moment: Flat,
) -> None:
    """Make one update, where the gradient is ready; arrays as the package's docstring has them."""
    if decays != 0:
        decay(rate, theta)
    call_update(optimizer, constants, rate, theta, gradient, first_moment, second_moment)


@kernel
def decay(rate: Flat, theta: Flat) -> None:
    """θ ← θ - η λ θ; the last SEGMENT numbers of `rate` are η λ."""
    end, most, last = np.uint64(len(theta)), np.uint64(SEGMENT), np.uint64(len(rate) - SEGMENT)
    for p in range(np.uint64(0), end, most):
        n = min(most, end - p)
        for q in range(n):
            theta[p + q] -= rate[last + q] * theta[p + q]
