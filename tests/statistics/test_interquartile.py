"""The interquartile mean: by hand, against what it promises, and when there is little to average."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlplab.statistics import Estimate, interquartile_mean

BY_HAND = {
    1: 0.0,  # 0
    2: 0.5,  # (0 + 1) / 2: a quarter of two is no whole run
    3: 5 / 3,  # (0 + 1 + 4) / 3
    4: 2.5,  # (1 + 4) / 2
    5: 14 / 3,  # (1 + 4 + 9) / 3
    7: 11.0,  # (1 + 4 + 9 + 16 + 25) / 5
    8: 13.5,  # (4 + 9 + 16 + 25) / 4
}
"""Of the squares of 0, 1, …, n - 1, by n."""


@pytest.mark.parametrize("n", BY_HAND)
def test_worked_by_hand(n: int, tolerance: Any) -> None:
    found = interquartile_mean(np.arange(float(n)) ** 2, resamples=99)
    assert found is not None
    assert found.value == pytest.approx(BY_HAND[n], abs=tolerance.by_hand)


def test_diverged_runs_are_left_out_wherever_they_stand() -> None:
    known = np.array([0.2, 0.9, 0.91, 0.92, 0.93, 0.97])
    lost = np.array([np.nan, 0.2, 0.9, np.inf, 0.91, 0.92, 0.93, -np.inf, 0.97, np.nan])
    assert interquartile_mean(lost) == interquartile_mean(known)


@pytest.mark.parametrize("values", [[], [np.nan], [np.nan, np.inf]])
def test_nothing_is_said_of_no_value(values: list[float]) -> None:
    assert interquartile_mean(np.array(values)) is None


def test_one_value_is_its_own_mean_and_its_interval_has_no_end() -> None:
    assert interquartile_mean(np.array([0.75, np.nan])) == Estimate(0.75, -math.inf, math.inf)


def test_stuck_runs_count() -> None:
    values = np.repeat([0.5, 1.0], [60, 40])
    found = interquartile_mean(values)
    # The middle fifty of a hundred: 35 stuck ones and 15 others.
    assert found is not None
    assert found.value == pytest.approx((35 * 0.5 + 15 * 1.0) / 50)


def test_single_odd_runs_do_not_move_it() -> None:
    values = np.linspace(0.9, 0.95, 40)
    odd = values.copy()
    odd[:3] = -1e6
    one, other = interquartile_mean(values), interquartile_mean(odd)
    assert one is not None
    assert other is not None
    assert one.value == other.value
    assert other.low > 0.9


@given(st.lists(st.integers(0, 1024), min_size=2, max_size=12))
def test_it_lies_in_its_interval_and_both_among_the_runs(counts: list[int]) -> None:
    values = np.array(counts) / 1024
    found = interquartile_mean(values, resamples=199)
    assert found is not None
    assert values.min() <= found.low <= found.value <= found.high <= values.max()


@given(
    st.lists(st.integers(0, 1024), min_size=2, max_size=12),
    st.sampled_from([0.25, 2.0, 100.0]),
    st.integers(-4, 4),
)
def test_another_unit_changes_nothing_but_the_unit(
    counts: list[int], factor: float, shift: int
) -> None:
    values = np.array(counts) / 1024
    one = interquartile_mean(values, resamples=99)
    other = interquartile_mean(factor * values + shift, resamples=99)
    assert one is not None
    assert other is not None
    for end in ("value", "low", "high"):
        assert getattr(other, end) == pytest.approx(factor * getattr(one, end) + shift)
