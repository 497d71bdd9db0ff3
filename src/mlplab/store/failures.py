"""What SQLite says of a store that it cannot read or write, as one sentence."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mlplab.errors import StoreError

PATIENCE = 60.0
"""Seconds for which one writer waits for another."""

_SENTENCES = {
    sqlite3.SQLITE_BUSY: "the store '{path}' is locked: another process has been writing to it for "
    f"{PATIENCE:.0f} s",
    sqlite3.SQLITE_READONLY: "the store '{path}' cannot be written: its file or its folder is read-only",
    sqlite3.SQLITE_PERM: "the store '{path}' cannot be opened: its file or its folder may not be read",
    sqlite3.SQLITE_IOERR: "the store '{path}' cannot be read or written: its disk fails or is too small",
    sqlite3.SQLITE_CORRUPT: "the store '{path}' is damaged, and has to be restored from a copy",
    sqlite3.SQLITE_FULL: "the disk of the store '{path}' is full; the runs stored before are kept",
    sqlite3.SQLITE_CANTOPEN: "the store '{path}' cannot be opened: its file or its folder may not be "
    "read or written",
    sqlite3.SQLITE_NOTADB: "'{path}' is no store of runs: it is not a file of SQLite",
    sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY: "runs cannot be added to the store '{path}': their experiment "
    "or their command was deleted from it since they began; run the same command again",
}
"""By the primary result code, or by the extended one where only that says what is the matter."""


@contextmanager
def failures_named(path: Path) -> Iterator[None]:
    """Raise a failure of the disk, of the file or of a lock as a `StoreError` that names the store.

    Any other error of SQLite is a fault of ours, and stays as it is.
    """
    try:
        yield
    except sqlite3.ProgrammingError as error:
        raise StoreError(f"the store '{path}' cannot be used: {error}") from error
    except sqlite3.Error as error:
        sentence = _SENTENCES.get(_extended_code(error)) or _SENTENCES.get(result_code(error))
        if sentence is None:
            raise
        raise StoreError(sentence.format(path=path)) from error


def result_code(error: sqlite3.Error) -> int:
    """Return SQLite's primary result code, such as `sqlite3.SQLITE_FULL`; -1 where there is none."""
    # An extended code has the primary one in its lowest byte.
    code = _extended_code(error)
    return code if code < 0 else code & 0xFF


def _extended_code(error: sqlite3.Error) -> int:
    # Misuse of the module itself has none.
    return int(getattr(error, "sqlite_errorcode", -1))
