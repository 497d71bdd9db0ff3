"""All networks without hidden layers that draw a given line between two classes.

On the line a·x1 + b·x2 = c the two outputs must be equal, and nowhere else. So z1 - z2 is a multiple of
a·x1 + b·x2 - c, which leaves four numbers free: the second row of W, the second bias, and the multiple s:

    w11 = w21 + s·a    w12 = w22 + s·b    b1 = b2 - s·c    (s not zero)

Put the line's points into z1 = z2, as the lab report does, and the same family comes out as two
constraints: equation 10. The report's two also hold for two equal rows with equal biases, which draw no
line at all; `LineFamily.exclusion` rules that out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from mlplab.boundary.equation import write_sum
from mlplab.boundary.line import CLOSE, Line, LineSide
from mlplab.boundary.single_layer import LARGEST, SingleLayer, simple_fraction, two_classes
from mlplab.errors import MlplabError

_ONE = Fraction(1)


@dataclass(frozen=True)
class LineFamily:
    """Every W (2, 2) and b (2,) whose two classes meet on a line.

    Attributes
    ----------
    line : Line

    Examples
    --------
    >>> family = LineFamily.from_line(Line.parse("x2 = 1 - x1"))
    >>> print(family)
    W = [[w21 + s, w22 + s], [w21, w22]]
    b = [b2 - s, b2]
    >>> family.constraints
    ('w11 - w12 = w21 - w22', 'w12 + b1 = w22 + b2')
    >>> family.contains([[2, 1], [3, 2]], [0.5, -0.5])
    True
    """

    line: Line

    @classmethod
    def from_line(cls, line: Line) -> LineFamily:
        """Return the family of a line."""
        return cls(line)

    def __str__(self) -> str:
        """Return W and b in the free parameters w21, w22, b2 (any number) and s (any but zero)."""
        entries = self.entries
        rows = f"[{entries['w11']}, {entries['w12']}], [w21, w22]"
        return f"W = [{rows}]\nb = [{entries['b1']}, b2]"

    @property
    def entries(self) -> dict[str, str]:
        """What w11, w12 and b1 are, in the free parameters, each as text.

        With s above zero, class 0 lies above the line, or to the right of a vertical one; below zero,
        on the other side. The size of s sets how sharply the softmax turns from class to class.
        """
        line = self.line
        return {
            "w11": write_sum([(_ONE, "w21"), (line.a, "s")]),
            "w12": write_sum([(_ONE, "w22"), (line.b, "s")]),
            "b1": write_sum([(_ONE, "b2"), (-line.c, "s")]),
        }

    @property
    def constraints(self) -> tuple[str, str]:
        """The two equations that W and b must fulfil, in the form of the report's equation 10.

        The first makes z1 - z2 constant along the line, the second makes it zero there. For
        x2 = c - a·x1 they say that both sides of z1 = z2 have the same factor of x1 and the same rest:
        w11 - a·w12 = w21 - a·w22 and c·w12 + b1 = c·w22 + b2. For x1 = c, x2 is what remains free:
        w12 = w22 and c·w11 + b1 = c·w21 + b2.
        """
        line = self.line
        if line.is_vertical:
            along = [[(_ONE, f"w{k}2")] for k in (1, 2)]
            on = [[(line.c, f"w{k}1"), (_ONE, f"b{k}")] for k in (1, 2)]
        else:
            along = [[(_ONE, f"w{k}1"), (-line.a, f"w{k}2")] for k in (1, 2)]
            on = [[(line.c, f"w{k}2"), (_ONE, f"b{k}")] for k in (1, 2)]
        first, second = (" = ".join(write_sum(side) for side in sides) for sides in (along, on))
        return first, second

    @property
    def exclusion(self) -> str:
        """What must hold besides the constraints: without it the outputs are equal everywhere."""
        return "w11 != w21" if self.line.is_vertical else "w12 != w22"

    def contains(self, W: ArrayLike, b: ArrayLike) -> bool:
        """Whether a network draws this line, but for rounding (`SingleLayer.tolerance`).

        Raises
        ------
        MlplabError
            If W is not (2, 2), b not (2,) or (2, 1), or a value not finite.
        LineError
            If the line that is drawn is too steep, flat or far away for floats (see `Line`).
        """
        layer = two_classes(W, b)
        drawn = layer.line_between(0, 1)
        return drawn is not None and drawn.is_close(self.line, layer.tolerance)

    def broken_constraints(self, W: ArrayLike, b: ArrayLike) -> tuple[str, ...]:
        """Return those of `constraints` that a network does not fulfil, but for rounding.

        Where it draws a line, none is broken exactly if `contains` holds. Else the first is broken if the
        lines are not parallel. The second is, if they are, or if the drawn line passes by the point where
        this line meets the axis (at x2 = c, or x1 = c); by more than the tolerance, and where that point
        is beyond 1, by that many times more.

        Raises
        ------
        MlplabError, LineError
            As `contains`.
        """
        layer, line = two_classes(W, b), self.line
        along, on = self.constraints
        drawn = layer.line_between(0, 1)
        if drawn is None:
            always_ties = layer.difference(0, 1)[2] == 0
            return () if always_ties else (on,)
        if drawn.is_close(line, layer.tolerance):
            return ()
        if drawn.is_parallel(line, layer.tolerance):
            return (on,)
        c = float(line.c)
        meets = np.array([[c, 0.0]] if line.is_vertical else [[0.0, c]])
        passes_by = drawn.distance(meets).item() > layer.tolerance * max(1.0, abs(c))
        return (along, on) if passes_by else (along,)

    def member(
        self,
        *,
        sharpness: float = 10.0,
        class_0: LineSide | None = None,
        w21: float = 0.0,
        w22: float = 0.0,
        b2: float = 0.0,
    ) -> SingleLayer:
        """Return one network of the family.

        Parameters
        ----------
        sharpness : float
            By how much z1 - z2 changes on one unit of length straight across the line; above zero. At
            distance d from the line, the class on whose side a point lies has the probability
            1 / (1 + exp(-sharpness·d)). Seen in a picture: with 10, a strip about 0.22 wide on each side
            of the line is less than 90 % sure; with 1 the colours blend over the whole unit square, with
            100 they meet at an edge. The line, and so every answer, is the same.
        class_0 : str, optional
            The side that gets class 0: "below" or "above", for a vertical line "left" or "right". The
            first of the two if not given.
        w21, w22, b2 : float
            The second row of W and the second bias; the first row follows. They change nothing that
            one can see.

        Raises
        ------
        MlplabError
            If the sharpness is not above zero and finite, the line has no such side, or the free weights
            are so large that the line is lost to rounding beside them.

        Examples
        --------
        >>> family = LineFamily.from_line(Line.parse("x2 = 1 - x1"))
        >>> layer = family.member(sharpness=2**0.5, class_0="below")
        >>> layer.W.round(6).tolist(), layer.b.round(6).tolist()
        ([[-1.0, -1.0], [0.0, 0.0]], [1.0, 0.0])
        """
        if not 0 < sharpness <= LARGEST:
            raise MlplabError(f"sharpness must be above 0 and at most 1e100, received {sharpness}")
        for name, value in (("w21", w21), ("w22", w22), ("b2", b2)):
            if not abs(value) <= LARGEST:
                raise MlplabError(f"{name} must be finite and at most 1e100, received {value}")
        line = self.line
        side = line.sides[0] if class_0 is None else line.check_side(class_0)
        s = Fraction(sharpness / math.hypot(line.a, line.b)) * (1 if side == line.sides[1] else -1)
        # The weight that has s alone goes first and rounds it; the others follow from the rounded s.
        second = [simple_fraction(np.float64(free)) for free in (w21, w22, b2)]
        alone = second[0] if line.is_vertical else second[1]
        rounded = simple_fraction(np.float64(alone + s)) - alone
        factors = (line.a, line.b, -line.c)
        first = [float(v + rounded * factor) for v, factor in zip(second, factors, strict=True)]
        W, b = [first[:2], [w21, w22]], [first[2], b2]
        if abs(rounded - s) > CLOSE * abs(s) or not self.contains(W, b):
            raise MlplabError(
                f"the line {line} is lost to rounding beside w21={w21}, w22={w22}, b2={b2}: "
                f"choose them smaller, or a sharpness above {sharpness}"
            )
        return SingleLayer(W, b)
