"""What can be varied in a set-up: its numbers and no others, on ladders that can be trained."""

from __future__ import annotations

import pytest

from mlplab.errors import MlplabError
from mlplab.playground.session.limits import LARGEST, check_limits
from mlplab.playground.session.presets import PRESETS
from mlplab.playground.studies.hyperparameters import (
    VALUES,
    find_hyperparameter,
    hyperparameters,
    with_value,
)
from mlplab.spec import Experiment, Network, SamplesFile

RATE = "training.optimizer.learning_rate"
MOMENTUM = "training.optimizer.momentum"


@pytest.mark.parametrize("title", PRESETS)
def test_every_value_that_is_offered_can_be_trained(title: str):
    experiment = PRESETS[title]
    offered = hyperparameters(experiment)
    assert {"batch size", "epochs"} <= {each.name for each in offered}
    for each in offered:
        assert list(each.values) == sorted(set(each.values))
        assert each.value in each.values
        assert with_value(experiment, each.path, each.value) == experiment
        for value in each.values:
            check_limits(with_value(experiment, each.path, value))
        assert len(each.values) <= VALUES


def test_only_what_the_set_up_has_can_be_varied(small: Experiment):
    def names(experiment: Experiment) -> set[str]:
        return {each.name for each in hyperparameters(experiment)}

    assert {"learning rate", "momentum", "layer width", "sigma"} <= names(small)
    for network in (
        Network(),
        Network(hidden_layers=2, layer_width=(8, 4), activation="tanh"),
    ):
        found = names(small.model_copy(update={"network": network}))
        assert not {"layer width", "hidden layers"} & found
    own = names(small.model_copy(update={"dataset": SamplesFile(path="a.csv")}))
    assert not {"sigma", "train per class", "validation fraction"} & own
    assert "momentum" not in names(PRESETS["1.4  five rings, Adam"])
    rings = names(PRESETS["1.3  five rings, momentum"])
    assert {"initial learning rate", "decay steps", "stddev"} <= rings
    assert "learning rate" not in rings


@pytest.mark.parametrize(
    ("path", "value", "values"),
    [
        ("network.hidden_layers", 3, (1, 2, 3, 4, 5)),
        ("network.hidden_layers", LARGEST["hidden layers"], (8, 9, 10, 11, 12)),
        ("dataset.classes", 2, (2, 3, 4, 5, 6)),
        ("training.batch_size", 8, (2, 8, 32)),
        (RATE, 0.1, (0.00625, 0.025, 0.1, 0.4, 1.6)),
        (MOMENTUM, 0.9, (0.3, 0.6, 0.9, 0.99, 0.999)),
        (MOMENTUM, 0.5, (0.0, 0.3, 0.5, 0.6, 0.9)),
        ("training.epochs", 1, (1, 2, 4, 8, 16)),
        ("training.epochs", LARGEST["epochs"], (625, 1250, 2500, 5000, 10000)),
        ("network.layer_width", LARGEST["neurons in a layer"], (8, 16, 32, 64, 128)),
    ],
)
def test_the_value_stands_in_the_middle_where_it_can(
    small: Experiment, path: str, value: float, values: tuple[float, ...]
):
    assert find_hyperparameter(with_value(small, path, value), path).values == values


@pytest.mark.parametrize("path", ["", "network", "dataset.kind", "training.nonsense", "x" * 999])
def test_what_is_no_number_of_the_set_up_is_refused(small: Experiment, path: str):
    with pytest.raises(MlplabError, match="there is no number"):
        find_hyperparameter(small, path)
    with pytest.raises(MlplabError):
        with_value(small, path, 1)
