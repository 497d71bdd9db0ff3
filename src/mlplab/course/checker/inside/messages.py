"""How judge and student's process write to each other: JSON, with arrays as their bytes. Never pickle.

What comes out of the student's process is not to be trusted, and unpickling it would run its code in
the judge's.
"""

from __future__ import annotations

import base64
import json
import math
import re
from typing import Any

import numpy as np

ARRAY = "__array__"
NUMBERS = "fiub"
"""Kinds of NumPy's dtypes that may travel: floats, whole numbers and truth values."""

_DTYPE = re.compile(f"[<>|=][{NUMBERS}][0-9]{{1,2}}")


def pack(value: Any) -> bytes:
    """Write dictionaries, lists, texts, numbers and arrays of numbers.

    Examples
    --------
    >>> unpack(pack({"x": np.array([[1.0, np.inf]])}))
    {'x': array([[ 1., inf]])}
    """
    return json.dumps(value, default=_write_array).encode()


def unpack(content: bytes) -> Any:
    """Read what `pack` wrote; a half of a surrogate pair, which no text can hold, becomes `?`.

    Raises
    ------
    ValueError
        If it is not that, whatever it is.
    """
    try:
        return _with_whole_characters(json.loads(content, object_hook=_read_array))
    except (TypeError, KeyError, AttributeError, RecursionError, MemoryError) as error:
        raise ValueError(f"no message of ours: {error}") from error


def _write_array(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    if not isinstance(value, np.ndarray) or value.dtype.kind not in NUMBERS:
        raise TypeError(f"cannot write {type(value).__name__}")
    plain = np.ascontiguousarray(value)
    data = base64.b64encode(plain.tobytes()).decode()
    return {ARRAY: [plain.dtype.str, list(value.shape), data]}


def _read_array(found: dict[str, Any]) -> Any:
    if ARRAY not in found:
        return found
    name, shape, data = found[ARRAY]
    if not _DTYPE.fullmatch(name):
        raise ValueError(f"no array of numbers: {name}")
    dtype = np.dtype(name)
    content = base64.b64decode(data, validate=True)
    if len(content) != math.prod(shape) * dtype.itemsize:
        raise ValueError(f"no array of numbers: {name}, {shape}")
    return np.frombuffer(content, dtype).reshape(shape).copy()


def _with_whole_characters(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode(errors="replace").decode()
    if isinstance(value, list):
        return [_with_whole_characters(part) for part in value]
    if isinstance(value, dict):
        return {
            _with_whole_characters(name): _with_whole_characters(part)
            for name, part in value.items()
        }
    return value
