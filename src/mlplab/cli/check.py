"""`mlplab check`: check students' `mlp.py`, and say what is wrong with them."""

from __future__ import annotations

import os.path
import secrets
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mlplab.errors import MlplabError, suggestion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlplab.course.checker import Marking, Report, Submission
    from mlplab.course.checker.report_file import ReportFile

FORMATS = ("text", "gradescope", "csv", "json")


def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH...",
            help="An mlp.py; a folder or a zip file of one student's or of many students' files.",
            show_default=False,
        ),
    ] = None,
    *,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="NAME",
            help="text; gradescope (results.json, for one submission); csv (a row for each); json.",
        ),
    ] = "text",
    points: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.toml",
            help="Points and limits of the tests; omitted values keep their defaults.",
            show_default=False,
        ),
    ] = None,
    roster: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.csv",
            help="CSV file of the class, with a name or id column; also lists who is missing.",
            show_default=False,
        ),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="Submissions at a time; all cores if not given.", show_default=False
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Where the report goes; printed if not given.", show_default=False
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Seed of the tests' values; random if not given, always printed.",
            show_default=False,
        ),
    ] = None,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume",
            help="Continue an interrupted class, or check only new files; needs --out.",
        ),
    ] = False,
    similar: Annotated[
        bool,
        typer.Option(
            "--similar",
            help="Check nothing; list pairs of files that are the same apart from names and layout.",
        ),
    ] = False,
    threshold: Annotated[
        float | None,
        typer.Option(
            metavar="FRACTION",
            help="With --similar: the fraction that a pair has in common, 0.65 if not given.",
            show_default=False,
        ),
    ] = None,
    example: Annotated[
        bool,
        typer.Option(
            "--example",
            help="Print the file of points and limits that is used, also with --points, and stop.",
        ),
    ] = False,
) -> None:
    """Check an mlp.py of task 2, and say which mistakes are in it and where to look.

    Every test runs in a process of its own, in an empty folder, with limits of time and memory, and
    without your environment's variables. That stops accidents: endless loops, crashes, floods of text.
    It is no sandbox: malicious code runs as you. Check the files of strangers in a container.

    The exit status is 0 when all were judged, whatever the marks, and 1 if one could not be.

    For example:
        mlplab check mlp.py
        mlplab check submissions.zip --format csv --out class.csv
        mlplab check submissions.zip --similar
    """
    from mlplab.cli.similar import list_similar
    from mlplab.course.checker import find_submissions, read_points
    from mlplab.course.checker.formats import write_reports
    from mlplab.course.checker.points import example_points
    from mlplab.course.checker.report_file import ReportFile
    from mlplab.course.checker.roster import match_roster, read_roster
    from mlplab.course.checker.system import check_system
    from mlplab.staging import check_file

    if example:
        typer.echo(example_points(points), nl=False)
        return
    paths = paths or []
    refusals = (
        (not paths, "expected an mlp.py, a folder or a zip file to check"),
        (form not in FORMATS, f"--format: unknown name '{form}'; {suggestion(form, FORMATS)}"),
        (jobs is not None and jobs < 1, f"--jobs must be at least 1, received {jobs}"),
        (resume and out is None, "--resume needs --out: the journal lies beside that file"),
        (
            form == "gradescope" and roster is not None,
            "--format gradescope is for one submission, --roster for a class",
        ),
        (
            form == "gradescope" and len(paths) > 1,
            f"--format gradescope is for one submission, received {len(paths)}; "
            "for a class, use --format csv",
        ),
        (threshold is not None and not similar, "--threshold needs --similar"),
        (
            similar and (jobs is not None or resume or seed is not None),
            "--similar checks nothing: leave out --jobs, --resume and --seed",
        ),
    )
    for is_refused, sentence in refusals:
        if is_refused:
            raise MlplabError(sentence)
    if not similar:
        check_system()
    if out is not None:
        check_file(out)
    seed = _seed(seed, out if resume else None)
    marking = replace(read_points(points), seed=seed)
    if out is not None:
        _refuse_input(out, [*paths, *filter(None, (points, roster, marking.lab.path))])
    submissions = find_submissions(paths, form == "gradescope", marking.lab.file)
    if roster is not None:
        submissions = match_roster(submissions, read_roster(roster))
    if similar:
        list_similar(submissions, threshold, form, out)
        return
    with ReportFile(submissions, marking, form, out, resume) as file:
        status = _judge(submissions, marking, jobs, file)
    if out is None:
        write_reports(form, file.reports(), sys.stdout)
    else:
        typer.echo(f"wrote {out}")
    typer.echo(f"The values of the tests were drawn with --seed {seed}.", err=True)
    left = len(file.pending)
    if status:
        where = f" Go on with --resume; {out} has the others." if out is not None else ""
        typer.echo(
            f"mlplab: interrupted, {left} of {len(submissions)} not checked.{where}", err=True
        )
        raise typer.Exit(status)
    failed = [report for report in file.reports() if not report.judged]
    if failed:
        typer.echo(f"mlplab: {len(failed)} of {len(submissions)} could not be judged", err=True)
        raise typer.Exit(1)


def _refuse_input(out: Path, inputs: Sequence[Path]) -> None:
    """Refuse to write over what is read: submissions, and files that say how they are judged."""
    place = Path(os.path.realpath(out))
    for path in inputs:
        read = Path(os.path.realpath(path))
        is_inside = path.is_dir() and read in place.parents
        if place == read or (is_inside and (read != place.parent or _may_be_handed_in(place))):
            raise MlplabError(
                f"--out '{out}' is among what is read, {path}: choose another file for the report"
            )


def _may_be_handed_in(path: Path) -> bool:
    """Return whether a file at the top of a class may be a student's."""
    return path.suffix.lower() in {".py", ".ipynb", ".zip"}


def _seed(given: int | None, resumed: Path | None) -> int:
    """Return the seed of the tests' values: given, that of a class that is resumed, or any."""
    from mlplab.course.checker.journal import seed_of
    from mlplab.course.checker.report_file import journal_of
    from mlplab.streams import check_seed

    if given is None and resumed is not None:
        given = seed_of(journal_of(resumed))
    return check_seed(secrets.randbelow(10**9) if given is None else given, "--seed")


def _judge(
    submissions: Sequence[Submission], marking: Marking, jobs: int | None, file: ReportFile
) -> int:
    """Check what is not judged yet; return 0, or the status of an interrupt."""
    from mlplab.cli.progress import task_bars
    from mlplab.cli.signals import termination
    from mlplab.course.checker import check_submissions

    name = "submissions"
    pending = file.pending
    with ExitStack() as stack:
        told = stack.enter_context(termination())
        show = stack.enter_context(task_bars([name])) if len(submissions) > 1 else None

        def finish(index: int, report: Report) -> None:
            file.add(pending[index], report)
            if show is not None:
                show(name, len(submissions) - len(file.pending), len(submissions))

        try:
            with told.interrupting():
                check_submissions([submissions[i] for i in pending], marking, jobs, finish)
        except KeyboardInterrupt:
            return told.status
    return 0
