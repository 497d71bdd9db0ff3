"""Comparing runs seed by seed: by hand, its symmetries, diverged runs, and what does not pair up."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mlplab.errors import MlplabError
from mlplab.run import Runs
from mlplab.spec import Experiment
from mlplab.statistics import (
    MEASURES,
    ONE_POINT,
    PERCENTAGE_POINTS,
    Measure,
    compare,
    compare_runs,
    estimate_fraction,
)
from mlplab.training import train

NAN = np.nan

ERROR_RATE = Measure(
    "error_rate", "error rate", PERCENTAGE_POINTS, lower_is_better=True, margin=ONE_POINT
)

accuracies = st.integers(0, 1024).map(lambda correct: correct / 1024)
pairs = st.lists(st.tuples(accuracies | st.just(NAN), accuracies), min_size=1, max_size=12)


def test_worked_by_hand(tolerance: Any) -> None:
    a = np.array([0.5, 0.75, 1.0, 0.75, 0.5, NAN, 0.5, NAN])
    b = np.array([0.25, 0.5, 0.75, 0.5, 0.5, 0.5, NAN, NAN])
    found = compare(a, b, margin=0.0)
    assert (found.pairs, found.left_out) == (8, 3)
    # The differences that exist: 1/4 four times, and 0.
    assert found.difference is not None
    assert found.difference.value == pytest.approx(0.2, abs=tolerance.by_hand)
    # Won: four, and the one in which only B diverged. Tied: the fifth, and that in which both did.
    assert found.probability_of_improvement == estimate_fraction(5 + 2 / 2, 8)
    # Of the 2^5 ways to set the signs, four of them with every quarter up or every quarter down, whatever
    # the sign of 0: 4 / 32.
    assert found.p_value == pytest.approx(4 / 32)
    assert found.p_corrected == found.p_value


def test_the_p_value_is_that_of_the_difference_beyond_the_margin() -> None:
    a, b = np.array([0.5, 0.75, 1.0, 0.75, 0.75]), np.full(5, 0.25)
    # Beyond a margin of 1/8 all five differences are positive: 2 of 2^5 ways are as extreme.
    assert compare(a, b, margin=0.125).p_value == pytest.approx(2 / 32)
    # Beyond a margin of 7/8 all are negative: as clear, the other way.
    assert compare(a, b, margin=0.875).p_value == pytest.approx(2 / 32)
    # Around a margin of 1/2 they are -1/4, 0, 1/4, 0, 0, of mean 0: all ways are.
    assert compare(a, b, margin=0.5).p_value == 1.0


def test_what_a_seed_does_to_both_drops_out() -> None:
    generator = np.random.default_rng(0)
    seeds, noise = generator.normal(0.8, 0.1, 40), generator.normal(0.03, 0.005, 40)
    paired = compare(seeds + noise, seeds)
    torn = compare(seeds + noise, generator.permutation(seeds))
    assert paired.verdict == "better"
    assert torn.verdict == "inconclusive"
    assert paired.difference is not None
    assert paired.difference.high - paired.difference.low < 0.004


@given(pairs)
def test_the_other_way_round_it_is_the_mirror_image(values: list[tuple[float, float]]) -> None:
    a, b = np.array(values).T
    known = (a - b)[np.isfinite(a)]
    assume(known.sum() != 0)
    one, other = (compare(*ab, margin=0.25, resamples=99) for ab in ((a, b), (b, a)))
    assert other.probability_of_improvement.value == pytest.approx(
        1 - one.probability_of_improvement.value
    )
    assert (other.pairs, other.left_out) == (one.pairs, one.left_out)
    assert other.p_value == one.p_value
    if one.difference is None:
        assert other.difference is None
    else:
        assert other.difference is not None
        mean, low, high = (getattr(one.difference, end) for end in ("value", "low", "high"))
        assert (other.difference.value, other.difference.low, other.difference.high) == (
            -mean,
            -high,
            -low,
        )


@given(pairs, st.randoms(use_true_random=False))
def test_the_order_of_the_pairs_does_not_matter(
    values: list[tuple[float, float]], random: Any
) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)
    one, other = (compare(*np.array(v).T, resamples=99) for v in (values, shuffled))
    assert one == other


@given(pairs)
def test_lower_is_better_mirrors_who_improves_and_nothing_else(
    values: list[tuple[float, float]],
) -> None:
    a, b = np.array(values).T
    known = np.isfinite(a)
    assume(known.any())
    higher = compare(a[known], b[known], resamples=99)
    lower = compare(a[known], b[known], measure=ERROR_RATE, resamples=99)
    assert lower.probability_of_improvement.value == pytest.approx(
        1 - higher.probability_of_improvement.value
    )
    assert (
        replace(
            lower,
            probability_of_improvement=higher.probability_of_improvement,
            measure=higher.measure,
        )
        == higher
    )


@pytest.mark.parametrize("measure", [MEASURES["test_accuracy"], ERROR_RATE])
def test_a_diverged_run_loses_whatever_is_better(measure: Measure) -> None:
    a, b = np.array([NAN, 1.0, NAN, np.inf]), np.array([1.0, NAN, NAN, 1.0])
    found = compare(a, b, measure=measure)
    assert found.probability_of_improvement.value == (0 + 1 + 0.5 + 0) / 4
    assert found.left_out == 4
    assert found.difference is None
    assert found.p_value == 1.0


# ---- Verdicts of real values -------------------------------------------------------------------

SMALL = np.random.default_rng(7).normal(0, 0.004, 100)


@pytest.mark.parametrize(("shift", "verdict"), [(0.03, "better"), (-0.03, "worse")])
def test_a_clear_difference_is_found(shift: float, verdict: str) -> None:
    assert compare(0.9 + shift + SMALL, np.full(100, 0.9)).verdict == verdict
    assert compare(0.9 - shift + SMALL, np.full(100, 0.9), measure=ERROR_RATE).verdict == verdict


def test_a_clear_sameness_is_found() -> None:
    assert compare(0.9 + SMALL, np.full(100, 0.9)).verdict == "no meaningful difference"


def test_a_tiny_sample_claims_nothing_however_clear() -> None:
    found = compare(np.full(29, 0.9), np.full(29, 0.1))
    assert (found.verdict, found.reason) == ("inconclusive", "29 pairs are fewer than 30")


@pytest.mark.parametrize(
    ("a", "b", "verdict"),
    [
        (0.5, 0.5, "no meaningful difference"),
        (0.75, 0.5, "better"),
        (0.5, 0.75, "worse"),
    ],
)
def test_equal_runs_are_no_trouble(a: float, b: float, verdict: str) -> None:
    found = compare(np.full(40, a), np.full(40, b))
    assert found.verdict == verdict
    assert found.difference is not None
    assert found.difference.low == found.difference.high == a - b


def test_a_method_that_diverges_more_often_is_not_called_the_same_nor_better() -> None:
    a, b = 0.9 + SMALL, np.full(100, 0.9)
    a[::3] = NAN
    same = compare(a, b)
    assert same.verdict == "inconclusive"
    assert "diverged" in same.reason
    higher = compare(a + 0.03, b).difference
    assert higher is not None
    assert higher.value > 0.02
    a[::2] = NAN
    better = compare(a + 0.03, b)
    assert better.pairs - better.left_out >= 30
    assert better.verdict == "inconclusive"


@pytest.mark.parametrize("n", [1, 2])
def test_one_or_two_pairs_are_described(n: int) -> None:
    found = compare(np.array([0.75, 0.5])[:n], np.array([0.5, 0.5])[:n])
    assert found.difference is not None
    assert found.difference.value == {1: 0.25, 2: 0.125}[n]
    assert math.isfinite(found.difference.low) == (n == 2)
    assert found.p_value == 1.0 if n == 1 else found.p_value >= 0.5
    assert found.verdict == "inconclusive"


# ---- What does not pair up ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b"), [([], []), ([0.1], [0.1, 0.2]), ([[0.1, 0.2]], [[0.1, 0.2]]), (0.1, 0.1)]
)
def test_values_must_pair_up(a: Any, b: Any) -> None:
    with pytest.raises(MlplabError, match=r"one value each seed, equally long, received shapes \("):
        compare(np.array(a), np.array(b))


@pytest.mark.parametrize("margin", [-0.01, NAN, math.inf])
def test_the_margin_must_be_one(margin: float) -> None:
    with pytest.raises(MlplabError, match=f"a margin of 0 or above, received {margin}"):
        compare(np.zeros(2), np.zeros(2), margin)


# ---- Runs --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def runs() -> Runs:
    return train(
        Experiment(dataset={"kind": "linear", "train_per_class": 8}),
        replications=40,
        trainer="reference",
    )


QUANTITIES = ["train_loss", "train_accuracy", "test_loss", "test_accuracy"]


@pytest.mark.parametrize("name", QUANTITIES)
def test_runs_are_compared_by_the_number_asked_for(runs: Runs, name: str) -> None:
    attribute = name.replace("accuracy", "metric")
    higher = replace(runs, **{attribute: getattr(runs, name) + 0.5})
    found = compare_runs(higher, runs, name, margin=0.1)
    assert found.difference is not None
    assert found.difference.value == pytest.approx(0.5)
    assert found.verdict == ("worse" if name.endswith("loss") else "better")
    for other in set(QUANTITIES) - {name}:
        unchanged = compare_runs(higher, runs, other, margin=0.1).difference
        assert unchanged is not None
        assert unchanged.value == 0


def test_a_diverged_run_of_many_is_left_out_though_it_has_an_accuracy(runs: Runs) -> None:
    ending = runs.ending.copy().astype("<U8")
    ending[3] = "diverged"
    found = compare_runs(replace(runs, ending=ending), runs)
    assert found.left_out == 1
    assert found.probability_of_improvement.value == (39 / 2) / 40


def test_accuracies_have_a_margin_of_one_point_and_losses_need_one(runs: Runs) -> None:
    assert compare_runs(runs, runs).margin == ONE_POINT == 0.01
    assert compare_runs(runs, runs, margin=0.05).margin == 0.05
    with pytest.raises(MlplabError, match=r"expected a margin, .* of test loss .* received none"):
        compare_runs(runs, runs, "test_loss")


@pytest.mark.parametrize("seeds", [np.arange(1, 41), np.arange(40)[::-1]])
def test_other_seeds_are_not_paired(runs: Runs, seeds: Any) -> None:
    assert not np.array_equal(runs.seed, seeds)
    with pytest.raises(MlplabError, match=r"same seeds .* received seeds 0, 1, 2, … \(40 in all\)"):
        compare_runs(runs, replace(runs, seed=seeds))


def test_one_seed_many_times_is_no_replication(runs: Runs) -> None:
    same = replace(runs, seed=np.zeros(40, dtype=np.int64))
    with pytest.raises(MlplabError, match="each seed once, received 40 runs with 39 repeated"):
        compare_runs(same, same)
