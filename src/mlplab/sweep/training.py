"""Train a map: each run once, and what ends kept at once, in a store if there is one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, nullcontext
from functools import cache

import numpy as np
from numpy.typing import NDArray

from mlplab.store import ANY, BlockWriter, Store, spec_text
from mlplab.sweep.chunks import Chunk, GridTrainer
from mlplab.sweep.plan import MapPlan
from mlplab.sweep.trained_map import TrainedMap

Progress = Callable[[int, int], None]
"""Told how many runs are done, and on the disk where there is a store; and how many were found there."""


def train_map(
    plan: MapPlan,
    store: Store | None = None,
    *,
    threads: int | None = None,
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
    progress : callable, optional
        Called now and then.
    command : str
        What the store says of where the runs came from.

    Raises
    ------
    StoreError
        If the store cannot be written; the runs written before are in it.
    MlplabError
        If what is trained at a time does not fit into memory.

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
    tell = progress or (lambda done, found: None)
    trained = TrainedMap(plan)
    kept = None if store is None else _InStore(plan, store, trained, command)
    tell(trained.count, trained.count)

    def find_missing(chunk: Chunk) -> NDArray[np.bool_]:
        if kept is not None:
            kept.find(chunk)
        return trained.missing[chunk.places]

    trainer = GridTrainer(plan.grid, plan.seed, find_missing, plan.finite, threads)
    new = 0
    for chunk, outcomes in trainer.train(trained.missing.copy()):
        writer = None if kept is None else kept.writer(chunk)
        before = new
        # Closed, so that no thread trains on after an error or an interrupt.
        with closing(outcomes), writer or nullcontext():
            for block in outcomes:
                trained.write(chunk.places, block)
                new += len(block)
                if writer is not None:
                    writer.add(block)
                    tell(trained.count - new + before + writer.written, trained.count - new)
                else:
                    tell(trained.count, 0)
    tell(trained.count, trained.count - new)
    if kept is not None:
        kept.read()
    return trained


class _InStore:
    """A map's cells in a store: found there, and written there."""

    def __init__(self, plan: MapPlan, store: Store, trained: TrainedMap, command: str) -> None:
        self._plan, self._store, self._trained = plan, store, trained
        self._command = cache(lambda: store.add_command(command))
        # A map that is complete is only read: its disk may be read-only.
        known = [sweep.id for sweep in store.sweeps() if sweep.key == plan.key]
        self._sweep = known[0] if known else store.add_sweep(plan.key, plan.description)
        self._base: int | None = None
        self._seeds = plan.seeds
        self._ids: dict[int, NDArray[np.int64]] = {}
        self._known, _ = store.cells(self._sweep)
        self._found = 0
        self._note()

    def _note(self, cells: tuple[int, int] = ANY) -> None:
        """Take note of the runs that the store has of some cells."""
        of_cells, seeds = self._store.done(self._sweep, self._seeds, cells)
        self._found += self._trained.mark_found(of_cells, seeds)

    def read(self) -> None:
        """Take over the outcomes of the runs that were found."""
        if self._found:
            outcomes = self._store.sweep_outcomes(self._sweep, self._seeds)
            self._trained.write(np.arange(self._plan.cell_count), outcomes)

    def find(self, chunk: Chunk) -> None:
        """Say in the store which cells these are, and note what other commands trained of them."""
        if self._base is None:
            base = self._plan.experiment
            (self._base,) = self._store.add_experiments([base.key], [spec_text(base)]).tolist()
        ids = self._store.add_experiments(
            [cell.key for cell in chunk.cells],
            self._plan.grid.changes_texts(chunk.places),
            self._base,
        )
        self._store.add_cells(self._sweep, chunk.places, ids)
        self._ids[int(chunk.places[0])] = ids
        if not np.isin(chunk.places, self._known).all():
            self._note((int(chunk.places[0]), int(chunk.places[-1])))

    def writer(self, chunk: Chunk) -> BlockWriter:
        """Return what writes the chunk's runs."""
        return BlockWriter(self._store, self._ids.pop(int(chunk.places[0])), self._command)
