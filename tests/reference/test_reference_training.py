"""From one trial, the network from scratch and Keras follow the same path.

Early steps are compared tightly, in float64; in float32 rounding parts the paths of deep networks after
some hundred updates, so only the first twenty are. Everything that an experiment may name is trained
by both.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest

from mlplab.frameworks import keras as keras_trainer
from mlplab.reference import train
from mlplab.reference.training import batches
from mlplab.run import Run
from mlplab.spec import (
    ACTIVATIONS,
    HEADS,
    LOSSES,
    SGD,
    Adam,
    Experiment,
    ExponentialDecay,
    GlorotNormal,
    Linear,
    Network,
    OptimizerSpec,
    Polar,
    RandomNormal,
    Training,
)
from mlplab.trial import Trial, draw

# ---- The lab's tasks, as LAB.md has them ---------------------------------------------------------

TASKS = {
    "1.2-relu": Experiment(
        dataset=Polar(sigma=0.1),
        network=Network(
            hidden_layers=1,
            layer_width=5,
            activation="relu",
            initializer=RandomNormal(mean=0.1, stddev=0.1),
        ),
        training=Training(optimizer=SGD(learning_rate=1.0), batch_size=16, epochs=20),
    ),
    "1.3": Experiment(
        dataset=Polar(classes=5, sigma=0.05),
        network=Network(
            hidden_layers=10,
            layer_width=50,
            activation="relu",
            initializer=RandomNormal(mean=0.035, stddev=0.1),
        ),
        training=Training(
            optimizer=SGD(
                momentum=0.3,
                learning_rate=ExponentialDecay(
                    initial_learning_rate=0.05, decay_steps=400, decay_rate=0.85, staircase=True
                ),
            ),
            batch_size=32,
            epochs=100,
        ),
    ),
    "1.4": Experiment(
        dataset=Polar(classes=5, sigma=0.05),
        network=Network(
            hidden_layers=10, layer_width=50, activation="relu", initializer=GlorotNormal()
        ),
        training=Training(optimizer=Adam(), batch_size=32, epochs=20),
    ),
}


def shortened(task: Experiment, dtype: str, points: int, epochs: int) -> Experiment:
    """A task with other numbers of points and epochs; every split has as many points."""
    per_class = points // task.dataset.classes
    sizes = {"train_per_class": per_class, "test_per_class": per_class}
    length = {"dtype": dtype, "epochs": epochs}
    return Experiment(
        dataset=task.dataset.model_copy(update=sizes),
        network=task.network,
        training=task.training.model_copy(update=length),
    )


def assert_same_path(ours: Run, theirs: Run, weights: float, history: float) -> None:
    """Compare two runs of one trial: weights, then losses and accuracies, each to a tolerance."""
    assert ours.updates == theirs.updates
    assert ours.ending == theirs.ending
    for a, b in zip((*ours.weights, *ours.biases), (*theirs.weights, *theirs.biases), strict=True):
        assert a.dtype == b.dtype
        np.testing.assert_allclose(a, b, rtol=0, atol=weights)
    keras = theirs.history.arrays()
    assert keras.keys() == ours.history.arrays().keys()
    for name, array in ours.history.arrays().items():
        np.testing.assert_allclose(array, keras[name], rtol=0, atol=history, err_msg=name)
    for name in ("train_loss", "train_accuracy", "test_loss", "test_accuracy"):
        assert getattr(ours, name) == pytest.approx(getattr(theirs, name), abs=history), name


def moved(trial: Trial, run: Run) -> float:
    """How far training moved the weight that it moved most."""
    pairs = zip(trial.weights, run.weights, strict=True)
    return max(float(np.abs(before - after).max()) for before, after in pairs)


# ---- Reference against Keras ---------------------------------------------------------------------


DEEP = {"1.3", "1.4"}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow if name in DEEP else ()) for name in TASKS]
)
def test_tasks_follow_keras_for_200_updates_in_float64(name: str, tolerance: Any):
    task = TASKS[name]
    # 20 batches an epoch; that of one task ends with a smaller one, of 14 points.
    points = 20 * task.training.batch_size if name in DEEP else 19 * 16 + 14
    trial = draw(shortened(task, "float64", points, epochs=10), seed=1)
    ours, theirs = train(trial), keras_trainer.train(trial)
    assert ours.updates == 200
    assert moved(trial, ours) > 0.01
    assert_same_path(ours, theirs, tolerance.trajectory_float64, tolerance.float64)


# 1.3 differs from 1.2 in what float64 shows.
@pytest.mark.slow
@pytest.mark.parametrize("name", ["1.2-relu", "1.4"])
def test_tasks_follow_keras_for_20_updates_in_float32(name: str, tolerance: Any):
    task = TASKS[name]
    trial = draw(shortened(task, "float32", 20 * task.training.batch_size, epochs=1), seed=2)
    ours, theirs = train(trial), keras_trainer.train(trial)
    assert ours.updates == 20
    assert moved(trial, ours) > 0.001
    assert_same_path(ours, theirs, tolerance.trajectory_float32, tolerance.float32)


OPTIMIZER_SPECS: dict[str, OptimizerSpec] = {
    "sgd": SGD(
        learning_rate=ExponentialDecay(
            initial_learning_rate=0.5, decay_steps=5, decay_rate=0.7, staircase=True
        ),
        momentum=0.9,
        nesterov=True,
    ),
    "adam": Adam(learning_rate=0.05),
}

# Each loss meets each optimizer, and the activations are dealt out to the layers of these networks, in
# which each comes once at least. (The other optimizers: `test_optimizers_against_keras`; all activations
# with all losses, by central differences: `test_network`.)
PAIRS = list(product(LOSSES, OPTIMIZER_SPECS))
LAYERS = -(-len(ACTIVATIONS) // len(PAIRS))


def dealt(number: int) -> tuple[str, ...]:
    """The activations of the layers of a network."""
    names = list(ACTIVATIONS)
    return tuple(names[(number * LAYERS + i) % len(names)] for i in range(LAYERS))


@pytest.mark.parametrize(
    ("loss", "optimizer", "activations"),
    [
        pytest.param(*pair, dealt(number), marks=pytest.mark.slow if number else ())
        for number, pair in enumerate(PAIRS)
    ],
)
def test_every_activation_loss_and_optimizer_follows_keras(
    loss: str, optimizer: str, activations: tuple[str, ...], tolerance: Any
):
    experiment = Experiment(
        dataset=Polar(
            classes=2 if HEADS[loss].has_one_output else 3,
            train_per_class=12 if HEADS[loss].has_one_output else 8,
            test_per_class=8,
        ),
        network=Network(hidden_layers=LAYERS, layer_width=4, activation=activations),
        training=Training(
            loss=loss,
            optimizer=OPTIMIZER_SPECS[optimizer],
            batch_size=6,
            epochs=5,
            dtype="float64",
        ),
    )
    trial = draw(experiment, seed=1)
    ours, theirs = train(trial), keras_trainer.train(trial)
    assert ours.updates == 20
    assert moved(trial, ours) > 0.1
    assert_same_path(ours, theirs, tolerance.trajectory_float64, tolerance.float64)


def test_each_activation_is_dealt_out():
    assert {name for number in range(len(PAIRS)) for name in dealt(number)} == set(ACTIVATIONS)


# ---- The loop ------------------------------------------------------------------------------------

SMALL = Experiment(
    dataset=Linear(train_per_class=5, test_per_class=3),
    training=Training(optimizer=SGD(learning_rate=1.0), batch_size=4, epochs=3),
)


def test_batches_take_every_point_once_in_the_trials_order_and_the_last_holds_the_rest():
    trial = draw(SMALL, seed=1)
    taken = [places.tolist() for places in batches(trial)]
    assert taken == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert trial.shuffle(0).tolist() != trial.shuffle(1).tolist()


def test_an_epoch_s_training_loss_is_the_mean_over_its_points_before_each_update(tolerance: Any):
    # Without a learning rate nothing moves: every epoch's loss is that of the weights over all points,
    # and so is the mean over batches of 4, 4 and 2 only if they are weighted by their sizes.
    still = SMALL.training.model_copy(update={"optimizer": SGD(learning_rate=0.0)})
    still = still.model_copy(update={"dtype": "float64"})
    run = train(draw(SMALL.model_copy(update={"training": still}), seed=1))
    np.testing.assert_allclose(
        run.history.train_loss, run.train_loss, rtol=0, atol=tolerance.float64
    )
    np.testing.assert_allclose(
        run.history.train_accuracy, run.train_accuracy, rtol=0, atol=tolerance.float64
    )


def test_validation_is_that_of_the_weights_after_the_epoch(tolerance: Any):
    trial = draw(SMALL, seed=1)
    swapped = replace(trial, dataset=replace(trial.dataset, validation=trial.dataset.test))
    run = train(swapped)
    assert run.history.validation_loss[-1] == run.test_loss
    assert run.history.validation_accuracy[-1] == run.test_accuracy


def test_training_is_the_same_each_time_and_leaves_the_trial_alone():
    trial = draw(SMALL, seed=1)
    before = [w.copy() for w in trial.weights]
    first, second = train(trial), train(trial)
    for a, b in zip(first.weights, second.weights, strict=True):
        np.testing.assert_array_equal(a, b)
    for a, b in zip(trial.weights, before, strict=True):
        np.testing.assert_array_equal(a, b)
