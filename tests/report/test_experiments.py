"""The experiments and the published numbers are LAB.md's tables, written out here a second time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mlplab.report import EXPERIMENTS, PUBLISHED, PUBLISHED_UPDATES, Published
from mlplab.report.experiments import SHARED_INITIALIZER
from mlplab.spec import Experiment
from mlplab.trial import draw

LINEAR = """
[dataset]
kind = "linear"
classes = 2
sigma = {sigma}
train_per_class = 512
test_per_class = 512
[network]
hidden_layers = 0
[network.initializer]
kind = "random_normal"
mean = 0.1
stddev = 0.1
[training]
loss = "mean_squared_error"
batch_size = {batch_size}
epochs = 4
dtype = "float32"
[training.optimizer]
kind = "sgd"
learning_rate = 1.0
momentum = 0.0
nesterov = false
"""

DISC_AND_RING = """
[dataset]
kind = "polar"
classes = 2
sigma = 0.1
train_per_class = 512
test_per_class = 512
[network]
hidden_layers = 1
layer_width = 5
activation = "{activation}"
[network.initializer]
kind = "random_normal"
mean = 0.1
stddev = 0.1
[training]
loss = "mean_squared_error"
batch_size = 16
epochs = 20
dtype = "float32"
[training.optimizer]
kind = "sgd"
learning_rate = 1.0
momentum = 0.0
nesterov = false
"""

FIVE_RINGS = """
[dataset]
kind = "polar"
classes = 5
sigma = 0.05
train_per_class = 512
test_per_class = 512
[network]
hidden_layers = 10
layer_width = 50
activation = "relu"
[training]
loss = "mean_squared_error"
batch_size = 32
epochs = {epochs}
dtype = "float32"
"""

BY_TRIAL_AND_ERROR = """
[network.initializer]
kind = "random_normal"
mean = 0.035
stddev = 0.1
[training.optimizer]
kind = "sgd"
momentum = 0.3
nesterov = false
[training.optimizer.learning_rate]
kind = "exponential_decay"
initial_learning_rate = 0.05
decay_steps = 400
decay_rate = 0.85
staircase = true
"""

GLOROT_AND_ADAM = """
[network.initializer]
kind = "glorot_normal"
[training.optimizer]
kind = "adam"
learning_rate = 0.001
beta_1 = 0.9
beta_2 = 0.999
epsilon = 1e-7
"""


def shared(toml: str) -> str:
    """The same with one initializer object for all layers."""
    return toml.replace("[network.initializer]", "[network.initializer]\nshared = true")


LAB = {
    "1.1-batch-16": LINEAR.format(sigma=0.06, batch_size=16),
    "1.1-batch-512": LINEAR.format(sigma=0.06, batch_size=512),
    "1.1-batch-16-sigma-0.1": LINEAR.format(sigma=0.1, batch_size=16),
    "1.1-batch-512-sigma-0.1": LINEAR.format(sigma=0.1, batch_size=512),
    "1.2-linear": DISC_AND_RING.format(activation="linear"),
    "1.2-sigmoid": DISC_AND_RING.format(activation="sigmoid"),
    "1.2-relu": DISC_AND_RING.format(activation="relu"),
    "1.3": FIVE_RINGS.format(epochs=100) + BY_TRIAL_AND_ERROR,
    "1.3-shared-initializer": shared(FIVE_RINGS.format(epochs=100) + BY_TRIAL_AND_ERROR),
    "1.4": FIVE_RINGS.format(epochs=20) + GLOROT_AND_ADAM,
    "1.4-shared-initializer": shared(FIVE_RINGS.format(epochs=20) + GLOROT_AND_ADAM),
}

TABLES: dict[str, dict[str, Any]] = {
    "1.1-batch-16": {"table": 1, "test_accuracy": 0.9883},
    "1.1-batch-512": {"table": 1, "test_accuracy": 0.7568},
    "1.1-batch-16-sigma-0.1": {"table": 1, "test_accuracy": 0.9883},
    "1.1-batch-512-sigma-0.1": {"table": 1, "test_accuracy": 0.7568},
    "1.2-linear": {"table": 2, "test_accuracy": 0.6162},
    "1.2-sigmoid": {"table": 2, "test_accuracy": 0.5},
    "1.2-relu": {"table": 2, "test_accuracy": 0.9902},
    "1.3": {"table": 3, "test_accuracy": 0.9609, "test_loss": 0.0389},
    "1.3-shared-initializer": {"table": 3, "test_accuracy": 0.9609, "test_loss": 0.0389},
    "1.4": {"table": 4, "test_accuracy": 0.9480, "test_loss": 0.0152},
    "1.4-shared-initializer": {"table": 4, "test_accuracy": 0.9480, "test_loss": 0.0152},
    "2": {
        "table": 5,
        "train_loss": 0.0163,
        "train_accuracy": 0.9492,
        "test_loss": 0.0182,
        "test_accuracy": 0.9453,
    },
}


def test_the_experiments_are_the_labs_in_its_order() -> None:
    assert list(EXPERIMENTS) == list(LAB)


@pytest.mark.parametrize("id", LAB)
def test_an_experiment_is_the_labs_to_the_last_field(id: str) -> None:
    assert EXPERIMENTS[id] == Experiment.from_toml_text(LAB[id])


@pytest.mark.parametrize("id", LAB)
def test_an_experiment_survives_its_toml(id: str) -> None:
    assert Experiment.from_toml_text(EXPERIMENTS[id].to_toml()) == EXPERIMENTS[id]


@pytest.mark.parametrize(("id", "shared"), SHARED_INITIALIZER.items())
def test_a_shared_initializer_makes_nine_equal_matrices_and_changes_nothing_else(
    id: str, shared: str
) -> None:
    (_, *new, _), (_, *one, _) = (draw(EXPERIMENTS[key], 0).weights for key in (id, shared))
    assert len(new) == len(one) == 9
    assert all(np.array_equal(one[0], w) for w in one)
    assert not any(np.array_equal(new[0], w) for w in new[1:])
    assert EXPERIMENTS[shared].varied({"network.initializer.shared": False}) == EXPERIMENTS[id]


@pytest.mark.parametrize("id", ["1.3", "1.4"])
def test_the_deep_networks_have_23_355_parameters(id: str) -> None:
    trial = draw(EXPERIMENTS[id], 0)
    assert sum(array.size for array in (*trial.weights, *trial.biases)) == 23_355


@pytest.mark.parametrize("mapping", [EXPERIMENTS, PUBLISHED, PUBLISHED_UPDATES])
def test_what_was_published_cannot_be_changed(mapping: Any) -> None:
    with pytest.raises(TypeError):
        mapping["1.3"] = None
    with pytest.raises(TypeError):
        del mapping["1.1-batch-16"]


def test_the_published_numbers_are_the_source_reports() -> None:
    assert dict(PUBLISHED) == {id: Published(**row) for id, row in TABLES.items()}


def test_the_stated_updates_are_the_source_reports() -> None:
    assert dict(PUBLISHED_UPDATES) == {"1.1-batch-16": 128, "1.1-batch-512": 4}
