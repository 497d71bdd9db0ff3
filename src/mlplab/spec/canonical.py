"""The canonical form of a part, and the key of its content: the same in every process, for ever.

The form holds every field with its value: a default that changes later changes no form. The rules:

- A field that a later version adds carries `AddedLater`, with the value that means "as before". It is
  left out at this value, so that what could be described before keeps its form.
- A field that is `None` is left out.
- A float that is a whole number is written as one (1.0 as 1, -0.0 as 0), up to 2^53, where floats begin
  to leave out whole numbers.
- What can be said in two ways stands in the part itself in one of them, such as a width for all layers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

NUMERICS_VERSION = 2
"""Raised by a version that trains other numbers from the same experiment and seed: all keys change."""

WHERE_SAMPLES_LIE = ("kind", "path", "features", "label", "sample_weight", "target")
"""Fields of samples from a file or from arrays that only say how they are found."""

_WHOLE = 2.0**53


@dataclass(frozen=True)
class AddedLater:
    """Marks a field that was added after the part's first release.

    Attributes
    ----------
    as_before : object
        The value at which everything trains as it did before the field was there.

    Examples
    --------
    A field that came with the second release, without which nothing was clipped:

        clip: Annotated[float, AddedLater(as_before=0.0)] = 0.0
    """

    as_before: Any


def canonical_form(part: BaseModel) -> dict[str, Any]:
    """Return a part as nested tables of plain values, by the rules above."""
    form = {}
    later = added_later(type(part))
    for name in type(part).model_fields:
        value = getattr(part, name)
        if value is not None and not (name in later and value == later[name]):
            form[name] = plain(value)
    return form


@lru_cache(maxsize=256)
def added_later(part: type[BaseModel]) -> Mapping[str, Any]:
    """Return the fields that carry `AddedLater`, each with its value that means "as before"."""
    return {
        name: mark.as_before
        for name, field in part.model_fields.items()
        for mark in field.metadata
        if isinstance(mark, AddedLater)
    }


def without_place(samples: dict[str, Any]) -> dict[str, Any]:
    """Return the form of samples without where they lie, if a hash of their content stands in it."""
    if "content" not in samples:
        return samples
    return {name: value for name, value in samples.items() if name not in WHERE_SAMPLES_LIE}


def content_key(form: Mapping[str, Any]) -> str:
    """Return the SHA-256, as 64 hexadecimal digits, of a form and of the numerics' version.

    What is hashed is JSON in ASCII with sorted keys and no spaces; floats are written with the fewest
    digits that tell them apart.
    """
    return key_of_text(canonical_text(form))


def canonical_text(value: Any) -> str:
    """Return a form, or a value in it, as JSON in ASCII with sorted keys and no spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def key_of_text(text: str) -> str:
    """Return the SHA-256 of an experiment's form as `canonical_text` writes it, and of the numerics."""
    content = f'{{"experiment":{text},"numerics":{NUMERICS_VERSION}}}'
    return hashlib.sha256(content.encode("ascii")).hexdigest()


def plain(value: Any) -> Any:
    """Return a value as JSON has it: a part as its form, a tuple as a list."""
    if isinstance(value, BaseModel):
        return canonical_form(value)
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, float) and value.is_integer() and abs(value) <= _WHOLE:
        return int(value)
    return value
