"""Reports in the form that a reader or a program wants."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

from mlplab.course.checker.formats.gradescope import as_gradescope
from mlplab.course.checker.formats.structured import as_json
from mlplab.course.checker.formats.table import as_csv
from mlplab.course.checker.formats.terminal import console_on, print_reports
from mlplab.course.checker.report import Report

FORMATS: dict[str, Callable[[Sequence[Report]], str]] = {
    "csv": as_csv,
    "gradescope": lambda reports: as_gradescope(reports[0]),
    "json": as_json,
}
"""Besides the one for the terminal, `text`."""

FILE_WIDTH = 100
"""Characters of a line of the text format in a file."""


def write_reports(
    form: str, reports: Sequence[Report], file: TextIO, width: int | None = None
) -> None:
    """Write reports in one of the formats.

    Parameters
    ----------
    form : str
        `text`, or one of `FORMATS`.
    reports : sequence of Report
    file : TextIO
    width : int, optional
        Characters of a line of text; that of the terminal, with colours, if not given.
    """
    if form == "text":
        print_reports(reports, console_on(file, width))
    else:
        file.write(FORMATS[form](reports))


def open_report(path: Path, form: str) -> TextIO:
    """Open a file that a report is written to.

    CSV files begin with a byte order mark: without it, Excel takes UTF-8 for another encoding, and
    misreads names.
    """
    return path.open("w", encoding="utf-8-sig" if form == "csv" else "utf-8")


__all__ = [
    "FILE_WIDTH",
    "FORMATS",
    "as_csv",
    "as_gradescope",
    "as_json",
    "console_on",
    "open_report",
    "write_reports",
]
