"""What every part of an experiment has in common: frozen, strict, and clear about what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from mlplab.errors import suggestion

Positive = Annotated[int, Field(ge=1)]
"""A whole number of things, at least one."""


class Part(BaseModel):
    """A frozen, validated piece of an experiment.

    Values are taken as they are: no text is read as a number, no number as text, and no field is
    silently ignored. NumPy's scalars count as the Python numbers that they stand for.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _known_fields_plain_numbers(cls, values: Any) -> Any:
        if not isinstance(values, Mapping):
            return values
        for name in values:
            if name not in cls.model_fields:
                raise PydanticCustomError(
                    "unknown_field",
                    "no field {name} here; {hint}",
                    {"name": repr(name), "hint": suggestion(str(name), cls.model_fields)},
                )
        return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _expand(value: Any) -> Any:
    return {"kind": value} if isinstance(value, str) else value


def _as_tuple(value: Any) -> Any:
    return tuple(_plain(item) for item in value) if isinstance(value, list | tuple) else value


KindShorthand = BeforeValidator(_expand)
"""Lets `optimizer = "adam"` stand for `optimizer = {kind = "adam"}`."""

ListAsTuple = BeforeValidator(_as_tuple)
"""TOML has lists, a frozen part has tuples."""
