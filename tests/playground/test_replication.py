"""A hundred of the same: what is said of the run that is looked at, and of what the middle rests on."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from mlplab.boundary import Extent
from mlplab.playground.session.session import Session
from mlplab.playground.studies.replication import Replication
from mlplab.playground.studies.study import PART
from mlplab.spec import SGD, Adam, Experiment, Network, Polar, Training

SMALL = Experiment(
    dataset=Polar(classes=3, train_per_class=20, test_per_class=20),
    network=Network(hidden_layers=1, layer_width=4, activation="relu"),
    training=Training(optimizer=SGD(learning_rate=0.5), batch_size=8, epochs=2),
)


def replicated(experiment: Experiment) -> Iterator[Replication]:
    session = Session(experiment)
    made = Replication(experiment, 0, session.stepper, Extent(-1, 1, -1, 1), lambda: None)
    made.work()
    yield made
    session.close()


@pytest.fixture
def replication() -> Iterator[Replication]:
    yield from replicated(SMALL)


def test_a_run_has_its_place_among_the_others(replication: Replication):
    said = replication.summary(1.0)
    assert said["done"] == PART
    assert said["percentile"] == 100.0
    assert said["verdict"] == "luck"
    assert (said["diverged"], len(said["accuracies"])) == (0, PART)


def test_a_run_that_diverged_has_no_place_among_them(replication: Replication):
    said = replication.summary(float("nan"))
    assert "percentile" not in said
    assert "verdict" not in said
    assert said["middle"] > 0.3


@pytest.mark.parametrize("mine", [0.5, np.nan])
def test_where_all_diverged_it_is_said_how_many(mine: float):
    training = SMALL.training.model_copy(update={"optimizer": Adam(learning_rate=1e38)})
    (replication,) = replicated(SMALL.model_copy(update={"training": training}))
    said = replication.summary(mine)
    assert said["diverged"] == said["done"] == PART
    assert said["accuracies"] == []
    assert "percentile" not in said
    assert "middle" not in said
