"""What a forward pass keeps for the backward pass besides h: what slopes need, if h does not tell it.

It stands in a second half of `h`, laid out as the first, which is there only where a hidden layer needs
it. Which layers those are, and what they keep, is said here and in `dropout` alone:

- a layer whose activation is `keeps_z` keeps its pre-activations;
- any other layer keeps what its activation gave, where neurons are dropped afterwards.
"""

from __future__ import annotations

from mlplab.engine.arrays import Flat, Whole
from mlplab.engine.compiling import inlined
from mlplab.engine.options import DROPS, Step

KEEPS_Z = 2
"""The column of `activations` that is 1 where the slope takes z."""


def rows_of_h(activations: Whole, switches: Whole, rows: int) -> int:
    """Return how many rows `h` has in a training, of networks whose neurons have so many."""
    return 2 * rows if activations[:, KEEPS_Z].any() or switches[DROPS] else rows


@inlined
def keep_z(activations: Whole, layer: int, h: Flat, part: slice, half: int) -> None:
    """Keep the pre-activations in a part of h if the slope of their layer takes them.

    Called before the activation takes their place; `half` is the number of numbers in half of `h`.
    """
    if activations[layer, KEEPS_Z] != 0:
        for q in range(part.start, part.stop):
            h[half + q] = h[q]


@inlined
def part_for_slope(step: Step, activations: Whole, layer: int, part: slice, half: int) -> slice:
    """Return where that stands which the slope of a layer takes, for a part of h."""
    is_kept = activations[layer, KEEPS_Z] != 0 or step.switches[DROPS] != 0
    shift = half if is_kept else 0
    return slice(part.start + shift, part.stop + shift)
