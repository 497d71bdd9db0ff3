"""Sentences that more than one format needs."""

from __future__ import annotations

from mlplab.course.checker.marking import Mark, Report


def outcome(mark: Mark) -> str:
    """Return right, partly right, wrong or not handed in."""
    if mark.finding.right:
        return "right"
    if mark.finding.absent:
        return "not handed in"
    return "partly right" if mark.score > 0 else "wrong"


def explanation(mark: Mark) -> str:
    """Return all there is to say of a test: what the mistake is, what came, where to look."""
    if mark.finding.right:
        return "Right."
    if mark.mistake is None:
        return mark.finding.facts
    parts = (mark.mistake.what, mark.finding.facts, mark.mistake.look)
    return " ".join(part for part in parts if part)


def total(report: Report) -> str:
    """Return the points in words.

    >>> total(Report("anna", ()))
    'anna: 0 of 0 points'
    """
    return f"{report.name}: {report.score:g} of {report.points:g} points"


def number(value: float) -> str:
    """Write points: no more digits than they have.

    >>> number(4.0), number(2.25)
    ('4', '2.25')
    """
    return f"{value:g}"
