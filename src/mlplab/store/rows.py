"""Outcomes as rows of a store or as columns of numbers, and back, to the bit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.run import Outcomes
from mlplab.run.ending import TEXT_TYPES
from mlplab.store.schema import CAUSES, ENDINGS, SCORES

COLUMNS = ("experiment", "seed", "ending", "cause", *SCORES, "updates", "seconds")
"""What the table of runs keeps of outcomes, in its order."""

_INTEGERS = ("experiment", "seed", "ending", "cause", "updates")
_ROW = np.dtype([(name, "i8" if name in _INTEGERS else "f8") for name in COLUMNS])


def as_rows(outcomes: Outcomes, *shared: int) -> Iterator[tuple[Any, ...]]:
    """Return a row of `COLUMNS` for each run, and after it the values that all rows share.

    Their `experiment` is the id in the store. SQLite writes NULL for what is not a number.
    """
    columns = as_columns(outcomes)
    lists = (column.tolist() for column in columns.values())
    # A tuple is made once for each row, in C: this is called a million times for a map.
    return zip(*lists, *(repeat(value, len(outcomes)) for value in shared), strict=True)


def from_rows(rows: Iterable[tuple[Any, ...]]) -> Outcomes:
    """Return rows of `COLUMNS` as outcomes; NumPy reads NULL as not a number."""
    table = np.fromiter(rows, _ROW)
    return from_columns({name: np.ascontiguousarray(table[name]) for name in COLUMNS})


def as_columns(outcomes: Outcomes) -> dict[str, NDArray[Any]]:
    """Return arrays of shape (runs,) by the names of `COLUMNS`: numbers only, words as their codes."""
    columns: dict[str, NDArray[Any]] = {name: getattr(outcomes, name) for name in COLUMNS}
    columns["ending"] = _codes(outcomes.ending, ENDINGS)
    columns["cause"] = _codes(outcomes.cause, CAUSES)
    return columns


def from_columns(columns: Mapping[str, NDArray[Any]]) -> Outcomes:
    """Return what `as_columns` made as outcomes."""
    words = {
        "ending": np.array(ENDINGS, TEXT_TYPES["ending"])[columns["ending"]],
        "cause": np.array(CAUSES, TEXT_TYPES["cause"])[columns["cause"]],
    }
    return Outcomes(**{**columns, **words})


def _codes(words: NDArray[np.str_], known: tuple[str, ...]) -> NDArray[np.uint8]:
    """Return the place of each word among the known ones.

    Raises
    ------
    ValueError
        If a word is none of them.
    """
    matches = words == np.array(known)[:, None]
    if not matches.any(axis=0).all():
        raise ValueError(f"expected words of {known}, received {sorted(set(words.tolist()))}")
    return np.asarray(matches.argmax(axis=0), np.uint8)
