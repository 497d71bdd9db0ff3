"""Runs of a store as a CSV or Parquet file: a row for each run, always in the same order."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from mlplab.errors import MissingExtraError, StoreError
from mlplab.spec import MetricName
from mlplab.staging import errors_named, staged_file
from mlplab.store.filtering import EVERYTHING, RunFilter
from mlplab.store.listing import readable_columns
from mlplab.store.schema import METRICS
from mlplab.store.score_names import scores_of
from mlplab.store.settings import differing_settings
from mlplab.store.store import Store

SUFFIXES = (".csv", ".parquet")

ROWS = 65_536
"""Of a group of a Parquet file: what is in memory at a time."""


def export_runs(store: Store, path: str | Path, chosen: RunFilter = EVERYTHING) -> None:
    """Write runs to a `.csv` or `.parquet` file, by the experiment's key and the seed.

    The columns are those of `readable_columns` of the metrics that the runs have, then the settings in
    which the experiments differ, in the order of their names. What is not a number is left empty, and so
    is a metric that a run does not have. Numbers are written so that they are read back to the bit. Of
    two stores of the same runs only `seconds`, `finished_at` and `command` may differ.

    Raises
    ------
    StoreError
        If the file has another suffix, or the store cannot be read.
    MissingExtraError
        If it is Parquet, and pyarrow is not installed.
    MlplabError
        If the file cannot be written; what was there before stays.
    """
    path = Path(path)
    if path.suffix.lower() not in SUFFIXES:
        raise StoreError(
            f"{path}: runs are exported to {' or '.join(SUFFIXES)}, received '{path.suffix}'"
        )
    # What is written to the store meanwhile comes neither to the columns nor to the rows.
    with store.snapshot(), staged_file(path) as stage, errors_named(stage):
        names, values = differing_settings(store, chosen)
        metrics = store.metrics(chosen) or METRICS[:1]
        rows = ((*row, *values[row[0]]) for row in store.rows(chosen, metrics))
        if path.suffix.lower() == ".csv":
            _write_csv(stage, [*readable_columns(metrics), *names], rows)
        else:
            _write_parquet(stage, _types(metrics, names, values), rows)


def _write_csv(path: Path, columns: list[str], rows: Iterator[tuple[Any, ...]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)


def _write_parquet(path: Path, types: dict[str, str], rows: Iterator[tuple[Any, ...]]) -> None:
    pyarrow, parquet = _pyarrow()
    schema = pyarrow.schema(list(types.items()))
    # Opened here, so that a path is never taken for an address on the network.
    with path.open("wb") as file, parquet.ParquetWriter(file, schema) as writer:
        while block := list(islice(rows, ROWS)):
            columns = zip(*block, strict=True)
            arrays = [
                pyarrow.array(column, kind.type)
                for column, kind in zip(columns, schema, strict=True)
            ]
            writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))


def _types(
    metrics: Collection[MetricName], names: list[str], values: dict[str, list[Any]]
) -> dict[str, str]:
    """Return the Parquet type of each column; a setting's is the narrowest that its values have."""
    types = dict.fromkeys(readable_columns(metrics), "string")
    types |= dict.fromkeys([score.name for score in scores_of(metrics)], "float64")
    types["seconds"] = "float64"
    types |= dict.fromkeys(("seed", "updates"), "int64")
    for i, name in enumerate(names):
        kinds = {type(row[i]) for row in values.values() if row[i] is not None}
        if kinds == {bool}:
            types[name] = "bool"
        elif kinds == {int}:
            types[name] = "int64"
        else:
            types[name] = "float64" if kinds <= {int, float} else "string"
    return types


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        needs = f"to export runs as Parquet needs pyarrow, and {error.name} is missing"
        raise MissingExtraError(needs, "data") from error
    return pyarrow, parquet
