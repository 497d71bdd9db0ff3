"""Deleting runs from a store, with what nothing needs after that."""

from __future__ import annotations

import sqlite3

from mlplab.store.filtering import RunFilter
from mlplab.store.opening import transaction

_CONCERNED = (
    "CREATE TEMP TABLE concerned AS SELECT DISTINCT experiment, command FROM runs WHERE {where}",
    """
    INSERT INTO concerned (experiment) SELECT DISTINCT base FROM experiments
    WHERE base IS NOT NULL AND id IN (SELECT experiment FROM concerned)
    """,
)
"""Experiments and commands of the runs that go. Of others, the first run may be still to come."""

_UNUSED_EXPERIMENTS = """
    DELETE FROM experiments WHERE id IN (SELECT experiment FROM concerned)
    AND id NOT IN (SELECT experiment FROM runs)
    AND id NOT IN (SELECT experiment FROM cells)
    AND id NOT IN (SELECT base FROM experiments WHERE base IS NOT NULL)
    AND id < (SELECT max(id) FROM experiments)
"""

_UNUSED_COMMANDS = """
    DELETE FROM commands WHERE id IN (SELECT command FROM concerned)
    AND id NOT IN (SELECT command FROM runs)
    AND id < (SELECT max(id) FROM commands)
"""


def delete_runs(connection: sqlite3.Connection, chosen: RunFilter) -> int:
    """Delete runs, and the experiments and commands that nothing needs then, in one transaction.

    The last experiment and the last command stay: SQLite gives the id of the last row that is gone to the
    next one, and another process that trains may know what was deleted by its id.
    """
    where, values = chosen.where()
    # For each row that goes SQLite would look through all tables for what refers to it; the conditions
    # above do that once.
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        with transaction(connection):
            concerned, bases = _CONCERNED
            connection.execute(concerned.format(where=where), values)
            connection.execute(bases)
            deleted = connection.execute(f"DELETE FROM runs WHERE {where}", values).rowcount
            # Variants first: a base may be needed by them only.
            connection.execute(f"{_UNUSED_EXPERIMENTS} AND base IS NOT NULL")
            connection.execute(_UNUSED_EXPERIMENTS)
            connection.execute(_UNUSED_COMMANDS)
            connection.execute("DROP TABLE concerned")
    finally:
        connection.execute("PRAGMA foreign_keys = ON")
    return deleted
