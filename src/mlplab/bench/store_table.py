"""The tables of the store: what it costs, and what a full one takes."""

from __future__ import annotations

from collections.abc import Sequence

from mlplab.bench.full_store import ABOVE, GOALS, GOALS_ARE_FOR_RUNS, FullStore
from mlplab.bench.store_overhead import OVERHEAD_GOAL, StoreOverhead
from mlplab.bench.tables import TextTable
from mlplab.bench.wording import at_most, between, duration, percentage, reached_or_missed


def overhead_table(parts: Sequence[StoreOverhead]) -> TextTable:
    """Return what one run takes of each command, without a store and into one."""
    rows = []
    for part in parts:
        lowest, highest = (
            percentage(ratio - 1, places=1) for ratio in (part.pair.lowest, part.pair.highest)
        )
        rows.append(
            (
                part.command,
                *map(duration, part.seconds),
                percentage(part.overhead, places=1),
                between(lowest, highest),
                f"≤ {percentage(OVERHEAD_GOAL)}",
                reached_or_missed(part.overhead <= OVERHEAD_GOAL),
            )
        )
    workload = parts[0].workload
    title = f"The store: one of {workload.population:,} runs of {workload.id}"
    head = ("", "without", "stored", "overhead", "rounds", "goal", "verdict")
    return TextTable(title, head, tuple(rows))


def full_store_table(full: FullStore) -> TextTable:
    """Return what is read of a full store, and what it took to write."""
    rows = []
    for what in full.reading:
        seconds, goal = full.seconds(what), GOALS.get(what)
        judged = ("", "")
        if full.has_goals and goal is not None:
            judged = at_most(goal), reached_or_missed(seconds <= goal)
        rows.append((what, duration(seconds), *judged))
    rows.append(("a run added", duration(full.adding / full.runs), "", ""))
    goals = "" if full.has_goals else f" (goals are for {GOALS_ARE_FOR_RUNS:,})"
    title = (
        f"A store with {full.runs:,} runs{goals} of {full.experiments:,} experiments, "
        f"{full.size / 1e6:.0f} MB; the filter is test_accuracy>{ABOVE:g}"
    )
    return TextTable(title, ("", "seconds", "goal", "verdict"), tuple(rows))
