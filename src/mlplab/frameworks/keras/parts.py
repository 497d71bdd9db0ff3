"""A description becomes Keras's object of the same name: initializer, optimizer, schedule, callback."""

from __future__ import annotations

from typing import Any

from mlplab.errors import MlplabError
from mlplab.frameworks.keras.backend import keras
from mlplab.spec import InitializerSpec, LearningRate, OptimizerSpec, RegularizerSpec, Training
from mlplab.spec.part import Part
from mlplab.spec.stopping import is_raised


def keras_initializer(spec: InitializerSpec) -> Any:
    """Return Keras's own initializer of a description; our names and parameters are Keras's."""
    return _keras_part(keras.initializers, spec, "shared")


def keras_regularizer(spec: RegularizerSpec | None) -> Any:
    """Return Keras's own regularizer of a description, None for none."""
    return spec and _keras_part(keras.regularizers, spec)


def keras_optimizer(spec: OptimizerSpec) -> Any:
    """Return Keras's own optimizer of a description."""
    apart = {"learning_rate": keras_learning_rate(spec.learning_rate)}
    if spec.weight_decay == 0 and spec.kind != "adamw":  # AdamW takes no None
        apart["weight_decay"] = None
    return _keras_part(keras.optimizers, spec, *apart, **apart)


def keras_learning_rate(spec: LearningRate) -> Any:
    """Return a number as it is, and a schedule as Keras's own."""
    if isinstance(spec, float | int):
        return spec
    return _keras_part(keras.optimizers.schedules, spec)


def keras_callbacks(training: Training) -> list[Any]:
    """Return Keras's own callbacks that stop a training early, or reduce its learning rate."""
    rules = training.early_stopping, training.reduce_lr_on_plateau
    return [
        # Keras does not know of a metric of ours which way is better.
        _keras_part(keras.callbacks, rule, mode="max" if is_raised(rule.monitor) else "min")
        for rule in rules
        if rule is not None
    ]


def _keras_part(module: Any, spec: Part, *but: str, **more: Any) -> Any:
    """Return Keras's object of a part: its class and its parameters have the same names as ours."""
    name = type(spec).__name__
    if not hasattr(module, name):
        raise MlplabError(f"Keras has no {name}, so that it cannot train this experiment")
    fields = {field: getattr(spec, field) for field in type(spec).model_fields}
    parameters = {k: v for k, v in fields.items() if k not in {"kind", *but}}
    lists = {k: list(v) if isinstance(v, tuple) else v for k, v in parameters.items()}
    return getattr(module, name)(**lists, **more)
