"""Reports for the terminal: one submission in full, or a class at a glance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TextIO

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from mlplab.course.checker.formats.wording import (
    all_is_right,
    capitalised,
    not_handed_in,
    outcome,
    unexplained,
    visible_reports,
)
from mlplab.course.checker.report import Mark, Report

STYLES = {"right": "green", "partly right": "yellow", "wrong": "red", "not handed in": "dim"}
SIGNS = {"right": "✓", "partly right": "~", "wrong": "✗", "not handed in": "-"}


def console_on(file: TextIO, width: int | None = None) -> Console:
    """Return a console that writes to a file: with colours only on a terminal, whose width it takes."""
    if width is None:
        return Console(file=file, highlight=False)
    return Console(file=file, width=width, color_system=None, highlight=False)


def print_reports(reports: Sequence[Report], console: Console) -> None:
    """Print one report in full, or several as a table with a row for each."""
    reports = visible_reports(reports)
    parts = _one(reports[0]) if len(reports) == 1 else _class(reports)
    for part in parts:
        console.print(part)


def _one(report: Report) -> Iterator[RenderableType]:
    yield Text(_total(report), style="bold")
    yield Text()
    if not report.judged:
        yield Text(f"{capitalised(report.problem or '')}.", style="red")
    elif report.problem is not None:
        yield Text("No test could be run.", style="red")
        yield Text(report.problem)
        for mistake in report.mistakes:
            yield Text(f"{mistake.what} {mistake.look}")
    else:
        numbers = {mistake.name: i for i, mistake in enumerate(report.mistakes, start=1)}
        yield _tests(report.marks, numbers)
        yield from _to_fix(report, numbers)
    if report.advice:
        yield Text("\nAdvice, which costs no points:", style="bold")
        yield _items([("-", sentence, ()) for sentence in report.advice])
    for note in report.notes:
        yield Text(f"\n{note}", style="dim")


def _total(report: Report) -> str:
    """Return the points in words.

    >>> _total(Report("anna", ()))
    'anna: 0 of 0 points'
    >>> _total(Report("anna", (), judged=False))
    'anna: no points yet'
    """
    if not report.judged:
        return f"{report.name}: no points yet"
    return f"{report.name}: {report.score:g} of {report.points:g} points"


def _tests(marks: Sequence[Mark], numbers: Mapping[str, int]) -> Table:
    """Return a row for each test; a wrong one points to what explains it, further down."""
    table = Table(box=None, pad_edge=False, show_edge=False, padding=(0, 2, 0, 0))
    table.add_column("")
    table.add_column("Test", overflow="fold")
    table.add_column("Points", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for mark in marks:
        how = outcome(mark)
        points = f"{mark.score:g}/{mark.points:g}" if mark.points else "no points"
        see = "" if mark.mistake is None else f"see {numbers[mark.mistake.name]}"
        sign = Text(SIGNS[how], style=STYLES[how])
        table.add_row(sign, Text(mark.check.title), points, see)
    return table


def _to_fix(report: Report, numbers: Mapping[str, int]) -> Iterator[RenderableType]:
    """Yield what to fix, in order, and wrong answers that nothing explains."""
    if all_is_right(report):
        yield Text("\nEverything is right.", style="green")
    absent = not_handed_in(report)
    if absent:
        names = ", ".join(mark.check.title for mark in absent)
        yield Text(f"\nNot handed in: {names}.", style="bold")
    others = unexplained(report)
    if not report.mistakes and not others:
        return
    several = len(report.mistakes) + len(others) > 1
    order = ", in this order; the first may cause the others" if several and report.mistakes else ""
    yield Text(f"\nWhat to look at{order}:", style="bold")
    items: list[tuple[str, str, Sequence[str]]] = []
    for mistake, marks in report.mistakes.items():
        example = next((mark for mark in marks if mark.finding.facts), None)
        facts = f"Test '{example.check.title}': {example.finding.facts}" if example else ""
        items.append((f"{numbers[mistake.name]}.", mistake.what, (mistake.look, facts)))
    if others:
        items.append(("-", "Wrong, and no known mistake explains it:", _by_facts(others)))
    yield _items(items)


def _by_facts(marks: Sequence[Mark]) -> list[str]:
    """Return a line for each thing that tests found, with the titles of all that found it."""
    titles: dict[str, list[str]] = {}
    for mark in marks:
        titles.setdefault(mark.finding.facts, []).append(mark.check.title)
    return [f"{'; '.join(names)}: {facts}" for facts, names in titles.items()]


def _class(reports: Sequence[Report]) -> Iterator[RenderableType]:
    table = Table(box=None, pad_edge=False, show_edge=False, padding=(0, 2, 0, 0))
    has_ids = any(report.student_id for report in reports)
    table.add_column("Submission", overflow="fold")
    if has_ids:
        table.add_column("Id", overflow="fold")
    table.add_column("Points", justify="right", no_wrap=True)
    table.add_column("What to look at first", overflow="fold", ratio=1)
    for report in reports:
        full = report.judged and report.score == report.points
        points = f"{report.score:g}/{report.points:g}" if report.judged else "?"
        style = "green" if full else "" if report.judged else "bold red"
        text = Text(_first_to_fix(report), style="" if report.judged else "red")
        if report.notes:
            text.append(f"{' ' if text else ''}{' '.join(report.notes)}", style="dim")
        names = [Text(report.name), *([Text(report.student_id)] if has_ids else [])]
        table.add_row(*names, Text(points, style=style), text)
    yield table
    judged = [report for report in reports if report.judged]
    if judged:
        mean = sum(report.score for report in judged) / len(judged)
        yield Text(f"\n{_submissions(len(judged))}, {mean:.1f} points on average.")
    if len(judged) < len(reports):
        yield Text(f"{_submissions(len(reports) - len(judged))} not judged.", style="red")
    yield Text("To see one in full, check its file alone; --format json has all.", style="dim")


def _first_to_fix(report: Report) -> str:
    if report.problem is not None:
        return report.problem
    if not report.mistakes:
        if unexplained(report):
            return "Wrong; no known mistake explains it."
        absent = not_handed_in(report)
        return f"Not handed in: {', '.join(mark.check.title for mark in absent)}." if absent else ""
    first, *others = report.mistakes
    return f"{first.what} (and {len(others)} more)" if others else first.what


def _submissions(count: int) -> str:
    return f"{count} submission{'' if count == 1 else 's'}"


def _items(items: Sequence[tuple[str, str, Sequence[str]]]) -> Table:
    """Return a list: a mark or number, a sentence, and more sentences below it."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(justify="right", width=4, no_wrap=True)
    grid.add_column(overflow="fold")
    for sign, sentence, more in items:
        lines = [Text(sentence, style="bold" if more else "")]
        lines += [Text(line) for line in more if line]
        for i, line in enumerate(lines):
            grid.add_row(sign if i == 0 else "", line)
    return grid
