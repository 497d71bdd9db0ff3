"""Features alone, without labels or targets: what a trained network is to predict."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mlplab.data.columns import Columns, check_names, matrix_of
from mlplab.data.csv_file import CsvColumns
from mlplab.data.dataset import Float64
from mlplab.data.frame import FrameColumns
from mlplab.data.parquet_file import read_parquet
from mlplab.errors import DataError


def read_features(path: Path, feature_names: Sequence[str]) -> Float64:
    """Read the features of samples from a `.csv` or `.parquet` file.

    Parameters
    ----------
    path : Path
        A column for each feature, by its name, in any order. Other columns do not count.
    feature_names : sequence of str

    Returns
    -------
    ndarray of float64, shape (samples, features)
        Finite numbers, in the order of the names.

    Raises
    ------
    DataError
        If the file cannot be read, a column is missing, a value is no finite number, or there is no
        sample.
    MissingExtraError
        If it is Parquet, and pandas or pyarrow is not installed.
    """
    columns = _columns(path)
    found = [name for name in columns.names if name]
    if len(found) < len(feature_names) and set(found) <= set(feature_names):
        raise DataError(
            f"{path}: expected the {len(feature_names)} features {', '.join(feature_names)}, received "
            f"{len(found)}: {', '.join(found) or 'there is no header at all'}"
        )
    check_names(columns, (), "label", feature_names)
    if not len(columns.values(feature_names[0])):
        raise DataError(f"{columns.source}: no samples below the header")
    return matrix_of(columns, feature_names)


def _columns(path: Path) -> Columns:
    match path.suffix.lower():
        case ".csv":
            return CsvColumns(path)
        case ".parquet":
            return FrameColumns(read_parquet(path), str(path))
        case other:
            raise DataError(f"{path}: features are read from .csv or .parquet, received '{other}'")
