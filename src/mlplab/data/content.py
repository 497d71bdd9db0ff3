"""What tells samples from others: a hash of their values, classes, splits and names.

It is the same on every machine, and for every kind of file or array that the samples come from.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.data.dataset import SPLITS, Float64

_NAMES, _ROWS = 16, 32
"""Where the hash of the names ends, and that of the rows in any order; then comes that of the rows."""

_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(29))


def content_of(
    x: Float64,
    y: NDArray[Any],
    split: NDArray[np.str_] | None,
    label_names: tuple[str, ...],
    feature_names: tuple[str, ...],
    weight: Float64 | None = None,
    target_names: tuple[str, ...] = (),
) -> str:
    """Return the hash of samples: 64 hexadecimal digits, of three SHA-256.

    16 digits are of the names; 16 of the rows (features, class or targets, split and, if there is one,
    weight), in whichever order; and 32 of the rows in their order. So a difference can be named, see
    `difference`.

    Examples
    --------
    >>> x, y = np.array([[0.5, 1.0], [2.0, 3.0]]), np.array([0, 1])
    >>> content_of(x, y, None, ("a", "b"), ("x1", "x2"))[:16]
    '95ee36b75656845c'
    """
    of_answers = {"target": target_names} if target_names else label_names
    names = json.dumps([of_answers, feature_names, split is not None], ensure_ascii=True)
    codes = np.zeros(len(y), "<i8")
    for code, name in enumerate(SPLITS if split is not None else ()):
        codes[split == name] = code
    values = np.ascontiguousarray(x, "<f8")
    answers = np.ascontiguousarray(y, "<f8").view("<i8") if target_names else y.astype("<i8")
    columns = [*values.view("<u8").T, *answers.reshape(len(y), -1).T.astype("<u8")]
    columns.append(codes.astype("<u8"))
    weights = np.ascontiguousarray(() if weight is None else weight, "<f8")
    columns += [] if weight is None else [weights.view("<u8")]
    mixed = np.full(len(y), len(columns), np.uint64)
    for column in columns:
        mixed = (mixed ^ column) * _MIX[0]
        mixed ^= mixed >> _MIX[1]
    any_order = np.sort(mixed).astype("<u8").tobytes()
    in_order = b"".join([values.tobytes(), answers.tobytes(), codes.tobytes(), weights.tobytes()])
    return (
        _digits(names.encode("ascii"), _NAMES)
        + _digits(any_order, _ROWS - _NAMES)
        + _digits(in_order, 64 - _ROWS)
    )


def difference(expected: str, received: str) -> str:
    """Say in which way samples of one hash differ from those of another.

    Examples
    --------
    >>> one = content_of(np.eye(2), np.array([0, 1]), None, ("a", "b"), ("x1", "x2"))
    >>> other = content_of(np.eye(2)[::-1], np.array([1, 0]), None, ("a", "b"), ("x1", "x2"))
    >>> difference(one, other)
    'the same samples in another order'
    """
    names, rows, order = (
        expected[part] != received[part]
        for part in (slice(_NAMES), slice(_NAMES, _ROWS), slice(_ROWS, None))
    )
    if rows:
        return "other samples" if not names else "other samples and other names"
    if names:
        same = "in another order and under other names" if order else "under other names"
        return f"the same samples {same} of classes or features"
    return "the same samples in another order"


def differing_digits(expected: str, received: str) -> tuple[str, str]:
    """Return eight digits of each of two hashes that differ, from the first one on that differs.

    Examples
    --------
    >>> differing_digits("12345678" + "a" * 56, "12345678" + "b" * 56)
    ('…aaaaaaaa…', '…bbbbbbbb…')
    """
    first = next(i for i in range(64) if expected[i] != received[i])
    return f"…{expected[first : first + 8]}…", f"…{received[first : first + 8]}…"


def _digits(content: bytes, count: int) -> str:
    return hashlib.sha256(content).hexdigest()[:count]
