"""Labels as classes: what a class is called, and in which order classes are numbered."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.errors import DataError, shown

WHOLE = re.compile(r"[+-]?\d{1,1000}(\.0*)?")
"""A whole number as people and spreadsheets write it: 3, -3, 3.0; of more digits, Python reads none."""

NUMBERS_ARE_TARGETS = '; numbers to approximate are targets, as the dataset says it: target = "…"'
"""What is said where labels look like something else, behind what is wrong with them."""

MANY = 20
"""So many different numbers are more likely measured than counted."""


def classes_of(
    values: Iterable[Any], where: Callable[[int], str]
) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Return the class of each label, and the classes' names.

    A label is a text, a whole number (also as a float, 3.0) or a truth value; spaces around a text do not
    count. If all labels are whole numbers, classes are in numerical order and called without ".0"; else
    they are in alphabetical order.

    Parameters
    ----------
    values : iterable
        The labels.
    where : callable
        What messages call the place of the sample of an index.

    Returns
    -------
    y : ndarray of int64, shape (samples,)
    names : tuple of str

    Raises
    ------
    DataError
        If a label is missing, is something else, is a fraction, or spells a number in another way than
        another label does (1 and 01), since the two may or may not be one class.

    Examples
    --------
    >>> y, names = classes_of([10.0, 2.0, 10.0], "row {}".format)
    >>> y.tolist(), names
    ([1, 0, 1], ('2', '10'))
    """
    if isinstance(values, np.ndarray) and values.dtype.kind in "biufU":
        values = values.tolist()
    texts = np.array([_text(value, i, where) for i, value in enumerate(values)])
    found, first, y = np.unique(texts, return_index=True, return_inverse=True)
    places = dict(zip(found.tolist(), first.tolist(), strict=True))
    if not all(map(WHOLE.fullmatch, places)):
        if all(map(_is_number, places)):
            name = next(name for name in places if not WHOLE.fullmatch(name))
            raise DataError(_unfit(where(places[name]), name) + _hint(float(name)))
        return np.asarray(y, np.int64), tuple(places)
    numbers = {name: int(name.split(".")[0]) for name in places}
    ordered = sorted(numbers, key=numbers.__getitem__)
    for a, b in pairwise(ordered):
        if numbers[a] == numbers[b]:
            raise DataError(
                f"{where(max(places[a], places[b]))}: the labels {a!r} and {b!r} are one number in two "
                "spellings; spell each class in one way"
            )
    rank = {name: k for k, name in enumerate(ordered)}
    ranks = np.array([rank[name] for name in places], np.int64)
    return ranks[y], tuple(name.split(".")[0] for name in ordered)


def _text(value: Any, index: int, where: Callable[[int], str]) -> str:
    match value:
        case str():
            text = value.strip()
        case np.bool_() | Integral():
            return str(value)
        case Real() if float(value).is_integer():
            return str(int(float(value)))
        case None:
            text = ""
        case Real() if value == value:  # noqa: PLR0124  # a number, if a fraction or infinite
            raise DataError(_unfit(where(index), value) + _hint(float(value)))
        case Real():
            text = ""
        case _ if type(value).__name__ in ("NAType", "NaTType"):  # what pandas has for missing
            text = ""
        case _:
            raise DataError(_unfit(where(index), value))
    if not text:
        raise DataError(f"{where(index)}: the label is missing")
    return text


def look_like_targets(label_names: Sequence[str]) -> bool:
    """Tell whether labels are more likely numbers to approximate: there are many, and all are numbers.

    >>> look_like_targets([str(250_000 + i) for i in range(30)]), look_like_targets(["0", "1"])
    (True, False)
    """
    return len(label_names) > MANY and all(_is_number(name) for name in label_names)


def _unfit(where: str, came: object) -> str:
    return f"{where}: a label must be a whole number or a name, received {shown(came)}"


def _hint(value: float) -> str:
    """Say what a fraction may be instead of a label."""
    if not math.isfinite(value) or value.is_integer():
        return ""
    return NUMBERS_ARE_TARGETS


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
