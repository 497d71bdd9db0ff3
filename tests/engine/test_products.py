"""Products do what the Python functions beside them say, in their order, on every target."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mlplab.engine.lanes import LANES, pointer
from mlplab.engine.products import multiply_numbers, multiply_rows

Array = NDArray[Any]

each_type = pytest.mark.parametrize("number", [np.float32, np.float64])
compiled_only = pytest.mark.skipif(
    bool(numba.config.DISABLE_JIT), reason="says what only machine code does"
)


@numba.njit
def compiled_multiply_rows(
    out: Array,
    of_out: Array,
    start: Array,
    of_start: Array,
    a: Array,
    of_a: Array,
    b: Array,
    of_b: Array,
    size: Array,
) -> None:
    multiply_rows(
        *(pointer(out), of_out[0], of_out[1], of_out[2]),
        *(pointer(start), of_start[0], of_start[1], of_start[2]),
        *(pointer(a), of_a[0], of_a[1], of_a[2]),
        *(pointer(b), of_b[0], of_b[1], of_b[2]),
        *(size[0], size[1], size[2]),
    )


@numba.njit
def compiled_multiply_numbers(
    out: Array,
    of_out: Array,
    start: Array,
    of_start: Array,
    a: Array,
    of_a: Array,
    b: Array,
    of_b: Array,
    size: Array,
) -> None:
    multiply_numbers(
        *(pointer(out), of_out[0], of_out[1], of_out[2]),
        *(pointer(start), of_start[0], of_start[1], of_start[2]),
        *(pointer(a), of_a[0], of_a[1], of_a[2]),
        *(pointer(b), of_b[0], of_b[1], of_b[2]),
        *(size[0], size[1], size[2]),
    )


PRODUCTS: dict[str, tuple[Callable[..., None], Callable[..., None]]] = {
    "multiply_rows": (multiply_rows, compiled_multiply_rows),
    "multiply_numbers": (multiply_numbers, compiled_multiply_numbers),
}
LARGEST = 9
"""Two whole tiles and every kind of remainder."""


def rows(generator: np.random.Generator, count: int, number: Any) -> Array:
    return generator.normal(size=(count, LANES)).astype(number)


def exact_factors(generator: np.random.Generator, shape: tuple[int, ...], number: Any) -> Array:
    """Powers of two, by which products are exact: rounding twice is then rounding once."""
    return (generator.choice([-1, 1], shape) * 2.0 ** generator.integers(-3, 3, shape)).astype(
        number
    )


@st.composite
def places(draw: st.DrawFn, m: int, n: int) -> tuple[int, int, int]:
    """Draw a start and two strides that keep m × n places apart, in either order."""
    start, gap, more = draw(st.integers(0, 3)), draw(st.integers(1, 3)), draw(st.integers(0, 3))
    if draw(st.booleans()):
        return start, gap * max(n, 1) + more, gap
    return start, gap, gap * max(m, 1) + more


@each_type
@pytest.mark.parametrize("name", PRODUCTS)
@given(data=st.data(), seed=st.integers(0, 999))
@pytest.mark.slow
def test_products_do_as_python_does_for_any_sizes_and_strides(
    name: str, number: Any, data: st.DataObject, seed: int
):
    sizes = st.integers(0, LARGEST)
    m, n, k = data.draw(sizes), data.draw(sizes), data.draw(sizes)
    of_out = data.draw(places(m, n))
    of_start = data.draw(st.one_of(st.just(of_out), places(m, n), st.just((1, 0, 0))))
    of_a, of_b = data.draw(places(m, k)), data.draw(places(n, k))
    generator = np.random.default_rng(seed)
    length = 1 + max(
        start + max(m, n, k) * (one + other) for start, one, other in (of_out, of_start, of_a, of_b)
    )
    before, b = rows(generator, length, number), rows(generator, length, number)
    apart = rows(generator, length, number)
    shape = (length,) if name == "multiply_numbers" else (length, LANES)
    a = exact_factors(generator, shape, number)
    python, compiled = PRODUCTS[name]
    ref, comp = before.copy(), before.copy()
    # Sums may start from what `out` holds, or from another array.
    own = of_start == of_out
    python(ref, *of_out, ref if own else apart, *of_start, a, *of_a, b, *of_b, m, n, k)
    of = [np.array(place) for place in (of_out, of_start, of_a, of_b, (m, n, k))]
    compiled(comp, of[0], comp if own else apart, of[1], a, of[2], b, of[3], of[4])
    # To the last bit, so in the same order too; what lies between the places is left alone.
    assert comp.tobytes() == ref.tobytes()


@compiled_only
@each_type
@pytest.mark.parametrize("name", PRODUCTS)
def test_a_product_and_a_sum_are_rounded_once(name: str, number: Any):
    # (1 + ε)² - (1 + 2ε) = ε², which is lost where the square is rounded by itself.
    small = np.finfo(number).eps
    out = np.full((1, LANES), -(1 + 2 * small), number)
    b = np.full((1, LANES), 1 + small, number)
    a = b[0] if name == "multiply_numbers" else b
    ones = np.array([0, 1, 1])
    PRODUCTS[name][1](out, ones, out, ones, a, ones, b, ones, np.array([1, 1, 1]))
    assert out.tolist() == [[float(small) ** 2] * LANES]


@each_type
@pytest.mark.parametrize("name", PRODUCTS)
@pytest.mark.parametrize("size", [1, 2, 4, LARGEST])
def test_sums_are_taken_in_order(name: str, number: Any, size: int):
    # 1 + big - big is 0 in this order, 1 in the order big - big + 1; in whichever part of the tiling.
    big = 4 / np.finfo(number).eps
    terms = np.array([1, big, -big], number)
    out = np.zeros((size * size, LANES), number)
    a = np.ones(3, number) if name == "multiply_numbers" else np.ones((3, LANES), number)
    b = np.repeat(terms, LANES).reshape(3, LANES)
    of_out, place, sizes = np.array([0, size, 1]), np.array([0, 0, 1]), np.array([size, size, 3])
    PRODUCTS[name][1](out, of_out, out, of_out, a, place, b, place, sizes)
    assert not out.any()


@each_type
@pytest.mark.parametrize("name", PRODUCTS)
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_nan_and_infinity_stay_in_their_lane(name: str, number: Any, bad: float):
    generator = np.random.default_rng(1)
    a = np.ones(8, number) if name == "multiply_numbers" else np.ones((8, LANES), number)
    b = rows(generator, 8, number)
    place, size = np.array([0, 2, 1]), np.array([4, 4, 2])
    clean, dirty = np.zeros((16, LANES), number), np.zeros((16, LANES), number)
    of_out = np.array([0, 4, 1])
    PRODUCTS[name][1](clean, of_out, clean, of_out, a, place, b, place, size)
    b[3, 5] = bad  # of the second column, so in out's second place of each row
    PRODUCTS[name][1](dirty, of_out, dirty, of_out, a, place, b, place, size)
    reached = np.zeros((4, 4, LANES), bool)
    reached[:, 1, 5] = True
    np.testing.assert_array_equal(dirty.reshape(reached.shape)[reached], number(bad))
    np.testing.assert_array_equal(
        dirty.reshape(reached.shape)[~reached], clean.reshape(reached.shape)[~reached]
    )
