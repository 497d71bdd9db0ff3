"""From a line that is dragged to weights that draw it: both rounded to what a person would write."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
from numpy.typing import DTypeLike

from mlplab.boundary import Extent, Line, LineFamily, LineSide, SingleLayer
from mlplab.errors import MlplabError

Point = tuple[float, float]

FARTHEST = 10
"""Sides of the picture from its middle, within which the ends of a dragged line lie."""

CLOSEST = 1e-3
"""Of the picture's side, how far apart they are at least."""

SHARPNESS = 10.0
"""On the picture's side, of a line where there was none; see `LineFamily.member`."""

_LEAST, _MOST = (
    0.1,
    1000.0,
)  # a sharpness that is kept, likewise: beyond, a line is lost to rounding
_SHORT = [Fraction(text) for text in ("1", "1.2", "1.5", "2", "2.5", "3", "4", "5", "6", "8")]


def line_through(first: Point, second: Point, extent: Extent) -> Line:
    """Return the line through two points, rounded.

    For x2 = c - a·x1, a is rounded to hundredths; to tenths from 2 on and to whole numbers from 10 on,
    where the direction changes less with it. A line that leans by less than a hundredth is vertical. Then
    c is chosen so that the line goes through the middle of the points, with about two decimals of the
    picture's side. Both points are within 3 % of that side from the line, if they lie in the picture.

    Parameters
    ----------
    first, second : (x1, x2)
    extent : Extent
        The picture.

    Raises
    ------
    MlplabError
        If the points are (nearly) one, or one is far out of the picture or no number.

    Examples
    --------
    >>> str(line_through((0.0, 0.8512), (1.0, -0.3488), Extent(0, 1, 0, 1)))
    'x2 = 0.85 - 1.2*x1'
    >>> str(line_through((0.512, 0.0), (0.513, 1.0), Extent(0, 1, 0, 1)))
    'x1 = 0.51'
    """
    side = _side(extent)
    middle = (extent.x1_min + extent.x1_max) / 2, (extent.x2_min + extent.x2_max) / 2
    for point in (first, second):
        if not all(abs(x - at) <= FARTHEST * side for x, at in zip(point, middle, strict=True)):
            raise MlplabError(f"a line is dragged within the picture, received the point {point}")
    across, up = second[0] - first[0], second[1] - first[1]
    if math.hypot(across, up) < CLOSEST * side:
        raise MlplabError(
            "both ends of the line are at one place, where there is no line: drag one away"
        )
    step = Fraction(10) ** (math.floor(math.log10(side)) - 2)
    x1, x2 = (first[0] + second[0]) / 2, (first[1] + second[1]) / 2
    if abs(up) >= 100 * abs(across):
        return Line(Fraction(1), Fraction(0), _rounded(x1, step))
    steepness = abs(up / across)
    a = _rounded(-up / across, Fraction(1, 100 if steepness < 2 else 10 if steepness < 10 else 1))
    c = _rounded(x2 + float(a) * x1, step if steepness < 10 else 10 * step)
    return Line(a, Fraction(1), c)


def side_to_the_left(line: Line, first: Point, second: Point) -> LineSide:
    """Return the side of a line that lies to the left of the way from one point to another along it.

    Examples
    --------
    >>> side_to_the_left(Line(0, 1, 0), (0.0, 0.0), (1.0, 0.0))
    'above'
    """
    across, up = second[0] - first[0], second[1] - first[1]
    return line.sides[1 if float(line.b) * across - float(line.a) * up > 0 else 0]


def weights_near(
    line: Line, class_0: LineSide, now: SingleLayer, sharpness: float, extent: Extent
) -> SingleLayer:
    """Return weights that draw a line, near those that there are.

    Of the four numbers that a `LineFamily` leaves free, the second row of W and its bias stay, with
    three digits, and s is such that the sharpness stays about what it was: one of 1, 1.2, 1.5, 2, … times
    a power of ten. The first row follows, by equation 10 for the line a·x1 + b·x2 = c:

        w11 = w21 + s·a    w12 = w22 + s·b    b1 = b2 - s·c

    Where the line would be lost to rounding beside the second row, s is the next one, and at last the
    second row becomes zero.

    Parameters
    ----------
    line : Line
    class_0 : str
        The side of it that gets class 0.
    now : SingleLayer
        Of two classes.
    sharpness : float
        To be kept; 0 where there was no line.
    extent : Extent
        The picture, which sets what sharpness is usual.

    Returns
    -------
    SingleLayer
        Of the type of `now`, and whose line is exactly that line.

    Raises
    ------
    MlplabError
        If the line is too steep, flat or far away for numbers of that type.

    Examples
    --------
    >>> from mlplab.boundary import EQUATION_12
    >>> line = Line.parse("x2 = 0.85 - 1.2*x1")
    >>> layer = weights_near(line, "below", EQUATION_12, 2**0.5, Extent(0, 1, 0, 1))
    >>> layer.W.tolist(), layer.b.tolist()
    ([[1.8, 1.0], [3.0, 2.0]], [0.35, -0.5])
    """
    side = _side(extent)
    kept = min(max(sharpness, _LEAST / side), _MOST / side) if sharpness > 0 else SHARPNESS / side
    second = [float(f"{value:.3g}") for value in (*now.W[1], now.b[1])]
    for free in (second, [0.0, 0.0, 0.0]):
        for s in _short(kept / math.hypot(line.a, line.b)):
            layer = exact_member(line, class_0, s, free, now.W.dtype)
            if layer is not None:
                return layer
    raise MlplabError(f"the line {line} is lost to rounding in {now.W.dtype}")


def exact_member(
    line: Line, class_0: LineSide, s: Fraction, free: list[float], dtype: DTypeLike
) -> SingleLayer | None:
    """Return the member of a line's family that has w21, w22, b2 and the size of s.

    Returns
    -------
    SingleLayer or None
        None where numbers of that type draw another line, or none, or meet its constraints only nearly.
    """
    w21, w22, b2 = free
    size = float(s) * math.hypot(line.a, line.b)
    try:
        layer = LineFamily.from_line(line).member(
            sharpness=size, class_0=class_0, w21=w21, w22=w22, b2=b2
        )
        with np.errstate(over="ignore"):
            layer = SingleLayer(layer.W.astype(dtype), layer.b.astype(dtype))
        is_exact = layer.line_between(0, 1) == line
        return layer if is_exact and Line(*layer.difference(0, 1)) == line else None
    except MlplabError:  # what the family, or the type, cannot hold
        return None


def _side(extent: Extent) -> float:
    return max(extent.x1_max - extent.x1_min, extent.x2_max - extent.x2_min)


def _rounded(value: float, step: Fraction) -> Fraction:
    return round(Fraction(value) / step) * step


def _short(size: float) -> list[Fraction]:
    """Return the short numbers about a size, the nearest by ratio first.

    >>> [str(each) for each in _short(0.905)], [str(each) for each in _short(140)]
    (['1', '4/5', '6/5', '3/5'], ['150', '120', '100', '200'])
    """
    ten = Fraction(10) ** math.floor(math.log10(size))
    numbers = {ten * each * more for each in _SHORT for more in (1, 10)}
    return sorted(numbers, key=lambda each: abs(math.log(each / size)))[:4]
