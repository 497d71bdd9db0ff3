"""Cases of task 3's algebra for the page: what `mlplab.boundary` answers, edges included.

`python -m tests.page.golden_boundary` writes them to `page/tests/golden/boundary.json`.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from mlplab.boundary import Line, LineFamily, LineSide, check
from mlplab.boundary.single_layer import simple_fraction
from mlplab.errors import MlplabError

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
    *("2x1 + 2x2 = 2", "3(x1 - 1) = 2 x2", "1/2x1 = x2", "-(x1 - -x2) = .5e1", "x2 = 1."),
    *("x2 = 1 − x1", " x2\u00a0=\u20031 ", "x2 = 1e-3 + 1E+2 x1", "1e300 x1 = x2", "x2 = 1e301"),
    *("x2 = 1e99 x1", "x2 = 1e-101 x1", "", "  \t ", "x2", "x2 =", "= x2", "x2 = 1 = x1"),
    *("x1 * x2 = 1", "x2 = 1 / x1", "x2 = 1/0", "x2 = x1 - x1 + x2", "x2 = x2 + 1"),
    *("y = 2 x1", "x2² = 1", "äx1 = 2", "x2 = x1 & 1", "x2 = 🙂", "🙂x2 = 1", "x₂ = 1"),
    *("x2 = (1 - x1", "x2 = (1 - x1 = 2", "x2 = 1)", "x2 = ((1)) 2", "x2 2 = 3 x1"),
    *("it's = x2 \\ 1", 'it\'s "x2"', 'x2 "= 1', "x2 = 1 +", "x2 = + - + 3"),
    *("0 x1 + 0 x2 = 0", "x1" + " + x1" * 25 + " = 1"),
)

NETWORKS = (
    [-1, 0, 1, 0, 1, 0],
    [2, 1, 0.5, 3, 2, -0.5],
    [3, 2, -0.5, 2, 1, 0.5],
    [0, 0, 0, 0, 0, 0],
    [1, 2, 0.25, 1, 2, 0.25],
    [1, 2, 0.5, 1, 2, 0.25],
    [1, 2, -0.5, 1, 2, 3],
    [0.1, 0.2, 0.3, 0.4, 0.2, 0.1],
    [1 / 3, 0.1, 2 / 7, -0.7, 0.1, 0.9],
    [1e30, 1, 0, 0, 1, 0],
    [1e-30, 1e-38, 1e38, 0, 0, 0],
    [1e-45, 0, 3e38, 0, 0, 0],
    [1e-45, 1e-45, 0, 0, 0, 1e-45],
    [-0.0, 0.0, -0.0, 1, 1, 1],
    [16777216, 1, 0, 16777217, 2, 1e-7],
    [-1.0000001, 0, 1, 0, 1, 0],
    [-1, 0, 1.00001, 0, 1, 0],
    [0.0625, 1.125, 2.625, -0.5, 0.0001, 1234.5678],
)
"""w11, w12, b1, w21, w22 and b2."""


def cases() -> list[Case]:
    """Return all cases, each of them with its call, arguments and result."""
    return [
        *(_read(text) for text in (*TEXTS, *_drawn_texts())),
        *_checked(),
        *_simplified(),
        *_rounded(),
    ]


def _read(text: str) -> Case:
    return {"call": "parse", "text": text, "result": _or_error(lambda: _line(Line.parse(text)))}


def _drawn_texts() -> list[str]:
    rng = np.random.default_rng(3)
    return [
        f"{a:g}*x1 {'+' if n % 2 else '-'} {abs(b):g} x2 = {c:g}/{n + 2}"
        for n, (a, b, c) in enumerate(rng.normal(0, 9, (30, 3)).round(2))
    ]


def _line(line: Line) -> dict[str, Any]:
    family = LineFamily.from_line(line)
    return {
        "parts": [str(part) for part in (line.a, line.b, line.c)],
        "text": str(line),
        "sides": list(line.sides),
        "entries": list(family.entries.values())[:3],
        "constraints": [*family.constraints, family.exclusion],
        "rounded": _or_error(lambda: str(line.rounded(4))),
    }


def _checked() -> list[Case]:
    rng = np.random.default_rng(14)
    found = []
    for text in LINES:
        line = Line.parse(text)
        family = LineFamily.from_line(line)
        networks = [*NETWORKS] if text in LINES[:3] else []
        for _ in range(13):
            w21, w22, b2 = rng.normal(size=3).round(int(rng.integers(0, 4))).tolist()
            size = float(rng.choice([0.5, 2.0, 10.0, 33.3]))
            side: LineSide = line.sides[int(rng.integers(2))]
            layer = family.member(sharpness=size, class_0=side, w21=w21, w22=w22, b2=b2)
            networks.append([*layer.W[0], layer.b[0], *layer.W[1], layer.b[1]])
            networks.append(list(networks[-1]))
            at = int(rng.integers(6))
            networks[-1][at] = float(np.nextafter(np.float32(networks[-1][at]), np.float32(9)))
        networks.append(rng.normal(size=6).tolist())
        found += [_check(each, line, rng.choice([None, *line.sides])) for each in networks]
    return found


def _check(numbers: list[float], wanted: Line, side: LineSide | None) -> Case:
    w11, w12, b1, w21, w22, b2 = np.array(numbers, np.float32)
    weights, biases = np.array([[w11, w12], [w21, w22]]), np.array([b1, b2])
    told = check(weights, biases, wanted, side)
    family = LineFamily.from_line(wanted)
    broken = family.broken_constraints(weights, biases)
    return {
        "call": "check",
        "weights": as_json_numbers(weights),
        "biases": as_json_numbers(biases),
        "wanted": str(wanted),
        "side": side,
        "result": {
            "said": told.explain(),
            "line": None if told.line is None else str(told.line),
            "side": told.class_0,
            "drawsWanted": told.draws_wanted_line,
            "isSwitched": bool(told.labels_swapped),
            "missed": [constraint in broken for constraint in family.constraints],
        },
    }


def _simplified() -> list[Case]:
    rng = np.random.default_rng(16)
    values = [0.0, 0.1, 1 / 3, -2 / 7, 1e-45, 3.4e38, 16777217.0, 0.333333, 1e-7, 123456.789]
    values += (rng.normal(size=60) * 10.0 ** rng.integers(-8, 8, 60)).tolist()
    return [
        {"call": "simpleFraction", "value": float(each), "result": str(simple_fraction(each))}
        for each in np.array(values, np.float32)
    ]


def _rounded() -> list[Case]:
    """Return fractions, the nearest floats, and the nearest fractions with small denominators."""
    rng = np.random.default_rng(21)
    values = [Fraction(2**54 + n, 2) for n in (1, 3)] + [Fraction(2**60 + 129, 7), Fraction(-3, 2)]
    values += [Fraction(2**64 + 2**11, 2**64), Fraction(2**140 + 2**87 + 1, 2**20)]
    for power in (-100, -20, 0, 20, 100):
        top, bottom = (int(each) for each in rng.integers(1, 2**62, 2))
        values.append(Fraction(top, bottom) * Fraction(10) ** power)
    return [
        {
            "call": "fraction",
            "value": f"{each.numerator}/{each.denominator}",
            "result": {
                "float": float(each),
                "simple": [str(each.limit_denominator(largest)) for largest in (1, 10, 1000)],
            },
        }
        for each in values
    ]


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
