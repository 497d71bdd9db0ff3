"""Sixteen numbers at a time: the operations on rows of LANES numbers that the kernels are made of.

Arrays here have the shape (rows, LANES). In a block of sixteen networks a column is a network; in the
training of one network a column is a training sample or an input. Either way each lane computes for
itself: the same numbers are combined in the same order, and rounded once for each product and sum, so
that a network comes out the same to the last bit in both.

Batching small matrices in the lanes: Kim et al. 2017, "Designing vector-friendly compact BLAS and
LAPACK kernels".

The functions say what they do in Python, and compile to explicit vector instructions: LLVM does not
find them by itself, because it cannot know that the arrays do not overlap. Products of matrices have a
file of their own, `products`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.imputils import impl_ret_borrowed
from numba.extending import intrinsic, overload
from numba.np.arrayobj import populate_array
from numpy.typing import NDArray

from mlplab.engine.arrays import Flat, Rows
from mlplab.engine.compiling import COMPILES

LANES = 16
"""Networks in a block: the float32 numbers of a 512-bit register; narrower machines take it in parts."""


def fill(out: Rows, o: int, a: Rows, i: int, n: int) -> None:
    """out[o + k] = a[i] for each k < n; every row has shape (LANES,)."""
    out[o : o + n] = a[i]


def add_sum(out: Rows, o: int, a: Rows, i: int, n: int) -> None:
    """out[o] += Σ_k a[i + k] for k < n; every row has shape (LANES,)."""
    for k in range(n):
        out[o] += a[i + k]


class _Row:
    """Reads and writes rows of an array argument as vectors, in the code of a compiled function."""

    def __init__(self, context: Any, builder: Any, array_type: Any, array: Any) -> None:
        number = context.get_data_type(array_type.dtype)
        self.vector = ir.VectorType(number, LANES)
        self.builder = builder
        self.alignment = context.get_abi_sizeof(number)
        self.data = context.make_array(array_type)(context, builder, array).data

    def at(self, row: Any) -> Any:
        """Return a pointer to a row."""
        start = self.builder.mul(row, ir.Constant(row.type, LANES))
        return self.builder.bitcast(self.builder.gep(self.data, [start]), self.vector.as_pointer())

    def load(self, row: Any) -> Any:
        """Return a row; a row need not lie at an address that vectors like."""
        value = self.builder.load(self.at(row))
        value.align = self.alignment
        return value

    def store(self, value: Any, row: Any) -> None:
        """Write a row."""
        self.builder.store(value, self.at(row)).align = self.alignment


def _flat(_: Any, rows: Any) -> Any:
    line = types.Array(rows.dtype, 1, "C")

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        table = context.make_array(rows)(context, builder, values[0])
        view = context.make_array(line)(context, builder)
        size = context.get_constant(
            types.intp, context.get_abi_sizeof(context.get_data_type(rows.dtype))
        )
        populate_array(
            view,
            data=table.data,
            shape=cgutils.pack_array(builder, [table.nitems]),
            strides=cgutils.pack_array(builder, [size]),
            itemsize=size,
            meminfo=table.meminfo,
            parent=table.parent,
        )
        return impl_ret_borrowed(context, builder, line, view._getvalue())

    return line(rows), generate


def _reshaped(rows: Rows) -> Flat:
    return rows.reshape(-1)


flat = cast(Callable[[Rows], Flat], intrinsic(_flat) if COMPILES else _reshaped)
"""Return the numbers of all rows in a line; a view, at no cost, which Numba's `reshape` is not."""


def _pointer(_: Any, array: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return context.make_array(array)(context, builder, values[0]).data

    return types.CPointer(array.dtype)(array), generate


def _itself(array: NDArray[Any]) -> NDArray[Any]:
    return array


pointer = cast(Callable[[NDArray[Any]], NDArray[Any]], intrinsic(_pointer) if COMPILES else _itself)
"""Return where the numbers of an array begin: less to hand to a function than an array."""


def _write_fill(builder: Any, out: _Row, a: _Row, o: Any, i: Any, n: Any) -> None:
    value = a.load(i)
    with cgutils.for_range(builder, n) as loop:
        out.store(value, builder.add(o, loop.index))


def _write_add_sum(builder: Any, out: _Row, a: _Row, o: Any, i: Any, n: Any) -> None:
    total = cgutils.alloca_once_value(builder, out.load(o))
    with cgutils.for_range(builder, n) as loop:
        value = a.load(builder.add(i, loop.index))
        builder.store(builder.fadd(builder.load(total), value), total)
    out.store(builder.load(total), o)


def _simple(write: Callable[..., None]) -> Any:
    """Return the intrinsic of an operation (out, o, a, i, n)."""

    @intrinsic
    def operation(_: Any, out: Any, o: Any, a: Any, i: Any, n: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            rows = [_Row(context, builder, signature.args[k], values[k]) for k in (0, 2)]
            write(builder, *rows, values[1], values[3], values[4])
            return context.get_dummy_value()

        return types.void(out, types.intp, a, types.intp, types.intp), generate

    return operation


_fill = _simple(_write_fill)
_add_sum = _simple(_write_add_sum)


@overload(fill, strict=False)
def _compile_fill(out: Any, o: Any, a: Any, i: Any, n: Any) -> Any:
    return lambda out, o, a, i, n: _fill(out, o, a, i, n)


@overload(add_sum, strict=False)
def _compile_add_sum(out: Any, o: Any, a: Any, i: Any, n: Any) -> Any:
    return lambda out, o, a, i, n: _add_sum(out, o, a, i, n)
