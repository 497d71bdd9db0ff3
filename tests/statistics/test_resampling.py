"""Resampling: what is drawn is said, the same in any memory, and SciPy's where nothing is drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import permutation_test, trim_mean

from mlplab.statistics import compare, interquartile_mean
from mlplab.statistics.resampling import SEED, _first_drawn, flip_signs, resample
from mlplab.streams import integers


def test_what_is_drawn_is_what_is_said() -> None:
    values = np.array([1.0, 2.0, 4.0])
    rows = [values[integers(SEED, 3 * r, 3, 3)] for r in range(20)]
    assert resample(values, np.max, 20).tolist() == [row.max() for row in rows]
    signed = np.arange(1.0, 15.0)  # 2^14 ways are more than 20
    means, is_every_way = flip_signs(signed, 20)
    signs = [1 - 2 * integers(SEED, 14 * r, 14, 2) for r in range(20)]
    assert not is_every_way
    assert means.tolist() == [(sign * signed).mean() for sign in signs]


def test_every_way_is_tried_where_there_are_few() -> None:
    means, is_every_way = flip_signs(np.array([1.0, 2.0, 4.0]), 8)
    assert is_every_way
    assert sorted(3 * means) == pytest.approx([-7, -5, -3, -1, 1, 3, 5, 7])
    assert not flip_signs(np.array([1.0, 2.0, 4.0]), 7)[1]


def test_it_is_the_same_in_pieces(monkeypatch: Any) -> None:
    values = np.arange(1.0, 14.0)
    whole = (
        flip_signs(values, 999)[0],
        flip_signs(values[:9], 999)[0],
        resample(values, np.mean, 99),
    )
    monkeypatch.setattr("mlplab.statistics.resampling.AT_ONCE", 13 * 7)
    parts = (
        flip_signs(values, 999)[0],
        flip_signs(values[:9], 999)[0],
        resample(values, np.mean, 99),
    )
    for one, other in zip(whole, parts, strict=True):
        assert one.tolist() == other.tolist()


def test_what_is_drawn_is_kept_unless_one_resample_is_larger_than_a_part(monkeypatch: Any) -> None:
    monkeypatch.setattr("mlplab.statistics.resampling.AT_ONCE", 20)
    kept = []
    for n in (21, 20):
        _first_drawn.cache_clear()
        resample(np.arange(float(n)), np.mean, 3)
        flip_signs(np.arange(float(n)), 3)
        kept.append(_first_drawn.cache_info().currsize)
    assert kept == [0, 2]


@pytest.mark.parametrize("n", [2, 5, 13])
def test_a_p_value_of_few_pairs_is_scipys(n: int) -> None:
    a, b = np.random.default_rng(n).integers(0, 16, (2, n)) / 16
    sign = -1 if (a - b).mean() < 0 else 1
    scipys = permutation_test((sign * (a - b) - 0.0625,), np.mean, permutation_type="samples")
    assert compare(a, b, margin=0.0625).p_value == pytest.approx(scipys.pvalue)


def test_a_p_value_of_many_pairs_is_near_scipys() -> None:
    """Each is of 9,999 ways: their standard errors are 0.005 at most."""
    a, b = np.random.default_rng(1).normal([[0.01], [0.0]], 0.05, (2, 40))
    sign = -1 if (a - b).mean() < 0 else 1
    scipys = permutation_test(
        (sign * (a - b),), np.mean, permutation_type="samples", rng=np.random.default_rng(0)
    )
    assert compare(a, b, margin=0.0).p_value == pytest.approx(scipys.pvalue, abs=0.03)


@pytest.mark.parametrize("n", range(1, 12))
def test_the_interquartile_mean_is_scipys_trimmed_mean(n: int) -> None:
    values = np.random.default_rng(n).random(n)
    found = interquartile_mean(values, resamples=1)
    assert found is not None
    assert found.value == pytest.approx(trim_mean(values, 0.25))
