"""Cases of task 3's algebra for the page: what Python's own modules answer, edges included.

`python -m tests.page.golden_boundary` writes them to `page/tests/golden/boundary.json`.
"""

from __future__ import annotations

import json
import math
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from mlplab.boundary import Extent, Line, LineFamily, SingleLayer
from mlplab.boundary.single_layer import simple_fraction
from mlplab.data import Split
from mlplab.errors import MlplabError
from mlplab.playground.by_hand.dragged_line import line_through, side_to_the_left, weights_near
from mlplab.playground.by_hand.findings import tell
from mlplab.playground.by_hand.task_3 import FACTORS, FREE, ByHand
from mlplab.playground.session.own_points import OwnPoints
from mlplab.playground.session.presets import PRESETS
from mlplab.playground.session.session import Session
from mlplab.playground.session.timeline import Moment

FILE = Path(__file__).parents[2] / "page" / "tests" / "golden" / "boundary.json"

Case = dict[str, Any]

LINES = (
    "x2 = 1 - x1",
    "x2 = 0.85 - 1.2*x1",
    "x1 = 0.4",
    "x1 = 0",
    "x2 = 0.5",
    "x2 = 0",
    "x2 = 3*x1 - 2",
    "x2 = 1/3 - 2/7*x1",
    "x2 = 20*x1 - 10",
    "x2 = 123456 - 0.001*x1",
    "x1 = 1/3",
)

TEXTS = (
    *LINES,
    "2x1 + 2x2 = 2",
    "3(x1 - 1) = 2 x2",
    "1/2x1 = x2",
    "-(x1 - -x2) = .5e1",
    "x2 = 1.",
    "x₂ = 1",
    "x2 = 1 − x1",
    " x2\u00a0=\u20031 ",
    "x2\ufeff = 1",
    "x2 = 1e-3 + 1E+2 x1",
    "1e300 x1 = x2",
    "x2 = 1e301",
    "x2 = 1e99 x1",
    "x2 = 1e-101 x1",
    "",
    "  \t ",
    "x2",
    "x2 =",
    "= x2",
    "x2 = 1 = x1",
    "x1 * x2 = 1",
    "x2 = 1 / x1",
    "x2 = 1/0",
    "x2 = x1 - x1 + x2",
    "x2 = x2 + 1",
    "y = 2 x1",
    "x2² = 1",
    "äx1 = 2",
    "x2 = ½",
    "x2 = x1 & 1",
    "x2 = 🙂",
    "🙂x2 = 1",
    "x2 = (1 - x1",
    "x2 = (1 - x1 = 2",
    "x2 = 1)",
    "x2 = ((1)) 2",
    "x2 2 = 3 x1",
    "(" * 51 + "x1" + ")" * 51 + " = 1",
    "(" * 50 + "x1" + ")" * 50 + " = 1",
    "x1" + " + x1" * 250 + " = 1",
    "it's = x2 \\ 1",
    'it\'s "x2"',
    'x2 "= 1',
    "x2 = 1\u200b\n\x07\U0001f9ff\ud800".encode("utf-16", "surrogatepass").decode(
        "utf-16", "replace"
    ),
    "x2 = 9" + "9" * 980,
    "x2 = " + "*".join(["1e250"] * 15),
    "x2 = 1 +",
    "x2 = + - + 3",
    "0 x1 + 0 x2 = 0",
    f"x2 = {'1e300*' * 8}1e65 + 1/9999",
    "\U0001d44e\U0001d44f & x2",
)

_SQUARE = np.array([[0.2, 0.2], [0.3, 0.1], [0.8, 0.8], [0.7, 0.95]])
POINTS = {
    "as usual": Split(_SQUARE, np.array([0, 0, 1, 1])),
    "switched": Split(_SQUARE, np.array([1, 1, 0, 0])),
    "even": Split(np.array([[0.1, 0.1], [0.9, 0.9]]), np.array([0, 0])),
}

SQUARE = Extent(-0.1, 1.1, -0.1, 1.1)
EXTENTS = (SQUARE, Extent(0, 1, 0, 1), Extent(-20, 20, -30, 10), Extent(0.01, 0.06, -0.02, 0.03))


SOLUTIONS = len(FREE) * len(FACTORS)


def cases() -> list[Case]:
    """Return all cases, each of them with its call, arguments and result."""
    return [
        *(_read(text) for text in TEXTS),
        *(_told(*each) for each in _networks()),
        *_dragged(),
        *(
            _solutions(text, switched)
            for text in (*LINES[:5], LINES[7])
            for switched in (False, True)
        ),
        *_members(),
        *_fractions(),
        *_arithmetic(),
    ]


def _read(text: str) -> Case:
    return {"call": "parse", "text": text, "result": _or_error(lambda: _line(Line.parse(text)))}


def _line(line: Line) -> dict[str, Any]:
    family = LineFamily.from_line(line)
    return {
        "parts": [str(part) for part in (line.a, line.b, line.c)],
        "text": str(line),
        "sides": list(line.sides),
        "entries": list(family.entries.values()),
        "constraints": [*family.constraints, family.exclusion],
        "rounded": _or_error(lambda: str(line.rounded(4))),
    }


def _networks() -> list[tuple[list[float], str, str]]:
    """Return (w11, w12, b1, w21, w22, b2), a wanted line and the name of points."""
    rng = np.random.default_rng(14)
    fixed: list[list[float]] = [
        [-1, 0, 1, 0, 1, 0],
        [2, 1, 0.5, 3, 2, -0.5],
        [3, 2, -0.5, 2, 1, 0.5],
        [0, 0, 0, 0, 0, 0],
        [1, 2, 0.25, 1, 2, 0.25],
        [1, 2, 0.5, 1, 2, 0.25],
        [1, 2, -0.5, 1, 2, 3],
        [0.1, 0.2, 0.3, 0.4, 0.2, 0.1],
        [1 / 3, 0.1, 2 / 7, -0.7, 0.1, 0.9],
        [math.nan, 0, 0, 0, 0, 0],
        [1, -math.inf, 0, 0, math.inf, 0],
        [1e30, 1, 0, 0, 1, 0],
        [1e-30, 1e-38, 1e38, 0, 0, 0],
        [1e-45, 0, 3e38, 0, 0, 0],
        [1e-45, 1e-45, 0, 0, 0, 1e-45],
        [-0.0, 0.0, -0.0, 1, 1, 1],
        [16777216, 1, 0, 16777217, 2, 1e-7],
        [-1.0000001, 0, 1, 0, 1, 0],
        [-1, 0, 1.00001, 0, 1, 0],
        [0.0625, 1.125, 2.625, -0.5, 0.0001, 1234.5678],
    ]
    networks = [(numbers, text, "as usual") for numbers in fixed for text in LINES[:3]]
    networks += [(fixed[k], LINES[0], points) for k in range(8) for points in ("switched", "even")]
    for text in LINES:
        family = LineFamily.from_line(Line.parse(text))
        for _ in range(3):
            w21, w22, b2 = rng.normal(size=3).round(int(rng.integers(0, 4))).tolist()
            size = float(rng.choice([0.5, 2.0, 10.0, 33.3]))
            side = str(rng.choice(family.line.sides))
            layer = family.member(sharpness=size, class_0=side, w21=w21, w22=w22, b2=b2)  # type: ignore[arg-type]
            numbers = [*layer.W[0], layer.b[0], *layer.W[1], layer.b[1]]
            networks.append((numbers, text, str(rng.choice(list(POINTS)))))
            numbers = list(numbers)
            at = int(rng.integers(6))
            numbers[at] = float(np.nextafter(np.float32(numbers[at]), np.float32(9)))
            networks.append((numbers, text, "as usual"))
        networks.append((rng.normal(size=6).tolist(), text, "as usual"))
    networks.append(([0.5, 1, -123456.0625, 0, 0, 0], LINES[9], "as usual"))
    return networks


def _told(numbers: list[float], wanted: str, points: str) -> Case:
    w11, w12, b1, w21, w22, b2 = np.array(numbers, np.float32)
    weights, biases = np.array([[w11, w12], [w21, w22]]), np.array([b1, b2])
    train = POINTS[points]
    told = tell(Moment(0, 0, (weights,), (biases,)), Line.parse(wanted), train)
    labels = {"": None, "as the data has them": False, "switched": True}
    return {
        "call": "tell",
        "weights": as_json_numbers(weights),
        "biases": as_json_numbers(biases),
        "wanted": wanted,
        "x": train.x.ravel().tolist(),
        "y": train.y.tolist(),
        "result": {
            "weights": told["weights"],
            "biases": told["biases"],
            "said": told["said"],
            "line": told["line"],
            "isExact": told["line_is_exact"],
            "drawsWanted": told["draws_wanted"],
            "labelsSwitched": labels[told["labels"]],
            "side": told["class_0"],
            "wanted": told["wanted"],
            "wantedSide": Line.parse(wanted).sides[told["wanted_side"]],
            "family": told["family"],
            "constraints": [
                {"isMet" if name == "met" else name: value for name, value in each.items()}
                for each in told["constraints"]
            ],
        },
    }


def _dragged() -> list[Case]:
    rng = np.random.default_rng(15)
    ends: list[tuple[list[float], list[float]]] = [
        ([0.0, 1.0], [1.0, 0.0]),
        ([0.0, 0.301], [1.0, 0.299]),
        ([0.701, 0.0], [0.7, 1.0]),
        ([0.4, 0.0], [0.6, 1.0]),
        ([0.5, 0.0], [0.55, 1.0]),
        ([0.5, 1.0], [0.5, 0.0]),
        ([0.5, 0.5], [0.5, 0.5]),
        ([0.5, 0.5], [0.50001, 0.5]),
        ([0.5, math.nan], [0.0, 0.5]),
        ([0.5, 0.5], [math.inf, 0.5]),
        ([0.5, 0.5], [-1e300, 0.5]),
        ([12.1, 0.5], [13.0, 1e-7]),
    ]
    found = [_drag(*each, rng, extent) for each in ends for extent in EXTENTS[:2]]
    for extent in EXTENTS:
        for _ in range(25):
            first, second = rng.uniform(0, 1, (2, 2))
            low = np.array([extent.x1_min, extent.x2_min])
            side = np.array([extent.x1_max, extent.x2_max]) - low
            found.append(
                _drag((low + side * first).tolist(), (low + side * second).tolist(), rng, extent)
            )
    return found


def _drag(
    first: list[float], second: list[float], rng: np.random.Generator, extent: Extent
) -> Case:
    precision = np.float32 if rng.uniform() < 0.7 else np.float64
    scale = float(rng.choice([0.0, 1.0, 1.0, 1000.0, 1e30 if precision is np.float32 else 1e90]))
    numbers = (rng.normal(size=6) * scale).astype(precision)
    now = SingleLayer(np.array([numbers[:2], numbers[3:5]]), np.array([numbers[2], numbers[5]]))
    sharpness = float(rng.choice([0.0, 1.0, 1.4142135623730951, 9.5, 1e-4, 1e5]))

    def dragged() -> dict[str, Any]:
        line = line_through((first[0], first[1]), (second[0], second[1]), extent)
        side = side_to_the_left(line, (first[0], first[1]), (second[0], second[1]))
        layer = weights_near(line, side, now, sharpness, extent)
        return {"line": str(line), "side": side, "rows": _rows(layer)}

    return {
        "call": "drag",
        "ends": [as_json_numbers(np.array(end)) for end in (first, second)],
        "extent": [extent.x1_min, extent.x1_max, extent.x2_min, extent.x2_max],
        "rows": _rows(now),
        "precision": np.dtype(precision).name,
        "sharpness": sharpness,
        "result": _or_error(dragged),
    }


def _solutions(wanted: str, switched: bool) -> Case:
    """Ask for one more than there are, from a network of zeros, and then for the first again."""
    points = OwnPoints.none()
    for i in range(4):
        points = points.with_point(0.1 * i, 0.2, "b" if switched else "a")
        points = points.with_point(0.9 - 0.1 * i, 0.9, "a" if switched else "b")
    session = Session(PRESETS["3  a line, by hand"], own=points)
    by_hand = ByHand()
    by_hand.act(session, SQUARE, {"act": "wanted", "text": wanted})
    train = session.stepper.trial.dataset.train
    rows = []
    for number in range(SOLUTIONS + 2):
        if number == SOLUTIONS + 1:
            by_hand.act(session, SQUARE, {"act": "wanted", "text": wanted})
        by_hand.act(session, SQUARE, {"act": "another"})
        rows.append(_rows(SingleLayer(session.moment.weights[0], session.moment.biases[0])))
    session.close()
    return {
        "call": "solutions",
        "wanted": wanted,
        "extent": [SQUARE.x1_min, SQUARE.x1_max, SQUARE.x2_min, SQUARE.x2_max],
        "x": train.x.astype(np.float64).ravel().tolist(),
        "y": train.y.tolist(),
        "result": rows,
    }


def _fractions() -> list[Case]:
    rng = np.random.default_rng(16)
    values = [0.0, 0.1, 1 / 3, -2 / 7, 1e-45, 3.4e38, 16777217.0, 0.333333, 1e-7, 123456.789]
    values += (rng.normal(size=10) * 10.0 ** rng.integers(-8, 8, 10)).tolist()
    found = []
    for value in values:
        for precision in (np.float32, np.float64):
            exact = precision(value)
            found.append(
                {
                    "call": "simpleFraction",
                    "value": float(exact),
                    "precision": np.dtype(precision).name,
                    "result": str(simple_fraction(exact)),
                }
            )
    return found


def _members() -> list[Case]:
    rng = np.random.default_rng(20)
    found = []
    for text in LINES:
        line = Line.parse(text)
        for sharpness in (1.0, 7.3, 1e-3, 0.0):
            free = (rng.normal(size=3) * 10.0 ** rng.integers(-3, 14)).tolist()
            found.append(_member(line, sharpness, free))
    return [*found, _member(Line.parse("x2 = 1"), 1e-7, [0.0, 3.0, 0.0])]


def _member(line: Line, sharpness: float, free: list[float]) -> Case:
    w21, w22, b2 = free
    return {
        "call": "member",
        "line": str(line),
        "sharpness": sharpness,
        "free": free,
        "result": _or_error(
            lambda: _rows(
                LineFamily.from_line(line).member(sharpness=sharpness, w21=w21, w22=w22, b2=b2)
            )
        ),
    }


def _arithmetic() -> list[Case]:
    """Round fractions, and lengths by Python's decimals of sixty digits."""
    rng = np.random.default_rng(21)
    found: list[Case] = []
    values = [Fraction(n, 2) for n in (-3, -1, 1, 3, 5)] + [Fraction(2**54 + n, 2) for n in (1, 3)]
    values += [Fraction(2**53 + 1, 2**1127), Fraction(3, 2**1075), Fraction(2**60 + 129, 7)]
    values += [Fraction(2**64 + 2**11, 2**64), Fraction(2**140 + 2**87 + 1, 2**20)]
    for power in (-320, -300, -20, 0, 20, 280):
        top, bottom = (int(each) for each in rng.integers(1, 2**62, 2))
        values.append(Fraction(top, bottom) * Fraction(10) ** power)
    for value in values:
        result = {
            "float": float(value),
            "whole": str(round(value)),
            "simple": [str(value.limit_denominator(largest)) for largest in (1, 10, 1000)],
        }
        found.append({"call": "fraction", "value": str(value), "result": result})
    for _ in range(60):
        x, y = (rng.normal(size=2) * 10.0 ** rng.integers(-3, 3, 2)).tolist()
        with localcontext(prec=60):
            length = float((Decimal(x) ** 2 + Decimal(y) ** 2).sqrt())
        found.append({"call": "length", "x": x, "y": y, "result": length})
    return found


def _rows(layer: SingleLayer) -> list[list[float]]:
    return [[*map(float, w), float(b)] for w, b in zip(layer.W, layer.b, strict=True)]


def as_json_numbers(values: Any) -> list[Any]:
    """Write numbers row by row; JSON has none for what is not finite."""
    words = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
    return [words.get(str(value), value) for value in np.ravel(values).astype(float).tolist()]


def _or_error(answer: Any) -> Any:
    try:
        return answer()
    except MlplabError as error:
        return {"error": str(error)}


def text() -> str:
    """Return the file: a case on each line."""
    return lines_of(cases())


def lines_of(found: list[Case]) -> str:
    """Write cases as JSON, each on a line of its own."""
    lines = ",\n".join(json.dumps(case, ensure_ascii=True, allow_nan=False) for case in found)
    return f"[\n{lines}\n]\n"


if __name__ == "__main__":
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(text(), encoding="utf-8")
