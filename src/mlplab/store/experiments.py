"""Experiments in a store: by their keys, in full or as changes to another one."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.errors import SpecError, StoreError
from mlplab.spec import Experiment, MetricName
from mlplab.spec.canonical import NUMERICS_VERSION
from mlplab.store.inserting import insert_rows
from mlplab.store.opening import transaction
from mlplab.store.schema import METRICS


def spec_text(experiment: Experiment) -> str:
    """Return an experiment as the text that a store keeps: its table as JSON."""
    return _as_json(experiment.to_table())


def changes_text(changes: Mapping[str, Any]) -> str:
    """Return changes, as `Experiment.varied` takes them, as the text that a store keeps.

    Examples
    --------
    >>> changes_text({"training.optimizer.learning_rate": 0.1, "training.batch_size": 4})
    '{"training.batch_size":4,"training.optimizer.learning_rate":0.1}'
    """
    return _as_json(changes)


def add_experiments(
    connection: sqlite3.Connection,
    keys: Sequence[str],
    specs: Sequence[str],
    base: int | None,
    metric: MetricName,
) -> NDArray[np.int64]:
    """Add experiments that are not there yet, in one transaction; return the id of each."""
    blobs = [bytes.fromhex(key) for key in keys]
    count = len(blobs)
    shared = (NUMERICS_VERSION, base, METRICS.index(metric))
    rows = zip(blobs, *(repeat(value, count) for value in shared), specs, strict=True)
    with transaction(connection):
        (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM experiments").fetchone()
        before = connection.total_changes
        columns = ("key", "numerics", "base", "metric", "spec")
        insert_rows(connection, "experiments", columns, rows, "ON CONFLICT (key) DO NOTHING")
        if connection.total_changes - before == count:
            # All are new, and SQLite counts on from the last id.
            return np.arange(last + 1, last + count + 1)
        # Where most are new, so are their ids: to find each one by its key takes longer.
        ids = dict(connection.execute("SELECT key, id FROM experiments WHERE id > ?", (last,)))
    for key in blobs:
        if key not in ids:
            query = connection.execute("SELECT id FROM experiments WHERE key = ?", (key,))
            (ids[key],) = query.fetchone()
    return np.array([ids[key] for key in blobs], np.int64)


def find_experiment(connection: sqlite3.Connection, number: int, name: str) -> Experiment:
    """Return the experiment of an id, made anew from its text, and checked by its key.

    Raises
    ------
    StoreError
        If its text does not describe an experiment of its key and metric.
    """
    key, numerics, base, metric, text = connection.execute(
        "SELECT lower(hex(key)), numerics, base, metric, spec FROM experiments WHERE id = ?",
        (number,),
    ).fetchone()
    damaged = f"the store '{name}' is damaged: its experiment {key[:12]} cannot be made anew"
    try:
        table = json.loads(text)
        if base is None:
            experiment = Experiment(**table)
        else:
            experiment = find_experiment(connection, base, name).varied(table)
        # Other numerics gave it another key.
        is_right = numerics != NUMERICS_VERSION or experiment.key == key
    except (json.JSONDecodeError, TypeError, SpecError) as error:
        raise StoreError(f"{damaged}: {error}") from error
    if not is_right:
        raise StoreError(f"{damaged}: its spec has the key {experiment.key[:12]}")
    if (found := experiment.head.metric_name) != METRICS[metric]:
        raise StoreError(f"{damaged}: it has the metric {METRICS[metric]}, and its spec {found}")
    return experiment


def _as_json(table: Mapping[str, Any]) -> str:
    return json.dumps(table, sort_keys=True, separators=(",", ":"), allow_nan=False)
