"""The record as tables, which the terminal and the report share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from mlplab.bench.browser_rate import FUSED, IN_NODE
from mlplab.bench.cluster_rate import ON_CLUSTER
from mlplab.bench.curves import ALONE, CLIFF, Curve
from mlplab.bench.estimator_fits import FITS_BESIDE
from mlplab.bench.page_rate import IN_CHROMIUM
from mlplab.bench.peers import PEERS
from mlplab.bench.record import Compared, Record
from mlplab.bench.regularised import BESIDE
from mlplab.bench.search_beside import SEARCH_BESIDE
from mlplab.bench.side import KERNELS, SGEMM
from mlplab.bench.starting import COMPILING_GOAL, FIRST_GOAL, START_GOAL, Starting
from mlplab.bench.tuning import TUNED_BESIDE
from mlplab.bench.wording import (
    at_least,
    at_most,
    between,
    digits,
    duration,
    gflops,
    percentage,
    reached_or_missed,
    times,
)
from mlplab.bench.workload import Workload

TITLES = {
    **{
        side.name: side.title
        for side in (*PEERS.values(), *BESIDE, KERNELS, SGEMM, ON_CLUSTER, FUSED)
    },
    TUNED_BESIDE: "Tuning beside Optuna and Keras",
    FITS_BESIDE: "Estimators beside scikit-learn's",
    SEARCH_BESIDE: "A search beside scikit-learn's",
    IN_NODE: "Training by the browser's modules",
    IN_CHROMIUM: "The page in Chromium",
}

QUANTITIES = {
    "population": "population",
    "width": "layer width",
    "depth": "hidden layers",
    "batch_size": "batch size",
}
"""What is varied, in words."""


@dataclass(frozen=True)
class TextTable:
    """A table of words: the first column to the left, the others to the right.

    Attributes
    ----------
    title : str
    head : tuple of str
    rows : tuple of tuple of str
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def compared_table(part: Compared) -> TextTable:
    """Return a workload's table: what one epoch of one network takes, and how many times mlplab's."""
    rows = [(KERNELS.title, duration(part.seconds), "", "", "", "")]
    for name, pair in part.pairs.items():
        is_fraction = name == SGEMM.name
        say = percentage if is_fraction else times
        goal = part.workload.goals.get(name)
        rows.append(
            (
                TITLES[name],
                duration(part.theirs(name)),
                say(pair.ratio),
                between(say(pair.lowest), say(pair.highest)),
                "" if goal is None else at_least(goal, is_fraction),
                reached_or_missed(None if goal is None else pair.ratio >= goal),
            )
        )
    head = ("", "one epoch", "of mlplab's", "round to round", "goal", "verdict")
    return TextTable(part.workload.name, head, tuple(rows))


def processor_table(part: Compared) -> TextTable:
    """Return the same by the processor's clock, which does not count threads, and rates of products."""
    operations = part.workload.operations
    rows = [(KERNELS.title, duration(part.processor), "", gflops(part.rate))]
    for name, pair in part.pairs.items():
        say = percentage if name == SGEMM.name else times
        theirs = duration(part.their_processor(name))
        rows.append(
            (
                TITLES[name],
                theirs,
                say(pair.processor_ratio),
                gflops(operations / part.theirs(name)),
            )
        )
    head = ("", "processor, one epoch", "of mlplab's", "products")
    return TextTable(f"{part.workload.name}: time of the processor, and rate", head, tuple(rows))


def starting_table(starting: Starting) -> TextTable:
    """Return what compiling and loading take."""
    rows = [
        (f"compiling {kernel}", duration(seconds), "", "")
        for kernel, seconds in (starting.compiling or {}).items()
    ]
    if starting.first is not None and starting.in_all is not None:
        name, seconds, *_ = rows[0]
        reached = starting.first <= FIRST_GOAL
        rows[0] = (
            f"{name}: the first training",
            seconds,
            at_most(FIRST_GOAL),
            reached_or_missed(reached),
        )
        reached = starting.in_all <= COMPILING_GOAL
        goal = at_most(COMPILING_GOAL)
        rows.append(
            (
                "compiling in all, once for a machine",
                duration(starting.in_all),
                goal,
                reached_or_missed(reached),
            )
        )
    reached = starting.start <= START_GOAL
    what = "starting, from then on: to the first update"
    rows.append((what, duration(starting.start), at_most(START_GOAL), reached_or_missed(reached)))
    return TextTable("Compiling and starting", ("", "seconds", "goal", "verdict"), tuple(rows))


def cliffs_table(curves: Iterable[Curve]) -> TextTable:
    """Return each curve's steepest step: how much more the cost grows there than the work."""
    rows = []
    for curve in curves:
        before, after = curve.steepest_at
        rows.append(
            (
                f"{QUANTITIES[curve.quantity]} {curve.sizes[0]:,} to {curve.sizes[-1]:,}, {curve.name}",
                times(curve.steepest),
                f"{before:,} to {after:,}",
                f"≤ {CLIFF:g} ×",
                reached_or_missed(curve.steepest <= CLIFF),
            )
        )
    return TextTable("Cost curves", ("", "steepest step", "from", "goal", "verdict"), tuple(rows))


def curve_tables(curves: Iterable[Curve]) -> list[TextTable]:
    """Return every point of the curves, a table for each quantity."""
    tables = []
    for quantity, group in groupby(curves, key=lambda curve: curve.quantity):
        alike = list(group)
        columns = [
            [
                f"{duration(seconds)} ({gflops(operations)})"
                for seconds, operations in zip(curve.medians, curve.rates, strict=True)
            ]
            for curve in alike
        ]
        sizes = [f"{size:,}" for size in alike[0].sizes]
        head = (QUANTITIES[quantity], *(curve.name for curve in alike))
        rows = tuple(zip(sizes, *columns, strict=True))
        tables.append(TextTable(f"One epoch of one network, by {QUANTITIES[quantity]}", head, rows))
    return tables


def left_out_sentences(record: Record) -> list[str]:
    """Return a sentence for each peer or part that was not measured.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> left_out_sentences(SimpleNamespace(left_out={"pytorch": "torch is not installed"}))
    ['PyTorch is left out: torch is not installed.']
    """
    return [f"{TITLES[name]} is left out: {why}." for name, why in record.left_out.items()]


def bounds(record: Record) -> list[str]:
    """Return, for every goal that was missed in a comparison, what bounds it, by measurement."""
    said = []
    for part in record.compared:
        workload, machines = part.workload, part.pairs[SGEMM.name].ratio
        for name, goal in workload.goals.items():
            if name not in part.pairs or part.pairs[name].ratio >= goal:
                continue
            if name == SGEMM.name:
                said.append(
                    f"{workload.name}: the engine's products run at {percentage(machines)} of the "
                    f"machine's rate, and {percentage(goal)} is the goal. The time between goes to what "
                    "is no product (activations, softmax, updates) and to waiting for memory."
                    + "".join(f" {sentence}" for sentence in _rates_elsewhere(record, workload))
                )
                continue
            ratio, most = part.pairs[name].ratio, part.most(name)
            reach = "no engine could reach it here" if most < goal else "the machine allows it"
            said.append(
                f"{workload.name}: {TITLES[name]} takes {digits(ratio)} times as long, and {goal:,g} "
                f"times is the goal. The engine runs at {percentage(machines)} of the machine's rate of "
                f"SGEMM; at all of it the ratio would be {digits(most)}, so that {reach}."
            )
    return said


def _rates_elsewhere(record: Record, workload: Workload) -> Iterator[str]:
    """Yield how the rate of blocks depends on layer width and batch size: what outweighs the products."""
    own = {
        "width": workload.experiment.network.layer_width,
        "batch_size": workload.experiment.training.batch_size,
    }
    for curve in record.curves:
        size = own.get(curve.quantity)
        if size not in curve.sizes or curve.name == ALONE:
            continue
        rates = dict(zip(curve.sizes, curve.rates, strict=True))
        best = max(rates, key=rates.__getitem__)
        yield (
            f"By {QUANTITIES[curve.quantity]} the rate is {gflops(rates[size])} at {size:,} and at its "
            f"best {gflops(rates[best])}, at {best:,}."
        )
