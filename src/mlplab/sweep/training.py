"""Train cells: each run once, and what ends kept at once, in a store if there is one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, nullcontext
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mlplab.data import Samples
from mlplab.errors import MlplabError
from mlplab.store import BlockWriter, Store, spec_text
from mlplab.sweep.candidates import Cells
from mlplab.sweep.cells import TrainedCells
from mlplab.sweep.chunks import CellTrainer, Chunk
from mlplab.sweep.cluster import Cluster, ClusterTrainer
from mlplab.sweep.description import Description, key_of
from mlplab.sweep.plan import MapPlan
from mlplab.sweep.trained_map import TrainedMap

if TYPE_CHECKING:
    import distributed

Progress = Callable[[int, int], None]
"""Told how many runs are done, and on the disk where there is a store; and how many were found there."""


def train_map(
    plan: MapPlan,
    store: Store | None = None,
    *,
    threads: int | None = None,
    client: distributed.Client | Cluster | None = None,
    progress: Progress | None = None,
    command: str = "mlplab.sweep.train_map",
) -> TrainedMap:
    """Train the runs of a map that are not in a store.

    Runs go to the store as they end. However training is ended, the same call goes on where it ended.

    Parameters
    ----------
    plan : MapPlan
    store : Store, optional
    threads : int, optional
        The number of usable cores by default. The results do not depend on it.
    client : distributed.Client or Cluster, optional
        Of a Dask cluster, on which the runs are trained then, with the threads of its workers.
    progress : callable, optional
        Called now and then.
    command : str
        What the store says of where the runs came from.

    Raises
    ------
    StoreError
        If the store cannot be written; the runs written before are in it.
    MlplabError
        If what is trained at a time does not fit into memory, or threads are given beside a client.
    ClusterError
        If the cluster cannot be used, or is lost; the runs written before are in the store.
    MissingExtraError
        If a client is given, and Dask is not installed.

    Examples
    --------
    >>> from mlplab.spec import Experiment
    >>> from mlplab.sweep import Axis, MapPlan
    >>> base = Experiment(dataset="linear")
    >>> x = Axis("training.optimizer.learning_rate", (0.01, 0.1, 1.0))
    >>> plan = MapPlan.of(base, x, Axis("training.batch_size", (16, 64)), replications=3)
    >>> train_map(plan).statistics("test_accuracy").mean.shape
    (2, 3)
    """
    cluster = None if client is None else Cluster.of(client)
    trained = TrainedMap(plan)
    sweep = None if store is None else SweepInStore(store, plan.description, command)
    train_cells(
        *(plan.grid, trained, sweep, plan.finite),
        threads=threads,
        cluster=cluster,
        progress=progress,
    )
    return trained


class SweepInStore:
    """A map or a search in a store, by its description; new ones are added.

    Parameters
    ----------
    store : Store
    description : mapping
    command : str
        What the store says of where the runs came from.

    Attributes
    ----------
    id : int
        Its number in the store.
    command : callable
        Returns the id of the command, which is written down once a run is to be.
    """

    def __init__(self, store: Store, description: Description, command: str) -> None:
        self.store = store
        self.command = cache(lambda: store.add_command(command))
        key = key_of(description)
        # One that is complete is only read: its disk may be read-only.
        known = store.find_sweep(key)
        self.id = store.add_sweep(key, description) if known is None else known.id


def train_cells(
    cells: Cells,
    trained: TrainedCells,
    sweep: SweepInStore | None = None,
    finite: Samples | None = None,
    *,
    first: int = 0,
    threads: int | None = None,
    cluster: Cluster | None = None,
    progress: Progress | None = None,
) -> int:
    """Train the runs of some cells that are not in a store, and take over those that are.

    Parameters
    ----------
    cells : Cells
    trained : TrainedCells
        Of as many cells, or of more that follow; filled.
    sweep : SweepInStore, optional
    finite : Samples, optional
        As in `stream_outcomes`.
    first : int
        The number of the first cell in the sweep.
    threads, progress
        As in `train_map`.
    cluster : Cluster, optional
        Where to train, in place of this machine.

    Returns
    -------
    int
        How many runs were trained.

    Raises
    ------
    As `train_map`.
    """
    if cluster is not None and threads is not None:
        raise MlplabError(
            f"threads={threads} and a cluster were received: on a cluster, threads are the workers'"
        )
    tell = progress or (lambda done, found: None)
    kept = None if sweep is None else _InStore(sweep, cells, trained, first)
    tell(trained.count, trained.count)

    def find_missing(chunk: Chunk) -> NDArray[np.bool_]:
        if kept is not None:
            kept.find(chunk)
        return trained.missing[chunk.places]

    trainer: CellTrainer | ClusterTrainer
    if cluster is None:
        trainer = CellTrainer(cells, trained.seed, find_missing, finite, threads)
    else:
        trainer = ClusterTrainer(cells, trained.seed, find_missing, finite, cluster)
    new = 0
    writer = None if sweep is None else BlockWriter(sweep.store, sweep.command)
    wanted = trained.missing[: len(cells)].copy()
    # Closed, so that nothing trains on after an error or an interrupt.
    with writer or nullcontext(), closing(trainer.train(wanted)) as chunks:
        for chunk, outcomes in chunks:
            ids = None if kept is None else kept.ids(chunk)
            with closing(outcomes):
                for block in outcomes:
                    trained.write(chunk.places, block)
                    new += len(block)
                    if writer is not None and ids is not None:
                        writer.add(block, ids)
                        tell(trained.count - new + writer.written, trained.count - new)
                    else:
                        tell(trained.count, 0)
    tell(trained.count, trained.count - new)
    if kept is not None:
        kept.read()
    return new


class _InStore:
    """Cells in a store: found there, and written there."""

    def __init__(
        self, sweep: SweepInStore, cells: Cells, trained: TrainedCells, first: int
    ) -> None:
        self._sweep, self._store = sweep, sweep.store
        self._cells, self._trained, self._first = cells, trained, first
        self._base: int | None = None
        self._seeds = trained.seed, trained.seed + trained.replications - 1
        self._ids: dict[int, NDArray[np.int64]] = {}
        self._known, _ = self._store.cells(sweep.id)
        self._found = 0
        self._note(0, len(cells) - 1)

    def _numbers(self, low: int, high: int) -> tuple[int, int]:
        """Return the numbers of two cells in the sweep."""
        return self._first + low, self._first + high

    def _note(self, low: int, high: int) -> None:
        """Take note of the runs that the store has of the cells between two."""
        numbers, seeds = self._store.done(self._sweep.id, self._seeds, self._numbers(low, high))
        self._found += self._trained.mark_found(numbers - self._first, seeds)

    def read(self) -> None:
        """Take over the outcomes of the runs that were found."""
        if self._found:
            count = len(self._cells)
            numbers = self._numbers(0, count - 1)
            outcomes = self._store.sweep_outcomes(self._sweep.id, self._seeds, numbers)
            self._trained.write(np.arange(-self._first, count), outcomes)

    def find(self, chunk: Chunk) -> None:
        """Say in the store which cells these are, and note what other commands trained of them."""
        if self._base is None:
            base = self._cells.experiment
            metric = base.head.metric_name
            ids = self._store.add_experiments([base.key], [spec_text(base)], metric=metric)
            self._base = int(ids[0])
        ids = self._store.add_experiments(
            [cell.key for cell in chunk.cells],
            self._cells.changes_texts(chunk.places),
            self._base,
            self._trained.metric,
        )
        numbers = self._first + chunk.places
        self._store.add_cells(self._sweep.id, numbers, ids)
        self._ids[int(chunk.places[0])] = ids
        if not np.isin(numbers, self._known).all():
            self._note(int(chunk.places[0]), int(chunk.places[-1]))

    def ids(self, chunk: Chunk) -> NDArray[np.int64]:
        """Return the ids of the chunk's experiments, which are asked for once."""
        return self._ids.pop(int(chunk.places[0]))
