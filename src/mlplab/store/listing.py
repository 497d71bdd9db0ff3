"""What a store has, to be read by people: experiments, commands, and runs in words."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from mlplab.spec import MetricName
from mlplab.store.filtering import RunFilter
from mlplab.store.schema import CAUSES, ENDINGS, METRICS
from mlplab.store.score_names import scores_of


def readable_columns(metrics: Collection[MetricName]) -> tuple[str, ...]:
    """Return the columns of runs of some metrics in words.

    >>> readable_columns(["r2"])[4:7]
    ('train_loss', 'train_r2', 'validation_loss')
    """
    return (
        *("experiment", "seed", "ending", "cause"),
        *(score.name for score in scores_of(metrics)),
        *("updates", "seconds", "finished_at", "command"),
    )


READABLE = readable_columns(METRICS)
"""Columns of the view `readable_runs`, in their order."""


@dataclass(frozen=True)
class StoredExperiment:
    """What runs of an experiment came to.

    Attributes
    ----------
    id : int
        Its number in this store.
    key : str
    runs, stuck, diverged : int
    first_seed, last_seed : int
    metric : str
        What `test_metric` is, such as the accuracy.
    test_metric : float or None
        Its mean over the runs that did not diverge; None without any.
    """

    id: int
    key: str
    runs: int
    stuck: int
    diverged: int
    first_seed: int
    last_seed: int
    metric: MetricName
    test_metric: float | None


@dataclass(frozen=True)
class Command:
    """A command that trained runs.

    Attributes
    ----------
    id : int
        Its number in this store.
    text : str
    version : str
        Its mlplab.
    started_at : int
        Seconds since 1970, UTC.
    """

    id: int
    text: str
    version: str
    started_at: int


def count(connection: sqlite3.Connection, chosen: RunFilter) -> tuple[int, int]:
    """Return how many runs there are, and of how many experiments."""
    where, values = chosen.where()
    runs, experiments = connection.execute(
        f"SELECT count(*), count(DISTINCT experiment) FROM runs WHERE {where}", values
    ).fetchone()
    return runs, experiments


def list_experiments(
    connection: sqlite3.Connection, chosen: RunFilter, limit: int | None
) -> list[StoredExperiment]:
    """Return the experiments of runs, in the order of their keys, at most `limit` of them."""
    where, values = chosen.where()
    rows = connection.execute(
        f"""
        SELECT experiments.id, lower(hex(experiments.key)), count(*), total(ending = 1),
               total(ending = 2), min(seed), max(seed), experiments.metric,
               avg(CASE WHEN ending != 2 THEN test_metric END)
        FROM experiments CROSS JOIN runs ON runs.experiment = experiments.id
        WHERE {where} GROUP BY experiments.key ORDER BY experiments.key LIMIT ?
        """,
        [*values, -1 if limit is None else limit],
    )
    return [
        StoredExperiment(
            *(number, key, runs, int(stuck), int(diverged), first, last), METRICS[metric], mean
        )
        for number, key, runs, stuck, diverged, first, last, metric, mean in rows
    ]


def list_specs(
    connection: sqlite3.Connection, chosen: RunFilter
) -> list[tuple[int, str, int | None, str]]:
    """Return id, key, base and text of the experiments of runs, in the order of their keys."""
    where, values = chosen.where()
    return connection.execute(
        f"""
        SELECT id, lower(hex(key)), base, spec FROM experiments
        WHERE EXISTS (SELECT 1 FROM runs WHERE runs.experiment = experiments.id AND {where})
        ORDER BY key
        """,
        values,
    ).fetchall()


def list_commands(connection: sqlite3.Connection, chosen: RunFilter) -> list[Command]:
    """Return the commands that have trained runs, the oldest first."""
    where, values = chosen.where()
    rows = connection.execute(
        f"""
        SELECT id, text, version, started_at FROM commands
        WHERE id IN (SELECT command FROM runs WHERE {where}) ORDER BY id
        """,
        values,
    )
    return [Command(*row) for row in rows]


def list_metrics(connection: sqlite3.Connection, chosen: RunFilter) -> list[MetricName]:
    """Return the metrics that runs have, in the order of `METRICS`."""
    where, values = chosen.where()
    rows = connection.execute(
        f"""
        SELECT DISTINCT metric FROM experiments
        WHERE EXISTS (SELECT 1 FROM runs WHERE runs.experiment = experiments.id AND {where})
        ORDER BY metric
        """,
        values,
    )
    return [METRICS[metric] for (metric,) in rows]


def readable_rows(
    connection: sqlite3.Connection, chosen: RunFilter, metrics: Collection[MetricName]
) -> Iterator[tuple[Any, ...]]:
    """Yield rows of `readable_columns` by the experiment's key and the seed.

    The order is that of the tables' indices, so that nothing is sorted and the first row comes at once.

    Parameters
    ----------
    connection : sqlite3.Connection
    chosen : RunFilter
    metrics : collection of str
        Those that the runs have: what is of another one is left out.
    """
    where, values = chosen.where()
    scores = [
        score.column
        if score.metric is None
        else f"CASE metric WHEN {METRICS.index(score.metric)} THEN {score.column} END"
        for score in scores_of(metrics)
    ]
    rows = connection.execute(
        f"""
        SELECT lower(hex(experiments.key)), seed, ending, cause, {", ".join(scores)},
               updates, seconds, strftime('%Y-%m-%dT%H:%M:%SZ', finished_at, 'unixepoch'), commands.text
        FROM experiments CROSS JOIN runs ON runs.experiment = experiments.id
        CROSS JOIN commands ON commands.id = runs.command
        WHERE {where} ORDER BY experiments.key, seed
        """,
        values,
    )
    for key, seed, ending, cause, *rest in rows:
        yield key, seed, ENDINGS[ending], CAUSES[cause], *rest
