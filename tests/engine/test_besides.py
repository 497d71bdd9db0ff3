"""What networks have besides: kernels that could do all of it, with nothing on, train the same bits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from mlplab.engine import prepared
from mlplab.engine.besides import Besides
from mlplab.engine.jobs import Shape
from mlplab.engine.options import settings_of
from mlplab.engine.switched import addressed
from mlplab.spec import Experiment
from mlplab.training import train
from mlplab.trial import Trials

PLAIN = Experiment(
    dataset={"kind": "polar", "classes": 3, "train_per_class": 9, "test_per_class": 5},
    network={"hidden_layers": 2, "layer_width": (5, 17), "activation": ("tanh", "relu")},
    training={"loss": "categorical_crossentropy", "batch_size": 4, "epochs": 3},
)


def with_nothing_on(experiments: Sequence[Experiment], shape: Shape, theta: Any, keys: Any) -> Any:
    settings = np.array([settings_of(experiment) for experiment in experiments]).T.copy()
    switches = addressed(shape.switches, shape.dtype)
    return Besides(switches, settings, keys, theta[:0], np.zeros(len(keys)))


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize("together", [1, 16])
def test_what_is_off_changes_no_bit(
    together: int, optimizer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = PLAIN.varied({"training.optimizer": optimizer})
    plain = train(experiment, together, threads=1)
    assert prepared.besides_of([experiment], shape_of(experiment), np.zeros((1, 16)), None) is None
    monkeypatch.setattr(prepared, "besides_of", with_nothing_on)
    able = train(experiment, together, threads=1)
    for a, b in zip((*plain.weights, *plain.biases), (*able.weights, *able.biases), strict=True):
        assert a.tobytes() == b.tobytes()
    for name, scores in plain.history.arrays().items():
        assert scores.tobytes() == able.history.arrays()[name].tobytes()


@pytest.mark.parametrize(
    "changes",
    [
        {"network.dropout": 0.1},
        {"network.activation": "gelu"},
        {"training.label_smoothing": 0.1},
        {"training.optimizer": "nadam"},
        {"training.optimizer.weight_decay": 0.1},
        {"training.early_stopping.patience": 3},
    ],
)
def test_whatever_is_on_is_something_besides(changes: dict[str, Any]) -> None:
    experiment = PLAIN.varied(changes)
    theta, keys = np.zeros((1, 16)), np.zeros(1, np.uint64)
    assert prepared.besides_of([experiment], shape_of(experiment), theta, keys) is not None


def shape_of(experiment: Experiment) -> Shape:
    return Shape.from_trials(Trials.from_seeds(experiment, range(1)))
