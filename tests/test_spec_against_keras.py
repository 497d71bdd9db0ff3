"""The words and the defaults of an experiment are Keras's."""

from __future__ import annotations

import inspect
import os
from operator import attrgetter
from types import ModuleType

import pytest

from mlplab.spec import (
    ACTIVATIONS,
    LOSSES,
    GlorotUniform,
    InitializerSpec,
    Network,
    OptimizerSpec,
    Schedule,
    Zeros,
)
from mlplab.spec.part import Part


def kind(part: type[Part]) -> str:
    return part.model_fields["kind"].default


INITIALIZER_SPECS = tuple(InitializerSpec.kinds.values())
OPTIMIZERS = tuple(OptimizerSpec.kinds.values())
SCHEDULES = tuple(Schedule.kinds.values())


@pytest.fixture(scope="module")
def keras() -> ModuleType:
    os.environ.setdefault("KERAS_BACKEND", "jax")
    return pytest.importorskip("keras", reason="compares names and defaults with Keras's")


KERAS_FAMILY = (
    dict.fromkeys(INITIALIZER_SPECS, "initializers")
    | dict.fromkeys(OPTIMIZERS, "optimizers")
    | dict.fromkeys(SCHEDULES, "optimizers.schedules")
)


OURS = {"kind", "shared"}
"""Fields that are no parameters of Keras's: in Keras, to share is to hand on one object."""


@pytest.mark.parametrize("part", KERAS_FAMILY, ids=kind)
def test_every_field_and_default_is_keras_s(part: type[Part], keras: ModuleType):
    twin = attrgetter(f"{KERAS_FAMILY[part]}.{part.__name__}")(keras)
    theirs = inspect.signature(twin).parameters
    for name, ours in part.model_fields.items():
        if name in OURS:
            continue
        if ours.is_required():
            assert theirs[name].default is inspect.Parameter.empty, name
        elif name == "weight_decay" and ours.default == 0:
            assert theirs[name].default is None
        else:
            assert ours.default == theirs[name].default, name


def test_names_mean_the_same_in_keras(keras: ModuleType):
    for part in INITIALIZER_SPECS:
        assert getattr(keras.initializers, kind(part)).__name__ == part.__name__
    for part in OPTIMIZERS:
        assert type(keras.optimizers.get(kind(part))).__name__ == part.__name__
    # Keras has the two forms of the GELU by one name, and an argument.
    for name in set(ACTIVATIONS) - {"gelu_tanh"}:
        assert keras.activations.get(name).__name__ == name
    for name in LOSSES:
        assert keras.losses.get(name).__name__ == name


def test_default_initializer_is_that_of_keras_s_dense_layer(keras: ModuleType):
    assert type(keras.layers.Dense(1).kernel_initializer).__name__ == GlorotUniform.__name__
    assert Network().initializer == GlorotUniform()
    assert type(keras.layers.Dense(1).bias_initializer).__name__ == Zeros.__name__
    assert Network().bias_initializer == Zeros()
