"""A description becomes Keras's own object, with every value."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mlplab.frameworks.keras import (
    keras,
    keras_initializer,
    keras_learning_rate,
    keras_optimizer,
    precision,
)
from mlplab.spec import (
    SGD,
    InitializerSpec,
    OptimizerSpec,
    Schedule,
)
from mlplab.spec.part import Part

# Required values, and some that are no defaults, so that a lost parameter shows.
VALUES: dict[str, dict[str, Any]] = {
    "random_normal": {"mean": 0.1, "stddev": 0.2},
    "random_uniform": {"minval": -0.3, "maxval": 0.4},
    "truncated_normal": {"mean": 0.1, "stddev": 0.2},
    "orthogonal": {"gain": 1.5},
    "identity": {"gain": 0.5},
    "constant": {"value": 0.1},
    "sgd": {"learning_rate": 0.3, "momentum": 0.2, "nesterov": True},
    "adam": {"learning_rate": 0.3, "beta_1": 0.8, "beta_2": 0.9, "epsilon": 1e-5},
    "adamw": {"learning_rate": 0.3, "weight_decay": 0.2, "beta_1": 0.8, "clipnorm": 0.5},
    "nadam": {"learning_rate": 0.3, "beta_1": 0.8, "beta_2": 0.9, "clipvalue": 0.5},
    "adagrad": {"learning_rate": 0.3, "initial_accumulator_value": 0.2, "epsilon": 1e-5},
    "rmsprop": {"learning_rate": 0.3, "rho": 0.8, "momentum": 0.2, "weight_decay": 0.1},
    "adadelta": {"learning_rate": 0.3, "rho": 0.8, "epsilon": 1e-5, "global_clipnorm": 0.5},
    "lion": {"learning_rate": 0.3, "beta_1": 0.8, "beta_2": 0.9, "weight_decay": 0.1},
    "exponential_decay": {
        "initial_learning_rate": 0.3,
        "decay_steps": 7,
        "decay_rate": 0.5,
        "staircase": True,
    },
    "piecewise_constant_decay": {"boundaries": (3, 7), "values": (0.3, 0.2, 0.1)},
    "polynomial_decay": {
        "initial_learning_rate": 0.3,
        "decay_steps": 7,
        "end_learning_rate": 0.1,
        "power": 2.0,
        "cycle": True,
    },
    "inverse_time_decay": {
        "initial_learning_rate": 0.3,
        "decay_steps": 7,
        "decay_rate": 0.5,
        "staircase": True,
    },
    "cosine_decay": {
        "initial_learning_rate": 0.3,
        "decay_steps": 7,
        "alpha": 0.1,
        "warmup_target": 0.5,
        "warmup_steps": 2,
    },
    "cosine_decay_restarts": {
        "initial_learning_rate": 0.3,
        "first_decay_steps": 7,
        "t_mul": 3.0,
        "m_mul": 0.5,
        "alpha": 0.1,
    },
}


def assert_has(theirs: Any, spec: Part) -> None:
    """Keras's object has the class of the kind's name, and every value of the description."""
    assert type(theirs).__name__.lower() == spec.kind.replace("_", "")
    configuration = theirs.get_config()
    for name, value in spec.model_dump(exclude={"kind", "shared"}).items():
        wanted = list(value) if isinstance(value, tuple) else value
        if value is None or (name == "weight_decay" and value == 0):
            assert configuration[name] is None, name
        else:
            # An optimizer's learning rate is a float32 variable.
            # What the configuration of Keras's identity leaves out is its attribute.
            found = configuration[name] if name in configuration else getattr(theirs, name)
            assert found == pytest.approx(wanted, rel=1e-7), name


@pytest.mark.parametrize("kind", InitializerSpec.kinds)
def test_every_initializer_becomes_keras_s(kind: str):
    spec = InitializerSpec.kinds[kind](**VALUES.get(kind, {}))
    assert_has(keras_initializer(spec), spec)


# Keras's `get_config` turns a variable into an array in a way that NumPy 2 deprecates.
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")
@pytest.mark.parametrize("kind", OptimizerSpec.kinds)
def test_every_optimizer_becomes_keras_s(kind: str):
    spec = OptimizerSpec.kinds[kind](**VALUES[kind])
    assert_has(keras_optimizer(spec), spec)


@pytest.mark.parametrize("kind", Schedule.kinds)
def test_every_schedule_becomes_keras_s(kind: str):
    spec = Schedule.kinds[kind](**VALUES[kind])
    assert_has(keras_learning_rate(spec), spec)


@pytest.mark.parametrize("kind", Schedule.kinds)
def test_every_schedule_drives_an_optimizer(kind: str):
    spec = Schedule.kinds[kind](**VALUES[kind])
    with precision("float32"):
        optimizer = keras_optimizer(SGD(learning_rate=spec))
        optimizer.build([keras.Variable(np.zeros(1))])
        assert float(optimizer.learning_rate) == pytest.approx(0.3)
