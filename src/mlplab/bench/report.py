"""The bench's report: what was measured, how, on what, and what bounds what was missed; in Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from mlplab.bench.browser_table import browser_tables
from mlplab.bench.cluster_table import cluster_table
from mlplab.bench.curves import Curve
from mlplab.bench.end_to_end import GOALS_ARE_FOR_THREADS
from mlplab.bench.end_to_end_table import end_to_end_table
from mlplab.bench.estimator_table import estimator_table
from mlplab.bench.method import methods
from mlplab.bench.page_table import page_table
from mlplab.bench.peers import PEERS
from mlplab.bench.record import Compared, Record
from mlplab.bench.regularised_table import regularised_table
from mlplab.bench.search_table import search_table
from mlplab.bench.store_table import full_store_table, overhead_table
from mlplab.bench.tables import (
    QUANTITIES,
    TextTable,
    bounds,
    cliffs_table,
    compared_table,
    curve_tables,
    left_out_sentences,
    processor_table,
    starting_table,
)
from mlplab.bench.tuning_table import tuning_sentences, tuning_table
from mlplab.bench.wording import duration, percentage, times
from mlplab.figures.bench import CostLine, CostPanel
from mlplab.report.wording import plural

BUSY = 0.05
"""Where others use more than such a fraction of the cores, figures are too low."""


def as_markdown(record: Record) -> str:
    """Return the report; it shows the picture `curves.png` from beside it."""
    return "\n\n".join(part.strip() for part in _parts(record)) + "\n"


def _parts(record: Record) -> Iterator[str]:
    settings, machine = record.settings, record.machine
    yield "# mlplab bench"
    memory = "" if machine["memory_gib"] is None else f", {machine['memory_gib']} GiB"
    yield (
        f"{record.began}: {plural(settings.rounds, 'round')} on {plural(settings.threads, 'thread')} in "
        f"{duration(record.seconds)}{', quick' if settings.quick else ''}. {machine['processor']}, "
        f"{machine['usable_cores']} of {machine['cores']} cores{memory}, {machine['system']}, "
        f"{machine['python']}, {machine['blas']}."
    )
    yield ", ".join(f"{name} {version}" for name, version in record.versions.items()) + "."
    yield from cautions(record)
    yield from left_out_sentences(record)
    yield from _speed(record)
    if record.starting is not None:
        yield "## Start"
        yield _markdown(starting_table(record.starting))
    if record.store is not None:
        yield "## Store"
        yield _markdown(overhead_table(record.store.overheads))
        yield _markdown(full_store_table(record.store.full))
    if record.tuning is not None:
        yield "## Tuning"
        yield _markdown(tuning_table(record.tuning))
        yield from tuning_sentences(record.tuning)
    if record.estimators is not None:
        yield "## Estimators"
        yield _markdown(estimator_table(record.estimators))
    if record.search is not None:
        yield "## Search"
        yield _markdown(search_table(record.search))
    if record.cluster is not None:
        yield "## Cluster"
        yield _markdown(cluster_table(record.cluster))
    if record.browser is not None:
        yield "## Browser"
        for table in browser_tables(record.browser):
            yield _markdown(table)
    if record.page is not None:
        yield "## Page"
        yield _markdown(page_table(record.page))
    yield "## How it was measured"
    yield from methods(record)


def _speed(record: Record) -> Iterator[str]:
    """Yield what end to end, the kernels and their curves came to."""
    if record.end_to_end:
        yield "## End to end"
        for case in record.end_to_end:
            yield _markdown(end_to_end_table(case))
    if record.regularised is not None:
        yield "## Dropout and a penalty, end to end"
        yield _markdown(regularised_table(record.regularised))
    if record.compared:
        yield "## Kernels against peers"
    for part in record.compared:
        yield _markdown(compared_table(part))
        yield from keras_sentences(part)
        yield whole_sentence(part)
        yield _markdown(processor_table(part))
    missed = bounds(record)
    if missed:
        yield "### What bounds what was missed"
        yield from missed
    if record.curves:
        yield "## Cost"
        yield "![Cost of one epoch of one network](curves.png)"
        yield _markdown(cliffs_table(record.curves))
        for table in curve_tables(record.curves):
            yield _markdown(table)


def cautions(record: Record) -> list[str]:
    """Return what makes the numbers less than they could be: other work, haste, other threads."""
    said = []
    before, cores = record.load["before"], record.machine["usable_cores"]
    if before is not None and before > 0.25 * cores:
        said.append(
            f"The machine was not at rest: {before:g} processes wanted its {cores} cores in the minute "
            "before."
        )
    others = record.load["others"]
    if others is not None and others > BUSY:
        said.append(
            f"The machine was busy: other processes used {percentage(others)} of its cores "
            "meanwhile. Figures are lower than on a quiet machine, and ratios of one thread to "
            "more mean nothing."
        )
    if record.settings.quick:
        said.append("This was a quick look: few rounds, few epochs at a time, few sizes.")
    if record.settings.threads != GOALS_ARE_FOR_THREADS:
        said.append(
            f"The goals are set for {GOALS_ARE_FOR_THREADS} threads; this was measured on "
            f"{record.settings.threads}."
        )
    return said


def keras_sentences(part: Compared) -> list[str]:
    """Return how mlplab stands against Keras at its best, where more than one way of it was measured."""
    ways = {name: pair.ratio for name, pair in part.pairs.items() if name.startswith("keras-")}
    if len(ways) < 2:
        return []
    best = min(ways, key=ways.__getitem__)
    return [f"Against Keras at its best, {PEERS[best].title}: {times(ways[best])}."]


def whole_sentence(part: Compared) -> str:
    """Return what a whole call of `mlplab.train` takes, and how much of it is the updates."""
    updates = part.seconds * part.workload.population * part.whole_epochs
    networks, epochs = part.workload.population, part.whole_epochs
    return (
        "The whole call of `mlplab.train`, with drawing, validation and evaluation: "
        f"{plural(networks, 'network')}, {plural(epochs, 'epoch')}, {duration(part.whole_seconds)}, of "
        f"which the updates are {percentage(updates / part.whole_seconds)}."
    )


def cost_panels(curves: tuple[Curve, ...]) -> list[CostPanel]:
    """Return the curves as the figure takes them, a panel for each quantity."""
    panels: dict[str, list[CostLine]] = {}
    for curve in curves:
        line = CostLine(curve.name, curve.sizes, curve.seconds)
        panels.setdefault(QUANTITIES[curve.quantity], []).append(line)
    return [CostPanel(quantity, tuple(lines)) for quantity, lines in panels.items()]


def _markdown(table: TextTable) -> str:
    lines = [
        f"**{table.title}**",
        "",
        _line(table.head),
        _line(("---", *("---:" for _ in table.head[1:]))),
        *map(_line, table.rows),
    ]
    return "\n".join(lines)


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"
