"""A Parquet file of samples, read and written by pandas."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mlplab.data.frame import DataFrame
from mlplab.errors import DataError, MissingExtraError


def read_parquet(path: Path) -> DataFrame:
    """Return a Parquet file as a DataFrame.

    Raises
    ------
    MissingExtraError
        If pandas or pyarrow is not installed.
    DataError
        If the file cannot be read.
    """
    pandas = _pandas("reading")
    try:
        # Opened here, so that a path is never taken for an address on the network.
        with path.open("rb") as file:
            frame: DataFrame = pandas.read_parquet(file, engine="pyarrow")
    except OSError as error:
        raise DataError(f"cannot read '{path}': {error.strerror or error}") from error
    except ValueError as error:  # pyarrow's ArrowInvalid is one
        raise DataError(f"{path} is not a Parquet file: {error}") from error
    return frame


def write_parquet(columns: dict[str, Any], path: Path) -> None:
    """Write named columns to a Parquet file.

    Raises
    ------
    MissingExtraError
        If pandas or pyarrow is not installed.
    OSError
        If the file cannot be written.
    """
    pandas = _pandas("writing")
    with path.open("wb") as file:
        pandas.DataFrame(columns).to_parquet(file, engine="pyarrow", index=False)


def _pandas(what: str) -> Any:
    try:
        import pandas
        import pyarrow  # noqa: F401  # what pandas reads with
    except ImportError as error:
        needs = f"{what} Parquet needs pandas and pyarrow, and {error.name} is missing"
        raise MissingExtraError(needs, "data") from error
    return pandas
