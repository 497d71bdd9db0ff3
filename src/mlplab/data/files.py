"""Points in files: read own points from CSV or NPZ, write any dataset as either.

CSV: columns `x1`, `x2`, `label` and, if wanted, `split` (train, validation, test), in any order.
NPZ: arrays `x` (points, 2), `y` (points,) and, if wanted, `split` (points,). Never pickled.
"""

from __future__ import annotations

import csv
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.npyio import NpzFile
from numpy.typing import NDArray

from mlplab.data.dataset import SPLITS, Dataset, Float, Split
from mlplab.errors import DataError, suggestion
from mlplab.spec import SamplesFile
from mlplab.streams import stream, uniform

Text = NDArray[np.str_]


def read_samples(spec: SamplesFile, seed: int) -> Dataset:
    """Read a file of points; where it names no splits, choose them by the seed's points stream.

    Classes are the distinct labels: in numerical order if all are whole numbers, else alphabetically.

    Raises
    ------
    DataError
        If the file cannot be read, a column is missing, a coordinate is no finite number, there is
        only one class, or a class is missing from a split; one sentence that says where.
    """
    path = Path(spec.path)
    match path.suffix.lower():
        case ".csv":
            x, labels, split = _read_csv(path)
        case ".npz":
            x, labels, split = _read_npz(path)
        case other:
            raise DataError(f"{path}: points are read from .csv or .npz, received '{other}'")
    names = _label_names(labels)
    if len(names) < 2:
        raise DataError(f"{path}: two classes at least are needed, received only {names[0]!r}")
    y = np.array([names.index(label) for label in labels.tolist()], dtype=np.int64)
    if split is None:
        split = _choose_splits(path, spec, y, names, seed)
    splits = {name: Split(x[split == name], y[split == name]) for name in SPLITS}
    for name, part in splits.items():
        missing = sorted(set(range(len(names))) - set(part.y.tolist()))
        if missing:
            raise DataError(
                f"{path}: the {name} split has no sample of class {names[missing[0]]!r}"
            )
    return Dataset(**splits, label_names=names)


def write_samples(dataset: Dataset, path: str | Path) -> None:
    """Write all splits to a `.csv` or `.npz` file; as a `SamplesFile` it is read back exactly.

    Raises
    ------
    DataError
        If the suffix is neither, or the file cannot be written.
    """
    path = Path(path)
    x = np.concatenate([part.x for part in dataset.splits.values()])
    y = np.concatenate([part.y for part in dataset.splits.values()])
    labels = np.array(dataset.label_names)[y]
    split = np.repeat(list(dataset.splits), [len(part) for part in dataset.splits.values()])
    try:
        if path.suffix.lower() == ".csv":
            with path.open("w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file)
                writer.writerow(["x1", "x2", "label", "split"])
                writer.writerows(zip(*x.T.tolist(), labels.tolist(), split.tolist(), strict=True))
        elif path.suffix.lower() == ".npz":
            with path.open("wb") as file:
                np.savez(file, x=x, y=labels, split=split)
        else:
            raise DataError(f"{path}: points are written to .csv or .npz, received '{path.suffix}'")
    except OSError as error:
        raise DataError(f"cannot write '{path}': {error.strerror}") from error


def _read_csv(path: Path) -> tuple[Float, Text, Text | None]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, skipinitialspace=True)
            columns = [name.strip() for name in reader.fieldnames or ()]
            reader.fieldnames = columns
            rows = [(f"{path}, line {reader.line_num}", row) for row in reader]
    except OSError as error:
        raise DataError(f"cannot read '{path}': {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path} is not a CSV file of UTF-8 text: {error}") from error
    for column in ("x1", "x2", "label"):
        if column not in columns:
            found = ", ".join(columns) or "no header at all"
            hint = "; separate columns by commas" if {";", "\t"} & set(found) else ""
            raise DataError(f"{path}: column '{column}' is missing (found: {found}){hint}")
    if not rows:
        raise DataError(f"{path}: no points below the header")
    x = np.empty((len(rows), 2))
    labels = []
    for i, (where, row) in enumerate(rows):
        if any(row.get(None, ())):
            raise DataError(f"{where}: {len(columns)} values were expected, there are more")
        for j, column in enumerate(("x1", "x2")):
            x[i, j] = _number(row[column], f"{where}, column {column}")
        labels.append((row["label"] or "").strip())
        if not labels[-1]:
            raise DataError(f"{where}: the label is missing")
    if "split" not in columns:
        return x, np.array(labels), None
    split = np.array([(row["split"] or "").strip() for _, row in rows])
    _check_split(path, split)
    return x, np.array(labels), split


def _read_npz(path: Path) -> tuple[Float, Text, Text | None]:
    try:
        with path.open("rb") as file, NpzFile(file, allow_pickle=False) as archive:
            found = ", ".join(archive) or "no arrays at all"
            arrays = {name: archive[name] for name in ("x", "y", "split") if name in archive}
    except OSError as error:
        raise DataError(f"cannot read '{path}': {error.strerror or error}") from error
    except (ValueError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        raise DataError(f"{path} is not an NPZ file of plain arrays: {error}") from error
    for name in ("x", "y"):
        if name not in arrays:
            raise DataError(f"{path}: array '{name}' is missing (found: {found})")
    x, y = arrays["x"], arrays["y"]
    if x.ndim != 2 or x.shape[1] != 2 or y.shape != x.shape[:1] or not len(x):
        raise DataError(
            f"{path}: expected x of shape (points, 2) and y of shape (points,), "
            f"received {x.shape} and {y.shape}"
        )
    if not np.issubdtype(x.dtype, np.number) or np.iscomplexobj(x) or not np.isfinite(x).all():
        raise DataError(f"{path}: x must hold finite real numbers only")
    split = arrays.get("split")
    if split is not None:
        if split.dtype.kind != "U" or split.shape != y.shape:
            raise DataError(
                f"{path}: expected split to be text of shape {y.shape}, "
                f"received {split.dtype} of shape {split.shape}"
            )
        _check_split(path, split)
    return x.astype(np.float64), _labels(path, y), split


def _labels(path: Path, y: NDArray[Any]) -> Text:
    if y.dtype.kind == "f":
        whole = np.isfinite(y) & (y == np.round(y))
        if not whole.all():
            came = y[~whole][0]
            raise DataError(f"{path}: y must hold whole numbers or names, received {came}")
        y = y.astype(np.int64)
    if y.dtype.kind not in "biuU":
        raise DataError(f"{path}: y must hold whole numbers or names, received {y.dtype}")
    labels = np.strings.strip(y.astype(str))
    if "" in labels.tolist():
        raise DataError(f"{path}: y must name a class for each point, received an empty name")
    return labels


def _number(text: str | None, where: str) -> float:
    try:
        value = float(text or "")
    except ValueError:
        raise DataError(f"{where}: expected a number, received {text or ''!r}") from None
    if not np.isfinite(value):
        raise DataError(f"{where}: expected a finite number, received {text!r}")
    return value


def _check_split(path: Path, split: Text) -> None:
    for name in np.unique(split).tolist():
        if name not in SPLITS:
            raise DataError(f"{path}: unknown split {name!r}; {suggestion(name, SPLITS)}")


def _label_names(labels: Text) -> tuple[str, ...]:
    names = np.unique(labels).tolist()
    if all(name.removeprefix("-").isdecimal() for name in names):
        return tuple(sorted(names, key=int))
    return tuple(names)


def _choose_splits(
    path: Path, spec: SamplesFile, y: NDArray[np.int64], names: tuple[str, ...], seed: int
) -> Text:
    """Choose within each class, so that every split has every class: the file's points in random
    order, the first share for validation, the next for the test, at least one each.
    """
    split = np.full(len(y), "train", dtype="U10")
    for k, name in enumerate(names):
        members = np.flatnonzero(y == k)
        n = len(members)
        if n < 3:
            raise DataError(f"{path}: each class needs three points at least, {name!r} has {n}")
        shuffled = members[np.argsort(uniform(stream(seed, "samples", k), n))]
        validation = min(max(1, round(spec.validation_fraction * n)), n - 2)
        test = min(max(1, round(spec.test_fraction * n)), n - validation - 1)
        split[shuffled[:validation]] = "validation"
        split[shuffled[validation : validation + test]] = "test"
    return split
