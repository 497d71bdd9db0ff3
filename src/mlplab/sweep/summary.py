"""What a search found, in sentences and a table, for the terminal and as Markdown."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mlplab.spec import FiniteSamples
from mlplab.statistics import Measure
from mlplab.sweep.axis import label
from mlplab.sweep.cells import find_cell_measure
from mlplab.sweep.search import TrainedSearch


def sentences(found: TrainedSearch) -> tuple[list[str], list[str]]:
    """Return what is said before the table of finalists, and what after it."""
    plan, verdict = found.plan, found.verdict
    measure = find_cell_measure(plan.objective)
    last = found.rounds[-1].round
    before = [
        *_rounds(found),
        f"The winner: {_settings(verdict.winner.changes)}.",
    ]
    runs = "run by which the winner was chosen has"
    if last.replications > 1:
        runs = "runs by which the winner was chosen have"
    flattered = verdict.optimism
    how = "better" if flattered >= 0 else "worse"
    fresh = float(verdict.validation.mean[0])
    after = []
    if math.isfinite(fresh):
        after.append(
            f"The {last.replications} {runs} "
            f"{measure.write_value(verdict.winner.score)} mean {measure.title}, its {plan.final} fresh "
            f"runs {measure.write_value(fresh)}: the search saw it {_difference(measure, flattered)} "
            f"{how} than it is."
        )
    else:
        after.append(f"All {plan.final} fresh runs of the winner diverged: do not use it.")
    after += [
        comparison.sentence("the winner", f"the {name}")
        for name, comparison in verdict.comparisons.items()
    ]
    after = [f"{sentence[0].upper()}{sentence[1:]}" for sentence in after]
    if "given setting" not in verdict.comparisons:
        same = verdict.finalists[verdict.given].name
        after.append(f"The given setting is itself the {same}.")
    if isinstance(plan.experiment.dataset, FiniteSamples):
        after.append(
            "Fresh runs split the same own samples anew: their test samples are not new to the search, "
            "and a small part of what it saw may be left in these numbers."
            if verdict.is_resplit
            else "All runs have the test samples that the file names, at which the search did not look."
        )
    return before, after + _winners_curse(found)


def finalist_rows(found: TrainedSearch) -> list[tuple[str, ...]]:
    """Return the finalists as a table, its head first."""
    verdict = found.verdict
    objective, test = (
        find_cell_measure(name) for name in (found.plan.objective, verdict.test_measure)
    )
    rows: list[tuple[str, ...]] = [
        (
            f"{test.title.removeprefix('test ')}, {found.plan.final} fresh runs",
            "search",
            "validation",
            "test",
            "95 % interval",
            "failed",
        )
    ]
    failed = verdict.cells.fraction("failed")
    for place, finalist in enumerate(verdict.finalists):
        mean, low, high = (
            float(values[place])
            for values in (verdict.test.mean, verdict.test.low, verdict.test.high)
        )
        rows.append(
            (
                finalist.name,
                _value(objective, finalist.score),
                _value(objective, float(verdict.validation.mean[place])),
                _value(test, mean),
                f"{test.write(low)} to {test.write_value(high)}" if math.isfinite(mean) else "",
                f"{100 * failed[place]:.0f} %",
            )
        )
    return rows


def as_markdown(found: TrainedSearch, command: str, pictures: Sequence[str]) -> str:
    """Return the whole summary as Markdown.

    Parameters
    ----------
    found : TrainedSearch
    command : str
        That searched.
    pictures : sequence of str
        Names of the figures that lie beside it.
    """
    before, after = sentences(found)
    head, *rows = finalist_rows(found)
    table: list[tuple[str, ...]] = [head, ("---",) * len(head), *rows]
    lines = [f"| {' | '.join(row)} |" for row in table]
    others = [each for each in found.verdict.finalists[1:] if each.changes]
    parts = [
        "# What the search found",
        f"    {command}",
        *before,
        "\n".join(lines),
        *after,
        *(f"The {each.name}: {_settings(each.changes)}." for each in others),
        *(f"![{name}]({name}.png)" for name in pictures),
    ]
    return "\n\n".join(parts) + "\n"


def _rounds(found: TrainedSearch) -> list[str]:
    plan = found.plan
    said = []
    for number, each in enumerate(found.rounds):
        runs = each.cells.trained.sum()
        stuck, diverged = (
            np.nansum(each.cells.fraction(ending) * each.cells.trained) / runs
            for ending in ("stuck", "diverged")
        )
        which = f"Round {number + 1}: " if len(found.rounds) > 1 else ""
        epochs = f" of {each.round.epochs:,} epochs" if plan.epochs_are_counted else ""
        said.append(
            f"{which}{len(each.numbers):,} candidates × {each.round.replications:,} "
            f"{'run' if each.round.replications == 1 else 'runs'}{epochs}: "
            f"{100 * stuck:.1f} % got stuck, {100 * diverged:.1f} % diverged."
        )
    if len(found.changes) < plan.candidates:
        said.append(
            f"These are all that TPE found: {plan.candidates:,} were wanted, and it named no others."
        )
    return said


def _settings(changes: Mapping[str, Any]) -> str:
    """Write settings for people, numbers in short; `winner.toml` has every digit."""
    return ", ".join(f"{setting} = {label(value)}" for setting, value in changes.items())


def _winners_curse(found: TrainedSearch) -> list[str]:
    """Return in a sentence how much the search would overstate its winner by fewer runs."""
    measured = found.winners_curse
    if not measured:
        return []
    measure = find_cell_measure(found.plan.objective)
    most = max(each.candidates for each in measured)
    by = {each.replications: each.mean for each in measured if each.candidates == most}
    # What is below 0 is chance: nothing is overstated.
    said = ", ".join(
        f"{_difference(measure, max(mean, 0))} by "
        f"{'a single run' if runs == 1 else f'the mean of {runs} runs'}"
        for runs, mean in by.items()
    )
    return [f"The winner's curse: the best of {most:,} such candidates is overstated by {said}."]


def _value(measure: Measure, value: float) -> str:
    return measure.write_value(value) if math.isfinite(value) else ""


def _difference(measure: Measure, value: float) -> str:
    unit = measure.unit and f" {measure.unit}"
    return f"{measure.write(abs(value))}{unit}"
