"""What is judged already, kept on the disk as it comes: an interrupted class goes on from there.

A line of JSON for each report, flushed to the disk at once. A report is found again by what it depends
on: the files, the points and limits, and mlplab itself. So what was handed in anew is judged again, as
everything is with other points, and nothing else.

The first line of a run says how many submissions there are, the last one that all were judged. A journal
that ends otherwise is that of an interrupted run, and is not thrown away unless somebody says so.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import Any, Self, TextIO

from mlplab.course.checker.checks import Check, Finding
from mlplab.course.checker.mistakes import Mistake
from mlplab.course.checker.points import Marking
from mlplab.course.checker.report import Mark, Report
from mlplab.course.checker.submissions import Submission
from mlplab.errors import MlplabError
from mlplab.locking import lock
from mlplab.staging import errors_named


class Journal:
    """The reports of a class so far; use it in a `with` statement.

    Parameters
    ----------
    path : Path
        Of the file.
    marking : Marking
    resume : bool
        Whether to go on from what is there.

    Raises
    ------
    MlplabError
        If the file cannot be read or written, another run has it open, or it is that of an interrupted
        run and `resume` is not given.
    """

    def __init__(self, path: Path, marking: Marking, resume: bool) -> None:
        self._path, self._marking, self._resume = path, marking, resume
        self._reports: dict[str, Report] = {}

    def __enter__(self) -> Self:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file: TextIO = self._path.open("a", encoding="utf-8")
        except OSError as error:
            raise MlplabError(f"cannot write the file '{self._path}': {error.strerror}") from error
        try:
            self._lock()
            if self._resume:
                self._reports = _read(self._path, self._marking.lab.checks)
            else:
                _check_is_finished(self._path)
        except MlplabError:
            self._file.close()
            raise
        return self

    def _lock(self) -> None:
        """Keep the file to this run, until it is closed."""
        if not lock(self._file):
            raise MlplabError(
                f"another mlplab check writes '{self._path}' at this moment: wait for it, or choose "
                "another file for --out"
            )

    def check_class(self, submissions: Sequence[Submission]) -> None:
        """Refuse a journal in which no submission is one of these, by its files or its student.

        Raises
        ------
        MlplabError
        """
        known = {(report.name, report.student_id) for report in self._reports.values()}
        names = {(each.name, each.student_id) for each in submissions}
        if known and not known & names and not any(map(self.find, submissions)):
            raise MlplabError(
                f"'{self._path}' is the journal of another class: leave out --resume, or choose another "
                "file for --out"
            )

    def begin(self, number: int) -> None:
        """Make ready for reports, once nothing can be refused any more: until then, all is kept.

        Without `resume`, what an earlier run left is removed.

        Parameters
        ----------
        number : int
            Of submissions.
        """
        if self._resume:
            self._file.write("\n")  # a line that a kill cut off ends here
        else:
            self._file.truncate(0)
        self._write({"submissions": number})

    def finish(self) -> None:
        """Note that all were judged, or cannot be."""
        self._write({"finished": True})

    def __exit__(self, *_: object) -> None:
        with errors_named(self._path):
            self._file.close()

    def find(self, submission: Submission) -> Report | None:
        """Return the report of a submission that was judged before, under its name of today."""
        report = self._reports.get(_key(submission, self._marking))
        if report is None:
            return None
        return replace(report, name=submission.name, student_id=submission.student_id)

    def add(self, submission: Submission, report: Report) -> None:
        """Keep a report; one without marks is not kept, so that it is tried again."""
        if report.judged:
            line = {
                "key": _key(submission, self._marking),
                "seed": self._marking.seed,
                "report": as_record(report),
            }
            self._write(line)

    def _write(self, line: Mapping[str, Any]) -> None:
        with errors_named(self._path):
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())


def seed_of(path: Path) -> int | None:
    """Return the seed with which a journal was begun, to go on with the same; None without one."""
    seeds = [entry["seed"] for entry in _entries(path) if isinstance(entry.get("seed"), int)]
    return seeds[0] if seeds else None


def as_record(report: Report) -> dict[str, Any]:
    """Return all of a report as plain data.

    >>> from_record(as_record(Report("anna", (), ("Look.",))), {}).advice
    ('Look.',)
    """
    marks = [
        {
            "check": mark.check.name,
            "score": mark.score,
            "points": mark.points,
            "finding": {
                "right": mark.finding.right,
                "facts": mark.finding.facts,
                "absent": mark.finding.absent,
            },
            "mistake": None if mark.mistake is None else asdict(mark.mistake),
            "seconds": mark.seconds,
        }
        for mark in report.marks
    ]
    return {
        "name": report.name,
        "student_id": report.student_id,
        "advice": list(report.advice),
        "problem": report.problem,
        "notes": list(report.notes),
        "seed": report.seed,
        "marks": marks,
    }


def from_record(record: Mapping[str, Any], checks: Mapping[str, Check]) -> Report:
    """Return the report that `as_record` wrote; `checks` has the lab's by their names."""
    marks = tuple(
        Mark(
            checks[mark["check"]],
            float(mark["score"]),
            float(mark["points"]),
            Finding(**mark["finding"]),
            None if mark["mistake"] is None else Mistake(**mark["mistake"]),
            float(mark["seconds"]),
        )
        for mark in record["marks"]
    )
    return Report(
        record["name"],
        marks,
        tuple(record["advice"]),
        record["problem"],
        tuple(record["notes"]),
        record["student_id"],
        seed=record["seed"],
    )


def _read(path: Path, checks: Mapping[str, Check]) -> dict[str, Report]:
    """Return reports by their keys. A line that a kill cut off, or of another version, is passed over."""
    reports = {}
    for entry in _entries(path):
        try:
            reports[entry["key"]] = from_record(entry["report"], checks)
        except (ValueError, KeyError, TypeError):
            continue
    return reports


def _entries(path: Path) -> Iterator[dict[str, Any]]:
    """Yield what the lines hold; what is no whole line is passed over, and a file that is not there."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return
    except OSError as error:
        raise MlplabError(f"cannot read '{path}': {error.strerror}") from error
    for line in lines:
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(entry, dict):
            yield entry


def _check_is_finished(path: Path) -> None:
    """Refuse to throw away what an interrupted run has judged."""
    judged, number, is_finished = 0, 0, True
    for entry in _entries(path):
        is_finished = "finished" in entry
        judged += "key" in entry
        number = entry.get("submissions", number)
    if judged and not is_finished:
        raise MlplabError(
            f"'{path}' has {judged} of {number} submissions of an interrupted run: add --resume to go "
            "on, or delete it"
        )


def _key(submission: Submission, marking: Marking) -> str:
    parts = [
        _version(),
        repr(marking),
        repr(sorted(submission.files.items())),
        repr((submission.problem, submission.notes)),
    ]
    return hashlib.sha256("\0".join(parts).encode(errors="backslashreplace")).hexdigest()


@cache
def _version() -> str:
    """Return a digest of mlplab's own files: another version may judge otherwise."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parents[2].rglob("*")):
        if path.suffix in {".py", ".toml", ".safetensors"}:
            digest.update(path.read_bytes())
    return digest.hexdigest()
