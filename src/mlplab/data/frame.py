"""A DataFrame as named columns: pandas's, or any other whose columns NumPy can read."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from typing import Any, Protocol, TypeGuard

import numpy as np
from numpy.typing import NDArray

from mlplab.data.dataset import Float64
from mlplab.errors import DataError, shown


class DataFrame(Protocol):
    """What is needed of a DataFrame: names of columns, and a column by its name."""

    @property
    def columns(self) -> Any:
        """Names of the columns."""
        ...

    def __getitem__(self, name: Any, /) -> Any:
        """Return a column."""
        ...


def is_frame(data: object) -> TypeGuard[DataFrame]:
    """Return whether something is a DataFrame."""
    return hasattr(data, "columns") and hasattr(data, "__getitem__")


class FrameColumns:
    """A DataFrame's columns. Rows are counted from 0, whatever the index says."""

    def __init__(self, frame: DataFrame, source: str) -> None:
        self.source = source
        self.names: Sequence[str] = [str(name).strip() for name in frame.columns]
        self._frame = frame
        self._keys = dict(zip(self.names, frame.columns, strict=True))

    def where(self, row: int) -> str:
        """Return what messages call a row."""
        return f"{self.source}, row {row}"

    def holds_numbers(self, name: str) -> bool:
        """Return whether all values are numbers or truth values, save those that are missing."""
        values = self.values(name)
        if values.dtype.kind != "O":
            return values.dtype.kind in "biuf"
        there = [value for value in values.tolist() if not _missing(value)]
        return bool(there) and all(isinstance(value, Real | np.bool_) for value in there)

    def numbers(self, name: str) -> Float64:
        """Return a column as numbers.

        Raises
        ------
        DataError
            If a value is missing or no number, with its row.
        """
        values = self.values(name)
        if values.dtype.kind in "biuf":
            return values.astype(np.float64)
        for row, value in enumerate(values.tolist()):
            if not isinstance(value, Real | np.bool_) or _missing(value):
                came = "nothing" if _missing(value) else shown(value)
                raise DataError(
                    f"{self.where(row)}, column {name!r}: expected a number, received {came}"
                )
        return values.astype(np.float64)

    def values(self, name: str) -> NDArray[Any]:
        """Return a column as an array."""
        values: NDArray[Any] = np.asarray(self._frame[self._keys[name]])
        return values


def _missing(value: object) -> bool:
    return value is None or type(value).__name__ == "NAType"
