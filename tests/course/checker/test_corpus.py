"""The checker, measured: right solutions lose nothing, mistakes are caught and called by their name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlplab.course.checker import Report
from mlplab.course.checker.mistakes import NAMES

from .conftest import MUTANTS, SOLUTIONS, mutate

LEAST_SOLUTIONS = 12
LEAST_MUTANTS = 40
LEAST_DIAGNOSED = 0.9

CheckAll = Callable[[list[str]], list[Report]]


@pytest.mark.slow
def test_no_right_solution_loses_a_mark(check_all: CheckAll) -> None:
    assert len(SOLUTIONS) >= LEAST_SOLUTIONS
    reports = check_all([path.read_text(encoding="utf-8") for path in SOLUTIONS.values()])
    lost = {
        name: [(mark.check.name, mark.finding.facts) for mark in report.marks if not mark.finding.right]
        for name, report in zip(SOLUTIONS, reports, strict=True)
    }  # fmt: skip
    print(
        f"{len(reports)} right solutions: {sum(not marks for marks in lost.values())} with all points"
    )
    assert lost == {name: [] for name in SOLUTIONS}
    assert all(report.score == report.points == 100 for report in reports)


@pytest.mark.slow
def test_mutants_are_caught_and_diagnosed(check_all: CheckAll) -> None:
    assert len(MUTANTS) >= LEAST_MUTANTS
    reports = check_all([mutate(mutant) for mutant in MUTANTS])
    missed, misnamed = [], []
    for mutant, report in zip(MUTANTS, reports, strict=True):
        called = f"{mutant['of']}: {mutant['mistake']}"
        names = [mistake.name for mistake in report.mistakes]
        if report.score == report.points:
            missed.append(called)
        if names[:1] != [mutant["mistake"]]:
            misnamed.append((called, names))
    diagnosed = 1 - len(misnamed) / len(MUTANTS)
    print(f"{len(MUTANTS)} mutants: {len(MUTANTS) - len(missed)} caught, {diagnosed:.1%} diagnosed")
    print(f"called something else: {misnamed}")
    assert missed == []
    assert diagnosed >= LEAST_DIAGNOSED


@pytest.mark.parametrize("mistake", ["transposed-weights", "softmax-in-every-layer"])
def test_a_mutant_loses_some_points_but_not_all(check_all: CheckAll, mistake: str) -> None:
    mutant = next(mutant for mutant in MUTANTS if mutant["mistake"] == mistake)
    [report] = check_all([mutate(mutant)])
    first = next(iter(report.mistakes))
    assert first.name == mistake
    assert 0 < report.score < report.points
    hit = report.mistakes[first]
    assert any(0 < mark.score < mark.points for mark in hit)


def test_each_mutant_names_a_mistake_that_is_known() -> None:
    made_by_checks = {
        "carried-over-between-points",
        "inputs-changed",
        "nothing-returned",
        "numbers-not-found",
        "unknown-name-accepted",
    }
    assert {mutant["mistake"] for mutant in MUTANTS} <= NAMES | made_by_checks
