"""What a forward pass keeps for the backward pass besides h: what slopes need, if h does not tell it.

`kept` is laid out as `h`, and has rows only where a hidden layer needs them. Which layers those are, and
what they keep, is said here alone: a layer whose activation is `keeps_z` keeps its pre-activations.
"""

from __future__ import annotations

from typing import Any

from mlplab.engine.arrays import Rows, Whole
from mlplab.engine.calls import call_slope
from mlplab.engine.compiling import kernel
from mlplab.engine.lanes import flat
from mlplab.engine.options import Step

KEEPS_Z = 2
"""The column of `activations` that is 1 where the slope takes z."""


def kept_rows(activations: Whole, rows: int) -> int:
    """Return how many rows `kept` has, of the rows that `h` has: all or none."""
    return rows if activations[:, KEEPS_Z].any() else 0


@kernel
def keep_z(step: Step | None, activations: Whole, layer: int, h: Rows, part: Any) -> None:
    """Keep the pre-activations in a part of `h`, a slice of its numbers, if the layer's slope takes them.

    Called before the activation takes their place. To look at networks there is no `step`, and no slope.
    """
    if step is not None and activations[layer, KEEPS_Z] != 0:
        z, kept = flat(h)[part], flat(step.kept)[part]
        for q in range(len(z)):
            kept[q] = z[q]


@kernel
def multiply_by_slope(
    step: Step, activations: Whole, layer: int, h: Rows, delta: Rows, part: Any
) -> None:
    """Multiply a part of δ of a hidden layer by its slope, which takes h or what was kept."""
    taken = flat(step.kept) if activations[layer, KEEPS_Z] != 0 else flat(h)
    call_slope(activations[layer, 1], flat(delta)[part], taken[part])
