"""Opening a store: whether it is one of ours, may be written, and has a schema that this code reads."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from mlplab.errors import StoreError
from mlplab.store.failures import PATIENCE, failures_named, result_code
from mlplab.store.schema import APPLICATION_ID, MIGRATIONS, migrate, version_of

CACHE_KIB = 65_536
"""What SQLite keeps of a file in memory: the pages into which a sweep's next rows go."""


LOG_PAGES = 16_384
"""The log grows to so many (64 MiB) before they go into the file, each page once for many rows."""


def open_for_writing(path: Path) -> sqlite3.Connection:
    """Open a store, which is made if there is none, and bring it up to date.

    Raises
    ------
    StoreError
        If it is no store, is damaged, is of a newer schema or cannot be written; nothing is changed then.
    """
    _check_place(path, must_exist=False)
    with failures_named(path):
        connection = _connect(path, "mode=rwc")
        try:
            _check_schema(connection, path)
            _write_ahead(connection, path)
            # A store that cannot be written is known before any work.
            with transaction(connection):
                _check_schema(connection, path)
                if version_of(connection) < len(MIGRATIONS):
                    migrate(connection, MIGRATIONS)
        except BaseException:
            connection.close()
            raise
    return connection


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Open a store that nothing will write to by this connection; its disk may be read-only.

    Raises
    ------
    StoreError
        If there is no store, it is damaged, or its schema is another than this code's.
    """
    _check_place(path, must_exist=True)
    with failures_named(path):
        try:
            # Not "ro": whoever closes a store last takes the files of its log away, and may be us.
            connection = _connect(path, "mode=rw")
            connection.execute("PRAGMA query_only = ON")
        except sqlite3.OperationalError as error:
            if result_code(error) != sqlite3.SQLITE_CANTOPEN:
                raise
            connection = _connect_unwritable(path)
        try:
            _check_schema(connection, path)
            _check_current(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Write all or nothing: at the end it is on the disk, or, if anything is raised, nowhere."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full disk may have ended the transaction already.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _check_place(path: Path, must_exist: bool) -> None:
    if path.is_dir():
        raise StoreError(f"'{path}' is no store of runs: it is a folder")
    if path.exists() and not path.is_file():
        raise StoreError(f"'{path}' is no store of runs: it is no file")
    if must_exist and not path.exists():
        raise StoreError(f"there is no store of runs '{path}'")
    if not path.parent.is_dir():
        raise StoreError(f"the store '{path}' cannot be made: there is no folder '{path.parent}'")


def _connect(path: Path, how: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{how}", uri=True, timeout=PATIENCE, isolation_level=None
    )
    try:
        # The first look at the file, which fails where SQLite cannot make what it needs beside it.
        version_of(connection)
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
        connection.execute("PRAGMA foreign_keys = ON")
        # Each commit waits for the disk: what is counted survives a loss of power.
        connection.execute("PRAGMA synchronous = FULL")
    except BaseException:
        connection.close()
        raise
    return connection


def _connect_unwritable(path: Path) -> sqlite3.Connection:
    """Open a store where SQLite cannot make the file by which readers and writers share its log."""
    log = Path(f"{path}-wal")
    if log.exists() and log.stat().st_size:
        raise StoreError(
            f"the store '{path}' was not closed, and its log '{log.name}' cannot be read on a read-only "
            "disk: copy both to another disk"
        )
    return _connect(path, "mode=ro&immutable=1")


def _check_schema(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a file that is another program's, or of a newer schema; an empty one may become ours."""
    with _at_one_moment(connection):
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        found = version_of(connection)
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application != APPLICATION_ID and (application or found or tables):
        raise StoreError(f"'{path}' is no store of runs: it is another program's file of SQLite")
    if found > len(MIGRATIONS):
        raise StoreError(
            f"the store '{path}' was written by a newer mlplab: its schema is {found}, and this mlplab "
            f"({version('mlplab')}) knows schemas up to {len(MIGRATIONS)}"
        )


@contextmanager
def _at_one_moment(connection: sqlite3.Connection) -> Iterator[None]:
    """Read a file as it is at one moment: another process may be making a store of it."""
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")


def _check_current(connection: sqlite3.Connection, path: Path) -> None:
    found = version_of(connection)
    if not found:
        raise StoreError(f"'{path}' is no store of runs yet: it is empty")
    if found < len(MIGRATIONS):
        raise StoreError(
            f"the store '{path}' has schema {found}, and this mlplab reads schema {len(MIGRATIONS)}: "
            "`mlplab train --store` brings it up to date where it can be written"
        )


def _write_ahead(connection: sqlite3.Connection, path: Path) -> None:
    """Let the store keep a write-ahead log, by which readers and a writer do not wait for each other."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
            break
        except sqlite3.OperationalError as error:
            # SQLite does not wait here: another process may be opening the same new store.
            if result_code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(0.01)
    if mode != "wal":
        raise StoreError(
            f"the store '{path}' cannot keep a write-ahead log, as on a disk of the network: put it on a "
            "disk of this machine"
        )
