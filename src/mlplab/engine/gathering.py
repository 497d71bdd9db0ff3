"""Samples of sixteen networks, read in any order, and laid side by side: one read for each network."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, overload

from mlplab.drawing import PackedSamples
from mlplab.engine.arrays import Indices, Rows
from mlplab.engine.lanes import LANES

PIECE = 4
"""Numbers of a sample that are read at once; `drawing.packed_width` is a multiple of it."""


def gather(out: Rows, samples: PackedSamples, indices: Indices, place: int) -> None:
    """Read a sample of each network, and write each of its numbers as a row.

    Parameters
    ----------
    out : ndarray, shape (width, LANES)
        Row c becomes number c of the networks' samples.
    samples : ndarray, shape (LANES or 1, samples, width)
        As `layout.pack_samples` has them.
    indices : ndarray of int32, shape (LANES, places)
    place : int
        Of the indices: network l gets sample indices[l, place].
    """
    own = 1 if len(samples) > 1 else 0
    for lane in range(LANES):
        out[:, lane] = samples[lane * own, indices[lane, place]]


@intrinsic
def _gather(_: Any, out: Any, samples: Any, indices: Any, place: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        arrays = [
            context.make_array(kind)(context, builder, value)
            for kind, value in zip(signature.args[:3], values[:3], strict=True)
        ]
        target, source, indices = arrays
        networks, count, width = cgutils.unpack_tuple(builder, source.shape, 3)
        _, places = cgutils.unpack_tuple(builder, indices.shape, 2)
        number = context.get_data_type(signature.args[0].dtype)
        _write_gather(
            *(builder, number, context.get_abi_sizeof(number)),
            *(target.data, source.data, indices.data, networks, count, width, places, values[3]),
        )
        return context.get_dummy_value()

    return types.void(out, samples, indices, types.intp), generate


def _write_gather(
    builder: Any,
    number: Any,
    alignment: int,
    target: Any,
    source: Any,
    indices: Any,
    networks: Any,
    count: Any,
    width: Any,
    places: Any,
    place: Any,
) -> None:
    def whole(value: int) -> Any:
        return ir.Constant(place.type, value)

    piece = ir.VectorType(number, PIECE)
    shared = builder.icmp_signed("==", networks, whole(1))
    gap = builder.select(shared, whole(0), builder.mul(count, width))
    starts = []
    for lane in range(LANES):
        at = builder.add(builder.mul(places, whole(lane)), place)
        index = builder.sext(builder.load(builder.gep(indices, [at])), place.type)
        start = builder.add(builder.mul(gap, whole(lane)), builder.mul(index, width))
        starts.append(builder.gep(source, [start]))
    with cgutils.for_range_slice(builder, whole(0), width, whole(PIECE)) as (first, _):
        pieces = []
        for start in starts:
            at = builder.bitcast(builder.gep(start, [first]), piece.as_pointer())
            pieces.append(builder.load(at))
            pieces[-1].align = alignment
        for c, row in enumerate(_transpose(builder, pieces)):
            at = builder.gep(target, [builder.mul(builder.add(first, whole(c)), whole(LANES))])
            store = builder.store(row, builder.bitcast(at, row.type.as_pointer()))
            store.align = alignment


def _transpose(builder: Any, pieces: list[Any]) -> list[Any]:
    """Turn LANES vectors of PIECE numbers into PIECE vectors of LANES, by squares of 4 × 4."""

    def shuffled(a: Any, b: Any, places: list[int]) -> Any:
        mask = ir.Constant(ir.VectorType(ir.IntType(32), len(places)), places)
        return builder.shuffle_vector(a, b, mask)

    def joined(vectors: list[Any]) -> Any:
        while len(vectors) > 1:
            places = list(range(2 * vectors[0].type.count))
            vectors = [
                shuffled(a, b, places) for a, b in zip(vectors[::2], vectors[1::2], strict=True)
            ]
        return vectors[0]

    def by_squares(a: Any, b: Any, places: list[int]) -> Any:
        # Numbers 0 to 3 are those of a in each square, 4 to 7 those of b.
        squares = range(0, LANES, PIECE)
        return shuffled(
            a, b, [s + (p if p < PIECE else LANES + p - PIECE) for s in squares for p in places]
        )

    one, two, three, four = (joined(pieces[first::PIECE]) for first in range(PIECE))
    low, high = [0, 4, 1, 5], [2, 6, 3, 7]
    left, right = [0, 1, 4, 5], [2, 3, 6, 7]
    halves = [(by_squares(one, two, p), by_squares(three, four, p)) for p in (low, high)]
    return [by_squares(*half, p) for half in halves for p in (left, right)]


@overload(gather, strict=False)
def _compile_gather(out: Any, samples: Any, indices: Any, place: Any) -> Any:
    operation: Any = _gather
    return lambda out, samples, indices, place: operation(out, samples, indices, place)
