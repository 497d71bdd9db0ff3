"""A store of finished runs: one SQLite file, which kills, full disks and loss of power leave whole."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from mlplab.run import Outcomes
from mlplab.spec import Experiment, MetricName
from mlplab.store import deleting, experiments, listing, sweeps
from mlplab.store.failures import failures_named
from mlplab.store.filtering import EVERYTHING, RunFilter
from mlplab.store.inserting import insert_rows
from mlplab.store.listing import Command, StoredExperiment
from mlplab.store.opening import open_for_reading, open_for_writing, transaction
from mlplab.store.rows import COLUMNS, as_rows, from_rows
from mlplab.store.schema import METRICS
from mlplab.store.sweeps import Sweep

ANY = (0, 2**63 - 1)
"""The first and the last of all seeds, or of all cells."""

_RUN_COLUMNS = (*COLUMNS, "finished_at", "command")


class Store:
    """Finished runs on disk, by experiment and seed, each once.

    What a method has written when it returns is on the disk. Readers, also in other processes, see whole
    transactions and wait for nobody; a writer waits up to a minute for another one. A store belongs to
    the thread that opened it.

    Parameters
    ----------
    path : str or Path
    read_only : bool
        Whether nothing is to be written: the store may then lie on a read-only disk, and must exist.

    Raises
    ------
    StoreError
        If it is no store, is damaged, is of a newer schema, or cannot be read or written; methods raise
        it, too, as when the disk is full.

    Examples
    --------
    >>> import tempfile
    >>> from mlplab.store import spec_text
    >>> from mlplab.training import train
    >>> experiment = Experiment(dataset="linear")
    >>> runs = train(experiment, replications=3)
    >>> with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "runs.sqlite") as store:
    ...     ids = store.add_experiments([experiment.key], [spec_text(experiment)])
    ...     store.add_runs(Outcomes.from_runs(runs), ids, store.add_command("an example"))
    ...     store.outcomes(RunFilter(seeds=(1, 2))).seed.tolist()
    3
    [1, 2]
    """

    def __init__(self, path: str | Path, *, read_only: bool = False) -> None:
        self.path = Path(path)
        self._connection = (open_for_reading if read_only else open_for_writing)(self.path)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Store '{self.path}'>"

    @contextmanager
    def _file(self) -> Iterator[sqlite3.Connection]:
        with failures_named(self.path):
            yield self._connection

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read the store as it is now, whatever is written to it meanwhile; nothing is written inside."""
        with self._file() as connection:
            connection.execute("BEGIN")
            try:
                yield
            finally:
                connection.execute("ROLLBACK")

    def add_experiments(
        self,
        keys: Sequence[str],
        specs: Sequence[str],
        base: int | None = None,
        metric: MetricName = "accuracy",
    ) -> NDArray[np.int64]:
        """Add experiments; those that are there keep their ids.

        Parameters
        ----------
        keys : sequence of str
            `Experiment.key` of each.
        specs : sequence of str
            Of each `spec_text`, or with a base `changes_text`.
        base : int, optional
            Id of the experiment, itself without a base, to which the changes are made.
        metric : str
            What their runs have: the `metric_name` of each experiment's head.

        Returns
        -------
        ndarray of int64, shape (experiments,)
            The id of each in this store.
        """
        with self._file() as connection:
            return experiments.add_experiments(connection, keys, specs, base, metric)

    def experiment(self, number: int) -> Experiment:
        """Return the experiment that has an id; its key and metric are checked."""
        with self._file() as connection:
            return experiments.find_experiment(connection, number, str(self.path))

    def add_command(self, text: str) -> int:
        """Write down the command that trains now, and with which mlplab; return its id."""
        with self._file() as connection, transaction(connection):
            cursor = connection.execute(
                "INSERT INTO commands (text, version, started_at) VALUES (?, ?, ?)",
                (text, version("mlplab"), int(time.time())),
            )
            return int(cursor.lastrowid or 0)

    def add_runs(self, outcomes: Outcomes, ids: NDArray[np.int64] | None, command: int) -> int:
        """Add finished runs in one transaction; those that are there stay as they are.

        Parameters
        ----------
        outcomes : Outcomes
            Of the engine, whose numbers are the same wherever it trains.
        ids : ndarray of int64, or None
            The id in this store of the experiment of each place in `outcomes`; None if `experiment` has
            ids already.
        command : int
            Id of the command that trained them.

        Returns
        -------
        int
            How many are new.
        """
        with self._file() as connection, transaction(connection):
            before = connection.total_changes
            now = int(time.time())
            known = outcomes if ids is None else outcomes.of(ids)
            rows = as_rows(known, now, command)
            conflict = "ON CONFLICT (experiment, seed) DO NOTHING"
            insert_rows(connection, "runs", _RUN_COLUMNS, rows, conflict)
            return connection.total_changes - before

    def outcomes(self, chosen: RunFilter = EVERYTHING) -> Outcomes:
        """Return runs by experiment and seed; `experiment` is its id in this store."""
        where, values = chosen.where()
        with self._file() as connection:
            return from_rows(
                connection.execute(
                    f"SELECT {', '.join(COLUMNS)} FROM runs WHERE {where} ORDER BY experiment, seed",
                    values,
                )
            )

    def seeds(self, number: int) -> NDArray[np.int64]:
        """Return the seeds of an experiment's runs, rising."""
        with self._file() as connection:
            rows: Iterable[tuple[int]] = connection.execute(
                "SELECT seed FROM runs WHERE experiment = ? ORDER BY seed", (number,)
            )
            return np.fromiter((seed for (seed,) in rows), np.int64)

    def count(self, chosen: RunFilter = EVERYTHING) -> tuple[int, int]:
        """Return how many runs there are, and of how many experiments."""
        with self._file() as connection:
            return listing.count(connection, chosen)

    def experiments(
        self, chosen: RunFilter = EVERYTHING, limit: int | None = None
    ) -> list[StoredExperiment]:
        """Return the experiments of runs with what their runs came to, in the order of their keys."""
        with self._file() as connection:
            return listing.list_experiments(connection, chosen, limit)

    def specs(self, chosen: RunFilter = EVERYTHING) -> list[tuple[int, str, int | None, str]]:
        """Return id, key, base and text of the experiments of runs, in the order of their keys."""
        with self._file() as connection:
            return listing.list_specs(connection, chosen)

    def commands(self, chosen: RunFilter = EVERYTHING) -> list[Command]:
        """Return the commands that have trained runs, the oldest first."""
        with self._file() as connection:
            return listing.list_commands(connection, chosen)

    def metrics(self, chosen: RunFilter = EVERYTHING) -> list[MetricName]:
        """Return the metrics that runs have, such as the accuracy."""
        with self._file() as connection:
            return listing.list_metrics(connection, chosen)

    def rows(
        self, chosen: RunFilter = EVERYTHING, metrics: Collection[MetricName] = METRICS
    ) -> Iterator[tuple[Any, ...]]:
        """Yield runs in words: rows of `READABLE`, by the experiment's key and the seed.

        Parameters
        ----------
        chosen : RunFilter
        metrics : collection of str
            Only columns of these metrics, in rows of `readable_columns`.
        """
        with self._file() as connection:
            yield from listing.readable_rows(connection, chosen, metrics)

    def delete(self, chosen: RunFilter) -> int:
        """Delete runs, and experiments that nothing needs any more; return how many runs."""
        with self._file() as connection:
            return deleting.delete_runs(connection, chosen)

    def add_sweep(self, key: str, description: Mapping[str, Any]) -> int:
        """Add a sweep by its key of 64 hexadecimal digits, if it is not there yet; return its id."""
        with self._file() as connection:
            return sweeps.add_sweep(connection, key, description)

    def sweeps(self) -> list[Sweep]:
        """Return all sweeps, the oldest first."""
        with self._file() as connection:
            return sweeps.all_sweeps(connection)

    def find_sweep(self, key: str) -> Sweep | None:
        """Return the sweep of a key; None if it is not here."""
        return next((sweep for sweep in self.sweeps() if sweep.key == key), None)

    def add_cells(
        self, sweep: int, cells: NDArray[np.int64], experiments: NDArray[np.int64]
    ) -> None:
        """Say which experiment, by its id, is which cell of a sweep; cells that are there stay."""
        with self._file() as connection:
            sweeps.add_cells(connection, sweep, cells, experiments)

    def cells(self, sweep: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the cells of a sweep, rising, and the id of each one's experiment."""
        with self._file() as connection:
            return sweeps.cells_of(connection, sweep)

    def done(
        self, sweep: int, seeds: tuple[int, int] = ANY, cells: tuple[int, int] = ANY
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the cell and the seed of each of a sweep's runs, by cell and seed.

        Parameters
        ----------
        sweep : int
        seeds, cells : tuple of two int
            The first and the last one: the store may hold other seeds of the same experiments.
        """
        with self._file() as connection:
            return sweeps.done(connection, sweep, seeds, cells)

    def sweep_outcomes(
        self, sweep: int, seeds: tuple[int, int] = ANY, cells: tuple[int, int] = ANY
    ) -> Outcomes:
        """Return a sweep's runs in the order of `done`; `experiment` is the cell.

        Parameters
        ----------
        sweep : int
        seeds, cells : tuple of two int
            The first and the last one.
        """
        with self._file() as connection:
            return sweeps.outcomes_of_cells(connection, sweep, seeds, cells)
