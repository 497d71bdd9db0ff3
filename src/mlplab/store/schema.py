"""The tables of a store, and the steps that bring an older store up to date.

A store is one SQLite file. `PRAGMA application_id` says that it is ours, `PRAGMA user_version` which
schema it has. A released step never changes: the next schema is another step, and a store of the old one
is kept in `tests/store/stores`.

| table | a row is |
| --- | --- |
| experiments | an experiment by its key; its spec in full, or as changes to another one (`base`) |
| commands | a command that trained runs |
| runs | a finished run; there are no others, so that no row ever says "running" |
| sweeps, cells | a sweep by its key, and which experiment is which of its cells |
| readable_runs | a run in words, for people who write SQL: a view, which takes no space |

An experiment says which metric its runs have: accuracy, R² or the mean absolute error. In the view each
has columns of its own, which are NULL for runs of another one. A score that is not a number is NULL. -0.0
is stored as 0.0, which equals it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing

from mlplab.spec import MetricName

APPLICATION_ID = 0x6D6C706C
"""`mlpl` in ASCII."""

ENDINGS = ("finished", "stuck", "diverged")
CAUSES = ("", "one_class", "chance", "loss", "weights", "constant")
METRICS: tuple[MetricName, ...] = ("accuracy", "r2", "mean_absolute_error")
"""A run's ending and cause, and the metric of an experiment, are kept as places in these, which grow at
the end only."""

SCORES = (
    "train_loss",
    "train_metric",
    "validation_loss",
    "validation_metric",
    "test_loss",
    "test_metric",
)
"""Of a run; its experiment says which metric it is."""

_VERSION_1 = (
    """
    CREATE TABLE experiments (
        id INTEGER PRIMARY KEY,
        key BLOB NOT NULL UNIQUE CHECK (length(key) = 32),
        numerics INTEGER NOT NULL,
        base INTEGER REFERENCES experiments,
        spec TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE commands (
        id INTEGER PRIMARY KEY,
        text TEXT NOT NULL,
        version TEXT NOT NULL,
        started_at INTEGER NOT NULL
    )
    """,
    """
    CREATE TABLE runs (
        experiment INTEGER NOT NULL REFERENCES experiments,
        seed INTEGER NOT NULL,
        ending INTEGER NOT NULL CHECK (ending BETWEEN 0 AND 2),
        cause INTEGER NOT NULL CHECK (cause BETWEEN 0 AND 4),
        train_loss REAL,
        train_accuracy REAL,
        validation_loss REAL,
        validation_accuracy REAL,
        test_loss REAL,
        test_accuracy REAL,
        updates INTEGER NOT NULL,
        seconds REAL NOT NULL,
        finished_at INTEGER NOT NULL,
        command INTEGER NOT NULL REFERENCES commands,
        PRIMARY KEY (experiment, seed)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE sweeps (
        id INTEGER PRIMARY KEY,
        key BLOB NOT NULL UNIQUE CHECK (length(key) = 32),
        description TEXT NOT NULL,
        version TEXT NOT NULL,
        started_at INTEGER NOT NULL
    )
    """,
    """
    CREATE TABLE cells (
        sweep INTEGER NOT NULL REFERENCES sweeps,
        cell INTEGER NOT NULL,
        experiment INTEGER NOT NULL REFERENCES experiments,
        PRIMARY KEY (sweep, cell)
    ) WITHOUT ROWID
    """,
    """
    CREATE VIEW readable_runs AS
    SELECT lower(hex(experiments.key)) AS experiment,
           runs.seed AS seed,
           CASE ending WHEN 0 THEN 'finished' WHEN 1 THEN 'stuck' ELSE 'diverged' END AS ending,
           CASE cause WHEN 0 THEN '' WHEN 1 THEN 'one_class' WHEN 2 THEN 'chance'
                      WHEN 3 THEN 'loss' ELSE 'weights' END AS cause,
           train_loss, train_accuracy, validation_loss, validation_accuracy, test_loss, test_accuracy,
           updates,
           seconds,
           strftime('%Y-%m-%dT%H:%M:%SZ', finished_at, 'unixepoch') AS finished_at,
           commands.text AS command
    FROM runs
    JOIN experiments ON experiments.id = runs.experiment
    JOIN commands ON commands.id = runs.command
    """,
)

_VERSION_2 = (
    "DROP VIEW readable_runs",
    """
    ALTER TABLE experiments ADD COLUMN
        metric INTEGER NOT NULL DEFAULT 0 CHECK (metric BETWEEN 0 AND 2)
    """,
    # A constraint cannot be altered: the table is made anew, and all runs go into it.
    """
    CREATE TABLE runs_with_metrics (
        experiment INTEGER NOT NULL REFERENCES experiments,
        seed INTEGER NOT NULL,
        ending INTEGER NOT NULL CHECK (ending BETWEEN 0 AND 2),
        cause INTEGER NOT NULL CHECK (cause BETWEEN 0 AND 5),
        train_loss REAL,
        train_metric REAL,
        validation_loss REAL,
        validation_metric REAL,
        test_loss REAL,
        test_metric REAL,
        updates INTEGER NOT NULL,
        seconds REAL NOT NULL,
        finished_at INTEGER NOT NULL,
        command INTEGER NOT NULL REFERENCES commands,
        PRIMARY KEY (experiment, seed)
    ) WITHOUT ROWID
    """,
    "INSERT INTO runs_with_metrics SELECT * FROM runs ORDER BY experiment, seed",
    "DROP TABLE runs",
    "ALTER TABLE runs_with_metrics RENAME TO runs",
    """
    CREATE VIEW readable_runs AS
    SELECT lower(hex(experiments.key)) AS experiment,
           runs.seed AS seed,
           CASE ending WHEN 0 THEN 'finished' WHEN 1 THEN 'stuck' ELSE 'diverged' END AS ending,
           CASE cause WHEN 0 THEN '' WHEN 1 THEN 'one_class' WHEN 2 THEN 'chance' WHEN 3 THEN 'loss'
                      WHEN 4 THEN 'weights' ELSE 'constant' END AS cause,
           train_loss,
           CASE metric WHEN 0 THEN train_metric END AS train_accuracy,
           CASE metric WHEN 1 THEN train_metric END AS train_r2,
           CASE metric WHEN 2 THEN train_metric END AS train_mean_absolute_error,
           validation_loss,
           CASE metric WHEN 0 THEN validation_metric END AS validation_accuracy,
           CASE metric WHEN 1 THEN validation_metric END AS validation_r2,
           CASE metric WHEN 2 THEN validation_metric END AS validation_mean_absolute_error,
           test_loss,
           CASE metric WHEN 0 THEN test_metric END AS test_accuracy,
           CASE metric WHEN 1 THEN test_metric END AS test_r2,
           CASE metric WHEN 2 THEN test_metric END AS test_mean_absolute_error,
           updates,
           seconds,
           strftime('%Y-%m-%dT%H:%M:%SZ', finished_at, 'unixepoch') AS finished_at,
           commands.text AS command
    FROM runs
    JOIN experiments ON experiments.id = runs.experiment
    JOIN commands ON commands.id = runs.command
    """,
)

MIGRATIONS: Sequence[Sequence[str]] = (_VERSION_1, _VERSION_2)
"""Step i brings a store from schema i to i + 1; an empty file has schema 0."""


def version_of(connection: sqlite3.Connection) -> int:
    """Return the schema that a store has; 0 if it has no tables yet."""
    with closing(connection.execute("PRAGMA user_version")) as cursor:
        return int(cursor.fetchone()[0])


def migrate(connection: sqlite3.Connection, steps: Sequence[Sequence[str]]) -> None:
    """Bring a store up to date, inside a transaction that the caller has begun.

    The version is written in the same transaction: a migration that is interrupted has not begun.
    """
    for version in range(version_of(connection), len(steps)):
        for statement in steps[version]:
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {version + 1}")
