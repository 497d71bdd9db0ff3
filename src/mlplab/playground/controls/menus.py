"""What there is to choose from, read from the spec: kinds, their fields, and values to begin with.

A new dataset, initializer, optimizer or schedule stands in the page's menus by standing in the spec.
"""

from __future__ import annotations

from typing import Any, get_args

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from mlplab.spec import (
    ActivationName,
    DatasetSpec,
    FiniteSamples,
    InitializerSpec,
    LossName,
    OptimizerSpec,
    Schedule,
)
from mlplab.spec.part import Part

FIRST_VALUES: dict[str, Any] = {
    "initial_learning_rate": 0.1,
    "decay_steps": 400,
    "first_decay_steps": 400,
    "decay_rate": 0.9,
    "boundaries": (400, 800),
    "values": (0.1, 0.05, 0.01),
}
"""Of fields that have no default."""


def kinds(union: Any) -> dict[str, type[Part]]:
    """Return the classes of one of the spec's unions by their kinds, in the spec's order.

    Examples
    --------
    >>> list(kinds(OptimizerSpec))
    ['sgd', 'adam']
    """
    arguments = get_args(union)
    classes = get_args(arguments[0]) or arguments
    return {str(part.model_fields["kind"].default): part for part in classes}


DATASETS = {
    name: part for name, part in kinds(DatasetSpec).items() if not issubclass(part, FiniteSamples)
}
INITIALIZERS = kinds(InitializerSpec)
OPTIMIZERS = kinds(OptimizerSpec)
SCHEDULES = kinds(Schedule)
ACTIVATIONS: tuple[str, ...] = get_args(ActivationName)
LOSSES: tuple[str, ...] = get_args(LossName)


def first_values(part: type[Part]) -> dict[str, Any]:
    """Return a value for each field of a kind but its kind: the default, or one to begin with.

    Examples
    --------
    >>> first_values(kinds(InitializerSpec)["random_normal"])
    {'mean': 0.0, 'stddev': 0.05}
    """
    fields = {name: field for name, field in part.model_fields.items() if name != "kind"}
    return {name: _first_value(name, field) for name, field in fields.items()}


def _first_value(name: str, field: FieldInfo) -> Any:
    return FIRST_VALUES[name] if field.default is PydanticUndefined else field.default


def words(name: str) -> str:
    """Return a name of the spec as one reads it.

    >>> words("train_per_class")
    'train per class'
    """
    return name.replace("_", " ")
