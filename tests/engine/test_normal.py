"""The engine's normal distribution keeps the errors that it states, over all numbers.

The oracle is mpmath's, with 160 bits.
"""

from __future__ import annotations

from typing import Any

import mpmath
import numba
import numpy as np
import pytest
from mpmath import mpf
from numpy.typing import NDArray

from mlplab.engine.compiling import COMPILES
from mlplab.engine.normal import normal

STATED = {np.float32: (2e-7, 1.2e-7), np.float64: (2.5e-16, 1.8e-16)}
"""Absolute errors, and the unit of the relative one, as the docstring has them."""

END = {np.float32: 13.1, np.float64: 37.6}
"""Beyond, e^(-z²/2) leaves the normal numbers, and Φ is taken as 0 or 1."""

each_type = pytest.mark.parametrize("number", STATED)


@numba.njit
def over_an_array(z: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return Φ and φ of an array, by a loop as kernels have it: so vector instructions are tested too."""
    below, density = np.empty_like(z), np.empty_like(z)
    for i in range(len(z)):
        below[i], density[i] = normal(z[i])
    return below, density


def arguments(number: Any) -> NDArray[Any]:
    """Numbers of both signs over the whole range, and on all scales down to the smallest normal one."""
    generator = np.random.default_rng(1)
    scales = np.exp(generator.uniform(np.log(np.finfo(number).smallest_normal), 0, 500))
    a = np.concatenate([generator.uniform(0, END[number], 1500), scales, [0.0, 4.0, END[number]]])
    return np.concatenate([a, -a]).astype(number)


@each_type
def test_errors_are_as_stated(number: Any):
    z = arguments(number)
    below, density = over_an_array(z)
    assert below.dtype == density.dtype == number
    absolute, unit = STATED[number]
    with mpmath.workprec(160):
        for each, ours, bell in zip(*(a.tolist() for a in (z, below, density)), strict=True):
            error = abs(mpf(ours) - mpmath.ncdf(each))
            assert error < absolute, each
            assert each >= 0 or error < (3 + each**2) * unit * mpmath.ncdf(each), each
            assert abs(mpf(bell) - mpmath.npdf(each)) < absolute, each


@each_type
def test_far_away_it_is_zero_or_one(number: Any):
    z = np.array([-np.inf, -1e30, -50, 50, 1e30, np.inf], number)
    below, density = over_an_array(z)
    assert below.tolist() == [0, 0, 0, 1, 1, 1]
    assert not density.any()


@each_type
def test_half_of_it_lies_below_zero_and_it_never_falls(number: Any):
    below, _ = over_an_array(np.array([0.0, -0.0], number))
    np.testing.assert_allclose(below, 0.5, rtol=np.finfo(number).eps)
    rising, _ = over_an_array(np.linspace(-15, 15, 20_001).astype(number))
    # From one number to the next it may fall by a rounding.
    assert (np.diff(rising) >= -np.finfo(number).eps).all()


@each_type
def test_nan_stays_nan_and_touches_no_neighbour(number: Any):
    z = np.zeros(67, number)
    z[::3] = np.nan
    for part in over_an_array(z):
        np.testing.assert_array_equal(np.isnan(part), np.isnan(z))
        assert len(set(part[~np.isnan(part)].tolist())) == 1


@each_type
def test_a_number_comes_out_the_same_in_a_vector_and_alone(number: Any):
    z = arguments(number)[:300]
    alone = np.array([[part[0] for part in over_an_array(z[i : i + 1])] for i in range(len(z))]).T
    assert alone.tobytes() == np.array(over_an_array(z)).tobytes()


@pytest.mark.skipif(not COMPILES, reason="nothing is compiled")
@each_type
def test_python_says_the_same_as_the_compiled_function(number: Any):
    z = arguments(number)
    ref = np.array([normal.py_func(v) for v in z]).T
    comp = np.array(over_an_array(z))
    np.testing.assert_allclose(comp, ref, rtol=0, atol=4 * STATED[number][0])
