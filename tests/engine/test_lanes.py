"""The explicit vector instructions do what the Python functions beside them say, in their order."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mlplab.engine.lanes import LANES, add_sum, fill

Array = NDArray[Any]

each_type = pytest.mark.parametrize("number", [np.float32, np.float64])


@numba.njit
def compiled_fill(out: Array, o: int, a: Array, i: int, n: int) -> None:
    fill(out, o, a, i, n)


@numba.njit
def compiled_add_sum(out: Array, o: int, a: Array, i: int, n: int) -> None:
    add_sum(out, o, a, i, n)


def rows(generator: np.random.Generator, count: int, number: Any) -> Array:
    return generator.normal(size=(count, LANES)).astype(number)


@each_type
@given(n=st.integers(0, 9), o=st.integers(0, 5), i=st.integers(0, 5), seed=st.integers(0, 99))
def test_fill_and_add_sum_do_as_python_does(number: Any, n: int, o: int, i: int, seed: int):
    generator = np.random.default_rng(seed)
    a, before = rows(generator, 20, number), rows(generator, 20, number)
    for python, compiled in ((fill, compiled_fill), (add_sum, compiled_add_sum)):
        ref, comp = before.copy(), before.copy()
        python(ref, o, a, i, n)
        compiled(comp, o, a, i, n)
        assert comp.tobytes() == ref.tobytes()


@each_type
def test_a_sum_is_taken_in_order(number: Any):
    # 1 + big - big is 0 in this order, 1 in the order big - big + 1.
    big = 4 / np.finfo(number).eps
    terms = np.repeat(np.array([1, big, -big], number), LANES).reshape(3, LANES)
    total = np.zeros((1, LANES), number)
    compiled_add_sum(total, 0, terms, 0, 3)
    assert not total.any()
