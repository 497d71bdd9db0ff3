"""A CSV file as named columns of text."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mlplab.data.columns import said_of_separators
from mlplab.data.dataset import Float64
from mlplab.errors import DataError

_ALMOST = re.compile(r"[+-]?[\d.,_'’\s]*\d[\d.,_'’\s]*%?")
"""Digits with signs in between that Python's `float` does not take: 1_000, 1,5, 20 %."""

_PREAMBLES = ("sep=", "#TYPE ")
"""How a line begins that Excel, and PowerShell, may write above the header."""

_TRUTH = {"True": 1.0, "False": 0.0}


class CsvColumns:
    """A CSV file: a header, and a row for each sample. Blank lines do not count.

    Raises
    ------
    DataError
        If the file cannot be read, is not text in UTF-8 (or in UTF-16 with a byte-order mark), a row is
        longer than the header, or there is none.
    """

    def __init__(self, path: Path) -> None:
        self.source = str(path)
        rows: list[list[str]] = []
        lines: list[int] = []
        text = _text(path)
        self._underscores = "_" in text  # Python reads 1_000 as a number, and nobody else does
        lines_of_text = io.StringIO(text, newline="")
        reader = csv.reader(lines_of_text, skipinitialspace=True, strict=True)
        try:
            for row in reader:
                if any(map(str.strip, row)) and (rows or not row[0].startswith(_PREAMBLES)):
                    rows.append(row)
                    lines.append(reader.line_num)
        except csv.Error as error:
            line = lines[-1] + 1 if lines else 1
            raise DataError(
                f"{path}, line {line}: the row cannot be read ({error}); is each quotation mark closed?"
            ) from None
        header, *rows = rows or [[]]
        self.names: Sequence[str] = [name.strip() for name in header]
        self.lines: NDArray[np.int64] = np.array(lines[1:], np.int64)
        width = len(header)
        for i, row in enumerate(rows):
            if len(row) != width:
                if any(map(str.strip, row[width:])):
                    if why := said_of_separators(self.names):  # numbers may be written with commas
                        raise DataError(f"{self.source}: {why}")
                    raise DataError(
                        f"{self.where(i)}: the row has more values than the header has names ({width})"
                    )
                rows[i] = row[:width] + [""] * (width - len(row))
        self._columns = dict(zip(self.names, zip(*rows, strict=True), strict=False))

    def where(self, row: int) -> str:
        """Return what messages call a row: the line that it ends on."""
        return f"{self.source}, line {self.lines[row]}"

    def holds_numbers(self, name: str) -> bool:
        """Return whether one value is a number at least, or nearly so, or all are True and False.

        A column of words is none. One with a number in it is meant as numbers, so that a word in between
        is found, and not passed over together with its column.
        """
        values = self.values(name)
        if any(map(_like_a_number, values)):  # as a rule the first
            return True
        words = set(values) - {""}
        return bool(words) and words <= _TRUTH.keys()

    def numbers(self, name: str) -> Float64:
        """Return a column as numbers; True and False, if there is nothing else, are 1 and 0.

        Raises
        ------
        DataError
            If a value is no number, with its line.
        """
        values = self.values(name)
        if not self._underscores:
            with suppress(ValueError):
                return np.array(list(map(float, values)))
        if all(map(_TRUTH.__contains__, values)):
            return np.array([_TRUTH[value] for value in values])
        numbers = list(map(_number, values))
        if None in numbers:
            row = numbers.index(None)
            raise DataError(
                f"{self.where(row)}, column {name!r}: expected a number, received {values[row]!r}"
            )
        return np.array(numbers, np.float64)

    def values(self, name: str) -> Sequence[str]:
        """Return a column's texts."""
        return self._columns.get(name, ())


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"cannot read '{path}': {error.strerror}") from error
    utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path} is not text in UTF-8 ({error.reason} at byte {error.start}); save it as CSV UTF-8"
        ) from None
    if "\0" in text:
        raise DataError(f"{path} is not text in UTF-8 (it holds zero bytes); save it as CSV UTF-8")
    return text


def _number(value: str) -> float | None:
    try:
        return None if "_" in value else float(value)
    except ValueError:
        return None


def _like_a_number(value: str) -> bool:
    return _number(value) is not None or bool(_ALMOST.fullmatch(value.strip()))
