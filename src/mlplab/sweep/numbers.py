"""Numbers as a table: a row for each cell of a map or candidate of a search, as CSV or Parquet."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mlplab.errors import MissingExtraError, MlplabError, suggestion
from mlplab.sweep.axis import label
from mlplab.sweep.search import TrainedSearch
from mlplab.sweep.trained_map import TrainedMap

FORMATS = ("csv", "parquet")


def cell_table(trained: TrainedMap, measure: str | None = None) -> dict[str, Sequence[Any]]:
    """Return the cells of a map as columns, row by row of the map, from y's first value.

    Columns are the two settings; how many runs were trained (`runs`), got `stuck` and `diverged`; the
    mean of each measure over the runs that did not diverge; and, beside the mean of the measure that is
    asked for, by default the metric on validation samples, its 95 % interval: as `TrainedMap.statistics`
    has them, nan where there is none.
    """
    plan = trained.plan
    y, x = np.divmod(np.arange(plan.cell_count), len(plan.x))
    columns: dict[str, Sequence[Any]] = {
        plan.x.setting: _values(plan.x.values, x),
        plan.y.setting: _values(plan.y.values, y),
        "runs": trained.trained.ravel().tolist(),
    }
    for ending in ("stuck", "diverged"):
        counts = np.nan_to_num(trained.fraction(ending)) * trained.trained
        columns[ending] = np.rint(counts).astype(np.int64).ravel().tolist()
    first = trained.find_measure(measure).name
    for name in sorted(trained.measures, key=lambda name: name != first):
        cells = trained.statistics(name)
        columns[f"{name}_mean"] = cells.mean.ravel().tolist()
        if name == first:
            columns[f"{name}_low"] = cells.low.ravel().tolist()
            columns[f"{name}_high"] = cells.high.ravel().tolist()
    return columns


def candidate_table(found: TrainedSearch) -> dict[str, Sequence[Any]]:
    """Return the candidates of a search as columns, in the order in which they were looked at.

    Columns are the candidate's number; its settings; its rank among those of the last round, empty for
    others; its last round, and the replications and epochs in it; how many runs got `stuck` and
    `diverged`; and the mean of the objective with its 95 % interval, nan where every run diverged.
    """
    plan, count = found.plan, len(found.changes)
    rank: list[int | None] = [None] * count
    for place, number in enumerate(found.ranking.tolist()):
        rank[number] = place + 1
    rounds = [found.rounds[number].round for number in found.last_round.tolist()]
    columns: dict[str, Sequence[Any]] = {"candidate": list(range(count))}
    for setting in plan.space.settings:
        values = [changes[setting] for changes in found.changes]
        columns[setting] = _values(values, np.arange(count))
    columns["rank"] = rank
    columns["round"] = (found.last_round + 1).tolist()
    columns["replications"] = [each.replications for each in rounds]
    columns["epochs"] = [
        changes.get("training.epochs", each.epochs)
        for changes, each in zip(found.changes, rounds, strict=True)
    ]
    for ending in ("stuck", "diverged"):
        counts = np.nan_to_num(found.column(ending)) * found.column("runs")
        columns[ending] = np.rint(counts).astype(np.int64).tolist()
    for what in ("mean", "low", "high"):
        columns[f"{plan.objective}_{what}"] = found.column(what).tolist()
    return columns


def write_table(columns: Mapping[str, Sequence[Any]], path: Path) -> None:
    """Write columns to a file of one of the `FORMATS`, by its suffix.

    Raises
    ------
    MlplabError
        If the suffix is of no such format.
    MissingExtraError
        If it is Parquet, and pyarrow is not installed.
    """
    form = path.suffix.removeprefix(".")
    check_format(form)
    if form == "parquet":
        arrow, parquet = _pyarrow()
        parquet.write_table(arrow.table(dict(columns)), path)
        return
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))


def read_map_settings(path: Path) -> dict[str, list[str]]:
    """Read the two settings of a map, each with its value in every cell as a text, from a `cell_table`.

    Raises
    ------
    MlplabError
        If the file cannot be read, or is no table of a map.
    MissingExtraError
        If it is Parquet, and pyarrow is not installed.
    """
    read = _parquet_columns if path.suffix == ".parquet" else _csv_columns
    try:
        columns = read(path)
    except MissingExtraError:
        raise
    except (OSError, ValueError, csv.Error) as error:  # Arrow's errors are of these, too
        raise MlplabError(f"cannot read the cells in '{path}': {error}") from error
    names = list(columns)
    if names[2:3] != ["runs"]:
        raise MlplabError(f"'{path}' holds no cells as `mlplab map` writes them")
    return {name: columns[name] for name in names[:2]}


def check_format(form: str) -> None:
    """Refuse a format that numbers cannot be written in, before any work.

    Raises
    ------
    MlplabError
        If it is none of `FORMATS`.
    MissingExtraError
        If it is Parquet, and pyarrow is not installed.
    """
    if form not in FORMATS:
        raise MlplabError(f"unknown format '{form}' of numbers; {suggestion(form, FORMATS)}")
    if form == "parquet":
        _pyarrow()


def _values(values: Sequence[Any], places: Any) -> list[Any]:
    """Return the value of each cell; as text, where they are not all numbers."""
    are_numbers = all(isinstance(value, int | float) for value in values)
    plain = list(values) if are_numbers else [label(value) for value in values]
    return [plain[place] for place in places.tolist()]


def _csv_columns(path: Path) -> dict[str, list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    return dict(zip(header, map(list, zip(*rows, strict=True)), strict=True))


def _parquet_columns(path: Path) -> dict[str, list[str]]:
    columns = _pyarrow()[1].read_table(path).to_pydict()
    return {name: [str(value) for value in values] for name, values in columns.items()}


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise MissingExtraError("numbers as Parquet need pyarrow", "data") from error
    return pyarrow, pyarrow.parquet
