"""Named columns, as tables have them: which are features, and their values as numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mlplab.data.dataset import Float64
from mlplab.errors import DataError, MissingLabelError, shown, suggestion

SPLIT = "split"
"""Name of the column that says which split a sample belongs to."""

_MOST_NAMES = 20


class Columns(Protocol):
    """A table, whatever it was read from.

    Attributes
    ----------
    source : str
        What messages call the table.
    names : sequence of str
        Of the columns, without spaces around them; empty for a column without a name.
    """

    source: str
    names: Sequence[str]

    def where(self, row: int) -> str:
        """Return what messages call the place of a row, counted from 0."""
        ...

    def holds_numbers(self, name: str) -> bool:
        """Return whether a column is one of numbers."""
        ...

    def numbers(self, name: str) -> Float64:
        """Return a column as numbers, shape (rows,), some of which may not be finite.

        Raises
        ------
        DataError
            If a value is missing or no number.
        """
        ...

    def values(self, name: str) -> Sequence[Any] | NDArray[Any]:
        """Return a column as it stands."""
        ...


def check_names(
    columns: Columns,
    answers: Sequence[str],
    what: str,
    features: Sequence[str] | None,
    sample_weight: str | None = None,
) -> None:
    """Refuse a table that has two columns of one name, or lacks one that was asked for; and a column that
    is asked for as two things.

    Parameters
    ----------
    answers : sequence of str
        The label's column, or those of targets.
    what : str
        `label` or `target`.
    """
    named = Counter(name for name in columns.names if name)  # in their order
    for name, count in named.items():
        if count > 1:
            raise DataError(f"{columns.source}: {count} columns are called {name!r}")
    _check_apart(columns, [(name, what) for name in answers], features, sample_weight)
    weights = () if sample_weight is None else (sample_weight,)
    for name in (*answers, *weights, *(features or ())):
        if not isinstance(name, str):
            raise DataError(
                f"{columns.source}: columns are named by text, such as {str(name)!r}, received "
                f"{shown(name)}"
            )
        if name not in named:
            if separators := said_of_separators(list(named)):
                why = separators
            elif named:
                few = [*islice(named, _MOST_NAMES), *["…"] * (len(named) > _MOST_NAMES)]
                why = suggestion(name, few)
            else:
                why = "there is no header at all"
            if name in answers:
                missing = MissingLabelError if what == "label" else DataError
                raise missing(f"{columns.source}: the {what}'s column {name!r} is missing; {why}")
            raise DataError(f"{columns.source}: column {name!r} is missing; {why}")


def said_of_separators(names: Sequence[str]) -> str:
    """Return a sentence if names have other separators than commas in them, an empty text if not."""
    if not any(";" in name or "\t" in name for name in names):
        return ""
    return f"the header is {', '.join(filter(None, names))!r}: separate columns by commas"


def _check_apart(
    columns: Columns,
    answers: Sequence[tuple[str, str]],
    features: Sequence[str] | None,
    sample_weight: str | None,
) -> None:
    """Refuse a column that is asked for as two things."""
    taken = [*answers, (SPLIT, "split")]
    for name, what in taken:
        if sample_weight == name:
            raise DataError(
                f"{columns.source}: {name!r} is the {what} and cannot be the samples' weight"
            )
    if sample_weight is not None:
        taken.append((sample_weight, "samples' weight"))
    for name, what in taken:
        if name in (features or ()):
            raise DataError(f"{columns.source}: {name!r} is the {what} and cannot be a feature")


def features_of(
    columns: Columns, answers: Sequence[str], sample_weight: str | None = None
) -> tuple[str, ...]:
    """Return the names of all columns of numbers.

    A column without a name (pandas writes its index so), those of the label or the targets, that of the
    samples' weights and `split` are never features.
    """
    apart = (*answers, SPLIT, sample_weight)
    names = [name for name in columns.names if name and name not in apart]
    chosen = tuple(name for name in names if columns.holds_numbers(name))
    if not chosen:
        found = ", ".join(names) or "none besides what is to be learned"
        raise DataError(f"{columns.source}: no column of numbers to learn from (found: {found})")
    return chosen


def matrix_of(columns: Columns, names: Sequence[str]) -> Float64:
    """Return some columns as a matrix, shape (rows, columns).

    Raises
    ------
    DataError
        If a value is not a finite number, with its row and column.
    """
    x = np.stack([columns.numbers(name) for name in names], axis=1)
    if not np.isfinite(x).all():
        row, column = np.argwhere(~np.isfinite(x))[0].tolist()
        came = columns.values(names[column])[row]
        raise DataError(
            f"{columns.where(row)}, column {names[column]!r}: expected a finite number, "
            f"received {came.item() if isinstance(came, np.generic) else came!r}"
        )
    return x
