"""What there is to choose from, read from the spec: kinds, their fields, and values to begin with.

A new dataset, initializer, optimizer or schedule stands in the page's menus by standing in the spec.
"""

from __future__ import annotations

from typing import Any

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from mlplab.spec import ACTIVATIONS, LOSSES, InitializerSpec, OptimizerSpec, Schedule, recipes
from mlplab.spec.part import Part

__all__ = [
    "ACTIVATIONS",
    "DATASETS",
    "INITIALIZERS",
    "LOSSES",
    "OPTIMIZERS",
    "SCHEDULES",
    "first_values",
    "words",
]

DATASETS = recipes()
INITIALIZERS = InitializerSpec.kinds
OPTIMIZERS = OptimizerSpec.kinds
SCHEDULES = Schedule.kinds


def first_values(part: type[Part]) -> dict[str, Any]:
    """Return a value for each field of a kind but its kind: the default, or its example.

    Examples
    --------
    >>> first_values(INITIALIZERS["random_normal"])
    {'shared': False, 'mean': 0.0, 'stddev': 0.05}
    """
    fields = {name: field for name, field in part.model_fields.items() if name != "kind"}
    return {name: _first_value(field) for name, field in fields.items()}


def _first_value(field: FieldInfo) -> Any:
    if field.default is not PydanticUndefined:
        return field.default
    (example,) = field.examples or [None]
    return example


def words(name: str) -> str:
    """Return a name of the spec as one reads it.

    >>> words("train_per_class")
    'train per class'
    """
    return name.replace("_", " ")
