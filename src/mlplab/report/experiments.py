"""The lab's experiments, by id, exactly as LAB.md and the source report have them.

1.1 stands twice: with sigma 0.06, as the report lists it, and with 0.1, which fits its numbers better. So
do 1.3 and 1.4: with a new initializer for each layer, and with one object for all, as the listings have it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mlplab.spec import (
    SGD,
    ActivationName,
    Adam,
    Experiment,
    ExponentialDecay,
    GlorotNormal,
    Linear,
    Network,
    Polar,
    RandomNormal,
    Training,
)

_SMALL_POSITIVE = RandomNormal(mean=0.1, stddev=0.1)
_FIVE_RINGS = Polar(classes=5, sigma=0.05)


def _task_1_1(sigma: float, batch_size: int) -> Experiment:
    return Experiment(
        dataset=Linear(sigma=sigma),
        network=Network(initializer=_SMALL_POSITIVE),
        training=Training(optimizer=SGD(learning_rate=1.0), batch_size=batch_size, epochs=4),
    )


def _task_1_2(activation: ActivationName) -> Experiment:
    return Experiment(
        dataset=Polar(sigma=0.1),
        network=Network(
            hidden_layers=1,
            layer_width=5,
            activation=activation,
            initializer=_SMALL_POSITIVE,
        ),
        training=Training(optimizer=SGD(learning_rate=1.0), batch_size=16, epochs=20),
    )


_TASK_1_3 = Experiment(
    dataset=_FIVE_RINGS,
    network=Network(
        hidden_layers=10,
        layer_width=50,
        activation="relu",
        initializer=RandomNormal(mean=0.035, stddev=0.1),
    ),
    training=Training(
        optimizer=SGD(
            learning_rate=ExponentialDecay(
                initial_learning_rate=0.05, decay_steps=400, decay_rate=0.85, staircase=True
            ),
            momentum=0.3,
        ),
        batch_size=32,
        epochs=100,
    ),
)

_TASK_1_4 = Experiment(
    dataset=_FIVE_RINGS,
    network=Network(
        hidden_layers=10, layer_width=50, activation="relu", initializer=GlorotNormal()
    ),
    training=Training(optimizer=Adam(), batch_size=32, epochs=20),
)


def _with_one_initializer(experiment: Experiment) -> Experiment:
    return experiment.varied({"network.initializer.shared": True})


SHARED_INITIALIZER: Mapping[str, str] = MappingProxyType(
    {"1.3": "1.3-shared-initializer", "1.4": "1.4-shared-initializer"}
)
"""From an experiment's id to that of the same with one initializer object for all layers."""

EXPERIMENTS: Mapping[str, Experiment] = MappingProxyType(
    {
        "1.1-batch-16": _task_1_1(sigma=0.06, batch_size=16),
        "1.1-batch-512": _task_1_1(sigma=0.06, batch_size=512),
        "1.1-batch-16-sigma-0.1": _task_1_1(sigma=0.1, batch_size=16),
        "1.1-batch-512-sigma-0.1": _task_1_1(sigma=0.1, batch_size=512),
        "1.2-linear": _task_1_2("linear"),
        "1.2-sigmoid": _task_1_2("sigmoid"),
        "1.2-relu": _task_1_2("relu"),
        "1.3": _TASK_1_3,
        "1.3-shared-initializer": _with_one_initializer(_TASK_1_3),
        "1.4": _TASK_1_4,
        "1.4-shared-initializer": _with_one_initializer(_TASK_1_4),
    }
)
"""The trained experiments of the lab, from id to `Experiment`, in the report's order."""
