"""A class as a table for spreadsheets (CSV): a row for each submission, a column for each test."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from mlplab.course.checker.checks.lab_test import RESERVED
from mlplab.course.checker.formats.wording import unexplained, visible_reports
from mlplab.course.checker.report import Report, shortened
from mlplab.course.checker.visible import as_text


def as_csv(reports: Sequence[Report]) -> str:
    """Return the table as text. Who was not judged has no score, so that none is entered by mistake.

    Examples
    --------
    >>> print(as_csv([Report("anna", ())]).strip())
    name,id,score,points,mistakes,unexplained,problem,notes,seed
    anna,,0,0,,,,,
    """
    columns = list(dict.fromkeys(mark.check.name for report in reports for mark in report.marks))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*RESERVED, *columns])
    for report in visible_reports(reports):
        scores = {mark.check.name: f"{mark.score:g}" for mark in report.marks}
        mistakes = shortened(" ".join(mistake.name for mistake in report.mistakes))
        writer.writerow(
            [
                as_text(report.name),
                as_text(report.student_id),
                f"{report.score:g}" if report.judged else "",
                f"{report.points:g}" if report.judged else "",
                mistakes,
                _unexplained(report),
                as_text(report.problem or ""),
                as_text(shortened(" ".join(report.notes))),
                "" if report.seed is None else report.seed,
                *(scores.get(column, "") for column in columns),
            ]
        )
    return text.getvalue()


def _unexplained(report: Report) -> str:
    """Return the names of tests with wrong answers that no mistake explains."""
    if report.problem is not None:
        return ""
    return " ".join(mark.check.name for mark in unexplained(report))
