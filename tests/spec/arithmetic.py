"""Formula templates as arithmetic: what they say is computed, number by number."""

from __future__ import annotations

import math
import re
from typing import Any

from mlplab.spec.formulas import Values, filled

_FUNCTIONS: dict[str, Any] = {
    "__builtins__": {},
    "abs": abs,
    "exp": math.exp,
    "log": math.log,
    "max": max,
    "min": min,
    "normal": lambda z: 0.5 * math.erfc(-z / math.sqrt(2)),
    "normal_density": lambda z: math.exp(-z * z / 2) / math.sqrt(2 * math.pi),
    "pi": math.pi,
    "sign": lambda a: (a > 0) - (a < 0),
    "sqrt": math.sqrt,
    "tanh": math.tanh,
}

_SPELLING = {
    "·": "*",
    "²": "**2",
    "³": "**3",
    "√(": "sqrt(",
    "e^(": "exp(",
    "Φ(": "normal(",
    "φ(": "normal_density(",
    "π": "pi",
    "≥": ">=",
    "≤": "<=",
}


def evaluate(template: str, values: Values, output: int = 0) -> float:
    """Return what a template comes to, computed from the text in which its numbers stand."""
    text = filled(template, values, output, write=repr)
    for written, spelled in _SPELLING.items():
        text = text.replace(written, spelled)
    return float(eval(re.sub(r"\|([^|]*)\|", r"abs(\1)", text), _FUNCTIONS))
