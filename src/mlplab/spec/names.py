"""Names that stand for entries of a registry, such as activations: any that is registered is valid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from mlplab.errors import shown
from mlplab.spec.refused import hint


@dataclass(frozen=True, eq=False)
class NameOf:
    """Marks a field that takes a name: one of those that are registered when it is validated.

    As in `Annotated[str, NameOf(ACTIVATIONS)]`.

    Attributes
    ----------
    registry : mapping of str to object
    """

    registry: Mapping[str, Any]

    def __get_pydantic_core_schema__(
        self, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self._validate)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.registry)}

    def _validate(self, name: Any) -> str:
        if not isinstance(name, str) or name not in self.registry:
            words = {"came": shown(name), "hint": hint(str(name), self.registry)}
            raise PydanticCustomError("unknown_name", "unknown name {came}; {hint}", words)
        return name
