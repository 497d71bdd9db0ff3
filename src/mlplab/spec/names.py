"""Names that stand for entries of a registry, such as activations: any that is registered is valid."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic_core import PydanticCustomError

from mlplab.errors import shown, suggestion


def name_of(registry: Mapping[str, Any]) -> Callable[[Any], str]:
    """Return a validator of names: one of those that are registered when it is asked."""

    def validate(name: Any) -> str:
        if not isinstance(name, str) or name not in registry:
            words = {"came": shown(name), "hint": suggestion(str(name), registry)}
            raise PydanticCustomError("unknown_name", "unknown name {came}; {hint}", words)
        return name

    return validate
