"""The verdict: its rules, one by one, and how a comparison is said."""

from __future__ import annotations

import math
from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest

from mlplab.statistics import COMPARABLE, MEASURES, SIGNIFICANT, Comparison, Estimate, Measure

CLEAR = Comparison(
    measure=MEASURES["test_accuracy"],
    pairs=100,
    left_out=0,
    difference=Estimate(0.042, 0.031, 0.053),
    probability_of_improvement=Estimate(0.93, 0.86, 0.97),
    margin=0.01,
    p_value=2e-4,
    p_corrected=2e-4,
)
"""A is better than B by all that is asked."""

LOWER = replace(CLEAR.measure, lower_is_better=True)
"""Of error rates, for instance."""


@pytest.mark.parametrize(
    ("low", "high", "verdict", "reason"),
    [
        (0.011, 0.02, "better", "beyond"),
        (0.01, 0.02, "inconclusive", "within the margin and beyond"),
        (0.005, 0.02, "inconclusive", "within the margin and beyond"),
        (0.001, 0.009, "no meaningful difference", "within"),
        (-0.009, 0.009, "no meaningful difference", "within"),
        (-0.009, 0.01, "inconclusive", "within the margin and beyond"),
        (-0.01, 0.009, "inconclusive", "within the margin and beyond"),
        (-0.02, 0.02, "inconclusive", "within the margin and beyond"),
        (-0.02, -0.005, "inconclusive", "within the margin and beyond"),
        (-0.02, -0.01, "inconclusive", "within the margin and beyond"),
        (-0.02, -0.011, "worse", "beyond"),
    ],
)
def test_the_interval_is_placed_against_the_margin(
    low: float, high: float, verdict: str, reason: str
) -> None:
    comparison = replace(CLEAR, difference=Estimate((low + high) / 2, low, high))
    assert comparison.verdict == verdict
    assert reason in comparison.reason
    other_way = {"better": "worse", "worse": "better"}
    assert replace(comparison, measure=LOWER).verdict == other_way.get(verdict, verdict)


def test_without_a_margin_nothing_is_much_the_same() -> None:
    zero = replace(CLEAR, margin=0.0, difference=Estimate(0.0, 0.0, 0.0))
    assert zero.verdict == "inconclusive"
    assert replace(zero, difference=Estimate(0.02, 0.01, 0.03)).verdict == "better"


@pytest.mark.parametrize(
    ("pairs", "left_out", "verdict"),
    [
        (COMPARABLE - 1, 0, "inconclusive"),
        (COMPARABLE, 0, "better"),
        (COMPARABLE, 1, "inconclusive"),
        (COMPARABLE + 1, 1, "better"),
    ],
)
def test_no_verdict_below_thirty_pairs(pairs: int, left_out: int, verdict: str) -> None:
    assert replace(CLEAR, pairs=pairs, left_out=left_out).verdict == verdict


def test_too_few_pairs_say_so() -> None:
    assert replace(CLEAR, pairs=1).reason == "1 pair is fewer than 30"
    assert "in 93 % of 1 pair, ties" in replace(CLEAR, pairs=1).sentence()
    assert replace(CLEAR, pairs=29).reason == "29 pairs are fewer than 30"
    assert replace(CLEAR, pairs=40, left_out=11).reason == "29 of 40 pairs are fewer than 30"
    nothing = replace(CLEAR, pairs=40, left_out=40, difference=None)
    assert nothing.reason == "0 of 40 pairs are fewer than 30"


def test_the_p_value_that_stands_is_the_corrected_one() -> None:
    assert replace(CLEAR, p_value=SIGNIFICANT, p_corrected=SIGNIFICANT).verdict == "better"
    alone = replace(CLEAR, p_value=0.06, p_corrected=0.06)
    assert (alone.verdict, alone.reason) == ("inconclusive", "the p-value 0.0600 is above 0.05")
    family = replace(CLEAR, p_value=0.03, p_corrected=0.09)
    assert family.verdict == "inconclusive"
    assert family.reason == "the corrected p-value 0.0900 is above 0.05"


@pytest.mark.parametrize(
    ("mean", "won", "verdict"),
    [
        (0.04, (0.6, 0.8), "better"),
        (0.04, (0.45, 0.65), "inconclusive"),
        (0.04, (0.1, 0.3), "inconclusive"),
        (-0.04, (0.1, 0.3), "worse"),
        (-0.04, (0.45, 0.65), "inconclusive"),
        (-0.04, (0.6, 0.8), "inconclusive"),
        (0.0, (0.45, 0.65), "inconclusive"),
        (0.0, (0.6, 0.8), "inconclusive"),
    ],
)
def test_where_runs_diverged_the_pairs_won_must_agree(
    mean: float, won: tuple[float, float], verdict: str
) -> None:
    low, high = won
    comparison = replace(
        CLEAR,
        left_out=20,
        difference=Estimate(mean, mean - 0.005, mean + 0.005),
        probability_of_improvement=Estimate((low + high) / 2, low, high),
    )
    assert comparison.verdict == verdict
    if verdict == "inconclusive":
        assert "diverged" in comparison.reason
    assert replace(comparison, left_out=0).verdict != "inconclusive"


def test_a_comparison_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        CLEAR.p_value = 0.0  # type: ignore[misc]  # what cannot be done


# ---- In words ----------------------------------------------------------------------------------


def test_a_clear_case_in_words() -> None:
    assert CLEAR.sentence("Adam", "SGD") == (
        "Adam is better than SGD: Adam minus SGD is 4.20 percentage points on average "
        "(95 % interval 3.10 to 5.30, margin 1.00); Adam is better in 93 % of 100 pairs, ties counted "
        "half (95 % interval 86 to 97 %)."
    )


def test_a_hair_below_zero_is_said_as_zero() -> None:
    comparison = replace(CLEAR, difference=Estimate(-1e-6, -0.004, 0.004))
    assert (
        "A minus B is 0.00 percentage points on average (95 % interval -0.40"
        in comparison.sentence()
    )


def test_losses_in_words() -> None:
    comparison = replace(CLEAR, measure=MEASURES["test_loss"])
    assert comparison.sentence().startswith(
        "A is worse than B: A minus B is 0.042 on average "
        "(95 % interval 0.031 to 0.053, margin 0.01); "
    )


def test_losses_as_small_as_they_come_keep_their_digits() -> None:
    small = Estimate(4.21e-6, 3.1e-6, 5.3e-6)
    comparison = replace(CLEAR, measure=MEASURES["train_loss"], difference=small, margin=1e-6)
    assert "is 4.21e-06 on average (95 % interval 3.1e-06 to 5.3e-06, margin 1e-06);" in (
        comparison.sentence()
    )


def test_a_measure_of_ones_own_has_its_unit_in_the_sentence() -> None:
    seconds = Measure("seconds", "time", unit="s", lower_is_better=True)
    assert "A minus B is 0.042 s on average" in replace(CLEAR, measure=seconds).sentence()


@pytest.mark.parametrize(
    ("changes", "head"),
    [
        ({"measure": LOWER}, "A is worse than B: "),
        (
            {"difference": Estimate(0.0, -0.004, 0.004)},
            "A and B show no meaningful difference: A minus B is 0.00 percentage points",
        ),
        (
            {"difference": Estimate(0.01, 0.0, 0.02)},
            "A against B is inconclusive, since the interval has differences within the margin and "
            "beyond it: A minus B is 1.00",
        ),
        (
            {"pairs": 12},
            "A against B is inconclusive, since 12 pairs are fewer than 30: A minus B is",
        ),
    ],
)
def test_every_verdict_has_its_words(changes: dict[str, Any], head: str) -> None:
    assert replace(CLEAR, **changes).sentence().startswith(head)


def test_diverged_runs_are_said() -> None:
    assert "diverged" not in CLEAR.sentence()
    assert (
        replace(CLEAR, left_out=3)
        .sentence()
        .endswith(
            "(95 % interval 86 to 97 %); 3 pairs with a diverged run count only in the latter."
        )
    )
    assert "1 pair with a diverged run counts only" in replace(CLEAR, left_out=1).sentence()


def test_without_any_difference_only_the_pairs_are_said() -> None:
    nothing = replace(
        CLEAR,
        pairs=40,
        left_out=40,
        difference=None,
        probability_of_improvement=Estimate(0, 0, 0.09),
    )
    assert nothing.sentence() == (
        "A against B is inconclusive, since 0 of 40 pairs are fewer than 30: A is better in 0 % of 40 "
        "pairs, ties counted half (95 % interval 0 to 9 %); in each pair a run diverged."
    )


def test_a_single_pair_has_no_interval_to_say() -> None:
    one = replace(CLEAR, pairs=1, difference=Estimate(0.04, -math.inf, math.inf))
    assert "inf" not in one.sentence()
    assert "A minus B is 4.00 percentage points on average (margin 1.00)" in one.sentence()
