"""The file that reports go to: written as they come, so that an interrupt, even a kill, loses none."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from mlplab.course.checker.formats import FILE_WIDTH, open_report, write_reports
from mlplab.course.checker.journal import Journal
from mlplab.course.checker.marking import not_checked
from mlplab.course.checker.points import Marking
from mlplab.course.checker.report import Report
from mlplab.course.checker.submissions import Submission
from mlplab.errors import MlplabError
from mlplab.staging import check_file, errors_named, staged_file

LOGGER = logging.getLogger("mlplab")

SECONDS_BETWEEN = 5.0
"""How often the file is written again; the journal beside it has each report at once."""


def journal_of(path: Path) -> Path:
    """Return where the journal of a file of reports lies."""
    return path.with_name(f"{path.name}.judged")


class ReportFile:
    """The reports of some submissions, and the file that they go to; use it in a `with` statement.

    With a file, reports of a class are kept in a journal beside it (`class.csv.judged`), from which
    `resume` takes what need not be judged again.

    Parameters
    ----------
    submissions : sequence of Submission
    marking : Marking
    format_name : str
        Of the file: text, or one of `FORMATS`.
    path : Path or None
        Where it is; nothing is written if not given.
    resume : bool

    Raises
    ------
    MlplabError
        If a file cannot be read or written, or belongs to another run; both are as they were before.
    """

    def __init__(
        self,
        submissions: Sequence[Submission],
        marking: Marking,
        format_name: str,
        path: Path | None,
        resume: bool,
    ) -> None:
        self._submissions, self._format_name, self._path = submissions, format_name, path
        self._reports: dict[int, Report] = {}
        self._journal = None
        self._is_told = False
        self._written = time.monotonic()
        if path is None:
            return
        check_file(path)
        if resume and path.exists() and not journal_of(path).exists():
            raise MlplabError(
                f"'{path}' has no journal {journal_of(path).name} to go on from: leave out --resume, or "
                "choose another file for --out"
            )
        if resume or len(submissions) > 1:
            self._journal = Journal(journal_of(path), marking, resume)

    def __enter__(self) -> Self:
        with ExitStack() as files:
            if self._journal is not None:
                files.enter_context(self._journal)
                self._journal.check_class(self._submissions)
                for i, submission in enumerate(self._submissions):
                    report = self._journal.find(submission)
                    if report is not None:
                        self._reports[i] = report
            self._write()  # that a place cannot be written is known before any work
            if self._journal is not None:
                self._journal.begin(len(self._submissions))
            self._files = files.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        try:
            with self._files:
                self._write()
                if self._journal is not None and not self.pending:
                    self._journal.finish()
        except OSError as error:
            place = error.filename or self._path
            raise MlplabError(f"cannot write the file '{place}': {error.strerror}") from error

    @property
    def pending(self) -> list[int]:
        """Which submissions have no report yet."""
        return [i for i in range(len(self._submissions)) if i not in self._reports]

    def add(self, index: int, report: Report) -> None:
        """Take a report. A disk that is full for a while ends nothing: the end writes all again."""
        self._reports[index] = report
        try:
            if self._journal is not None:
                self._journal.add(self._submissions[index], report)
            if time.monotonic() - self._written > SECONDS_BETWEEN:
                self._write()
        except (OSError, MlplabError) as error:
            if not self._is_told:
                LOGGER.warning("cannot be written yet: %s", error)
            self._is_told = True

    def reports(self) -> list[Report]:
        """Return a report for each submission; those that were not reached say so."""
        return [
            self._reports.get(i) or not_checked(submission)
            for i, submission in enumerate(self._submissions)
        ]

    def _write(self) -> None:
        if self._path is None:
            return
        with (
            staged_file(self._path) as path,
            errors_named(path),
            open_report(path, self._format_name) as file,
        ):
            write_reports(self._format_name, self.reports(), file, FILE_WIDTH)
        self._written = time.monotonic()
