"""What a store costs: how much longer the same runs take when they are kept on the disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from mlplab.bench.rounds import Pair, measure_pairs
from mlplab.bench.side import Side
from mlplab.bench.taken import Taken
from mlplab.bench.worker import Worker
from mlplab.bench.workload import Workload, lab_workload, whole_workload

OVERHEAD_GOAL = 0.05
"""How much longer, as a fraction, runs should take at most for being kept."""

RUNS, QUICK_RUNS = 1 << 16, 1 << 14
"""Trained in a measurement: some seconds, and some tenths of one."""


def _side(name: str, title: str, class_name: str) -> Side:
    where = f"mlplab.bench.store_sides:{class_name}"
    return Side(name, title, where, note="", blas_threads=False, end_to_end=True)


KEPT: Mapping[str, tuple[Side, Side]] = {
    "train --store": (
        _side("seeds", "one experiment", "ManySeeds"),
        _side("seeds-stored", "one experiment into a store", "ManySeedsIntoStore"),
    ),
    "map": (
        _side("map", "a map", "Map"),
        _side("map-stored", "a map into a store", "MapIntoStore"),
    ),
}
"""By the command that keeps runs: who trains them without a store, and into one."""


@dataclass(frozen=True)
class StoreOverhead:
    """What the store costs one command.

    Attributes
    ----------
    command : str
        One of `KEPT`.
    workload : Workload
        Its population is the number of runs.
    pair : Pair
        Seconds for one run; "ours" is without a store, "theirs" into one.
    """

    command: str
    workload: Workload
    pair: Pair

    @property
    def overhead(self) -> float:
        """How much longer runs take with a store, as a fraction: the median of the rounds'."""
        return self.pair.ratio - 1

    @property
    def seconds(self) -> tuple[float, float]:
        """For one run, without a store and into one: medians of the rounds."""
        ours, theirs = (
            median(taken.seconds for taken in side) for side in (self.pair.ours, self.pair.theirs)
        )
        return ours, theirs

    def as_json(self) -> dict[str, Any]:
        """Return all that was measured, and what follows from it."""
        return {
            "command": self.command,
            "experiment": self.workload.experiment.model_dump(mode="json"),
            "runs": self.workload.population,
            "without": [asdict(taken) for taken in self.pair.ours],
            "stored": [asdict(taken) for taken in self.pair.theirs],
            "overhead": self.overhead,
        }


def stored_workload(quick: bool) -> Workload:
    """Return what is trained into a store."""
    runs = QUICK_RUNS if quick else RUNS
    return whole_workload(lab_workload("1.1-batch-16", runs, epochs=1))


def overhead_steps(rounds: int) -> int:
    """Return how often `measure_overheads` calls `on_step`."""
    return len(KEPT) * (2 + rounds)


def measure_overheads(
    workload: Workload,
    workers: Mapping[str, Worker],
    rounds: int,
    on_step: Callable[[], None] = lambda: None,
) -> tuple[StoreOverhead, ...]:
    """Measure what the store costs each command.

    Parameters
    ----------
    workload : Workload
    workers : mapping of str to Worker
        By the name of each side in `KEPT`.
    rounds : int
    on_step : callable
        Called after each training that is not measured, and after each pair.
    """
    found = []
    for command, sides in KEPT.items():
        pair = [workers[side.name] for side in sides]
        for worker in pair:
            worker.prepare(workload)
            on_step()
        without, stored = (measure_run(worker, workload) for worker in pair)
        measured = measure_pairs(without, {command: stored}, rounds, on_step)
        found.append(StoreOverhead(command, workload, measured[command]))
    return tuple(found)


def measure_run(worker: Worker, workload: Workload) -> Callable[[], Taken]:
    """Return what measures a prepared workload, and says what one run of it took."""
    return lambda: worker.measure().times(workload.epochs)
