"""Reports for the terminal: one submission in full, or a class at a glance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from mlplab.course.checker.formats.wording import number, outcome, total
from mlplab.course.checker.marking import Mark, Report

STYLES = {"right": "green", "partly right": "yellow", "wrong": "red", "not handed in": "dim"}
SIGNS = {"right": "✓", "partly right": "~", "wrong": "✗", "not handed in": "-"}


def print_reports(reports: Sequence[Report], console: Console) -> None:
    """Print one report in full, or several as a table with a row for each."""
    parts = _one(reports[0]) if len(reports) == 1 else _class(reports)
    for part in parts:
        console.print(part)


def _one(report: Report) -> Iterator[RenderableType]:
    yield Text(total(report), style="bold")
    yield Text()
    if report.problem is not None:
        yield Text("No test could be run.", style="red")
        yield Text(report.problem)
        for mistake in report.mistakes:
            yield Text(f"{mistake.what} {mistake.look}")
    else:
        numbers = {mistake.name: i for i, mistake in enumerate(report.mistakes, start=1)}
        yield _tests(report.marks, numbers)
        yield from _to_mend(report, numbers)
    if report.advice:
        yield Text("\nAdvice, which costs no points:", style="bold")
        yield _items([("-", sentence, ()) for sentence in report.advice])
    for note in report.notes:
        yield Text(f"\n{note}", style="dim")


def _tests(marks: Sequence[Mark], numbers: Mapping[str, int]) -> Table:
    """Return a row for each test; a wrong one points to what explains it, further down."""
    table = Table(box=None, pad_edge=False, show_edge=False, padding=(0, 2, 0, 0))
    table.add_column("")
    table.add_column("Test", overflow="fold")
    table.add_column("Points", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for mark in marks:
        how = outcome(mark)
        points = f"{number(mark.score)}/{number(mark.points)}" if mark.points else "no points"
        see = "" if mark.mistake is None else f"see {numbers[mark.mistake.name]}"
        sign = Text(SIGNS[how], style=STYLES[how])
        table.add_row(sign, Text(mark.check.title), points, see)
    return table


def _to_mend(report: Report, numbers: Mapping[str, int]) -> Iterator[RenderableType]:
    """Yield what to mend, in order, and wrong answers that nothing explains."""
    unexplained = [
        mark
        for mark in report.marks
        if not mark.finding.right and not mark.finding.absent and mark.mistake is None
    ]
    if not report.mistakes and not unexplained:
        yield Text("\nEverything is right.", style="green")
        return
    several = len(report.mistakes) + len(unexplained) > 1
    order = ", in this order (the first may be behind the others)" if several else ""
    yield Text(f"\nWhat to look at{order}:", style="bold")
    items: list[tuple[str, str, Sequence[str]]] = []
    for mistake, marks in report.mistakes.items():
        example = next((mark for mark in marks if mark.finding.facts), None)
        facts = f"{example.check.title}: {example.finding.facts}" if example else ""
        items.append((f"{numbers[mistake.name]}.", mistake.what, (mistake.look, facts)))
    for mark in unexplained:
        what = f"{mark.check.title}: wrong, but not as any mistake we know would have it."
        items.append(("-", what, (mark.finding.facts,)))
    yield _items(items)


def _class(reports: Sequence[Report]) -> Iterator[RenderableType]:
    table = Table(box=None, pad_edge=False, show_edge=False, padding=(0, 2, 0, 0))
    table.add_column("Submission", overflow="fold")
    table.add_column("Points", justify="right", no_wrap=True)
    table.add_column("What to look at first", overflow="fold", ratio=1)
    for report in reports:
        first = next(iter(report.mistakes), None)
        text = report.problem or (first.what if first else "")
        if not text and report.score < report.points:
            text = "Wrong answers that are not those of a mistake we know."
        others = len(report.mistakes) - 1
        if report.problem is None and others > 0:
            text += f" (and {others} more)"
        full = report.score == report.points
        points = f"{number(report.score)}/{number(report.points)}"
        table.add_row(Text(report.name), Text(points, style="green" if full else ""), Text(text))
    yield table
    mean = sum(report.score for report in reports) / len(reports)
    yield Text(f"\n{len(reports)} submissions, {mean:.1f} points on average.")
    yield Text("To see one in full, check its file alone; --format json has all.", style="dim")


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
