"""Deleting runs from a store, with what nothing needs after that."""

from __future__ import annotations

import sqlite3

from mlplab.store.filtering import RunFilter
from mlplab.store.opening import transaction

_UNUSED_EXPERIMENTS = """
    DELETE FROM experiments WHERE id NOT IN (SELECT experiment FROM runs)
    AND id NOT IN (SELECT experiment FROM cells)
    AND id NOT IN (SELECT base FROM experiments WHERE base IS NOT NULL)
"""

_UNUSED_COMMANDS = "DELETE FROM commands WHERE id NOT IN (SELECT command FROM runs)"


def delete_runs(connection: sqlite3.Connection, chosen: RunFilter) -> int:
    """Delete runs, and the experiments and commands that nothing needs then, in one transaction."""
    where, values = chosen.where()
    # For each row that goes SQLite would look through all tables for what refers to it; the conditions
    # above do that once.
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        with transaction(connection):
            deleted = connection.execute(f"DELETE FROM runs WHERE {where}", values).rowcount
            # Variants first: a base may be needed by them only.
            connection.execute(f"{_UNUSED_EXPERIMENTS} AND base IS NOT NULL")
            connection.execute(_UNUSED_EXPERIMENTS)
            connection.execute(_UNUSED_COMMANDS)
    finally:
        connection.execute("PRAGMA foreign_keys = ON")
    return deleted
