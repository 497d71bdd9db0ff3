"""How fast a Dask cluster trains a map, beside one process with as many threads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from mlplab.bench.rounds import Pair, measure_pairs
from mlplab.bench.side import Side
from mlplab.bench.store_overhead import KEPT, measure_run
from mlplab.bench.verdict import GoalVerdict
from mlplab.bench.worker import Worker
from mlplab.bench.workload import Workload

CLUSTER_GOAL = 0.9
"""Networks a second, as a fraction of those of one process, that a cluster should have at least."""

ONE_PROCESS = KEPT["map"][1]

ON_CLUSTER = Side(
    "cluster",
    "Training on a Dask cluster",
    "mlplab.bench.cluster_side:MapOnCluster",
    note="",
    needs=("distributed",),
    blas_threads=False,
    end_to_end=True,
)


@dataclass(frozen=True)
class ClusterRate:
    """What runs of a map took on a cluster and in one process, both into a store.

    Attributes
    ----------
    workload : Workload
        Its population is the number of runs.
    workers : int
        Of the cluster, each with one thread; and the threads of the one process.
    pair : Pair
        Seconds for one run; "ours" is the cluster, "theirs" the one process.
    """

    workload: Workload
    workers: int
    pair: Pair

    @property
    def fraction(self) -> float:
        """The cluster's networks a second over those of one process: the median of the rounds'."""
        return self.pair.ratio

    @property
    def rates(self) -> tuple[float, float]:
        """Networks a second, of the cluster and of the one process: medians of the rounds."""
        cluster, process = (
            1 / median(taken.seconds for taken in side)
            for side in (self.pair.ours, self.pair.theirs)
        )
        return cluster, process

    @property
    def verdict(self) -> GoalVerdict:
        """Whether it reaches the goal."""
        return GoalVerdict("cluster, of one process", self.fraction, CLUSTER_GOAL, "least")

    def as_json(self) -> dict[str, Any]:
        """Return all that was measured, and what follows from it."""
        return {
            "experiment": self.workload.experiment.model_dump(mode="json"),
            "runs": self.workload.population,
            "workers": self.workers,
            "cluster": [asdict(taken) for taken in self.pair.ours],
            "one_process": [asdict(taken) for taken in self.pair.theirs],
            "fraction": self.fraction,
        }


def cluster_steps(rounds: int) -> int:
    """Return how often `measure_cluster` calls `on_step`."""
    return 2 + rounds


def measure_cluster(
    workload: Workload,
    workers: Mapping[str, Worker],
    threads: int,
    rounds: int,
    on_step: Callable[[], None] = lambda: None,
) -> ClusterRate:
    """Measure a map on a cluster and in one process, in turns.

    Parameters
    ----------
    workload : Workload
    workers : mapping of str to Worker
        `ON_CLUSTER` and `ONE_PROCESS`, by their names.
    threads : int
        Of the one process, and of all workers of the cluster.
    rounds : int
    on_step : callable
        Called after each training that is not measured, and after each pair.
    """
    sides = [workers[side.name] for side in (ON_CLUSTER, ONE_PROCESS)]
    for worker in sides:
        worker.prepare(workload)
        on_step()
    ours, theirs = (measure_run(worker, workload) for worker in sides)
    pairs = measure_pairs(ours, {ONE_PROCESS.name: theirs}, rounds, on_step)
    return ClusterRate(workload, threads, pairs[ONE_PROCESS.name])
