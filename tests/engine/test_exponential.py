"""The engine's exponential and logarithm keep the relative errors that they state, over all they are for.

The oracle is Python's decimal arithmetic.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal, localcontext
from functools import cache
from typing import Any

import numba
import numpy as np
import pytest
from numpy.typing import NDArray

from mlplab.engine.exponential import (
    LOWEST,
    exponential,
    exponential_minus_one,
    logarithm_of_one_plus,
)

ORACLES: dict[Callable[[Any], Any], Callable[[Decimal], Decimal]] = {
    exponential: lambda x: x.exp(),
    # Of small numbers, the first terms of the series: fifty digits leave nothing of eˣ - 1.
    exponential_minus_one: lambda x: x.exp() - 1 if abs(x) > 1e-9 else x + x**2 / 2 + x**3 / 6,
    logarithm_of_one_plus: lambda x: (1 + x).ln() if x > 1e-9 else x - x**2 / 2 + x**3 / 3,
}

STATED = {
    exponential: {np.float32: 1.2e-7, np.float64: 2.3e-16},
    exponential_minus_one: {np.float32: 1.2e-7, np.float64: 2.3e-16},
    logarithm_of_one_plus: {np.float32: 3e-7, np.float64: 6e-16},
}
"""As the docstrings have it."""

each_function = pytest.mark.parametrize("function", ORACLES, ids=lambda function: function.__name__)
each_type = pytest.mark.parametrize("number", [np.float32, np.float64])


@cache
def over_an_array(function: Callable[[Any], Any]) -> Callable[[NDArray[Any]], NDArray[Any]]:
    """Compile a loop over an array, as kernels have it, so that vector instructions are tested too."""

    @numba.njit
    def loop(x: NDArray[Any]) -> NDArray[Any]:
        y = np.empty_like(x)
        for i in range(len(x)):
            y[i] = function(x[i])
        return y

    return loop


def arguments(function: Callable[[Any], Any], number: Any) -> NDArray[Any]:
    """Numbers over the whole range, evenly and on all scales down to the smallest normal one."""
    generator = np.random.default_rng(1)
    tiny = np.finfo(number).smallest_normal
    largest = 1.0 if function is logarithm_of_one_plus else -LOWEST[number]
    scales = np.exp(generator.uniform(np.log(tiny), np.log(largest), 1000))
    x = np.concatenate([generator.uniform(0, largest, 1000), scales, [tiny, largest]])
    # On both sides of where k changes, that is of (k + 1/2) ln 2.
    edges = np.arange(1, 2 * largest / math.log(2), 2) * math.log(2) / 2
    edges = edges[edges < largest]
    x = np.concatenate([x, np.nextafter(edges, 0), edges, np.nextafter(edges, 1e9)]).astype(number)
    return x if function is logarithm_of_one_plus else np.maximum(-x, number(LOWEST[number]))


@each_type
@each_function
def test_relative_error_is_as_stated(function: Callable[[Any], Any], number: Any):
    x = arguments(function, number)
    y = over_an_array(function)(x)
    assert y.dtype == number
    with localcontext() as context:
        context.prec = 50
        wanted = [ORACLES[function](Decimal(v)) for v in x.tolist()]
        errors = [abs((Decimal(v) - w) / w) for v, w in zip(y.tolist(), wanted, strict=True)]
    assert max(errors) < Decimal(STATED[function][number])


@each_type
def test_below_the_normal_numbers_the_exponential_is_zero(number: Any):
    x = np.array([-np.inf, -1e30, LOWEST[number] * 1.001], number)
    assert over_an_array(exponential)(x).tolist() == [0, 0, 0]
    assert over_an_array(exponential_minus_one)(x).tolist() == [-1, -1, -1]


@each_type
def test_of_zero_all_are_exact(number: Any):
    x = np.array([0.0, -0.0], number)
    assert over_an_array(exponential)(x).tolist() == [1, 1]
    assert over_an_array(exponential_minus_one)(x).tolist() == [0, 0]
    assert over_an_array(logarithm_of_one_plus)(x).tolist() == [0, 0]


@each_type
@each_function
def test_nan_stays_nan_and_touches_no_neighbour(function: Callable[[Any], Any], number: Any):
    x = np.full(67, 0.0, number)
    x[::3] = np.nan
    y = over_an_array(function)(x)
    np.testing.assert_array_equal(np.isnan(y), np.isnan(x))
    assert len(set(y[~np.isnan(y)].tolist())) == 1


@each_type
@each_function
def test_a_number_comes_out_the_same_in_a_vector_and_alone(
    function: Callable[[Any], Any], number: Any
):
    x = arguments(function, number)
    loop = over_an_array(function)
    alone = np.concatenate([loop(x[i : i + 1]) for i in range(500)])
    assert alone.tobytes() == loop(x)[:500].tobytes()


@each_type
@each_function
def test_python_says_the_same_as_the_compiled_function(function: Callable[[Any], Any], number: Any):
    x = arguments(function, number)
    python = getattr(function, "py_func", function)
    ref = np.array([python(v) for v in x])
    comp = over_an_array(function)(x)
    np.testing.assert_allclose(comp, ref, rtol=4 * STATED[function][number], atol=0)
