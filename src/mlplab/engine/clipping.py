"""Clipping a gradient, as `reference.clipping` does, in the layouts of `block` and of `single`.

Squares are summed in float64, and in one order, so that a network comes out the same in both: of each layer
the weights, output by output and input by input, then the biases. A norm that is not a number clips nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlplab.engine.arrays import Flat, Rows, Whole
from mlplab.engine.compiling import kernel
from mlplab.engine.lanes import LANES, flat
from mlplab.engine.options import CLIP

BY_VALUE, BY_NORM, BY_GLOBAL_NORM = 1, 2, 3
"""How a gradient is clipped: the switch `clips`, which is 0 where it is not."""

Float64 = NDArray[np.float64]


@kernel
def hold(gradient: Flat, limits: Float64, first: int, each: int) -> None:
    """g ← min(max(g, -c), c), for whole rows of numbers; c of lane i stands at `first` + i · `each`."""
    for p in range(0, len(gradient), LANES):
        for lane in range(LANES):
            limit = gradient.dtype.type(limits[first + lane * each])
            g = gradient[p + lane]
            g = limit if g > limit else g
            gradient[p + lane] = -limit if g < -limit else g


@kernel
def factor_of(square: float, limit: float) -> float:
    """c / √Σ g² where that is below 1, else 1."""
    length = np.sqrt(square)
    return limit / length if length > limit else 1.0


# ---- A block: a column for each network -----------------------------------------------------------


@kernel
def clip_block(
    how: int,
    settings: Float64,
    gradient: Rows,
    w: int,
    biases: int,
    end: int,
    squares: Float64,
) -> None:
    """Clip the gradient of a layer by value or by norm.

    Its weights are the rows from w on, its biases those from `biases` to `end`; settings and squares are
    those of `options.Step`.
    """
    if how == BY_VALUE:
        hold(flat(gradient)[w * LANES : end * LANES], settings, CLIP * LANES, 1)
    elif how == BY_NORM:
        shorten_block(settings, gradient, w, biases, squares)
        shorten_block(settings, gradient, biases, end, squares)


@kernel
def shorten_block(settings: Float64, gradient: Rows, first: int, end: int, squares: Float64) -> None:
    """Shorten some rows of the gradient, of each network by the norm of its column."""
    for lane in range(LANES):
        squares[lane] = 0.0
    for row in range(first, end):
        for lane in range(LANES):
            g = np.float64(gradient[row, lane])
            squares[lane] += g * g
    for lane in range(LANES):
        squares[lane] = factor_of(squares[lane], settings[CLIP * LANES + lane])
    for row in range(first, end):
        for lane in range(LANES):
            gradient[row, lane] *= gradient.dtype.type(squares[lane])


# ---- One network: for each output its weights, its bias, and zeros --------------------------------


@kernel
def clip_single(
    how: int, settings: Float64, gradient: Flat, begin: int, end: int, outputs: int, inputs: int
) -> None:
    """Clip the gradient of a layer by value or by norm; its numbers are those from `begin` to `end`."""
    if how == BY_VALUE:
        hold(gradient[begin:end], settings, CLIP, 0)
    elif how == BY_NORM:
        line = (end - begin) // outputs
        for first, length in ((begin, inputs), (begin + inputs, 1)):
            square = sum_of_squares(gradient, first, line, outputs, length, 0.0)
            factor = gradient.dtype.type(factor_of(square, settings[CLIP]))
            for o in range(outputs):
                for q in range(first + o * line, first + o * line + length):
                    gradient[q] *= factor


@kernel
def shorten_single(settings: Float64, gradient: Flat, begin: Whole, sizes: Whole) -> None:
    """Shorten the whole gradient, by its norm; `begin` are the rows at which layers begin."""
    square = 0.0
    for layer in range(len(sizes) - 1):
        inputs, outputs, first = sizes[layer], sizes[layer + 1], begin[layer] * LANES
        line = (begin[layer + 1] - begin[layer]) // outputs * LANES
        square = sum_of_squares(gradient, first, line, outputs, inputs, square)
        square = sum_of_squares(gradient, first + inputs, line, outputs, 1, square)
    factor = gradient.dtype.type(factor_of(square, settings[CLIP]))
    for q in range(len(gradient)):
        gradient[q] *= factor


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
