"""The table of a cluster beside one process."""

from __future__ import annotations

from mlplab.bench.cluster_rate import CLUSTER_GOAL, ClusterRate
from mlplab.bench.tables import TextTable
from mlplab.bench.wording import at_least, between, digits, percentage, reached_or_missed
from mlplab.report.wording import plural


def cluster_table(part: ClusterRate) -> TextTable:
    """Return the networks a second of both, and how they stand."""
    cluster, process = map(digits, part.rates)
    lowest, highest = (percentage(ratio) for ratio in (part.pair.lowest, part.pair.highest))
    rows = (
        (f"one process, {plural(part.workers, 'thread')}", process, "", "", "", ""),
        (
            f"Dask, {plural(part.workers, 'worker')}",
            cluster,
            percentage(part.fraction),
            between(lowest, highest),
            at_least(CLUSTER_GOAL, is_fraction=True),
            reached_or_missed(part.verdict.reached),
        ),
    )
    workload = part.workload
    title = f"A map of {workload.population:,} runs of {workload.id} into a store"
    head = ("", "networks a second", "of one process", "rounds", "goal", "verdict")
    return TextTable(title, head, rows)
