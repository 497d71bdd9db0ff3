"""`results.json` as Gradescope takes it.

Source: Gradescope, Autograder Specifications, "Output format".
"""

from __future__ import annotations

import json

from mlplab.course.checker.formats.wording import (
    all_is_right,
    capitalised,
    not_handed_in,
    outcome,
    unexplained,
    visible_reports,
)
from mlplab.course.checker.report import Mark, Report


def as_gradescope(report: Report) -> str:
    """Return one submission's report as the text of `results.json`."""
    [report] = visible_reports([report])
    first: dict[str, int] = {}
    tests = [
        {
            "name": mark.check.title,
            "number": str(number),
            "score": mark.score,
            "max_score": mark.points,
            "status": "passed" if mark.finding.right else "failed",
            "output": _output(mark, number, first, report.problem),
            "visibility": "visible",
        }
        for number, mark in enumerate(report.marks, start=1)
    ]
    content = {
        "score": report.score,
        "output": "\n\n".join(_paragraphs(report)),
        "output_format": "text",
        "test_output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _output(mark: Mark, number: int, first: dict[str, int], problem: str | None) -> str:
    """Return what is said of a test; a mistake is explained in full in the first test that it hits.

    What keeps all tests from running is said once, above them.
    """
    if problem is not None:
        return "Not run."
    if mark.finding.right:
        return "Right."
    how = outcome(mark).capitalize()
    if mark.mistake is None:
        return f"{how}. {mark.finding.facts}"
    told = first.setdefault(mark.mistake.name, number)
    if told == number:
        parts = (f"{how}.", mark.mistake.what, mark.finding.facts, mark.mistake.look)
        return " ".join(filter(None, parts))
    return f"{how}. The mistake of test {told}. {mark.finding.facts}".rstrip()


def _paragraphs(report: Report) -> list[str]:
    if not report.judged:
        return [f"{capitalised(report.problem or '')}.", "Tell your teacher; it costs you nothing."]
    if report.problem is not None:
        return [f"No test could be run. {report.problem}", *report.notes]
    right = ["Everything is right."] if all_is_right(report) else []
    fix = [f"{mistake.what} {mistake.look}" for mistake in report.mistakes]
    wrong = [f"{mark.check.title}: {mark.finding.facts}" for mark in unexplained(report)]
    absent = [f"{mark.check.title}: not handed in." for mark in not_handed_in(report)]
    advice = [f"Advice, without marks: {sentence}" for sentence in report.advice]
    return [*right, *fix, *wrong, *absent, *advice, *report.notes]
