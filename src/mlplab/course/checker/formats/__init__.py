"""Reports in the form that a reader or a program wants."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mlplab.course.checker.formats.gradescope import as_gradescope
from mlplab.course.checker.formats.structured import as_json
from mlplab.course.checker.formats.table import as_csv
from mlplab.course.checker.report import Report

FORMATS: dict[str, Callable[[Sequence[Report]], str]] = {
    "csv": as_csv,
    "gradescope": lambda reports: as_gradescope(reports[0]),
    "json": as_json,
}
"""Besides the one for the terminal, `text`."""

__all__ = ["FORMATS", "as_csv", "as_gradescope", "as_json"]
