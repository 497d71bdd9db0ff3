"""The checker, measured: right solutions lose nothing, wrong ones are caught, no wrong cause is named."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from mlplab.course.checker import Report
from mlplab.course.checker.mistakes import NAMES

from .conftest import SOLUTIONS
from .corpus.measure import FILES, PAIRS, Judged, Wrong, judge, pairs, read_changes, singles, table

LEAST_SOLUTIONS = 12
LEAST_WRONG = 300
OTHER_SEED = 5
"""Not the one with which texts and patterns were written."""

CheckAll = Callable[[list[str]], list[Report]]


@pytest.mark.slow
def test_no_right_solution_loses_a_mark(check_all: CheckAll) -> None:
    assert len(SOLUTIONS) >= LEAST_SOLUTIONS
    reports = check_all([path.read_text(encoding="utf-8") for path in SOLUTIONS.values()])
    lost = {
        name: [(mark.check.name, mark.finding.facts) for mark in report.marks if not mark.finding.right]
        for name, report in zip(SOLUTIONS, reports, strict=True)
    }  # fmt: skip
    assert lost == {name: [] for name in SOLUTIONS}
    assert all(report.score == report.points == 100 for report in reports)


def measured(wrong: Sequence[Wrong], seed: int) -> list[Judged]:
    judged = [judge(each, seed) for each in wrong]
    print(table(judged))
    print([(j.wrong.name, j.names) for j in judged if not j.caught or j.false or not j.true])
    return judged


def hold(judged: Sequence[Judged]) -> None:
    """Hold what was measured against the goals."""
    one = [j for j in judged if len(j.wrong.truths) == 1]
    two = [j for j in judged if len(j.wrong.truths) == 2]
    assert sum(j.caught for j in judged) >= 0.98 * len(judged)
    assert sum(bool(j.true) and not j.false for j in one) >= 0.85 * len(one)
    assert sum(bool(j.false) for j in one) <= 0.01 * len(one)
    assert sum(bool(j.true) and not j.false for j in two) >= 0.9 * len(two)


@pytest.mark.slow
def test_wrong_solutions_are_caught_and_no_wrong_cause_is_named() -> None:
    wrong = [*singles(), *pairs()]
    assert len(wrong) >= LEAST_WRONG
    # Every sixteenth: docs/checker-corpus.md says how all are judged, and by which command.
    hold(measured([each for each in wrong if each.of != "plain_python"][::16], OTHER_SEED))


@pytest.mark.parametrize("file", PAIRS)
def test_each_change_names_mistakes_that_are_known(file: str) -> None:
    names = {name for change in read_changes(file) for name in change["is"]}
    assert names <= NAMES


def test_each_held_out_change_can_be_made_and_is_none_of_the_others() -> None:
    known = {wrong.text for wrong in singles()}
    held_out = [wrong.text for file in FILES.values() for wrong in singles(file)]
    for text in held_out:
        compile(text, "mlp.py", "exec")
    assert len(set(held_out)) == len(held_out)
    assert not known & set(held_out)
