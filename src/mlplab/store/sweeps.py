"""Sweeps in a store: which experiment is which cell, and which of its runs are done."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.run import Outcomes
from mlplab.store.inserting import insert_rows
from mlplab.store.opening import transaction
from mlplab.store.rows import COLUMNS, from_rows

_DONE = np.dtype([("cell", "i8"), ("seed", "i8")])


@dataclass(frozen=True)
class Sweep:
    """What a store says of a sweep.

    Attributes
    ----------
    id : int
        Its number in this store.
    key : str
        What tells it from all others: 64 hexadecimal digits.
    description : dict
        What its command wrote of it, such as its axes.
    version : str
        The mlplab that began it.
    started_at : int
        Seconds since 1970, UTC.
    """

    id: int
    key: str
    description: dict[str, Any]
    version: str
    started_at: int


def add_sweep(connection: sqlite3.Connection, key: str, description: Mapping[str, Any]) -> int:
    """Add a sweep, if it is not there yet; return its id."""
    with transaction(connection):
        connection.execute(
            "INSERT INTO sweeps (key, description, version, started_at) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (key) DO NOTHING",
            (bytes.fromhex(key), json.dumps(description), version("mlplab"), int(time.time())),
        )
    cursor = connection.execute("SELECT id FROM sweeps WHERE key = ?", (bytes.fromhex(key),))
    return int(cursor.fetchone()[0])


def all_sweeps(connection: sqlite3.Connection) -> list[Sweep]:
    """Return all sweeps, the oldest first."""
    rows = connection.execute(
        "SELECT id, lower(hex(key)), description, version, started_at FROM sweeps ORDER BY id"
    )
    return [Sweep(i, key, json.loads(text), *rest) for i, key, text, *rest in rows]


def add_cells(
    connection: sqlite3.Connection,
    sweep: int,
    cells: NDArray[np.int64],
    experiments: NDArray[np.int64],
) -> None:
    """Say which experiment is which cell, in one transaction; cells that are there stay as they are."""
    with transaction(connection):
        rows = ((sweep, *pair) for pair in zip(cells.tolist(), experiments.tolist(), strict=True))
        columns = ("sweep", "cell", "experiment")
        insert_rows(connection, "cells", columns, rows, "ON CONFLICT (sweep, cell) DO NOTHING")


def cells_of(
    connection: sqlite3.Connection, sweep: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the cells that a sweep has, and the experiment of each."""
    rows = connection.execute(
        "SELECT cell, experiment FROM cells WHERE sweep = ? ORDER BY cell", (sweep,)
    )
    table = np.fromiter(rows, np.dtype([("cell", "i8"), ("experiment", "i8")]))
    return table["cell"], table["experiment"]


def done(
    connection: sqlite3.Connection, sweep: int, seeds: tuple[int, int], cells: tuple[int, int]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return cell and seed of the sweep's runs that are in the store, in this order."""
    rows = connection.execute(
        "SELECT cell, seed FROM cells CROSS JOIN runs ON runs.experiment = cells.experiment "
        "WHERE sweep = ? AND cell BETWEEN ? AND ? AND seed BETWEEN ? AND ? ORDER BY cell, seed",
        (sweep, *cells, *seeds),
    )
    table = np.fromiter(rows, _DONE)
    return table["cell"], table["seed"]


def outcomes_of_cells(
    connection: sqlite3.Connection, sweep: int, seeds: tuple[int, int], cells: tuple[int, int]
) -> Outcomes:
    """Return the outcomes of the sweep's runs in the order of `done`; `experiment` is the cell."""
    columns = ", ".join(COLUMNS[1:])
    return from_rows(
        connection.execute(
            f"SELECT cell, {columns} FROM cells CROSS JOIN runs "
            "ON runs.experiment = cells.experiment "
            "WHERE sweep = ? AND cell BETWEEN ? AND ? AND seed BETWEEN ? AND ? ORDER BY cell, seed",
            (sweep, *cells, *seeds),
        )
    )
