"""What the student's code returned and changed, as plain data: arrays, numbers by name, names."""

from __future__ import annotations

from typing import Any

import numpy as np

from .messages import NUMBERS

LARGEST = 2**22
"""Bytes of an array that is passed on; right answers have some thousand."""


def describe_value(value: Any) -> dict[str, Any]:
    """Return numbers as an array of any shape and dtype of numbers, and of anything else what it is.

    An array of floats that are neither float32 nor float64 comes as float64, with the name of its dtype.

    Examples
    --------
    >>> describe_value([[1, 2]]), describe_value(None), describe_value("0.5")
    ({'array': array([[1, 2]])}, {'other': 'None'}, {'other': 'str'})
    """
    if value is Ellipsis or value is NotImplemented:
        return {"fault": {"kind": "unwritten", "type": repr(value), "message": ""}}
    if value is None or isinstance(value, str | bytes | dict | set):
        return {"other": "None" if value is None else type(value).__name__}
    try:
        array = np.asarray(value)
        if array.dtype == object:
            array = array.astype(float)
    except (TypeError, ValueError, OverflowError):
        return {"other": f"{type(value).__name__} of unequal or other things"}
    if array.dtype.kind not in NUMBERS or array.nbytes > LARGEST:
        return {"other": f"array of {array.dtype}, shape {array.shape}"}
    exotic = array.dtype.kind == "f" and array.dtype.itemsize not in (4, 8)
    return {"array": array.astype(float), "dtype": str(array.dtype)} if exotic else {"array": array}


def numbers_by_name(value: Any) -> list[list[Any]]:
    """Return the numbers that `evaluate` returned, each with the words by which it can be found.

    Examples
    --------
    >>> numbers_by_name({"train": {"loss": 0.5}}), numbers_by_name((0.5, [0.9]))
    ([['train loss', 0.5]], [['', 0.5], ['', 0.9]])
    """
    if isinstance(value, dict):
        return [
            [f"{key} {name}".strip(), number]
            for key, part in value.items()
            for name, number in numbers_by_name(part)
        ]
    if isinstance(value, tuple | list):
        return [pair for part in value for pair in numbers_by_name(part)]
    array = describe_value(value).get("array", np.zeros(0))
    return [["", float(number)] for number in array.reshape(-1)[:100]]


def copied(value: Any) -> Any:
    """Return a copy of arrays, in dictionaries and lists."""
    if isinstance(value, dict):
        return {name: copied(part) for name, part in value.items()}
    if isinstance(value, list):
        return [copied(part) for part in value]
    return value.copy() if isinstance(value, np.ndarray) else value


def changed_names(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return the names of arrays, and lists of arrays, that are no longer as before.

    >>> changed_names({"x": np.ones(2), "W": [np.ones(2)]}, {"x": np.zeros(2), "W": [np.ones(2)]})
    ['x']
    """
    return [
        name
        for name, old in before.items()
        if isinstance(old, np.ndarray | list) and not _equal(old, after.get(name))
    ]


def _equal(old: Any, new: Any) -> bool:
    if isinstance(old, list):
        return isinstance(new, list) and len(old) == len(new) and all(map(_equal, old, new))
    return bool(np.array_equal(old, new))
