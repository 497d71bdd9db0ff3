"""What a network without hidden layers and with two classes draws, and whether that was wanted."""

from __future__ import annotations

import math
from dataclasses import dataclass

from numpy.typing import ArrayLike

from mlplab.boundary.family import LineFamily
from mlplab.boundary.line import Line, LineSide
from mlplab.boundary.single_layer import SingleLayer, two_classes
from mlplab.errors import MlplabError

_WHERE: dict[LineSide, str] = {
    "below": "below it",
    "above": "above it",
    "left": "to the left of it",
    "right": "to the right of it",
}


@dataclass(frozen=True, eq=False)
class BoundaryCheck:
    """What weights draw.

    Attributes
    ----------
    layer : SingleLayer
        The network that was checked.
    line : Line or None
        Where both classes have probability 1/2, recovered from the floats (see
        `SingleLayer.line_between`); None if that is nowhere or everywhere.
    class_0 : str or None
        The side of the line that is class 0, `Line.sides` of the wanted line if it is drawn, else of
        the drawn one; None without a line.
    sharpness : float
        Size of the gradient of z1 - z2 (see `LineFamily.member`); zero without a line.
    everywhere : int or None
        The class that is predicted everywhere; None if there is a line or both always tie.
    wanted_line, wanted_class_0 : Line or None, str or None
        What was asked for.
    """

    layer: SingleLayer
    line: Line | None
    class_0: LineSide | None
    sharpness: float
    everywhere: int | None
    wanted_line: Line | None
    wanted_class_0: LineSide | None

    @property
    def draws_wanted_line(self) -> bool | None:
        """Whether it is the wanted line, but for rounding; None if none was (`LineFamily.contains`)."""
        if self.wanted_line is None:
            return None
        return self.line is not None and self.line.is_close(self.wanted_line, self.layer.tolerance)

    @property
    def labels_swapped(self) -> bool | None:
        """Whether the wanted line is drawn but class 0 is on its other side; None if no side was."""
        if self.wanted_class_0 is None:
            return None
        return bool(self.draws_wanted_line) and self.class_0 != self.wanted_class_0

    @property
    def is_right(self) -> bool | None:
        """Whether the wanted line is drawn, and class 0 is not on the wrong side of it."""
        if self.draws_wanted_line is None:
            return None
        return self.draws_wanted_line and not self.labels_swapped

    def explain(self) -> str:
        """Return the findings as one paragraph of plain text.

        Examples
        --------
        >>> import textwrap
        >>> found = check([[2, 1], [3, 2]], [0.5, -0.5], line=Line.parse("x2 = 1 - x1"))
        >>> print(textwrap.fill(found.explain(), 80))
        These weights draw the line x2 = 1 - x1, as wanted. Class 0 lies below it, class
        1 above it. The sharpness is 1.414: at a distance d from the line, a point's
        class has the probability 1 / (1 + exp(-1.414 d)), so it takes a distance of
        1.554 to be 90 % sure.
        """
        if self.line is None:
            return self._explain_no_line()
        return f"{self._explain_line(self.line)} {self._explain_sides(self.line)}"

    def _explain_no_line(self) -> str:
        first, second = self.layer.b.tolist()
        if self.everywhere is None:
            text = (
                "These weights draw no line: both rows of W are equal and both biases too, so that "
                "z1 = z2 and both classes have the probability 0.5 at every point."
            )
            if self.wanted_line is not None:
                family = LineFamily.from_line(self.wanted_line)
                text += (
                    f" They do fulfil {' and '.join(family.constraints)}, but "
                    f"{family.exclusion} is needed as well."
                )
            return text
        probability = 1 / (1 + math.exp(-abs(first - second)))
        return (
            "These weights draw no line: both rows of W are equal, so that only the biases tell the "
            f"classes apart, and class {self.everywhere} has the larger probability, "
            f"{probability:.4g}, at every point."
        )

    def _explain_line(self, line: Line) -> str:
        if self.wanted_line is None:
            return f"These weights draw the line {_shown(line)}."
        if self.draws_wanted_line:
            return f"These weights draw the line {self.wanted_line}, as wanted."
        text = f"These weights draw the line {_shown(line)}, not the wanted {self.wanted_line}"
        broken = LineFamily.from_line(self.wanted_line).broken_constraints(
            self.layer.W, self.layer.b
        )
        if len(broken) == 1:
            return f"{text}, because {broken[0]} does not hold."
        return f"{text}, because neither {' nor '.join(broken)} holds."

    def _explain_sides(self, line: Line) -> str:
        reference = self.wanted_line if self.wanted_line and self.draws_wanted_line else line
        mine, other = sorted(reference.sides, key=lambda side: side != self.class_0)
        if self.labels_swapped:
            text = (
                f"Only the labels are swapped: class 0 lies {_WHERE[mine]}, not {_WHERE[other]} as "
                "wanted; exchange the rows of W, and the biases."
            )
        else:
            text = f"Class 0 lies {_WHERE[mine]}, class 1 {_WHERE[other]}."
        return (
            f"{text} The sharpness is {self.sharpness:.4g}: at a distance d from the line, a point's "
            f"class has the probability 1 / (1 + exp(-{self.sharpness:.4g} d)), so it takes a "
            f"distance of {math.log(9) / self.sharpness:.4g} to be 90 % sure."
        )


def check(
    W: ArrayLike, b: ArrayLike, line: Line | None = None, class_0: LineSide | None = None
) -> BoundaryCheck:
    """Say what a network without hidden layers draws between two classes.

    Parameters
    ----------
    W : array, shape (2, 2)
        Row k belongs to class k.
    b : array, shape (2,) or (2, 1)
    line : Line, optional
        The wanted one.
    class_0 : str, optional
        The side of it that should be class 0, one of `line.sides`.

    Raises
    ------
    MlplabError
        If a shape is wrong, a value is not finite, a side is given without a line, or the line has no
        such side.
    LineError
        If the line that is drawn is too steep, flat or far away for floats (see `Line`).

    Examples
    --------
    >>> found = check([[-1, 0], [0, 1]], [1, 0], line=Line.parse("x2 = 1 - x1"), class_0="above")
    >>> found.draws_wanted_line, found.class_0, found.labels_swapped
    (True, 'below', True)
    """
    wanted_class_0 = None
    if class_0 is not None:
        if line is None:
            raise MlplabError(f"class_0='{class_0}' is a side of the wanted line, which is missing")
        wanted_class_0 = line.check_side(class_0)
    layer = two_classes(W, b)
    drawn = layer.line_between(0, 1)
    slope_1, slope_2, constant = layer.difference(0, 1)
    if drawn is None:
        everywhere = None if constant == 0 else int(constant > 0)
        return BoundaryCheck(layer, None, None, 0.0, everywhere, line, wanted_class_0)
    reference = drawn
    if line is not None and drawn.is_close(line, layer.tolerance):
        reference = line
    # z1 - z2 rises towards class 0.
    rises_to_positive = slope_1 * reference.a + slope_2 * reference.b > 0
    side = reference.sides[1 if rises_to_positive else 0]
    sharpness = math.hypot(slope_1, slope_2)
    return BoundaryCheck(layer, drawn, side, sharpness, None, line, wanted_class_0)


def _shown(line: Line) -> str:
    """Write a line, with six significant digits where all of them would be too long to read."""
    return str(line) if len(str(line)) <= 40 else f"{line.rounded()} (rounded)"
