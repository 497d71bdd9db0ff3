"""A line of the plane, exact: read from an equation, compared, and measured against.

Floats would make "the same line" a matter of luck, so the coefficients are fractions. Only distances
from points, which are measurements anyway, are floats.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from numbers import Rational
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mlplab.boundary.equation import parse_equation, write_sum
from mlplab.errors import LineError, MlplabError

Float = NDArray[np.floating[Any]]
Float64 = NDArray[np.float64]

LineSide = Literal["below", "above", "left", "right"]
"""A side of a line; of a line that stands upright left or right, of others below or above."""

CLOSE = 1e-9
"""By how much two lines may differ and still count as the same: see `Line.is_close`.

So near do weights draw their line that are worked out with ten digits, let alone those that are off by
no more than float64's rounding, 1e-16 of their size.
"""

CLOSE_IN_FLOAT32 = 1e-6
"""Likewise for a line that weights of float32 draw, which are rounded by 6e-8 of their size.

A line is off by the roundings of six of them, in units of the gradient of z1 - z2. Observed: 8e-7, among
thousands of networks of whose weights none was more than eight times that gradient.
"""

_SMALLEST, _LARGEST = Fraction(1, 10**100), Fraction(10**100)


@dataclass(frozen=True)
class Line:
    """The points with a·x1 + b·x2 = c.

    Every multiple of an equation is the same line, so the coefficients are brought to one form: b = 1,
    or for a vertical line b = 0 and a = 1. Equal lines are then equal in Python, and hash equally.

    Attributes
    ----------
    a, b, c : Fraction
        Whole numbers are accepted too; floats are not, since 0.1 as a float is not a tenth.

    Raises
    ------
    LineError
        If a and b are both zero, or the line is so steep, flat or far away that floats cannot hold it
        (a coefficient other than zero, in the form above, below 1e-100 or above 1e100 in size).
    TypeError
        If a coefficient is no fraction and no whole number.

    Examples
    --------
    >>> line = Line.parse("2*x1 + 2*x2 = 2")
    >>> str(line), line == Line(1, 1, 1)
    ('x2 = 1 - x1', True)
    >>> line.side(np.array([[0.0, 0.0], [0.5, 0.5], [1.0, 1.0]])).round(3).tolist()
    [-0.707, 0.0, 0.707]
    """

    a: Fraction
    b: Fraction
    c: Fraction

    def __post_init__(self) -> None:
        exactly = {}
        for name in ("a", "b", "c"):
            value = getattr(self, name)
            if not isinstance(value, Rational):
                raise TypeError(
                    f"{name} must be a Fraction or a whole number, received {name}={value!r}"
                )
            # NumPy's whole numbers are rational, too, but overflow.
            exactly[name] = Fraction(int(value.numerator), int(value.denominator))
        leading = exactly["b"] or exactly["a"]
        if leading == 0:
            raise LineError(f"a line needs a or b other than zero, received a=0, b=0, c={self.c}")
        for name, value in exactly.items():
            in_form = value / leading
            if in_form and not _SMALLEST <= abs(in_form) <= _LARGEST:
                received = "a smaller one" if abs(in_form) < 1 else "a larger one"
                raise LineError(
                    "a line's slope and intercept must be zero or between 1e-100 and 1e100 in size, "
                    f"received {received}"
                )
            object.__setattr__(self, name, in_form)

    @classmethod
    def parse(cls, text: str) -> Line:
        """Read a linear equation in x1 and x2, such as `x2 = 1 - x1`.

        Numbers may be written as `2`, `0.5`, `1e-3` or `1/3`; `+ - * /` and parentheses may be used,
        and `2x1` means `2*x1`.

        Raises
        ------
        LineError
            If the text is no equation, not linear, or true nowhere or everywhere.

        Examples
        --------
        >>> Line.parse("3(x1 - 1) = 2 x2")
        Line(a=Fraction(-3, 2), b=Fraction(1, 1), c=Fraction(-3, 2))
        """
        difference = parse_equation(text)
        return cls(difference.x1, difference.x2, -difference.constant)

    def __str__(self) -> str:
        """Return the equation as one writes it; `parse` reads it back to the same line."""
        if self.is_vertical:
            return f"x1 = {write_sum([(self.c, '')])}"
        terms = [(self.c, ""), (-self.a, "x1")]
        return f"x2 = {write_sum(terms[::-1] if self.c < 0 < -self.a else terms)}"

    @property
    def is_vertical(self) -> bool:
        """Whether x2 does not occur in the equation: the line has a left and a right side."""
        return self.b == 0

    @property
    def sides(self) -> tuple[LineSide, LineSide]:
        """What its two sides are called: where `side` is negative, and where it is positive."""
        return ("left", "right") if self.is_vertical else ("below", "above")

    def check_side(self, name: str) -> LineSide:
        """Return the side that is called so.

        Raises
        ------
        MlplabError
            If the line has no such side; it names those that it has.
        """
        for side in self.sides:
            if side == name:
                return side
        known = " or ".join(f"'{side}'" for side in self.sides)
        raise MlplabError(f"a side of the line {self} is {known}, received '{name}'")

    def rounded(self, digits: int = 6) -> Line:
        """Return a nearby line whose coefficients have at most that many significant digits."""
        a, b, c = (Fraction(f"{float(value):.{digits}g}") for value in (self.a, self.b, self.c))
        return Line(a, b, c)

    def side(self, x: Float) -> Float64:
        """Return the signed distance of points: (a·x1 + b·x2 - c) / √(a² + b²).

        Above the line, or to the right of a vertical one, it is positive.

        Parameters
        ----------
        x : ndarray, shape (points, 2)

        Returns
        -------
        ndarray of float64, shape (points,)

        Raises
        ------
        MlplabError
            If the points have another shape.
        """
        if x.ndim != 2 or x.shape[1] != 2:
            raise MlplabError(f"points must have shape (points, 2), received {x.shape}")
        a, b, c = float(self.a), float(self.b), float(self.c)
        x1, x2 = x.T.astype(np.float64)
        distance: Float64 = (a * x1 + b * x2 - c) / math.hypot(a, b)
        return distance

    def distance(self, x: Float) -> Float64:
        """Return the size of `side`: the distance of points from the line, shape (points,)."""
        return np.abs(self.side(x))

    def is_parallel(self, other: Line, tolerance: float = CLOSE) -> bool:
        """Whether two lines have the same direction, but for rounding: up to `tolerance` in radians."""
        sine = float(self.a * other.b - self.b * other.a) / self._length / other._length
        return abs(sine) <= tolerance

    def is_close(self, other: Line, tolerance: float = CLOSE) -> bool:
        """Whether two lines are the same but for rounding.

        Their directions may differ by `tolerance` in radians, and their signed distances from the
        origin by `tolerance` times that distance, or times 1 where it is below 1.
        """
        # Nearly vertical lines that lean to different sides have opposite normals.
        sign = -1 if self.a * other.a + self.b * other.b < 0 else 1
        offset = float(self.c) / self._length
        other_offset = sign * float(other.c) / other._length
        near = abs(offset - other_offset) <= tolerance * max(1.0, abs(other_offset))
        return near and self.is_parallel(other, tolerance)

    @property
    def _length(self) -> float:
        """Of the normal (a, b)."""
        return math.hypot(self.a, self.b)
