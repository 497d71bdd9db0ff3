"""Where a published number lies among the runs, and that the report's words agree."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlplab.report.wording import position
from mlplab.statistics import percentile_of


@pytest.mark.parametrize(
    ("published", "percentile"),
    [
        (0.80, 0.0),
        (0.90, 12.5),  # equal to the smallest of four: half of one
        (0.92, 25.0),
        (0.95, 50.0),  # equal to two, above one: (1 + 2/2) / 4
        (0.96, 75.0),
        (0.97, 87.5),
        (0.99, 100.0),
    ],
)
def test_worked_by_hand(published: float, percentile: float) -> None:
    assert percentile_of(published, np.array([0.97, 0.95, 0.90, 0.95])) == percentile


def test_what_rounds_to_the_published_number_equals_it() -> None:
    # 1,012 of 1,024 is 0.98828125, printed 98.83 %; one more or less is printed otherwise.
    values = np.array([1011, 1012, 1013]) / 1024
    assert percentile_of(0.9883, values) == 50.0
    assert percentile_of(0.9883, values[1:2]) == 50.0
    assert percentile_of(0.9883, values[1:2], rounding=0.0) == 100.0
    assert percentile_of(0.99, values, rounding=0.005) == 50.0


@pytest.mark.parametrize("off", [-0.5e-4, 0.5e-4])
def test_half_a_unit_off_is_a_tie_in_binary_too(off: float) -> None:
    assert percentile_of(0.0389, np.array([0.0389 + off])) == 50.0
    assert percentile_of(0.0389, np.array([0.0389 + 1.1 * off])) != 50.0


def test_diverged_runs_are_left_out() -> None:
    assert percentile_of(0.95, np.array([0.9, np.nan, np.inf, -np.inf])) == 100.0
    assert percentile_of(0.95, np.array([np.nan, np.inf])) is None


@given(st.lists(st.integers(950, 1024), min_size=1, max_size=30), st.integers(9300, 10000))
def test_it_says_what_the_report_says_in_words(counts: list[int], published: int) -> None:
    values, number = np.array(counts) / 1024, published / 1e4
    words = position(number, values).replace("the one run", "1").replace("all ", "")
    parts = {where: int(k) for where, k in re.findall(r"(above|equal to|below) (\d+)", words)}
    below = parts.get("above", 0) + parts.get("equal to", 0) / 2
    assert percentile_of(number, values) == pytest.approx(100 * below / len(counts))
