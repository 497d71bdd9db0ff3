"""Products of matrices whose entries are rows of LANES numbers: what they are, and their compiled form.

How they are computed is said in `tiling`. The target is the compiler's, not the machine's:
NUMBA_CPU_NAME and NUMBA_CPU_FEATURES change it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from numba import types
from numba.extending import intrinsic, overload

from mlplab.engine.arrays import Flat, Rows
from mlplab.engine.tiling import registers_of, write_product


def multiply_rows(
    out: Rows,
    o: int,
    o_u: int,
    o_v: int,
    start: Rows,
    c: int,
    c_u: int,
    c_v: int,
    a: Rows,
    i: int,
    i_u: int,
    i_s: int,
    b: Rows,
    j: int,
    j_v: int,
    j_s: int,
    m: int,
    n: int,
    k: int,
) -> None:
    """A product of matrices whose entries are rows, m × k times k × n, and what it starts from.

    out[o + u o_u + v o_v] =
        start[c + u c_u + v c_v] + Σ_s a[i + u i_u + s i_s] · b[j + v j_v + s j_s],  u < m, v < n, s < k

    Whatever its size, each sum is taken in the order of s. Kernels pass arrays as `pointer` has them.
    """
    for u in range(m):
        for v in range(n):
            total = start[c + u * c_u + v * c_v].copy()
            for s in range(k):
                total += a[i + u * i_u + s * i_s] * b[j + v * j_v + s * j_s]
            out[o + u * o_u + v * o_v] = total


def multiply_numbers(
    out: Rows,
    o: int,
    o_u: int,
    o_v: int,
    start: Rows,
    c: int,
    c_u: int,
    c_v: int,
    a: Flat,
    i: int,
    i_u: int,
    i_s: int,
    b: Rows,
    j: int,
    j_v: int,
    j_s: int,
    m: int,
    n: int,
    k: int,
) -> None:
    """As `multiply_rows`, but `a` is flat: each of its entries is one number, for all of a row."""
    multiply_rows(out, o, o_u, o_v, start, c, c_u, c_v, a, i, i_u, i_s, b, j, j_v, j_s, m, n, k)


def _compile(product: Callable[..., None], flat: bool) -> None:
    """Let compiled functions call a product as Python does; `flat` as in `write_product`."""

    def typed(_: Any, *arguments: Any) -> Any:
        number = arguments[0].dtype

        def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            registers = registers_of(*context.codegen().magic_tuple())
            write_product(builder, registers, context.get_data_type(number), values, flat)
            return context.get_dummy_value()

        kinds = [a if isinstance(a, types.CPointer) else types.intp for a in arguments]
        return types.void(*kinds), generate

    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    names = ("context", *inspect.signature(product).parameters)
    parameters = [inspect.Parameter(name, kind) for name in names]
    typed.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    operation: Any = intrinsic(typed)

    def implement(*_: Any) -> Any:
        def multiply(*arguments: Any) -> None:
            operation(*arguments)

        # Kept machine code finds what it calls by this name, and the products take the same types.
        multiply.__qualname__ = product.__qualname__
        return multiply

    overload(product, strict=False)(implement)


_compile(multiply_rows, flat=False)
_compile(multiply_numbers, flat=True)
