"""How a gradient moves parameters: what `reference.optimizers` has no reason to care for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mlplab.engine.lanes import LANES
from mlplab.engine.updates import OPTIMIZER_CODES, STRETCH, optimizer_constants, repeat, update
from mlplab.spec import SGD, Adam

FADING = {
    "momentum": SGD(momentum=0.9),
    "nesterov": SGD(momentum=0.9, nesterov=True),
    "adam": Adam(beta_2=0.9),
}
SIZE = 2 * STRETCH + 3 * LANES
"""Two stretches and a part of one."""


def numbers(value: float, dtype: Any) -> np.ndarray:
    return np.full(SIZE, value, dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", FADING)
def test_a_memory_that_fades_is_never_subnormal(name: str, dtype: Any):
    constants = np.tile(np.array(optimizer_constants(FADING[name]), dtype)[:, None], STRETCH)
    rate = np.full(STRETCH, 0.01, dtype)
    theta, gradient = numbers(1, dtype), numbers(1e-3, dtype)
    memory, squares = numbers(0, dtype), numbers(0, dtype)
    update(OPTIMIZER_CODES[name], constants, rate, theta, gradient, memory, squares, 0, SIZE)
    assert memory.all()
    smallest = np.finfo(dtype).tiny
    for _ in range(8000):  # 0.9^8000 is 1e-366
        update(OPTIMIZER_CODES[name], constants, rate, theta, gradient, memory, squares, 0, SIZE)
        for kept in (memory[0], squares[0]):
            assert kept == 0 or abs(kept) >= smallest
    assert not memory.any()
    assert not squares.any()
    assert np.isfinite(theta).all()


@pytest.mark.parametrize("name", OPTIMIZER_CODES)
def test_an_update_spends_the_gradient_and_keeps_what_is_no_number(name: str):
    constants = np.tile(np.float32([[0.1], [0.1], [1e-7]]), STRETCH)
    theta, gradient = numbers(1, np.float32), numbers(1, np.float32)
    memory, squares = numbers(0, np.float32), numbers(0, np.float32)
    gradient[-1] = np.nan
    rate = np.full(STRETCH, 0.01, np.float32)
    update(OPTIMIZER_CODES[name], constants, rate, theta, gradient, memory, squares, 0, SIZE)
    assert not gradient.any()
    assert np.argwhere(np.isnan(theta)).tolist() == [[SIZE - 1]]


@pytest.mark.parametrize("name", OPTIMIZER_CODES)
def test_only_those_asked_for_are_moved(name: str):
    constants = np.tile(np.float32([[0.1], [0.1], [1e-7]]), STRETCH)
    theta, gradient = numbers(1, np.float32), numbers(1, np.float32)
    memory, squares = numbers(0, np.float32), numbers(0, np.float32)
    rate = np.full(STRETCH, 0.01, np.float32)
    begin, end = LANES, 3 * LANES
    update(*(OPTIMIZER_CODES[name], constants, rate, theta, gradient, memory, squares, begin, end))
    np.testing.assert_array_equal(theta != 1, [begin <= q < end for q in range(SIZE)])


def test_rates_of_the_lanes_come_again_and_again():
    out = np.empty(STRETCH)
    repeat(np.arange(LANES, dtype=float), out)
    np.testing.assert_array_equal(out, np.arange(STRETCH) % LANES)
