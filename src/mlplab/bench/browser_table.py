"""The tables of the browser's modules beside the engine of this machine."""

from __future__ import annotations

from mlplab.bench.browser_rate import EXACT, FUSED, BrowserCase, BrowserRate
from mlplab.bench.tables import TextTable
from mlplab.bench.wording import (
    at_least,
    between,
    digits,
    duration,
    percentage,
    reached_or_missed,
)
from mlplab.engine import LANES
from mlplab.report.wording import plural

MODULES = {FUSED.name: "fused module", EXACT.name: "exact module"}


def browser_tables(part: BrowserRate) -> list[TextTable]:
    """Return a table of single networks, and one of blocks.

    Each has what engine and modules train at, and the modules' speed as a fraction of the engine's.
    """
    tables = []
    for population, title, unit in (
        (1, "one network", "an epoch"),
        (LANES, f"a block of {LANES} networks", "networks a second"),
    ):
        cases = [case for case in part.cases if case.workload.population == population]
        if cases:
            head = ("", unit, "of mlplab's", "rounds", "goal", "verdict")
            rows = tuple(row for case in cases for row in _rows(case))
            tables.append(TextTable(f"Node {part.node}, one thread: {title}", head, rows))
    return tables


def _rows(case: BrowserCase) -> list[tuple[str, ...]]:
    name = case.workload.id
    if case.workload.population > 1:
        name += f" ({plural(case.workload.epochs, 'epoch')})"
    rows: list[tuple[str, ...]] = [
        (f"{name}, mlplab", _time_or_rate(case, case.native), "", "", "", "")
    ]
    for module in case.pairs:
        fractions, verdict = case.fractions(module), case.verdict(module)
        rows.append(
            (
                f"{name}, {MODULES[module]}",
                _time_or_rate(case, case.seconds(module)),
                percentage(case.fraction(module)),
                between(percentage(min(fractions)), percentage(max(fractions))),
                "" if verdict is None else at_least(verdict.goal, is_fraction=True),
                reached_or_missed(None if verdict is None else verdict.reached),
            )
        )
    return rows


def _time_or_rate(case: BrowserCase, seconds: float) -> str:
    """Return the time of an epoch of one network; of a block, its whole trainings in a second."""
    if case.workload.population == 1:
        return duration(seconds)
    return digits(1 / (seconds * case.workload.epochs))
