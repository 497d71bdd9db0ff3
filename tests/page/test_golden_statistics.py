"""The golden cases of the page's statistics are what Python answers now."""

from __future__ import annotations

import json
import math
from typing import Any

from .cases import write
from .golden_statistics import FILE, TAILS, cases, tails

RELATIVE = 1e-12
"""SciPy's functions differ in the last digits from one version to the next."""

MOST = 300_000
"""Bytes of a file of cases."""


def test_the_cases_are_what_python_answers() -> None:
    made, kept = json.loads(write(cases())), json.loads(FILE.read_text())
    assert len(made) == len(kept)
    for one, other in zip(made, kept, strict=True):
        assert are_close(one, other), (
            f"{other['call']} changed: python -m tests.page.golden_statistics"
        )


def test_the_tails_are_what_python_answers() -> None:
    assert are_close(json.loads(tails()), json.loads(TAILS.read_text()))


def test_they_are_many_and_small_together() -> None:
    assert len(cases()) >= 500
    assert FILE.stat().st_size < MOST


def are_close(one: Any, other: Any) -> bool:
    """Tell whether two values are the same, numbers but for rounding."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(are_close(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(are_close, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=RELATIVE, abs_tol=1e-15)
    return bool(one == other)


def test_a_number_that_changed_is_seen() -> None:
    assert are_close({"a": [1.0, "x"]}, {"a": [1.0 + 1e-13, "x"]})
    for changed in ({"a": [1.0001, "x"]}, {"a": [1.0, "y"]}, {"a": [1.0]}, {"b": [1.0, "x"]}):
        assert not are_close({"a": [1.0, "x"]}, changed)
