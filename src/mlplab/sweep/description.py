"""What tells a map or a search from others: a description in plain values, its key, and differences."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

Description = Mapping[str, Any]


def key_of(description: Description) -> str:
    """Return the SHA-256 of a description, as 64 hexadecimal digits: the same one has the same key."""
    text = json.dumps(description, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def differences(now: Description, before: Description) -> list[str]:
    """Return in words in what a description differs from another one.

    Examples
    --------
    >>> differences({"seed": 0, "x": {"values": [1, 2]}}, {"seed": 0, "x": {"values": [1, 3]}})
    ['x.values is 1, 2, was 1, 3']
    """
    flat, flat_before = dict(_pairs(now)), dict(_pairs(before))
    return [
        f"{name} is {flat.get(name, 'not set')}, was {flat_before.get(name, 'not set')}"
        for name in dict.fromkeys([*flat, *flat_before])
        if flat.get(name) != flat_before.get(name)
    ]


def _pairs(table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Go through nested tables as one, values by their paths; long lists in short."""
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from ((f"{name}.{below}", each) for below, each in _pairs(value))
        elif isinstance(value, list):
            few = [str(each) for each in value]
            if len(few) > 6:
                few = [*few[:2], "…", few[-1], f"({len(value):,} values)"]
            yield name, ", ".join(few)
        else:
            yield name, value
