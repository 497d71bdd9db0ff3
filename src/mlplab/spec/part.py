"""What every part of an experiment has in common: frozen, strict, and clear about what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Self

import numpy as np
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    ValidationError,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError

from mlplab.errors import SpecError, shown
from mlplab.spec.canonical import added_later, canonical_form, plain
from mlplab.spec.descriptions import field_descriptions, summary
from mlplab.spec.problems import first_problem
from mlplab.spec.refused import hint
from mlplab.spec.variants import Variant, field_names, named, vary

Positive = Annotated[int, Field(ge=1)]
"""A whole number of things, at least one."""

LARGEST = 1e6
"""Largest noise, number of turns and initial weight. Drawn samples are about 1 in size, and float32 has
seven digits: beside a number above 10^6 their digits would be lost."""


class Part(BaseModel):
    """A frozen, validated piece of an experiment.

    Values are taken as they are: no text is read as a number, no number as text, and no field is
    silently ignored. NumPy's scalars count as the Python numbers that they stand for.

    A part cannot be changed; `varied` makes another one. Parts are equal if they are of one class and
    their fields are equal; they then have the same canonical form.

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

    # Pydantic then builds a part inside another without this method, so that a problem keeps its place.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]  # pydantic's own

    @model_validator(mode="before")
    @classmethod
    def _known_fields_plain_numbers(cls, values: Any) -> Any:
        if not isinstance(values, Mapping):
            return values
        known = cls.model_fields
        if isinstance(values, Variant) and not values.known:
            later = added_later(type(values.part))
            off = {name for name, value in later.items() if values.get(name) == value}
            values = values.without(off | (set(values) - set(known)))
        for name in values:
            if name not in known:
                raise PydanticCustomError(
                    "unknown_field",
                    "no field {name} {where}; {hint}",
                    {
                        "name": repr(name),
                        "where": named(cls),
                        "hint": hint(str(name), field_names(cls)),
                    },
                )
        return {name: _plain(value) for name, value in values.items()}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Add to the JSON schema what the part and its fields are, and the rules by which they fit.

        `x-rules` are their names, and `x-as-before` is the value at which a field that came later changes
        nothing: JSON schema has no words for them.
        """
        table = handler(schema)
        described = handler.resolve_ref_schema(table)
        described["description"] = summary(cls)
        sentences, later = field_descriptions(cls), added_later(cls)
        fields = described["properties"]
        described["properties"] = {name: fields[name] for name in field_names(cls)}
        for name, field in fields.items():
            field.pop("title", None)
            if name in sentences:
                field["description"] = sentences[name]
            if name in later:
                field["x-as-before"] = plain(later[name])
        described["x-rules"] = cls.rules()
        return table

    @classmethod
    def rules(cls) -> list[str]:
        """Return the names of the rules by which fields fit together, in the order of their use."""
        return [rule.__name__.strip("_") for rule in _rules_of(cls)]

    def varied(self, changes: Mapping[str, Any]) -> Self:
        """Return a variant: the part with some values changed, validated as a new one is.

        Parameters
        ----------
        changes : mapping of str to object
            Values by their paths. A value may be a part, a plain value or a table, as where a part is
            made. A table with a kind, and a name alone, are a whole part, with defaults for the rest. A
            table without a kind changes the fields that it names, and so does a path that goes further
            down; another `kind` at the end of a path keeps the values of those fields that both kinds
            have, if they change something. A part that may be left out, and is, begins with its defaults
            where a field of it is changed, or an empty table is given. The order of the changes does not
            matter.

        Raises
        ------
        SpecError
            If a path leads to no field, or the values are not valid or do not fit together; one sentence
            that says what is wrong and where.

        Examples
        --------
        >>> from mlplab.spec import Experiment
        >>> plain = Experiment(dataset="polar")
        >>> plain.varied({"dataset.sigma": 0.2, "training.optimizer": "adam"}).training.optimizer
        Adam(kind='adam', learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-07)
        >>> plain.varied({"training.optimizer.kind": "adam"}).training.optimizer.learning_rate
        0.01
        >>> plain.training.varied({"batch_size": 64}).batch_size
        64
        """
        try:
            return self.model_validate(vary(self, changes))
        except ValidationError as error:
            raise SpecError(f"{type(self).__name__}: {first_problem(error)}") from None

    def canonical(self) -> dict[str, Any]:
        """Return the part in its canonical form: nested tables of plain values.

        Parts that train the same numbers have the same form, however they were written;
        `mlplab.spec.canonical` has the rules.

        Examples
        --------
        >>> from mlplab.spec import Linear
        >>> Linear(sigma=1.0).canonical()
        {'kind': 'linear', 'sigma': 1, 'train_per_class': 512, 'test_per_class': 512, 'classes': 2}
        """
        return canonical_form(self)

    def to_table(self) -> dict[str, Any]:
        """Return the part as nested tables of its values, as TOML holds it; without fields that are None.

        Examples
        --------
        >>> from mlplab.spec import Network
        >>> Network(hidden_layers=1, layer_width=5, activation="relu").to_table()["layer_width"]
        5
        """
        values = ((name, getattr(self, name)) for name in field_names(type(self)))
        return {
            name: value.to_table() if isinstance(value, Part) else value
            for name, value in values
            if value is not None
        }

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Yield the fields to show: those that came later only where they change something."""
        later = added_later(type(self))
        for name in field_names(type(self)):
            value = getattr(self, name)
            if name not in later or value != later[name]:
                yield name, value

    def with_valid(self, fields: Mapping[str, Any]) -> Self:
        """Return a copy with other values of some fields, which are not validated: they have been.

        For fields that are known to fit together; `with_fitting` sees to it that they do.
        """
        copy = type(self).__new__(type(self))
        # As `BaseModel.model_copy` does it, without what parts do not have: a map makes two for a cell.
        state = {
            "__dict__": {**self.__dict__, **fields},
            "__pydantic_fields_set__": self.__pydantic_fields_set__ | fields.keys(),
            "__pydantic_extra__": None,
            "__pydantic_private__": None,
        }
        for name, value in state.items():
            object.__setattr__(copy, name, value)
        return copy

    def with_fitting(self, fields: Mapping[str, Any]) -> Self:
        """Return a copy with other valid values of some fields, faster than `varied` does.

        Raises
        ------
        SpecError
            If the fields do not fit together, by the same rules as when a part is validated.
        """
        copy = self.with_valid(fields)
        try:
            for rule in _rules_of(type(self)):
                rule(copy)
        except ValueError as error:
            raise SpecError(f"{type(self).__name__}: {error}") from None
        return copy

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy; with an update, the variant that `varied` makes of it, validated."""
        return self.varied(update) if update else super().model_copy(deep=deep)

    def copy(self, **how: Any) -> Self:
        """Return what `model_copy` returns: pydantic's older name for it."""
        return self.model_copy(**how)

    if not TYPE_CHECKING:  # it would take these for leave to set any attribute

        @classmethod
        def model_construct(cls, _fields_set: set[str] | None = None, **values: Any) -> Self:
            """Refuse to make a part that is not validated."""
            name = cls.__name__
            raise SpecError(f"{name} is always validated: make one by {name}(…)")

        def __setattr__(self, name: str, value: Any) -> None:
            raise SpecError(self._unchangeable(f"{{'{name}': {shown(value)}}}"))

        def __delattr__(self, name: str) -> None:
            raise SpecError(self._unchangeable(f"{{'{name}': …}}"))

    def _unchangeable(self, changes: str) -> str:
        name = type(self).__name__
        return f"{name} cannot be changed: make a variant of it by varied({changes})"


@lru_cache(maxsize=256)
def _rules_of(part: type[Part]) -> list[Callable[[Any], Any]]:
    """Return the methods that see to it that fields fit together, in the order of their use."""
    validators = part.__pydantic_decorators__.model_validators
    names = [name for name, rule in validators.items() if rule.info.mode == "after"]
    return [getattr(part, name) for name in names]


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _as_tuple(value: Any) -> Any:
    return tuple(_plain(item) for item in value) if isinstance(value, list | tuple) else value


ListAsTuple = BeforeValidator(_as_tuple)
"""TOML has lists, a frozen part has tuples."""
