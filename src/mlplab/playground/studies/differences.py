"""What differs between two set-ups, in words."""

from __future__ import annotations

from typing import Any

from mlplab.playground.controls.menus import words
from mlplab.spec import Experiment, SamplesFile

MOST = 2
"""Differences that are named; of more, their number."""

_POINTS = "dataset.path"


def differences(a: Experiment, b: Experiment) -> list[str]:
    """Return the fields that differ, with their values, in the order of the spec.

    A kind is called by its name; where it differs, fields that only one of the two kinds has are not
    named beside it.

    Examples
    --------
    >>> from mlplab.playground.session.presets import PRESETS
    >>> differences(PRESETS["1.1  two clouds, batch 16"], PRESETS["1.1  two clouds, batch 512"])
    ['batch size 16 → 512']
    >>> differences(PRESETS["1.2  two rings, linear"], PRESETS["1.2  two rings, relu"])
    ['activation linear → relu']
    """
    before, after = _described(a), _described(b)
    return [
        _difference(path, value, after[path])
        for path, value in before.items()
        if path in after and value != after[path]
    ]


def say_differences(found: list[str]) -> str:
    """Say the first of some differences, and how many more there are.

    >>> say_differences(["epochs 4 → 20", "batch size 16 → 512"])
    'epochs 4 → 20; batch size 16 → 512'
    >>> say_differences(["a", "b", "c", "d", "e"])
    'a; b and 3 more'
    """
    more = len(found) - MOST
    return "; ".join(found[:MOST]) + (f" and {more} more" if more > 0 else "")


def _described(experiment: Experiment) -> dict[str, Any]:
    """Return each value by its path; a part's kind has the path of the part."""
    table = experiment.to_table()
    network = table["network"]
    network["hidden_layers"] = experiment.network.layer_widths
    network.pop("layer_width", None)
    if isinstance(experiment.dataset, SamplesFile):
        table["dataset"] = {"kind": "own_points", "path": experiment.dataset.path}
    return _flat("", table)


def _flat(path: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        return {path: value}
    found = {path: value["kind"]} if "kind" in value else {}
    for name, part in value.items():
        if name != "kind":
            found |= _flat(f"{path}.{name}".lstrip("."), part)
    return found


def _difference(path: str, before: Any, after: Any) -> str:
    if path == _POINTS:
        return "other own points"
    name = path.rsplit(".", maxsplit=1)[-1]
    texts = _text(name, before), _text(name, after)
    if texts[0] == texts[1]:
        texts = repr(before), repr(after)  # numbers that differ late
    return f"{words(name)} {texts[0]} → {texts[1]}"


def _text(name: str, value: Any) -> str:
    """Return a value as one reads it.

    >>> _text("hidden_layers", (5, 5)), _text("hidden_layers", (8, 4)), _text("hidden_layers", ())
    ('2 × 5', '8, 4', 'none')
    >>> _text("nesterov", True), _text("learning_rate", 1.0), _text("loss", "mean_squared_error")
    ('yes', '1', 'mean squared error')
    """
    if isinstance(value, tuple):
        if not value:
            return "none"
        if name == "hidden_layers" and len(set(value)) == 1:
            return f"{len(value)} × {value[0]}"
        return ", ".join(_text("", part) for part in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return words(value) if isinstance(value, str) else f"{value:g}"
