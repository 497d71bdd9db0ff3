"""A product and a sum are rounded once, by both modules, as the C library's `fmaf` does."""

from __future__ import annotations

import ctypes
import ctypes.util
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

Float32 = NDArray[np.float32]

LARGEST_BITS = 2**32


def any_bits(rng: np.random.Generator, n: int) -> Float32:
    """Any float32 whatever: NaN, infinite and subnormal ones, too."""
    return rng.integers(0, LARGEST_BITS, (n, 3), np.uint32).view(np.float32)


def near_halves(rng: np.random.Generator, n: int) -> Float32:
    """Few digits each, so that sums often lie just halfway between two numbers, or beside it."""
    digits = rng.integers(-(2**13), 2**13, (n, 3)).astype(np.float64)
    return (digits * 2.0 ** rng.integers(-26, 2, (n, 3))).astype(np.float32)


def subnormal(rng: np.random.Generator, n: int) -> Float32:
    """Products and sums that are no normal numbers."""
    numbers = rng.normal(size=(n, 3)) * 2.0 ** rng.integers(-75, -60, (n, 3))
    numbers[:, 2] *= 2.0**-70
    return numbers.astype(np.float32)


def by_the_c_library(numbers: Float32) -> Float32:
    fmaf: Any = ctypes.CDLL(ctypes.util.find_library("m")).fmaf
    fmaf.restype, fmaf.argtypes = ctypes.c_float, [ctypes.c_float] * 3
    return np.array([fmaf(*row) for row in numbers.tolist()], np.float32)


@pytest.mark.parametrize("draw", [any_bits, near_halves, subnormal])
def test_a_product_and_a_sum_are_rounded_once(
    draw: Any, run_in_node: Callable[[str, bytes], bytes]
):
    n = 20_000
    numbers = draw(np.random.default_rng(14), n)
    expected = by_the_c_library(numbers)
    with np.errstate(all="ignore"):
        rounded_twice = numbers[:, 0] * numbers[:, 1] + numbers[:, 2]
    assert (rounded_twice != expected).sum() > n / 1000  # else these numbers would show nothing
    for module in np.frombuffer(run_in_node("multiply_add", numbers.tobytes()), np.float32).reshape(
        2, n
    ):
        np.testing.assert_array_equal(module, expected)
        signs = np.signbit(module) == np.signbit(expected)
        assert (signs | np.isnan(expected)).all()
