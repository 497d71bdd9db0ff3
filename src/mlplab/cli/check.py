"""`mlplab check`: check students' `mlp.py`, and say what is wrong with them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from mlplab.errors import MlplabError, suggestion
from mlplab.staging import staged_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from mlplab.course.checker import Report

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

    The exit status is 0 when the tests ran, whatever the marks.

    For example:
        mlplab check mlp.py
        mlplab check submissions.zip --format csv --out class.csv
    """
    from mlplab.cli.progress import task_bars
    from mlplab.course.checker import check_submissions, find_submissions, read_samples

    if form not in FORMATS:
        raise MlplabError(f"--format: unknown name '{form}'; {suggestion(form, FORMATS)}")
    if jobs is not None and jobs < 1:
        raise MlplabError(f"--jobs must be at least 1, received {jobs}")
    marking = read_samples(points)
    submissions = find_submissions(paths, single=form == "gradescope")
    if form == "gradescope" and len(submissions) > 1:
        raise MlplabError(
            f"--format gradescope is for one submission, received {len(submissions)}; "
            "for a class, use --format csv"
        )
    name = "submissions"
    if len(submissions) == 1:
        reports = check_submissions(submissions, marking, jobs)
    else:
        with task_bars([name]) as show:
            reports = check_submissions(
                submissions, marking, jobs, lambda done, total: show(name, done, total)
            )
    _deliver(reports, form, out)


def _deliver(reports: Sequence[Report], form: str, out: Path | None) -> None:
    """Print the reports, or write them to a file."""
    from mlplab.course.checker.formats import FORMATS as WRITERS

    if form == "text":
        from rich.console import Console

        from mlplab.course.checker.formats.terminal import print_reports

        if out is None:
            print_reports(reports, Console(highlight=False))
            return
        with staged_file(out) as path, path.open("w", encoding="utf-8") as file:
            print_reports(reports, _plain(file))
    else:
        content = WRITERS[form](reports)
        if out is None:
            typer.echo(content, nl=False)
            return
        with staged_file(out) as path:
            path.write_text(content, encoding="utf-8")
    typer.echo(f"wrote {out}")


def _plain(file: TextIO) -> Console:
    from rich.console import Console

    return Console(file=file, width=100, color_system=None, highlight=False)
