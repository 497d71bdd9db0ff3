"""Clipping a gradient, as `reference.clipping` does, in the layouts of `block` and of `single`.

Squares are summed in float64, and in one order, so that a network comes out the same in both: of each
layer the weights, output by output and input by input, then the biases. A norm that is not a number clips
nothing.

Where a gradient is clipped, all layers move together once the whole of it is there, and not each while
it is in the cache: the passes know nothing of it, so that it costs nothing where it is off.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlplab.engine.arrays import Flat, Rows, Whole
from mlplab.engine.compiling import kernel
from mlplab.engine.lanes import LANES, flat
from mlplab.engine.options import CLIP, CLIPS

BY_VALUE, BY_NORM, BY_GLOBAL_NORM = 1, 2, 3
"""How a gradient is clipped: the switch `clips`, which is 0 where it is not."""

Float64 = NDArray[np.float64]


@kernel
def hold(gradient: Flat, limits: Float64) -> None:
    """g ← min(max(g, -c), c), for whole rows of numbers; c of each lane, or one for all."""
    each = min(len(limits) - 1, 1)
    for p in range(0, len(gradient), LANES):
        for lane in range(LANES):
            limit = gradient.dtype.type(limits[lane * each])
            g = gradient[p + lane]
            g = limit if g > limit else g
            gradient[p + lane] = -limit if g < -limit else g


@kernel
def factor_of(square: float, limit: float) -> float:
    """c / √Σ g² where that is below 1, else 1."""
    length = np.sqrt(square)
    return limit / length if length > limit else 1.0


@kernel
def clip(
    gradient: Rows,
    sizes: Whole,
    begin: Whole,
    switches: Whole,
    settings: Float64,
    squares: Float64,
) -> None:
    """Clip the whole gradient of a block or of one network, in place, if it is to be clipped.

    `squares`, shape (networks,), is room for sums, and tells which of both it is; the rest as the kernels
    of `block` and `single` have it.
    """
    if len(squares) == LANES:
        clip_block(gradient, sizes, begin, switches, settings, squares)
    else:
        clip_single(flat(gradient), sizes, begin, switches, settings)


# ---- A block: a column for each network -----------------------------------------------------------


@kernel
def clip_block(
    gradient: Rows,
    sizes: Whole,
    begin: Whole,
    switches: Whole,
    settings: Float64,
    squares: Float64,
) -> None:
    """Clip the whole gradient of a block."""
    how, limits = switches[CLIPS], settings[CLIP]
    if how == BY_VALUE:
        hold(flat(gradient), limits)
    elif how == BY_NORM:
        for layer in range(len(sizes) - 1):
            biases = begin[layer] + sizes[layer] * sizes[layer + 1]
            shorten_block(gradient, begin[layer], biases, limits, squares)
            shorten_block(gradient, biases, begin[layer + 1], limits, squares)
    elif how == BY_GLOBAL_NORM:
        shorten_block(gradient, 0, len(gradient), limits, squares)


@kernel
def shorten_block(gradient: Rows, first: int, end: int, limits: Float64, squares: Float64) -> None:
    """Shorten some rows of the gradient, of each network by the norm of its column."""
    squares[:] = 0
    for row in range(first, end):
        for lane in range(LANES):
            g = np.float64(gradient[row, lane])
            squares[lane] += g * g
    for lane in range(LANES):
        squares[lane] = factor_of(squares[lane], limits[lane])
    for row in range(first, end):
        for lane in range(LANES):
            gradient[row, lane] *= gradient.dtype.type(squares[lane])


# ---- One network: for each output its weights, its bias, and zeros --------------------------------


@kernel
def clip_single(
    gradient: Flat, sizes: Whole, begin: Whole, switches: Whole, settings: Float64
) -> None:
    """Clip the whole gradient of one network."""
    how, limit = switches[CLIPS], settings[CLIP, 0]
    if how == BY_VALUE:
        hold(gradient, settings[CLIP])
    if how < BY_NORM:
        return
    square = 0.0
    for layer in range(len(sizes) - 1):
        inputs, outputs, first = sizes[layer], sizes[layer + 1], begin[layer] * LANES
        line = (begin[layer + 1] - begin[layer]) // outputs * LANES
        for place, length in ((first, inputs), (first + inputs, 1)):
            square = sum_of_squares(gradient, place, line, outputs, length, square)
            if how == BY_NORM:
                multiply(gradient, place, line, outputs, length, factor_of(square, limit))
                square = 0.0
    if how == BY_GLOBAL_NORM:
        multiply(gradient, 0, 0, 1, len(gradient), factor_of(square, limit))


@kernel
def sum_of_squares(
    gradient: Flat, first: int, line: int, lines: int, length: int, square: float
) -> float:
    """Add the squares of `length` numbers of each of some lines, which are `line` numbers apart."""
    for i in range(lines):
        for q in range(first + i * line, first + i * line + length):
            g = np.float64(gradient[q])
            square += g * g
    return square


@kernel
def multiply(gradient: Flat, first: int, line: int, lines: int, length: int, factor: float) -> None:
    """Multiply these numbers."""
    for i in range(lines):
        for q in range(first + i * line, first + i * line + length):
            gradient[q] *= gradient.dtype.type(factor)
