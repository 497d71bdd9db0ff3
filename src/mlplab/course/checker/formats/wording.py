"""Sentences that more than one format needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mlplab.course.checker.mistakes import Mistake
from mlplab.course.checker.report import Mark, Report
from mlplab.course.checker.visible import visible, visible_line


def outcome(mark: Mark) -> str:
    """Return right, partly right, wrong or not handed in."""
    if mark.finding.right:
        return "right"
    if mark.finding.absent:
        return "not handed in"
    return "partly right" if mark.score > 0 else "wrong"


def capitalised(text: str) -> str:
    """Return a text with a capital at its beginning, and all else as it is.

    >>> capitalised("not checked in MLP")
    'Not checked in MLP'
    """
    return f"{text[:1].upper()}{text[1:]}"


def unexplained(report: Report) -> list[Mark]:
    """Return the tests with wrong answers that no mistake explains."""
    return [
        mark
        for mark in report.marks
        if not mark.finding.right and not mark.finding.absent and mark.mistake is None
    ]


def not_handed_in(report: Report) -> list[Mark]:
    """Return the tests that have points, of parts that were not handed in."""
    return [mark for mark in report.marks if mark.finding.absent and mark.points > mark.score]


def all_is_right(report: Report) -> bool:
    """Return whether nothing is left to fix and no point is missing."""
    return (
        report.judged
        and report.problem is None
        and not report.mistakes
        and not unexplained(report)
        and report.score >= report.points
    )


def visible_reports(reports: Sequence[Report]) -> list[Report]:
    """Return reports of which a terminal obeys nothing and a reader misses nothing."""
    return [
        replace(
            report,
            name=visible_line(report.name),
            student_id=visible_line(report.student_id),
            problem=None if report.problem is None else visible_line(report.problem),
            advice=tuple(map(visible_line, report.advice)),
            notes=tuple(map(visible_line, report.notes)),
            marks=tuple(map(_visible_mark, report.marks)),
        )
        for report in reports
    ]


def _visible_mark(mark: Mark) -> Mark:
    finding = replace(mark.finding, facts=visible(mark.finding.facts))
    return replace(
        mark,
        finding=finding,
        mistake=None if mark.mistake is None else _visible_mistake(mark.mistake),
    )


def _visible_mistake(mistake: Mistake) -> Mistake:
    return replace(mistake, what=visible(mistake.what), look=visible(mistake.look))
