"""The table of the browser's modules beside the engine of this machine."""

from __future__ import annotations

from mlplab.bench.browser_rate import EXACT, FUSED, NATIVE, BrowserCase, BrowserRate
from mlplab.bench.tables import TextTable
from mlplab.bench.wording import (
    at_least,
    between,
    digits,
    duration,
    percentage,
    reached_or_missed,
)

MODULES = {FUSED.name: "fused module", EXACT.name: "exact module"}


def browser_table(part: BrowserRate) -> TextTable:
    """Return what each trains at, and the modules' speed as a fraction of the engine's."""
    rows = []
    for case in part.cases:
        name = _name(case)
        rows.append((f"{name}: {NATIVE.title}", _speed(case, case.native), "", "", "", ""))
        for module in case.pairs:
            fractions, verdict = case.fractions(module), case.verdict(module)
            lowest, highest = percentage(min(fractions)), percentage(max(fractions))
            rows.append(
                (
                    f"{name}: {MODULES[module]}",
                    _speed(case, case.seconds(module)),
                    percentage(case.fraction(module)),
                    between(lowest, highest),
                    "" if verdict is None else at_least(verdict.goal, is_fraction=True),
                    reached_or_missed(None if verdict is None else verdict.reached),
                )
            )
    head = ("", "time or rate", "speed of mlplab's", "rounds", "goal", "verdict")
    return TextTable(f"The browser's modules in Node {part.node}, one thread", head, tuple(rows))


def _name(case: BrowserCase) -> str:
    """Return the experiment, and whether one network was trained or a block."""
    if case.workload.population == 1:
        return f"{case.workload.id}, one network"
    return f"{case.workload.id}, a block of {case.workload.population}"


def _speed(case: BrowserCase, seconds: float) -> str:
    """Return the time of an epoch of one network; of a block, its whole trainings in a second."""
    if case.workload.population == 1:
        return f"{duration(seconds)} an epoch"
    return f"{digits(1 / (seconds * case.workload.epochs))} networks a second"
