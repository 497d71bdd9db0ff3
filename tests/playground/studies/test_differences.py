"""What differs between two set-ups is named with both values, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest

from mlplab.playground.session.presets import PRESETS
from mlplab.playground.studies.differences import differences, say_differences
from mlplab.playground.studies.hyperparameters import with_value
from mlplab.spec import SGD, Adam, Experiment, ExponentialDecay, Network, SamplesFile, Training

FALLING = ExponentialDecay(initial_learning_rate=0.5, decay_steps=3, decay_rate=0.5)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("training.batch_size", 512, "batch size 8 → 512"),
        ("training.optimizer.learning_rate", 1.0, "learning rate 0.5 → 1"),
        ("training.optimizer.learning_rate", 0.50000001, "learning rate 0.5 → 0.50000001"),
        ("network.hidden_layers", 2, "hidden layers 1 × 3 → 2 × 3"),
        ("network.layer_width", 5, "hidden layers 1 × 3 → 1 × 5"),
        ("dataset.train_per_class", 64, "train per class 16 → 64"),
    ],
)
def test_a_number_that_differs_is_named_with_both_values(
    small: Experiment, path: str, value: float, said: str
):
    assert differences(small, with_value(small, path, value)) == [said]


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"network": Network()}, "hidden layers 1 × 3 → none"),
        (
            {"network": Network(hidden_layers=2, layer_width=(8, 4), activation="tanh")},
            "hidden layers 1 × 3 → 8, 4",
        ),
        (
            {"network": Network(hidden_layers=1, layer_width=3, activation=("relu",))},
            "activation tanh → relu",
        ),
        (
            {"training": Training(optimizer=Adam(learning_rate=0.5), batch_size=8, epochs=2)},
            "optimizer sgd → adam",
        ),
        (
            {"training": Training(optimizer=SGD(learning_rate=FALLING), batch_size=8, epochs=2)},
            "learning rate 0.5 → exponential decay",
        ),
        ({"dataset": SamplesFile(path="a.csv")}, "dataset polar → own points"),
    ],
)
def test_a_kind_that_differs_is_named_without_its_own_fields(
    small: Experiment, parts: dict[str, Any], said: str
):
    assert differences(small, small.model_copy(update=parts)) == [said]


def test_the_same_differs_in_nothing_however_it_is_written(small: Experiment):
    listed = small.model_copy(
        update={"network": Network(hidden_layers=1, layer_width=(3,), activation=("tanh",))}
    )
    assert differences(small, listed) == []


def test_other_own_points_are_named_without_their_file(small: Experiment):
    one, other = (
        small.model_copy(update={"dataset": SamplesFile(path=path)}) for path in ("a.csv", "b.csv")
    )
    assert differences(one, other) == ["other own points"]
    assert differences(one, one) == []


def test_of_many_differences_two_are_named():
    found = differences(PRESETS["1.1  two clouds, batch 16"], PRESETS["1.4  five rings, Adam"])
    assert len(found) > 4
    assert say_differences(found) == "; ".join(found[:2]) + f" and {len(found) - 2} more"
