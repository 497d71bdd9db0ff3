"""The table of the page in Chromium."""

from __future__ import annotations

from mlplab.bench.page_rate import PageRate
from mlplab.bench.tables import TextTable
from mlplab.bench.wording import digits, reached_or_missed


def page_table(part: PageRate) -> TextTable:
    """Return a row for each figure: the median of the rounds, lowest and highest, and its goal."""
    rows = []
    for figure in part.figures:
        verdict = figure.verdict
        sign = "≤" if figure.sense == "most" else "≥"
        rows.append(
            (
                figure.what,
                digits(verdict.value),
                f"{digits(min(figure.values))} to {digits(max(figure.values))}",
                f"{sign} {figure.goal:g}",
                reached_or_missed(verdict.reached),
            )
        )
    head = ("", "median", "rounds", "goal", "verdict")
    return TextTable(f"The page in Chromium {part.browser}", head, tuple(rows))
