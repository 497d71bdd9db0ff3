"""Sixteen numbers at a time: the operations on rows of LANES numbers that the kernels are made of.

Arrays here have the shape (rows, LANES). In a block of sixteen networks a column is a network; in the
training of one network a column is a training point or an input. Either way each lane computes for
itself: the same numbers are combined in the same order, and rounded once for each product and sum, so
that a network comes out the same to the last bit in both.

Batching small matrices in the lanes: Kim et al. 2017, "Designing vector-friendly compact BLAS and
LAPACK kernels".

The functions say what they do in Python, and compile to explicit vector instructions: LLVM does not
find them by itself, because it cannot know that the arrays do not overlap.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import llvmlite.binding
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.imputils import impl_ret_borrowed
from numba.extending import intrinsic, overload
from numba.np.arrayobj import populate_array
from numpy.typing import NDArray

from mlplab.engine.compiling import COMPILES

Rows = NDArray[np.floating[Any]]
Flat = NDArray[np.floating[Any]]

LANES = 16
"""Networks in a block: the float32 numbers of a 512-bit register; narrower machines take it in parts."""


def fill(out: Rows, o: int, a: Rows, i: int, n: int) -> None:
    """out[o + k] = a[i] for each k < n; every row has shape (LANES,)."""
    out[o : o + n] = a[i]


def add_sum(out: Rows, o: int, a: Rows, i: int, n: int) -> None:
    """out[o] += Σ_k a[i + k] for k < n; every row has shape (LANES,)."""
    for k in range(n):
        out[o] += a[i + k]


def add_product(
    out: Rows,
    o: int,
    o_u: int,
    o_v: int,
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
    """A product of matrices whose entries are rows: an m × k one times a k × n one, added to `out`.

    out[o + u o_u + v o_v] += Σ_s a[i + u i_u + s i_s] · b[j + v j_v + s j_s],  u < m, v < n, s < k

    Whatever its size, each sum is taken in the order of s.
    """
    for u in range(m):
        for v in range(n):
            for s in range(k):
                out[o + u * o_u + v * o_v] += a[i + u * i_u + s * i_s] * b[j + v * j_v + s * j_s]


def add_outer(
    out: Rows,
    o: int,
    o_u: int,
    o_v: int,
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
    """As `add_product`, but `a` is flat: each of its entries is one number, for all of a row."""
    for u in range(m):
        for v in range(n):
            for s in range(k):
                out[o + u * o_u + v * o_v] += a[i + u * i_u + s * i_s] * b[j + v * j_v + s * j_s]


TILE = 4 if llvmlite.binding.get_host_cpu_features().get("avx512f") else 2
"""Rows and columns of `out` whose sums are kept in registers together; of no influence on the result."""

PANEL = 384
"""Rows of `b` that are worked on again and again: half of a cache of 48 KiB, in float32; likewise."""


class _Row:
    """Reads and writes rows of an array argument as vectors, in the code of a compiled function."""

    def __init__(self, context: Any, builder: Any, array_type: Any, array: Any) -> None:
        number = context.get_data_type(array_type.dtype)
        self.vector = ir.VectorType(number, LANES)
        self.builder = builder
        self.alignment = context.get_abi_sizeof(number)
        self.data = context.make_array(array_type)(context, builder, array).data
        self.name = "f32" if array_type.dtype == types.float32 else "f64"

    def at(self, row: Any) -> Any:
        """Return a pointer to a row."""
        start = self.builder.mul(row, ir.Constant(row.type, LANES))
        return self.builder.bitcast(self.builder.gep(self.data, [start]), self.vector.as_pointer())

    def spread(self, index: Any) -> Any:
        """Return a row that has one number of a flat array in every lane."""
        number = self.builder.load(self.builder.gep(self.data, [index]))
        undefined = ir.Constant(self.vector, ir.Undefined)
        first = ir.Constant(ir.IntType(32), 0)
        single = self.builder.insert_element(undefined, number, first)
        mask = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
        return self.builder.shuffle_vector(single, undefined, mask)

    def load(self, row: Any) -> Any:
        """Return a row; a row need not lie at an address that vectors like."""
        value = self.builder.load(self.at(row))
        value.align = self.alignment
        return value

    def store(self, value: Any, row: Any) -> None:
        """Write a row."""
        self.builder.store(value, self.at(row)).align = self.alignment

    def multiply_add(self, a: Any, b: Any, c: Any) -> Any:
        """Return a · b + c, rounded once."""
        kind = ir.FunctionType(self.vector, [self.vector] * 3)
        name = f"llvm.fma.v{LANES}{self.name}"
        fma = cgutils.get_or_insert_function(self.builder.module, kind, name)
        return self.builder.call(fma, [a, b, c])


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


def _product(flat: bool) -> Any:
    """Return the intrinsic of `add_product`, or of `add_outer`, whose `a` is flat."""

    @intrinsic
    def operation(
        _: Any,
        out: Any,
        o: Any,
        o_u: Any,
        o_v: Any,
        a: Any,
        i: Any,
        i_u: Any,
        i_s: Any,
        b: Any,
        j: Any,
        j_v: Any,
        j_s: Any,
        m: Any,
        n: Any,
        k: Any,
    ) -> Any:
        whole = types.intp
        kinds = (out, whole, whole, whole, a, whole, whole, whole, b, whole, whole, whole)

        def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            rows = [_Row(context, builder, signature.args[p], values[p]) for p in (0, 4, 8)]
            load = rows[1].spread if flat else rows[1].load
            places = values[1:4], values[5:8], values[9:12]
            _write_product(builder, rows[0], load, rows[2].load, *places, values[12:])
            return context.get_dummy_value()

        return types.void(*kinds, whole, whole, whole), generate

    return operation


_add_product = _product(flat=False)
_add_outer = _product(flat=True)


def _write_product(
    builder: Any,
    out: _Row,
    load_a: Callable[[Any], Any],
    load_b: Callable[[Any], Any],
    of_out: Any,
    of_a: Any,
    of_b: Any,
    size: Any,
) -> None:
    """Cover the m × n entries by tiles: TILE × TILE, and narrower ones for what is left over."""
    m, n, k = size

    def place(start: Any, *steps: tuple[Any, Any]) -> Any:
        for count, stride in steps:
            start = builder.add(start, builder.mul(count, stride))
        return start

    def write_tile(u: Any, v: Any, height: int, width: int) -> None:
        us = [builder.add(u, ir.Constant(u.type, q)) for q in range(height)]
        vs = [builder.add(v, ir.Constant(v.type, q)) for q in range(width)]
        targets = [[place(of_out[0], (x, of_out[1]), (y, of_out[2])) for y in vs] for x in us]
        sums = [
            [cgutils.alloca_once_value(builder, out.load(target)) for target in line]
            for line in targets
        ]
        lefts = [place(of_a[0], (x, of_a[1])) for x in us]
        rights = [place(of_b[0], (y, of_b[1])) for y in vs]
        with cgutils.for_range(builder, k) as loop:
            left = [load_a(place(x, (loop.index, of_a[2]))) for x in lefts]
            right = [load_b(place(y, (loop.index, of_b[2]))) for y in rights]
            for line, x in zip(sums, left, strict=True):
                for total, y in zip(line, right, strict=True):
                    builder.store(out.multiply_add(x, y, builder.load(total)), total)
        for line, ends in zip(sums, targets, strict=True):
            for total, target in zip(line, ends, strict=True):
                out.store(builder.load(total), target)

    none, one, tile = (ir.Constant(n.type, number) for number in (0, 1, TILE))

    def steps(begin: Any, end: Any, step: Any) -> Any:
        return cgutils.for_range_slice(builder, begin, end, step)

    def write_line(u: Any, height: int, begin: Any, end: Any) -> None:
        whole = builder.sub(end, builder.srem(builder.sub(end, begin), tile))
        with steps(begin, whole, tile) as (v, _):
            write_tile(u, v, height, TILE)
        with steps(whole, end, one) as (v, _):
            write_tile(u, v, height, 1)

    # All of `a` passes by so many columns of `b` at a time as stay in the first cache.
    tiles = builder.sdiv(ir.Constant(n.type, PANEL // TILE), builder.add(k, one))
    panel = builder.mul(tile, builder.add(tiles, one))
    whole = builder.sub(m, builder.srem(m, tile))
    with steps(none, n, panel) as (begin, _):
        end = builder.add(begin, panel)
        end = builder.select(builder.icmp_signed("<", end, n), end, n)
        with steps(none, whole, tile) as (u, _):
            write_line(u, TILE, begin, end)
        with steps(whole, m, one) as (u, _):
            write_line(u, 1, begin, end)


@overload(fill, strict=False)
def _compile_fill(out: Any, o: Any, a: Any, i: Any, n: Any) -> Any:
    return lambda out, o, a, i, n: _fill(out, o, a, i, n)


@overload(add_sum, strict=False)
def _compile_add_sum(out: Any, o: Any, a: Any, i: Any, n: Any) -> Any:
    return lambda out, o, a, i, n: _add_sum(out, o, a, i, n)


@overload(add_product, strict=False)
def _compile_add_product(
    out: Any,
    o: Any,
    o_u: Any,
    o_v: Any,
    a: Any,
    i: Any,
    i_u: Any,
    i_s: Any,
    b: Any,
    j: Any,
    j_v: Any,
    j_s: Any,
    m: Any,
    n: Any,
    k: Any,
) -> Any:
    return lambda out, o, o_u, o_v, a, i, i_u, i_s, b, j, j_v, j_s, m, n, k: _add_product(
        out, o, o_u, o_v, a, i, i_u, i_s, b, j, j_v, j_s, m, n, k
    )


@overload(add_outer, strict=False)
def _compile_add_outer(
    out: Any,
    o: Any,
    o_u: Any,
    o_v: Any,
    a: Any,
    i: Any,
    i_u: Any,
    i_s: Any,
    b: Any,
    j: Any,
    j_v: Any,
    j_s: Any,
    m: Any,
    n: Any,
    k: Any,
) -> Any:
    return lambda out, o, o_u, o_v, a, i, i_u, i_s, b, j, j_v, j_s, m, n, k: _add_outer(
        out, o, o_u, o_v, a, i, i_u, i_s, b, j, j_v, j_s, m, n, k
    )
