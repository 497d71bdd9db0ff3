"""Holm's correction against a table worked by hand, and what it does to verdicts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlplab.errors import MlplabError
from mlplab.statistics import MEASURES, Comparison, Estimate, correct_family, holm

TABLE = [
    ([], []),
    ([0.04], [0.04]),
    # 4 × 0.005, 3 × 0.01, 2 × 0.03, and 1 × 0.04, which may not fall below its predecessor.
    ([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02]),
    # Equal ones stay equal: 3 × 0.02, 2 × 0.02 raised to it, 1 × 0.9.
    ([0.02, 0.9, 0.02], [0.06, 0.9, 0.06]),
    # 2 × 0.6 is cut at 1, and so is what follows.
    ([0.7, 0.6], [1.0, 1.0]),
    ([0.0, 1.0], [0.0, 1.0]),
]

p_values = st.lists(st.floats(0, 1), min_size=1, max_size=8)


@pytest.mark.parametrize(("p", "corrected"), TABLE)
def test_worked_by_hand(p: list[float], corrected: list[float]) -> None:
    np.testing.assert_allclose(holm(p), corrected, rtol=1e-12)


@given(p_values)
def test_it_corrects_upwards_no_further_than_bonferroni_and_keeps_the_order(p: list[float]) -> None:
    found, raw = holm(p), np.array(p)
    assert (raw <= found).all()
    assert (found <= np.minimum(len(p) * raw, 1)).all()
    assert (np.diff(found[np.argsort(raw)]) >= 0).all()


@given(p_values)
def test_each_keeps_its_own_in_whatever_order(p: list[float]) -> None:
    order = np.random.default_rng(len(p)).permutation(len(p))
    np.testing.assert_array_equal(holm(np.array(p)[order]), holm(p)[order])


@pytest.mark.parametrize("p", [[-0.1], [0.5, 1.1], [np.nan]])
def test_what_is_no_probability_is_refused(p: list[float]) -> None:
    with pytest.raises(MlplabError, match="expected p-values from 0 to 1, received"):
        holm(p)


def a_comparison(p_value: float) -> Comparison:
    """A is better than B by 4 points, far beyond the margin of one."""
    return Comparison(
        measure=MEASURES["test_accuracy"],
        pairs=40,
        left_out=0,
        difference=Estimate(0.04, 0.03, 0.05),
        probability_of_improvement=Estimate(0.9, 0.8, 0.96),
        margin=0.01,
        p_value=p_value,
        p_corrected=p_value,
    )


def test_a_family_takes_back_what_one_alone_may_claim() -> None:
    ps = {"a": 0.02, "b": 0.001, "c": 0.04}
    alone = {name: a_comparison(p) for name, p in ps.items()}
    assert {c.verdict for c in alone.values()} == {"better"}
    family = correct_family(alone)
    assert list(family) == ["a", "b", "c"]
    # 3 × 0.001, 2 × 0.02, 1 × 0.04.
    assert [c.p_corrected for c in family.values()] == pytest.approx([0.04, 0.003, 0.04])
    assert {c.verdict for c in family.values()} == {"better"}
    larger = correct_family({**alone, "d": a_comparison(0.9), "e": a_comparison(0.8)})
    # 5 × 0.001, 4 × 0.02, 3 × 0.04.
    assert [c.verdict for c in larger.values()] == ["inconclusive", "better"] + 3 * ["inconclusive"]
    assert larger["a"].reason == "the corrected p-value 0.0800 is above 0.05"
    assert larger["d"].reason == "the corrected p-value 1.0000 is above 0.05"


def test_all_but_the_correction_stays_and_it_may_be_made_again() -> None:
    alone = {"a": a_comparison(0.02), "b": a_comparison(0.03)}
    family = correct_family(alone)
    for name, comparison in family.items():
        assert replace(comparison, p_corrected=alone[name].p_value) == alone[name]
    assert correct_family(family) == family
    assert correct_family({"a": family["a"]}) == {"a": alone["a"]}
    assert correct_family({}) == {}
