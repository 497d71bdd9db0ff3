"""How a gradient moves parameters: what `spec.optimizers` has no reason to care for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mlplab.engine.lanes import LANES
from mlplab.engine.updates import OPTIMIZERS, SEGMENT, optimizer_constants, repeat
from mlplab.spec import SGD, Adam

FADING = {
    "momentum": SGD(momentum=0.9),
    "nesterov": SGD(momentum=0.9, nesterov=True),
    "adam": Adam(beta_2=0.9),
}
SIZE = 2 * SEGMENT + 3 * LANES
"""Two segments and a part of one."""


def numbers(value: float, dtype: Any) -> np.ndarray:
    return np.full(SIZE, value, dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", FADING)
def test_a_moment_that_fades_is_never_subnormal(name: str, dtype: Any):
    constants = np.tile(np.array(optimizer_constants(FADING[name]), dtype)[:, None], SEGMENT)
    rate = np.full(SEGMENT, 0.01, dtype)
    theta, gradient = numbers(1, dtype), numbers(1e-3, dtype)
    first_moment, second_moment = numbers(0, dtype), numbers(0, dtype)
    OPTIMIZERS[name](constants, rate, theta, gradient, first_moment, second_moment)
    assert first_moment.all()
    gradient[:] = 0
    smallest = np.finfo(dtype).tiny
    for _ in range(8000):  # 0.9^8000 is 1e-366
        OPTIMIZERS[name](constants, rate, theta, gradient, first_moment, second_moment)
        for kept in (first_moment[0], second_moment[0]):
            assert kept == 0 or abs(kept) >= smallest
    assert not first_moment.any()
    assert not second_moment.any()
    assert np.isfinite(theta).all()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_update_keeps_what_is_no_number(name: str):
    constants = np.tile(np.float32([[0.1], [0.1], [1e-7]]), SEGMENT)
    theta, gradient = numbers(1, np.float32), numbers(1, np.float32)
    first_moment, second_moment = numbers(0, np.float32), numbers(0, np.float32)
    gradient[-1] = np.nan
    rate = np.full(SEGMENT, 0.01, np.float32)
    OPTIMIZERS[name](constants, rate, theta, gradient, first_moment, second_moment)
    assert np.argwhere(np.isnan(theta)).tolist() == [[SIZE - 1]]


def test_rates_of_the_lanes_come_again_and_again():
    out = np.empty(SEGMENT)
    repeat(np.arange(LANES, dtype=float), out)
    np.testing.assert_array_equal(out, np.arange(SEGMENT) % LANES)
