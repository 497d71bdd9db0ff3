"""Datasets in files: all splits in one CSV, NPZ or Parquet file, and back from it exactly."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np

from mlplab.data.columns import SPLIT
from mlplab.data.dataset import Dataset
from mlplab.data.parquet_file import write_parquet
from mlplab.errors import DataError


def write_samples(
    dataset: Dataset,
    path: str | Path,
    label: str = "label",
    sample_weight: str = "sample_weight",
) -> None:
    """Write all splits to a `.csv`, `.npz` or `.parquet` file; a `SamplesFile` reads them back exactly.

    Standardised features are written as they are, standardised.

    Parameters
    ----------
    dataset : Dataset
    path : str or Path
    label : str
        Column of the labels; an NPZ file has them in its array `y`. Targets have columns of their own
        names there, and stand in `y`, too.
    sample_weight : str
        Column, or array of an NPZ file, of the samples' weights, where they have any.

    Raises
    ------
    DataError
        If the suffix is another, the file cannot be written, or a feature has the name of the label's
        column or of the splits'.
    MissingExtraError
        If it is Parquet, and pandas or pyarrow is not installed.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".npz", ".parquet"):
        raise DataError(
            f"{path}: samples are written to .csv, .npz or .parquet, received '{path.suffix}'"
        )
    parts = dataset.splits.values()
    x = np.concatenate([part.x for part in parts])
    y = np.concatenate([part.y for part in parts])
    y = y if dataset.has_targets else np.array(dataset.label_names)[y]
    answers = (
        dict(zip(dataset.target_names, y.T, strict=True)) if dataset.has_targets else {label: y}
    )
    split = np.repeat(list(dataset.splits), [len(part) for part in parts])
    columns = dict(zip(dataset.feature_names, x.T, strict=True))
    weights: dict[str, Any] = {}
    if any(part.weight is not None for part in parts):
        own = [np.ones(len(part)) if part.weight is None else part.weight for part in parts]
        weights = {sample_weight: np.concatenate(own)}
    for name in (*answers, SPLIT, *weights):
        if name in columns and suffix != ".npz":
            raise DataError(f"{path}: a feature and another column are both called {name!r}")
    for name in answers.keys() & weights.keys():
        raise DataError(
            f"{path}: the samples' weights and what is learned are both called {name!r}"
        )
    columns |= {**answers, SPLIT: split, **weights}
    try:
        if suffix == ".csv":
            with path.open("w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file)
                writer.writerow(columns)
                writer.writerows(zip(*(c.tolist() for c in columns.values()), strict=True))
        elif suffix == ".npz":
            with path.open("wb") as file:
                np.savez(
                    file, x=x, y=y, split=split, feature_names=dataset.feature_names, **weights
                )
        else:
            write_parquet(columns, path)
    except OSError as error:
        raise DataError(f"cannot write '{path}': {error.strerror}") from error
