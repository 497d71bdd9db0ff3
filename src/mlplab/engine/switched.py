"""Switches as kernels take them: where one is on that stands for a function, that function's address."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import DTypeLike

from mlplab.engine.arrays import Whole
from mlplab.engine.noise import masks_address, noise_address
from mlplab.engine.options import DROPS, NOISY, PENALISED
from mlplab.engine.penalty import penalty_address

ADDRESSES = {PENALISED: penalty_address, NOISY: noise_address, DROPS: masks_address}
"""What returns the address of what a switch switches on."""


def addressed(switches: Sequence[int], dtype: DTypeLike) -> Whole:
    """Return the switches of a shape as kernels take them, shape (switches,)."""
    array = np.array(switches, np.int64)
    for switch, address_of in ADDRESSES.items():
        if array[switch]:
            array[switch] = address_of(dtype)
    return array
