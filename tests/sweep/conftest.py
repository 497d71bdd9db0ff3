"""What the tests of maps share: a small one."""

from __future__ import annotations

import pytest

from mlplab.spec import Experiment
from mlplab.sweep import Axis, MapPlan

SMALL = Experiment(
    dataset={"kind": "linear", "train_per_class": 6, "test_per_class": 5},
    training={"batch_size": 4, "epochs": 2, "optimizer": {"kind": "sgd", "learning_rate": 0.5}},
)


@pytest.fixture
def plan() -> MapPlan:
    """A map of 3 × 5 cells with 4 runs each."""
    x = Axis.parse("training.optimizer.learning_rate=log:0.01:10:5", SMALL)
    return MapPlan.of(SMALL, x, Axis.parse("training.batch_size=1,4,12", SMALL), seed=7)
