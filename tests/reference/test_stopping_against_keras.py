"""Early stopping and reduction on a plateau: the network from scratch does what Keras's callbacks do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mlplab.frameworks import keras as keras_trainer
from mlplab.reference import train
from mlplab.run import Run
from mlplab.spec import Adam, EarlyStopping, Experiment, Network, ReduceLROnPlateau, Training
from mlplab.trial import draw

# Keras's `get_weights` turns a variable into an array in a way that NumPy 2 deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")

# A few samples that are hard to tell apart, so that losses go up and down.
NOISY = Experiment(
    dataset={
        "kind": "polar",
        "classes": 3,
        "sigma": 0.3,
        "train_per_class": 12,
        "test_per_class": 6,
    },
    network=Network(hidden_layers=1, layer_width=4, activation="tanh"),
    training=Training(
        loss="categorical_crossentropy",
        optimizer=Adam(learning_rate=0.1),
        batch_size=8,
        epochs=40,
        dtype="float64",
    ),
)

RULES: dict[str, dict[str, Any]] = {
    "both, stopped by the loss of the training": {
        "early_stopping": EarlyStopping(monitor="loss", patience=2, restore_best_weights=True),
        "reduce_lr_on_plateau": ReduceLROnPlateau(
            monitor="val_accuracy", factor=0.3, patience=1, min_lr=0.01
        ),
    },
    "restored at the end": {
        "early_stopping": EarlyStopping(patience=90, restore_best_weights=True)
    },
    "nothing looked at": {
        "early_stopping": EarlyStopping(start_from_epoch=90, restore_best_weights=True)
    },
}
"""What a rule sees in an epoch is Keras's, on any scores, in `spec/test_stopping`."""


def gap(ours: Run, theirs: Run) -> float:
    """Return the largest difference of two runs, of weights and histories."""
    pairs = [*zip((*ours.weights, *ours.biases), (*theirs.weights, *theirs.biases), strict=True)]
    pairs += zip(ours.history.arrays().values(), theirs.history.arrays().values(), strict=True)
    for a, b in pairs:
        np.testing.assert_array_equal(np.isnan(a), np.isnan(b))
    return max(float(np.nanmax(np.abs(a - b), initial=0.0)) for a, b in pairs)


def test_a_loss_is_looked_at_with_its_penalty(tolerance: Any):
    """With the penalty, Keras finds another epoch the best than the losses alone would say."""
    rule = EarlyStopping(patience=3, restore_best_weights=True)
    experiment = NOISY.varied({"training.early_stopping": rule})
    penalised = experiment.varied({"network.kernel_regularizer": {"kind": "l2", "l2": 0.02}})
    trial = draw(penalised, seed=2)
    ours, theirs = train(trial), keras_trainer.train(trial)
    assert ours.updates == theirs.updates
    assert gap(ours, theirs) < tolerance.float64
    assert ours.best_epoch == 1 + np.nanargmin(ours.history.validation_loss_with_penalty)
    assert ours.best_epoch != 1 + np.nanargmin(ours.history.validation_loss)


@pytest.mark.parametrize("what", RULES)
def test_the_same_epochs_as_keras(what: str, tolerance: Any):
    """Both end with the same epoch, with the same weights, at the same learning rates."""
    varied = {f"training.{name}": rule for name, rule in RULES[what].items()}
    trial = draw(NOISY.varied(varied), seed=1)
    ours, theirs = train(trial), keras_trainer.train(trial)
    assert ours.updates == theirs.updates
    assert ours.stopped_early == ("stopped" in what)
    assert gap(ours, theirs) < tolerance.float64


def test_keras_s_own_fit_stops_early_in_one_call():
    """`fit`, whose draws are Keras's, is one call for all epochs; its callbacks are the same."""
    spec = NOISY.varied({"training.early_stopping": {"patience": 2, "restore_best_weights": True}})
    run = keras_trainer.fit(draw(spec, seed=1))
    assert run.stopped_early
    assert run.epochs == run.best_epoch + 2
    assert np.isnan(run.history.train_loss[run.epochs :]).all()
