"""What goes to the browser as bytes: a little JSON, then arrays, as the machine has them.

Layout: the length of the JSON text as a 32-bit number, the text, and from the next multiple of eight the
body: arrays one after the other, each from a multiple of eight. The text is
`{"meta": …, "arrays": {name: [type, shape, place in the body]}}`. `assets/frames.js` reads it. Everything
is little-endian.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

TYPES = {
    "uint8": "u1",
    "int8": "i1",
    "uint16": "<u2",
    "int32": "<i4",
    "float32": "<f4",
    "float64": "<f8",
}
"""Types of arrays that JavaScript has too."""

_STEP = 8


def pack(meta: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return JSON and arrays as one run of bytes.

    Parameters
    ----------
    meta : mapping
        What JSON can hold; a number that is not finite becomes null.
    arrays : mapping of ndarray
        Of the `TYPES`.

    Examples
    --------
    >>> unpack(pack({"step": 3}, {"a": np.arange(2, dtype=np.uint8)}))
    ({'step': 3}, {'a': array([0, 1], dtype=uint8)})
    """
    placed: dict[str, list[Any]] = {}
    body: list[bytes] = []
    place = 0
    for name, array in arrays.items():
        content = np.ascontiguousarray(array, TYPES[array.dtype.name]).tobytes()
        placed[name] = [array.dtype.name, list(array.shape), place]
        body += [content, bytes(-len(content) % _STEP)]
        place += _rounded(len(content))
    described = {"meta": _finite(meta), "arrays": placed}
    text = json.dumps(described, separators=(",", ":"), allow_nan=False).encode()
    gap = bytes(_rounded(4 + len(text)) - 4 - len(text))
    return b"".join([len(text).to_bytes(4, "little"), text, gap, *body])


def unpack(content: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Return the JSON and the arrays of `pack`.

    Raises
    ------
    ValueError, KeyError, TypeError
        If the bytes are not what `pack` makes.
    """
    end = 4 + int.from_bytes(content[:4], "little")
    described = json.loads(content[4:end])
    body = _rounded(end)
    arrays = {
        name: np.frombuffer(
            content, TYPES[kind], int(np.prod(shape, dtype=np.int64)), body + place
        ).reshape(shape)
        for name, (kind, shape, place) in described["arrays"].items()
    }
    return described["meta"], arrays


def _finite(value: Any) -> Any:
    """Return a value for JSON, which knows no NaN."""
    if isinstance(value, Mapping):
        return {name: _finite(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(part) for part in value]
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value


def _rounded(place: int) -> int:
    return -(-place // _STEP) * _STEP
