"""The bench's report: what was measured, how, on what, and what bounds what was missed; in Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from mlplab.bench.curves import TARGET, Curve
from mlplab.bench.end_to_end import GOALS_ARE_FOR_THREADS
from mlplab.bench.end_to_end_table import end_to_end_table
from mlplab.bench.peers import PEERS
from mlplab.bench.record import Compared, Record
from mlplab.bench.side import SGEMM
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
from mlplab.bench.wording import duration, percentage, times
from mlplab.figures.bench import CostLine, CostPanel
from mlplab.report.wording import plural

BUSY = 0.05
"""Where others use more than such a fraction of the cores, figures are too low."""

HOW_END_TO_END = """\
End to end is what a user gets from `mlplab.train`: fresh draws of samples, initial weights and shuffles,
training, validation after every epoch, evaluation, and the runs as arrays. Kernels alone are the updates,
of networks drawn beforehand. With own samples the call reads a CSV file, whose samples and splits all
networks share, four times as many networks as without; their kernels are those of validation and
evaluation, too. Networks a second are medians of the rounds; in every round all sides are measured right
after one another, and ratios are taken there. The peer is what a user would write instead, and its time
to compile is left out. Goals in brackets are floors.
"""

HOW_STORE = """\
The overhead of a store is how much longer the same runs take when they are kept: one experiment from many
seeds, its outcomes gathered in memory against `train_stored`; and a map over the learning rate and the
spread of the initial weights, `train_map` without and with a store. The file is made anew each time, each
block of runs is on the disk before it is counted, what the call returns is read, and the file is closed,
all within the time. Both of a pair train on the same threads, each in a process of its own, one right
after the other, in turns; overheads are medians of the rounds.

The full store has the runs of a map, whose numbers are made up. Each time is from opening the file to the
answer: for the map, until the same command would begin to train what is missing, here nothing. The file
has just been written, so that the system has it in its memory.
"""

HOW = f"""\
Times of kernels are wall seconds for one epoch of one network: samples in memory, no validation, no
drawing, no evaluation, on any side. Every side has a process of its own, the same cores (where the
system can keep it to them), and waits while another is measured. A peer is measured right before or
right after mlplab, in turns, and the ratio is taken of the two; given are medians of the rounds, and the
lowest and highest ratio. All sides have the same samples, the same batches' size and number of updates,
and the loss and accuracy along the way; all begin anew from the same initial weights in every
measurement, and have trained once before the first. mlplab trains its whole population at once, every
network on samples of its own and with shuffles of its own, which it makes within the time taken.

The clock of the processor counts all threads of a side together. It goes on only while they compute, so
that it tells of a busy machine what the clock on the wall cannot; but two threads that halve the time on
the wall leave it as it is. The rate counts the additions and multiplications of the matrix products
alone, so that activations, softmax and updates lower it. A cliff is a step of a cost curve at which the
cost grows by more than half beyond the work; a point of a curve trains for {duration(TARGET)} at least,
and is the median of its rounds.
"""


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
    if record.end_to_end:
        yield "## End to end"
        for case in record.end_to_end:
            yield _markdown(end_to_end_table(case))
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
    if record.starting is not None:
        yield "## Start"
        yield _markdown(starting_table(record.starting))
    if record.store is not None:
        yield "## Store"
        yield _markdown(overhead_table(record.store.overheads))
        yield _markdown(full_store_table(record.store.full))
    yield "## How it was measured"
    if record.end_to_end:
        yield HOW_END_TO_END
    if record.compared or record.curves:
        yield HOW
    if record.store is not None:
        yield HOW_STORE
    yield "\n".join(
        f"- {side.title}: {side.note}."
        for side in (SGEMM, *PEERS.values())
        if any(side.name in part.pairs for part in record.compared)
        or any(case.has(side) for case in record.end_to_end)
    )


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
