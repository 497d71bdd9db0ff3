"""Families: parts of which there are several kinds, such as schedules, told apart by their `kind`.

A kind is a class. It is known by existing: everything that lists, reads, draws or trains with the family
asks the family for its kinds, those that are defined outside of the package too. So a new one is one
file: its fields, its words and its formula.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, ClassVar, Self

import numpy as np
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from mlplab.errors import shown
from mlplab.spec.descriptions import summary
from mlplab.spec.part import Part
from mlplab.spec.refused import hint


class Family(Part):
    """Base of a family's base, as in `class Schedule(Family)`; a kind gives `kind` a default.

    Attributes
    ----------
    kind : str
        What a TOML file calls it. Where all else stays as it is, the name alone stands for the part.
    kinds : dict of str to type
        Of a family: its kinds by their names, in the order in which they were defined.
    """

    kind: str

    kinds: ClassVar[dict[str, type[Any]]] = {}

    @classmethod
    def __pydantic_init_subclass__(cls, **keywords: Any) -> None:
        super().__pydantic_init_subclass__(**keywords)
        if Family in cls.__bases__:
            cls.kinds = {}
        elif cls._is_a_kind():
            name = cls.model_fields["kind"].default
            known = cls.kinds.setdefault(name, cls)
            if known.__qualname__ != cls.__qualname__ or known.__module__ != cls.__module__:
                raise TypeError(f"there is a kind called {name!r} already: {known.__qualname__}")
            cls.kinds[name] = cls

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        if cls._is_a_kind():
            return handler(source)
        return core_schema.no_info_plain_validator_function(cls.from_value)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Say of a family that it is one of its kinds, or the name of one that needs no field."""
        if cls._is_a_kind():
            return super().__get_pydantic_json_schema__(schema, handler)
        kinds = [
            kind.__get_pydantic_json_schema__(kind.__pydantic_core_schema__, handler)
            for kind in cls.kinds.values()
        ]
        alone = [
            name
            for name, kind in cls.kinds.items()
            if not any(field.is_required() for field in kind.model_fields.values())
        ]
        return {
            "description": summary(cls),
            "discriminator": {"propertyName": "kind"},
            "oneOf": [{"type": "string", "enum": alone}, *kinds],
        }

    @classmethod
    def _is_a_kind(cls) -> bool:
        return not cls.model_fields["kind"].is_required()

    @classmethod
    def from_value(cls, value: Any) -> Self:
        """Return the part that a value stands for: a part, a name, or a table with a kind.

        Raises
        ------
        PydanticCustomError
            Within a validation, which says where; one sentence.
        """
        if isinstance(value, cls):
            return value
        table = {"kind": value} if isinstance(value, str) else value
        if not isinstance(table, Mapping) or "kind" not in table:
            came = {"came": shown(value)}
            raise PydanticCustomError(
                "no_kind", "expected a name or a table with a kind, received {came}", came
            )
        name = str(table["kind"])
        if name not in cls.kinds:
            words = {"name": repr(name), "hint": hint(name, cls.kinds)}
            raise PydanticCustomError("unknown_kind", "unknown name {name}; {hint}", words)
        try:
            part: Self = cls.kinds[name].model_validate(table)
        except ValidationError as error:
            raise PydanticCustomError("inside", "{error}", {"error": error}) from None
        return part

    @property
    def parameters(self) -> tuple[Any, ...]:
        """What its formula takes besides its variables: its fields in their order, as float64.

        A list is an array, what is not set is NaN, true and false are 1 and 0.
        """
        fields = vars(self)
        return tuple([_as_parameter(fields[name]) for name in _parameter_names(type(self))])

    @classmethod
    def parameter_names(cls) -> list[str]:
        """Return the fields that are parameters of the formula, in their order."""
        return list(_parameter_names(cls))

    apart: ClassVar[frozenset[str]] = frozenset()
    """Fields that are no parameters of a formula, such as a dataset's counts."""


@lru_cache(maxsize=256)
def _parameter_names(part: type[Family]) -> tuple[str, ...]:
    """Return what `Family.parameter_names` does; kept, because blocks ask for it again and again."""
    return tuple(name for name in part.model_fields if name not in {"kind", *part.apart})


def _as_parameter(value: Any) -> Any:
    if type(value) is float:  # nearly all of them are
        return value
    if isinstance(value, tuple):
        return np.array(value, dtype=np.float64)
    return np.nan if value is None else float(value)
