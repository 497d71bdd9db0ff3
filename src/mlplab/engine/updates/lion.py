"""The update of Lion: a step of one size, up or down."""

from __future__ import annotations

import numpy as np

from mlplab.engine.arrays import Flat, Rows
from mlplab.engine.compiling import entry, kernel
from mlplab.engine.updates.known import register
from mlplab.engine.updates.segments import SEGMENT, smallest


@kernel
def describe_lion(constants: Flat, beta_1: float, beta_2: float) -> int:
    """(β₁, 1 - β₁, 1 - β₂)."""
    constants[0], constants[1], constants[2] = beta_1, 1 - beta_1, 1 - beta_2
    return 0


@entry
def lion(
    constants: Rows,
    rate: Flat,
    theta: Flat,
    gradient: Flat,
    first_moment: Flat,
    second_moment: Flat,
) -> None:
    """θ ← θ - η sign(β₁ m + (1 - β₁) g), m ← m + (1 - β₂)(g - m).

    The sign of 0 is 0, that of NaN is NaN. A weight whose gradient stays 0 moves until its momentum is 0,
    and that is a little sooner here than where subnormal numbers count: after about 8,000 updates of
    β₂ = 0.99 in float32.
    """
    nothing, least = theta.dtype.type(0), smallest(theta)
    end, most = np.uint64(len(theta)), np.uint64(SEGMENT)
    for p in range(np.uint64(0), end, most):
        n = min(most, end - p)
        for q in range(n):
            c = constants[0, q] * first_moment[p + q] + constants[1, q] * gradient[p + q]
            step = rate[q] if c > nothing else -rate[q]
            step = nothing if c == nothing else step
            theta[p + q] -= step if c == c else c
        for q in range(n):
            m = first_moment[p + q] + constants[2, q] * (gradient[p + q] - first_moment[p + q])
            first_moment[p + q] = nothing if abs(m) < least else m


register("lion", describe_lion, lion=lion)
