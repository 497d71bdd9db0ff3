"""The network from scratch follows Keras by optimizers of each sort, decayed and clipped or not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mlplab.frameworks import keras as keras_trainer
from mlplab.reference import train
from mlplab.spec import Experiment, Network, Polar, Training
from mlplab.spec.optimizers.base import CLIPPING
from mlplab.trial import draw

DECAY = {
    "kind": "exponential_decay",
    "initial_learning_rate": 0.05,
    "decay_steps": 30,
    "decay_rate": 0.8,
}

# Each kind by itself is Keras's in `spec/test_optimizers`, and each way to clip in `test_clipping`. Here
# is what a training makes of them: of one step size or several, with momentum, decay and a schedule.
OPTIMIZERS: list[dict[str, Any]] = [
    {"kind": "sgd", "learning_rate": 0.5, "momentum": 0.6, "clipvalue": 0.003},
    {"kind": "adamw", "learning_rate": DECAY, "weight_decay": 0.1, "clipnorm": 0.02},
    {"kind": "nadam", "learning_rate": 0.02},
    {"kind": "sgd", "learning_rate": 0.5, "global_clipnorm": 0.05, "weight_decay": 0.01},
]


def experiment(optimizer: dict[str, Any]) -> Experiment:
    """Ten updates an epoch, the last of them with 3 samples in place of 5."""
    return Experiment(
        dataset=Polar(classes=3, train_per_class=16, test_per_class=4),
        network=Network(hidden_layers=2, layer_width=(5, 4), activation="tanh"),
        training=Training(optimizer=optimizer, batch_size=5, epochs=20, dtype="float64"),
    )


def test_every_way_to_clip_is_there():
    assert set(CLIPPING) <= {name for each in OPTIMIZERS for name in each}


@pytest.mark.parametrize(
    "optimizer",
    [
        each if "global_clipnorm" in each else pytest.param(each, marks=pytest.mark.slow)
        for each in OPTIMIZERS
    ],
    ids=lambda each: f"{each['kind']}-{len(each)}",
)
def test_200_updates_are_keras_s_in_float64(optimizer: dict[str, Any], tolerance: Any):
    trial = draw(experiment(optimizer), seed=3)
    ours, theirs = train(trial), keras_trainer.train(trial)
    assert ours.updates == theirs.updates == 200
    for a, b in zip((*ours.weights, *ours.biases), (*theirs.weights, *theirs.biases), strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=tolerance.trajectory_float64)
    np.testing.assert_allclose(
        ours.history.train_loss, theirs.history.train_loss, rtol=0, atol=tolerance.float64
    )


CHANGES = [
    (optimizer, name)
    for optimizer in OPTIMIZERS
    for name in ("weight_decay", *CLIPPING)
    if name in optimizer
]


@pytest.mark.parametrize(("optimizer", "name"), CHANGES, ids=lambda each: str(each)[:20])
def test_decay_and_clipping_change_the_path(optimizer: dict[str, Any], name: str):
    # Else both could leave them out.
    without = {field: value for field, value in optimizer.items() if field != name}
    if name == "weight_decay":
        without[name] = 0.0
    runs = [train(draw(experiment(each), seed=3)) for each in (optimizer, without)]
    assert np.abs(runs[0].weights[0] - runs[1].weights[0]).max() > 0.001
