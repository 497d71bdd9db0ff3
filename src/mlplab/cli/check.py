"""`mlplab check`: check students' `mlp.py`, and say what is wrong with them."""

from __future__ import annotations

import os.path
import secrets
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mlplab.errors import MlplabError, suggestion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlplab.course.checker import Marking, Report, Submission
    from mlplab.course.checker.output import Output

FORMATS = ("text", "gradescope", "csv", "json")


def _print_example(wanted: bool) -> None:
    if wanted:
        from mlplab.course.checker.points import DEFAULT

        typer.echo(DEFAULT.read_text(encoding="utf-8"), nl=False)
        raise typer.Exit


def check(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH...",
            help="An mlp.py; a folder or a zip file of one student's or of many students' files.",
        ),
    ],
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
            help="Points of each test, and limits; what it leaves out stays as it is.",
            show_default=False,
        ),
    ] = None,
    roster: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.csv",
            help="The class, with columns of names or ids; shows who is missing.",
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
            help="From which the values of the tests are drawn; printed, and drawn anew if not given.",
            show_default=False,
        ),
    ] = None,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume",
            help="Go on with a class that was interrupted, or check only what is new; needs --out.",
        ),
    ] = False,
    similar: Annotated[
        bool,
        typer.Option(
            "--similar",
            help="Check nothing; list pairs of files that are the same but for names and layout.",
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
            callback=_print_example,
            is_eager=True,
            help="Print the file of points and limits that is used, with comments, and stop.",
        ),
    ] = False,
) -> None:
    """Check an mlp.py of task 2, and say which mistakes are in it and where to look.

    Every test runs in a process of its own, in an empty folder, with limits of time and memory, and
    without your environment's variables. That stops accidents: endless loops, crashes, floods of text.
    It is no sandbox: code that means harm runs as you. Check the files of strangers in a container.

    The exit status is 0 when all were judged, whatever the marks, and 1 if one could not be.

    For example:
        mlplab check mlp.py
        mlplab check submissions.zip --format csv --out class.csv
        mlplab check submissions.zip --similar
    """
    from mlplab.cli.similar import list_similar
    from mlplab.course.checker import find_submissions, read_points
    from mlplab.course.checker.output import Output
    from mlplab.course.checker.roster import match_roster, read_roster

    if form not in FORMATS:
        raise MlplabError(f"--format: unknown name '{form}'; {suggestion(form, FORMATS)}")
    if jobs is not None and jobs < 1:
        raise MlplabError(f"--jobs must be at least 1, received {jobs}")
    if resume and out is None:
        raise MlplabError("--resume needs --out, beside which it finds what is judged already")
    if out is not None and (not out.name or os.path.isdir(out)):
        raise MlplabError(f"cannot write the file '{out}': it is a folder")
    if form == "gradescope" and roster is not None:
        raise MlplabError("--format gradescope is for one submission, --roster for a class")
    if form == "gradescope" and len(paths) > 1:
        raise MlplabError(
            f"--format gradescope is for one submission, received {len(paths)}; "
            "for a class, use --format csv"
        )
    if threshold is not None and not similar:
        raise MlplabError("--threshold needs --similar")
    if similar and (jobs is not None or resume or seed is not None):
        raise MlplabError("--similar checks nothing: leave out --jobs, --resume and --seed")
    seed = _seed(seed, out if resume else None)
    marking = replace(read_points(points), seed=seed)
    submissions = find_submissions(paths, form == "gradescope", marking.lab.file)
    if roster is not None:
        submissions = match_roster(submissions, read_roster(roster))
    if similar:
        list_similar(submissions, threshold, form, out)
        return
    with Output(submissions, marking, form, out, resume) as output:
        status = _judge(submissions, marking, jobs, output)
    if out is None:
        _print(output.reports(), form)
    else:
        typer.echo(f"wrote {out}")
    typer.echo(f"The values of the tests were drawn with --seed {seed}.", err=True)
    left = len(output.waiting)
    if status:
        where = f" Go on with --resume; {out} has the others." if out is not None else ""
        typer.echo(
            f"mlplab: interrupted, {left} of {len(submissions)} not checked.{where}", err=True
        )
        raise typer.Exit(status)
    failed = [report for report in output.reports() if not report.judged]
    if failed:
        typer.echo(f"mlplab: {len(failed)} of {len(submissions)} could not be judged", err=True)
        raise typer.Exit(1)


def _seed(given: int | None, resumed: Path | None) -> int:
    """Return the seed of the tests' values: given, that of a class that is resumed, or any."""
    from mlplab.course.checker.journal import seed_of
    from mlplab.course.checker.output import journal_of
    from mlplab.streams import check_seed

    if given is None and resumed is not None:
        given = seed_of(journal_of(resumed))
    return check_seed(secrets.randbelow(10**9) if given is None else given, "--seed")


def _judge(
    submissions: Sequence[Submission], marking: Marking, jobs: int | None, output: Output
) -> int:
    """Check what is not judged yet; return 0, or the status of an interrupt."""
    from mlplab.cli.progress import task_bars
    from mlplab.cli.signals import termination
    from mlplab.course.checker import check_submissions

    name = "submissions"
    waiting = output.waiting
    with ExitStack() as stack:
        told = stack.enter_context(termination())
        show = stack.enter_context(task_bars([name])) if len(submissions) > 1 else None

        def finish(index: int, report: Report) -> None:
            output.add(waiting[index], report)
            if show is not None:
                show(name, len(submissions) - len(output.waiting), len(submissions))

        try:
            with told.interrupting():
                check_submissions([submissions[i] for i in waiting], marking, jobs, finish)
        except KeyboardInterrupt:
            return told.status
    return 0


def _print(reports: Sequence[Report], form: str) -> None:
    if form == "text":
        from rich.console import Console

        from mlplab.course.checker.formats.terminal import print_reports

        print_reports(reports, Console(highlight=False))
    else:
        from mlplab.course.checker.formats import FORMATS as WRITERS

        typer.echo(WRITERS[form](reports), nl=False)
