"""Many rows into a table, a thousand by each statement.

SQLite's Python module gives up Python's lock at each statement, and takes it back after it. Beside
threads that train, that takes longer than the row.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import Any

AT_ONCE = 1024
"""Rows of a statement, unless SQLite takes fewer values in one."""


def insert_rows(
    connection: sqlite3.Connection,
    table: str,
    columns: Sequence[str],
    rows: Iterable[tuple[Any, ...]],
    conflict: str,
) -> None:
    """Insert rows, inside a transaction that the caller has begun.

    Parameters
    ----------
    connection : sqlite3.Connection
    table : str
    columns : sequence of str
    rows : iterable of tuple
        Values in the order of the columns.
    conflict : str
        What happens to a row that is there, such as `ON CONFLICT (key) DO NOTHING`.
    """
    row = f"({', '.join('?' * len(columns))})"
    head = f"INSERT INTO {table} ({', '.join(columns)}) VALUES "
    most = connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER) // len(columns)
    remaining = iter(rows)
    while some := list(islice(remaining, min(AT_ONCE, most))):
        statement = f"{head}{', '.join([row] * len(some))} {conflict}"
        connection.execute(statement, list(chain.from_iterable(some)))
