"""Intervals: Wilson's against SciPy and by its own promise, the bootstrap against what it must be."""

from __future__ import annotations

import math
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest, norm, t

from mlplab.statistics import Estimate, bootstrap, estimate_fraction


@pytest.mark.parametrize("n", [1, 2, 30, 100])
def test_a_fraction_is_scipys_for_whole_numbers(n: int, tolerance: Any) -> None:
    for k in range(n + 1):
        scipys = binomtest(k, n).proportion_ci(0.95, method="wilson")
        ours = estimate_fraction(k, n)
        assert ours.value == k / n
        assert (ours.low, ours.high) == pytest.approx(
            (scipys.low, scipys.high), abs=tolerance.float64
        )


def test_a_fraction_worked_by_hand() -> None:
    # k = n - k = 50, n = 100, z² = 3.8415: the centre is 1/2 by symmetry, the half width
    # 1.96 sqrt(25 + 0.9604) / 103.8415 = 0.0962.
    fraction = estimate_fraction(50, 100)
    assert (fraction.low, fraction.high) == pytest.approx((0.4038, 0.5962), abs=5e-5)


def test_the_ends_are_reached_exactly_and_still_have_width() -> None:
    for n in range(1, 200):
        assert (estimate_fraction(0, n).low, estimate_fraction(n, n).high) == (0.0, 1.0)
    never, always = estimate_fraction(0, 100), estimate_fraction(100, 100)
    assert never.high == pytest.approx(0.0370, abs=5e-5)
    assert always.low == pytest.approx(1 - never.high)


def test_half_counts_lie_between_whole_ones() -> None:
    below, half, above = (estimate_fraction(k, 30) for k in (14, 14.5, 15))
    assert below.low < half.low < above.low
    assert below.high < half.high < above.high
    assert half.value == 14.5 / 30


@pytest.mark.parametrize("n", [30, 100])
def test_wilson_covers_the_true_fraction_95_times_in_100(n: int) -> None:
    """Exactly, by the binomial distribution. It swings around 95 %, as counts are whole numbers."""
    fractions = np.linspace(0.01, 0.99, 99)
    found = [estimate_fraction(k, n) for k in range(n + 1)]
    low, high = (np.array([getattr(e, end) for e in found])[:, None] for end in ("low", "high"))
    likely = binom.pmf(np.arange(n + 1)[:, None], n, fractions)
    covered = np.where((low <= fractions) & (fractions <= high), likely, 0).sum(axis=0)
    assert covered.mean() == pytest.approx(0.95, abs=0.01)
    assert covered[fractions.round(2) == 0.5] == pytest.approx(0.95, abs=0.01)
    assert covered[(fractions > 0.09) & (fractions < 0.91)].min() > 0.92
    assert covered.min() > 0.88


# ---- Resampling --------------------------------------------------------------------------------


def test_the_mean_of_zeros_and_ones_is_resampled_as_a_binomial_count() -> None:
    """The number of ones in a resample of 20 with 5 ones is binomial: n = 20, p = 1/4."""
    values = np.repeat([0.0, 1.0], [15, 5])
    # sqrt(20 / 19) t = 1.02598 × 2.09302 = 2.14740, and Φ(-2.14740) = 0.01588, in place of 0.025.
    low, high = binom.ppf([0.01588, 1 - 0.01588], 20, 0.25) / 20
    assert bootstrap(values, np.mean) == Estimate(0.25, low, high)


def test_a_normal_means_interval_is_as_wide_as_students() -> None:
    """Of 12 values that are normal to perfection; that of plain 2.5 % is narrower by a seventh."""
    n = 12
    values = norm.ppf((np.arange(n) + 0.5) / n)
    half = t.ppf(0.975, n - 1) * values.std(ddof=1) / np.sqrt(n)
    found = bootstrap(values, np.mean)
    assert (found.low, found.high) == pytest.approx((-half, half), rel=0.03)


@given(st.permutations(range(12)))
def test_the_order_of_the_runs_does_not_matter(order: list[int]) -> None:
    values = np.arange(12.0) ** 2
    one = bootstrap(values, np.median, resamples=99)
    assert bootstrap(values[order], np.median, resamples=99) == one


def test_numpys_global_generator_changes_nothing_and_is_not_changed() -> None:
    values = np.arange(12.0)
    found = []
    for seed in (1, 2):
        np.random.seed(seed)  # noqa: NPY002  # the one in question
        untouched = np.random.random()  # noqa: NPY002  # the one in question
        np.random.seed(seed)  # noqa: NPY002  # the one in question
        found.append(bootstrap(values, np.mean))
        assert np.random.random() == untouched  # noqa: NPY002  # the one in question
    assert found[0] == found[1]


def test_a_single_run_leaves_everything_open() -> None:
    assert bootstrap(np.array([0.5]), np.mean) == Estimate(0.5, -math.inf, math.inf)


@pytest.mark.parametrize("n", [2, 30])
def test_equal_runs_have_an_interval_without_width(n: int) -> None:
    assert bootstrap(np.full(n, 0.5), np.mean) == Estimate(0.5, 0.5, 0.5)


def test_two_runs_span_their_interval() -> None:
    assert bootstrap(np.array([0.25, 0.75]), np.mean) == Estimate(0.5, 0.25, 0.75)


def test_many_runs_fit_into_memory_and_give_the_same_in_pieces(monkeypatch: Any) -> None:
    values = np.random.default_rng(1).normal(size=40)
    whole = bootstrap(values, np.mean, resamples=999)
    monkeypatch.setattr("mlplab.statistics.resampling.AT_ONCE", 40 * 7)
    assert bootstrap(values, np.mean, resamples=999) == whole


def test_statistics_import_without_scipys() -> None:
    """It takes most of a second, and what explains by statistics must not."""
    statement = (
        "import mlplab.statistics, mlplab.explain, sys; sys.exit('scipy.stats' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", statement], check=True, timeout=120)
