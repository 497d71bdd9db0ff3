"""Everything that was found, as JSON for other programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from mlplab.course.checker.formats.wording import outcome, visible_reports
from mlplab.course.checker.report import Mark, Report


def as_json(reports: Sequence[Report]) -> str:
    """Return all reports as the text of a JSON object."""
    content = {
        "mlplab": version("mlplab"),
        "submissions": [
            {
                "name": report.name,
                "id": report.student_id,
                "judged": report.judged,
                "score": report.score if report.judged else None,
                "points": report.points if report.judged else None,
                "problem": report.problem,
                "seed": report.seed,
                "tests": [_test(mark) for mark in report.marks],
                "advice": list(report.advice),
                "notes": list(report.notes),
            }
            for report in visible_reports(reports)
        ],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _test(mark: Mark) -> dict[str, Any]:
    mistake = None
    if mark.mistake is not None:
        mistake = {
            "name": mark.mistake.name,
            "what": mark.mistake.what,
            "look": mark.mistake.look,
        }
    return {
        "name": mark.check.name,
        "title": mark.check.title,
        "score": mark.score,
        "points": mark.points,
        "outcome": outcome(mark),
        "facts": mark.finding.facts,
        "mistake": mistake,
        "seconds": round(mark.seconds, 4),
    }
