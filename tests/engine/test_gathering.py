"""Samples are gathered as the Python function says."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import pytest
from numpy.typing import NDArray

from mlplab.engine.gathering import gather
from mlplab.engine.lanes import LANES

Array = NDArray[Any]


@numba.njit
def compiled_gather(out: Array, samples: Array, order: Array, place: int) -> None:
    gather(out, samples, order, place)


@pytest.mark.parametrize("number", [np.float32, np.float64])
@pytest.mark.parametrize("networks", [1, LANES])
@pytest.mark.parametrize("width", [4, 8, 12])
def test_gathering_does_as_python_does(number: Any, networks: int, width: int):
    generator = np.random.default_rng(1)
    samples = generator.normal(size=(networks, 9, width)).astype(number)
    order = generator.integers(9, size=(LANES, 5)).astype(np.int32)
    for place in range(5):
        ref, comp = np.zeros((2, width, LANES), number)
        gather(ref, samples, order, place)
        compiled_gather(comp, samples, order, place)
        assert comp.tobytes() == ref.tobytes()
        assert ref[2, 7] == samples[7 % networks, order[7, place], 2]
