"""What every part of an experiment has in common: frozen, strict, and clear about what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from mlplab.errors import SpecError, suggestion
from mlplab.spec.problems import first_problem

Positive = Annotated[int, Field(ge=1)]
"""A whole number of things, at least one."""

LARGEST = 1e6
"""Of noise, turns and initial weights: points are about 1 in size, and float32 has seven digits, so that
beside larger numbers nothing would be left of them."""


class Part(BaseModel):
    """A frozen, validated piece of an experiment.

    Values are taken as they are: no text is read as a number, no number as text, and no field is
    silently ignored. NumPy's scalars count as the Python numbers that they stand for.

    Raises
    ------
    SpecError
        If a field is unknown or missing, or a value is not valid; one sentence that says what is wrong.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise SpecError(f"{type(self).__name__}: {first_problem(error)}") from None

    # For pydantic: a part inside another is built without this method, so that a problem keeps its place.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]  # pydantic's own

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
