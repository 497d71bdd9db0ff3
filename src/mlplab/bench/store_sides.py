"""Who trains without a store and who into a fresh one: the same runs, by which its cost is measured."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import closing
from math import isqrt
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from mlplab.bench.taken import Taken, time_of
from mlplab.bench.workload import Workload
from mlplab.outcome_stream import stream_outcomes
from mlplab.run import Outcomes
from mlplab.spec import Experiment
from mlplab.store import Store, train_stored
from mlplab.sweep import Axis, MapPlan, train_map

REPLICATIONS = 4
"""Of each cell of a map."""


class ManySeeds:
    """Runs of one experiment, whose outcomes are gathered in memory."""

    def __init__(self, workload: Workload, threads: int) -> None:
        self.networks = workload.population
        self.experiment = workload.experiment
        self.threads = threads

    def train(self) -> Taken:
        """Train them, and return what it took."""
        return time_of(self._train)

    def _train(self) -> None:
        which = np.zeros(self.networks, np.int64)
        seeds = np.arange(self.networks)
        blocks = stream_outcomes([self.experiment], which, seeds, threads=self.threads)
        with closing(blocks):
            check_count(len(Outcomes.concatenate(blocks)), self.networks)

    def outcome(self) -> None:
        """Return nothing: no weights are kept; that each run has ended is checked within the time."""


class Map:
    """The same number of runs over a grid of learning rates and initial weights."""

    def __init__(self, workload: Workload, threads: int) -> None:
        self.plan = square_plan(workload.experiment, workload.population)
        self.networks = self.plan.run_count
        self.threads = threads

    def train(self) -> Taken:
        """Train them, and return what it took."""
        return time_of(self._train)

    def _train(self) -> None:
        check_count(train_map(self.plan, threads=self.threads).count, self.networks)

    def outcome(self) -> None:
        """Return nothing: no weights are kept; that each run has ended is checked within the time."""


class IntoStore(ABC):
    """What goes into a store: it is made, filled and closed within the time, and deleted after it."""

    networks: int

    def train(self) -> Taken:
        """Train into a fresh store where this process has its temporary files; return what it took."""
        with TemporaryDirectory(prefix="mlplab-store-") as folder:
            path = Path(folder, "runs.sqlite")
            taken = time_of(lambda: self._train_into(path))
            with Store(path, read_only=True) as store:
                check_count(store.count()[0], self.networks)
        return taken

    @abstractmethod
    def _train_into(self, path: Path) -> None: ...


class ManySeedsIntoStore(IntoStore, ManySeeds):
    """What `mlplab train --store` does."""

    def _train_into(self, path: Path) -> None:
        with Store(path) as store:
            trained = train_stored(store, self.experiment, self.networks, threads=self.threads)
        check_count(len(trained.outcomes), self.networks)


class MapIntoStore(IntoStore, Map):
    """What `mlplab map` does before it draws."""

    def _train_into(self, path: Path) -> None:
        with Store(path) as store:
            trained = train_map(self.plan, store, threads=self.threads)
        check_count(trained.count, self.networks)


def square_plan(experiment: Experiment, runs: int) -> MapPlan:
    """Return a map of about so many runs, as many values on one axis as on the other.

    It varies the learning rate and the spread of the initial weights: neither changes the work.

    Examples
    --------
    >>> square_plan(Experiment(dataset="linear"), runs=64).shape
    (4, 4)
    """
    cells = max(1, runs // REPLICATIONS)
    rows = isqrt(cells)
    rates = np.geomspace(0.1, 2, cells // rows).tolist()
    spreads = np.linspace(0.05, 0.2, rows).tolist()
    return MapPlan.of(
        experiment,
        Axis("training.optimizer.learning_rate", tuple(rates)),
        Axis("network.initializer", tuple({"kind": "random_normal", "stddev": s} for s in spreads)),
        REPLICATIONS,
    )


def check_count(found: int, wanted: int) -> None:
    """Refuse to give a time for work that was not done."""
    if found != wanted:
        raise RuntimeError(f"expected {wanted} runs, counted {found}")
