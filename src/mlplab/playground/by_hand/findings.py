"""What weights of task 3 draw, and what the wanted line asks of them, told in words and numbers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from mlplab.boundary import BoundaryCheck, Line, LineFamily, LineSide, check
from mlplab.boundary.equation import write_number
from mlplab.boundary.single_layer import simple_fraction
from mlplab.data import Split
from mlplab.errors import MlplabError
from mlplab.playground.session.timeline import Moment

LONGEST = 7
"""Characters of a number that is shown as it is; a longer one has four digits."""


def tell(moment: Moment, wanted: Line, train: Split) -> dict[str, Any]:
    """Return what there is to know of a network with two classes and no hidden layer.

    Parameters
    ----------
    moment : Moment
    wanted : Line
    train : Split
        Its points say which side of a line should be class 0.

    Returns
    -------
    dict
        `weights` (2, 2) and `biases` (2,) as text; `said`, a paragraph; `line`, the one that is drawn, as
        text, empty for none, and `line_is_exact`, whether that is not rounded; `draws_wanted`; `labels`:
        `as the data has them`, `switched`, or empty; `class_0`, the side of that class. Of the wanted
        line: `wanted`, as text; `wanted_line`, its a, b and c; `wanted_side`, which of its `sides` should
        be class 0; `family`, what `LineFamily` writes; `constraints`.

    Examples
    --------
    >>> moment = Moment(0, 0, (np.array([[2.0, 1.0], [3.0, 2.0]]),), (np.array([0.5, -0.5]),))
    >>> train = Split(np.array([[0.2, 0.2], [0.8, 0.8]]), np.array([0, 1]))
    >>> told = tell(moment, Line.parse("x2 = 1 - x1"), train)
    >>> told["line"], told["labels"], told["weights"][0]
    ('x2 = 1 - x1', 'as the data has them', ['2', '1'])
    >>> told["constraints"][1]["left"], told["constraints"][1]["met"]
    ('1.5', True)
    """
    family = LineFamily.from_line(wanted)
    side = usual_side(wanted, train)
    told: dict[str, Any] = {
        "weights": [[_shown(value) for value in row] for row in moment.weights[0]],
        "biases": [_shown(value) for value in moment.biases[0]],
        "line": "",
        "line_is_exact": False,
        "draws_wanted": False,
        "labels": "",
        "class_0": None,
        "wanted": str(wanted),
        "wanted_line": [float(wanted.a), float(wanted.b), float(wanted.c)],
        "wanted_side": wanted.sides.index(side or wanted.sides[0]),
        "family": {
            "weights": [[family.entries["w11"], family.entries["w12"]], ["w21", "w22"]],
            "biases": [family.entries["b1"], "b2"],
        },
        "constraints": [],
    }
    if not all(np.isfinite(part).all() for part in (*moment.weights, *moment.biases)):
        return told | {"said": "These weights are no numbers, and draw no line."}
    try:
        found = check(moment.weights[0], moment.biases[0], line=wanted, class_0=side)
    except MlplabError as error:  # a line too steep, flat or far away to be written
        return told | {"said": str(error)}
    told |= {"said": found.explain(), "constraints": _constraints(found, family)}
    if found.line is None:
        return told
    drawn = wanted if found.draws_wanted_line else found.line
    is_short = all(_written(part) == write_number(part) for part in (drawn.a, drawn.c))
    usual = usual_side(drawn, train)
    labels = (
        "" if usual is None else "as the data has them" if usual == found.class_0 else "switched"
    )
    return told | {
        "line": str(drawn if is_short else drawn.rounded(4)),
        "line_is_exact": is_short,
        "draws_wanted": bool(found.draws_wanted_line),
        "labels": labels,
        "class_0": found.class_0,
    }


def usual_side(line: Line, train: Split) -> LineSide | None:
    """Return the side of a line that class 0 should have; None where either is as good.

    Examples
    --------
    >>> usual_side(Line(1, 1, 1), Split(np.array([[0.2, 0.2], [0.8, 0.8]]), np.array([1, 0])))
    'above'
    """
    side = np.sign(line.side(train.x.astype(np.float64)))
    agreed = float((side * np.where(train.y == 0, 1, -1)).sum())
    return None if agreed == 0 else line.sides[1 if agreed > 0 else 0]


def _constraints(found: BoundaryCheck, family: LineFamily) -> list[dict[str, Any]]:
    """Return each constraint with its two sides' numbers, and last what must not be equal."""
    line = family.line
    (w11, w12, b1), (w21, w22, b2) = (
        [simple_fraction(value) for value in (*row, bias)]
        for row, bias in zip(found.layer.W, found.layer.b, strict=True)
    )
    if line.is_vertical:
        sides = [(w12, w22), (line.c * w11 + b1, line.c * w21 + b2), (w11, w21)]
    else:
        along = w11 - line.a * w12, w21 - line.a * w22
        sides = [along, (line.c * w12 + b1, line.c * w22 + b2), (w12, w22)]
    broken = family.broken_constraints(found.layer.W, found.layer.b)
    met = [text not in broken for text in family.constraints]
    met.append(sides[2][0] != sides[2][1])
    return [
        {
            "text": text,
            "left": _written(left),
            "right": _written(right),
            "met": is_met,
            "by": _written(abs(left - right)),
        }
        for text, (left, right), is_met in zip(
            (*family.constraints, family.exclusion), sides, met, strict=True
        )
    ]


def _shown(value: np.floating[Any]) -> str:
    return _written(simple_fraction(value)) if np.isfinite(value) else str(value)


def _written(value: Fraction) -> str:
    """Write a number, with four digits where all would be too long to read.

    >>> _written(Fraction(-6, 5)), _written(Fraction(1, 3)), _written(Fraction("0.123456789"))
    ('-1.2', '1/3', '0.1235')
    """
    exact = write_number(value)
    longest = 4 if "/" in exact else LONGEST
    return exact if len(exact) <= longest else f"{float(value):.4g}"
