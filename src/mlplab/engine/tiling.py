"""Products of matrices whose entries are rows of LANES numbers, in tiles that fit the registers.

A tile of `out` is summed in registers: some rows and columns of it, and of each entry as many lanes as
one register holds. Which tiles these are is of no influence on the result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, NamedTuple

import llvmlite.binding
from llvmlite import ir
from numba.core import cgutils

from mlplab.engine.lanes import LANES

PANEL = 256
"""Rows of `b` that are worked on again and again: half of a cache of 32 KiB, in float32; of no influence
on the result."""


ARM = ("aarch64", "arm64")
"""How the names of targets begin that have 32 registers of 16 bytes; the second is Apple's."""


class Registers(NamedTuple):
    """The vector registers of a target.

    Attributes
    ----------
    size : int
        Bytes of one.
    number : int
        How many there are.
    """

    size: int
    number: int

    @property
    def tile(self) -> tuple[int, int]:
        """Rows and columns of a tile: so many sums, and a row and a column, fit the registers.

        Of few small ones a browser's compiler of WebAssembly wants some for itself: with 3 × 4 sums it
        moves some to memory and back for each term, and takes a quarter longer.
        """
        if self.number >= 32:
            return 4, 4
        return (4, 2) if self.size == 16 else (3, 4)


@lru_cache(maxsize=8)
def registers_of(triple: str, cpu: str, features: str) -> Registers:
    """Return the vector registers that LLVM uses for a target: seen in the code that it makes.

    Examples
    --------
    >>> registers_of("x86_64-unknown-linux-gnu", "x86-64-v3", "")
    Registers(size=32, number=16)
    """
    target = llvmlite.binding.Target.from_triple(triple)
    machine = target.create_target_machine(cpu=cpu, features=features, opt=2)
    vector = f"<{LANES} x float>"
    module = llvmlite.binding.parse_assembly(
        f"define {vector} @f({vector} %a) {{ %b = fadd {vector} %a, %a ret {vector} %b }}"
    )
    assembly = machine.emit_assembly(module)
    if "zmm" in assembly:
        return Registers(64, 32)
    if "ymm" in assembly:
        return Registers(32, 16)
    return Registers(16, 32 if triple.startswith(ARM) else 16)


class _Writer:
    """Writes the code of one product, as `write_product` has it."""

    def __init__(
        self, builder: Any, registers: Registers, number: Any, values: Any, flat: bool
    ) -> None:
        self.registers = registers
        self.builder = builder
        self.flat = flat
        self.out, self.start, self.a, self.b = (values[p] for p in (0, 4, 8, 12))
        self.of_out, self.of_start, self.of_a, self.of_b = (
            values[p + 1 : p + 4] for p in (0, 4, 8, 12)
        )
        self.m, self.n, self.k = values[16:]
        single = isinstance(number, ir.FloatType)
        self.alignment = 4 if single else 8
        self.lanes = min(LANES, registers.size // self.alignment)
        self.vector = ir.VectorType(number, self.lanes)
        self.name = f"llvm.fma.v{self.lanes}" + ("f32" if single else "f64")

    def constant(self, value: int) -> Any:
        return ir.Constant(self.m.type, value)

    def line(self, first: Any, stride: Any, count: int) -> list[Any]:
        """Return `count` places, from one on."""
        places = [first]
        for _ in range(count - 1):
            places.append(self.builder.add(places[-1], stride))
        return places

    def place(self, first: Any, *steps: tuple[Any, Any]) -> Any:
        for count, stride in steps:
            first = self.builder.add(first, self.builder.mul(count, stride))
        return first

    def at(self, base: Any, row: Any, lane: Any) -> Any:
        """Return a pointer to the lanes from one on, of a row."""
        place = self.builder.add(self.builder.mul(row, self.constant(LANES)), lane)
        return self.builder.bitcast(self.builder.gep(base, [place]), self.vector.as_pointer())

    def load(self, base: Any, row: Any, lane: Any) -> Any:
        value = self.builder.load(self.at(base, row, lane))
        value.align = self.alignment  # a row need not lie at an address that vectors like
        return value

    def load_a(self, place: Any, lane: Any) -> Any:
        """Return some lanes of an entry of `a`; a number is the same in all."""
        if not self.flat:
            return self.load(self.a, place, lane)
        number = self.builder.load(self.builder.gep(self.a, [place]))
        undefined = ir.Constant(self.vector, ir.Undefined)
        whole = ir.IntType(32)
        single = self.builder.insert_element(undefined, number, ir.Constant(whole, 0))
        mask = ir.Constant(ir.VectorType(whole, self.lanes), [0] * self.lanes)
        return self.builder.shuffle_vector(single, undefined, mask)

    def multiply_add(self, a: Any, b: Any, c: Any) -> Any:
        """Return a · b + c, rounded once."""
        kind = ir.FunctionType(self.vector, [self.vector] * 3)
        fma = cgutils.get_or_insert_function(self.builder.module, kind, self.name)
        return self.builder.call(fma, [a, b, c])

    def write_tile(self, u: Any, v: Any, height: int, width: int) -> None:
        """Write what sums `height` × `width` entries from (u, v) on, some lanes after the other."""
        builder = self.builder

        def corner(of: Any) -> list[list[Any]]:
            first = self.place(of[0], (u, of[1]), (v, of[2]))
            return [self.line(row, of[2], width) for row in self.line(first, of[1], height)]

        starts, targets = corner(self.of_start), corner(self.of_out)
        lefts = self.line(self.place(self.of_a[0], (u, self.of_a[1])), self.of_a[1], height)
        rights = self.line(self.place(self.of_b[0], (v, self.of_b[1])), self.of_b[1], width)
        with self.steps(self.constant(0), self.constant(LANES), self.lanes) as (lane, _):
            sums = [
                [
                    cgutils.alloca_once_value(builder, self.load(self.start, place, lane))
                    for place in row
                ]
                for row in starts
            ]
            with self.terms() as s:
                left = [self.load_a(self.place(x, (s, self.of_a[2])), lane) for x in lefts]
                for y, column in zip(rights, zip(*sums, strict=True), strict=True):
                    right = self.load(self.b, self.place(y, (s, self.of_b[2])), lane)
                    for x, total in zip(left, column, strict=True):
                        builder.store(self.multiply_add(x, right, builder.load(total)), total)
            for row, places in zip(sums, targets, strict=True):
                for total, place in zip(row, places, strict=True):
                    store = builder.store(builder.load(total), self.at(self.out, place, lane))
                    store.align = self.alignment

    @contextmanager
    def terms(self) -> Iterator[Any]:
        """Write a loop over s < k that is never unrolled: a tile keeps the processor busy as it is."""
        builder, none = self.builder, self.constant(0)
        begin = builder.block
        body, end = builder.append_basic_block("terms"), builder.append_basic_block("terms.end")
        builder.cbranch(builder.icmp_signed(">", self.k, none), body, end)
        builder.position_at_end(body)
        s = builder.phi(self.k.type)
        s.add_incoming(none, begin)
        yield s
        after = builder.add(s, self.constant(1))
        s.add_incoming(after, builder.block)
        again = builder.cbranch(builder.icmp_signed("<", after, self.k), body, end)
        module = builder.module
        rule = module.add_metadata(["llvm.loop.unroll.disable"])
        loop = module.add_metadata(["a loop's first operand is itself", rule])
        loop.operands = (loop, rule)
        again.set_metadata("llvm.loop", loop)
        builder.position_at_end(end)

    def steps(self, begin: Any, end: Any, step: int) -> Any:
        return cgutils.for_range_slice(self.builder, begin, end, self.constant(step))

    def whole(self, begin: Any, end: Any, step: int) -> Any:
        """Return where the whole steps from begin on end."""
        rest = self.builder.srem(self.builder.sub(end, begin), self.constant(step))
        return self.builder.sub(end, rest)

    def write(self) -> None:
        """Cover the m × n entries by tiles, and by smaller ones what is left over."""
        builder, (height, width) = self.builder, self.registers.tile

        def cover(begin: Any, end: Any, size: int, write: Callable[[Any, int], None]) -> None:
            for step in (size, 2, 1):
                middle = self.whole(begin, end, step)
                with self.steps(begin, middle, step) as (first, _):
                    write(first, step)
                begin = middle

        # All of `a` passes by so many columns of `b` at a time as stay in the first cache.
        one = self.constant(1)

        def at_least_one(number: Any) -> Any:
            return builder.select(builder.icmp_signed(">", number, one), number, one)

        tiles = builder.sdiv(self.constant(PANEL // width), at_least_one(self.k))
        panel = builder.mul(self.constant(width), at_least_one(tiles))
        with cgutils.for_range_slice(builder, self.constant(0), self.n, panel) as (begin, _):
            end = builder.add(begin, panel)
            end = builder.select(builder.icmp_signed("<", end, self.n), end, self.n)
            cover(
                self.constant(0),
                self.m,
                height,
                lambda u, high: cover(
                    begin, end, width, lambda v, wide: self.write_tile(u, v, high, wide)
                ),
            )


def write_product(
    builder: Any, registers: Registers, number: Any, values: Sequence[Any], flat: bool
) -> None:
    """Write the code of `products.multiply_rows`, for any target.

    Parameters
    ----------
    builder : llvmlite.ir.IRBuilder
        Where to write it.
    registers : Registers
        Of the target.
    number : llvmlite.ir.FloatType or llvmlite.ir.DoubleType
    values : sequence of llvmlite.ir.Value
        The arguments of `products.multiply_rows`: pointers to numbers, and integers.
    flat : bool
        Whether the entries of `a` are numbers, not rows, as for `products.multiply_numbers`.
    """
    _Writer(builder, registers, number, values, flat).write()
