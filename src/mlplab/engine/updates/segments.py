"""What all updates share: how many numbers are worked on at a time, and when a moment becomes zero."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlplab.engine.arrays import Flat
from mlplab.engine.compiling import kernel
from mlplab.engine.lanes import LANES

SEGMENT = 64 * LANES
"""Numbers of each array that are worked on at a time: in float32, what a loop reads of all arrays fits a
cache of 32 KiB, and each loop is long beside asking first whether its arrays overlap."""

_SPARE = 2**10
"""How far moments stay above the smallest normal number, so that their products with 1 - β do, too."""


@kernel
def smallest(numbers: Flat) -> Any:
    """Return the size below which a moment of their type becomes zero."""
    return numbers.dtype.type(np.finfo(numbers.dtype).tiny * _SPARE)


@kernel
def repeat(lanes: Flat, out: Flat) -> None:
    """Write LANES numbers again and again to `out`, shape (a multiple of LANES,)."""
    for begin in range(0, len(out), LANES):
        for lane in range(LANES):
            out[begin + lane] = lanes[lane]
