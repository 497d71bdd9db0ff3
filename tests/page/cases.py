"""What golden cases are made of: what is called, with what, and what Python answers."""

from __future__ import annotations

import dataclasses
import json
import math
from typing import Any

import numpy as np

NAN, INF = math.nan, math.inf

ENDINGS = np.array(["finished", "stuck", "diverged"])

Case = dict[str, Any]
Values = list[float]


def write(given: list[Case]) -> str:
    """Return cases as JSON, one a line; NaN and the infinities as texts."""
    return "[\n" + ",\n".join(json.dumps(_plain(each), allow_nan=False) for each in given) + "\n]\n"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [_plain(part) for part in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def case(call: str, arguments: list[Any], result: Any) -> Case:
    """Return a case of a function of TypeScript."""
    return {"call": call, "arguments": arguments, "result": result}


def record(found: Any) -> dict[str, Any] | None:
    """Return a record with names as TypeScript has them."""
    return None if found is None else camel(dataclasses.asdict(found))


def camel(names: dict[str, Any]) -> dict[str, Any]:
    """Return a dictionary with names as TypeScript has them: `left_out` becomes `leftOut`."""
    named = {}
    for name, value in names.items():
        first, *rest = name.split("_")
        joined = first + "".join(word.capitalize() for word in rest)
        named[joined] = camel(value) if isinstance(value, dict) else value
    return named


def accuracies(generator: np.random.Generator, n: int, around: float = 0.9) -> Values:
    """Return accuracies of 256 samples, of which some are equal."""
    found = np.clip(np.round(generator.normal(around, 0.03, n) * 256), 0, 256) / 256
    return [float(value) for value in found]


def lost(generator: np.random.Generator, values: Values, fraction: float) -> Values:
    """Return values of which some are lost, as of runs that diverged."""
    return [NAN if generator.random() < fraction else value for value in values]
