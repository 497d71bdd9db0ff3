"""Two classes with one output, smoothed labels and weights train as Keras trains them, step by step."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mlplab.data import Samples
from mlplab.frameworks import keras as keras_trainer
from mlplab.frameworks.keras import KerasNetwork
from mlplab.reference import MultilayerPerceptron, train
from mlplab.reference.training import evaluate
from mlplab.run import Run
from mlplab.spec import HEADS, SGD, Experiment, Network, Polar, Training
from mlplab.trial import draw

# ---- Worked by hand ------------------------------------------------------------------------------

# Two features, no hidden layer, one output, and one batch of both samples. Weights are zero: z = 0 and
# p = 1/2. The second sample is of class 1 and weighs 3: δ = (1/2, -3/2) / 2, and with a rate of 1
# W = -(1/4 · (1, 2) - 3/4 · (3, 4)) = (2, 5/2), b = -(1/4 - 3/4) = 1/2. The loss is (1 + 3) / 2 · log 2.
X = np.array([[1.0, 2.0], [3.0, 4.0]])


def test_an_update_of_weighted_samples_is_that_worked_by_hand(tolerance: Any):
    x, split = np.tile(X, (3, 1)), np.repeat(["train", "validation", "test"], 2)
    experiment = Experiment(
        dataset="arrays",
        network={"initializer": "zeros"},
        training={
            "loss": "binary_crossentropy",
            "optimizer": {"kind": "sgd", "learning_rate": 1.0},
            "class_weight": {"1": 1.5},
            "dtype": "float64",
        },
    )
    run = train(draw(experiment, 0, (x, [0, 1] * 3, split, [1.0, 2.0] * 3)))
    near = {"rtol": 0, "atol": tolerance.by_hand}
    np.testing.assert_allclose(run.weights[0], [[2, 5 / 2]], **near)
    np.testing.assert_allclose(run.biases[0], [1 / 2], **near)
    np.testing.assert_allclose(run.history.train_loss, [2 * np.log(2)], **near)
    np.testing.assert_allclose(run.history.train_accuracy, [1 / 2], **near)
    # z = 15/2 and 33/2, and no weights: log(1 + e^7.5) of class 0, and -log(1 - ε) of class 1.
    wanted = (np.log1p(np.exp(7.5)) - np.log(1 - 1e-7)) / 2
    for loss in (run.train_loss, run.test_loss, run.history.validation_loss[0]):
        np.testing.assert_allclose(loss, wanted, rtol=1e-12)
    assert run.predicted.tolist() == [0, 2]
    assert run.ending == "stuck"


# ---- Keras ---------------------------------------------------------------------------------------

# Each loss weighted, and smoothed where it can be. Both trainers take the trial's weights, which are
# those of classes times those of samples: of one kind alone they would show nothing else.
SMOOTHING = {
    "mean_squared_error": 0.0,
    "categorical_crossentropy": 0.15,
    "binary_crossentropy": 0.15,
}


def trial_of(loss: str, smoothing: float, how: str, dtype: str, epochs: int) -> Any:
    """Draw a trial of some twenty updates an epoch, whose samples weigh alike or not."""
    classes = 2 if HEADS[loss].has_one_output else 3
    drawn = draw(Experiment(dataset=Polar(classes=classes, train_per_class=80)), 5).dataset.train
    samples: Any = None
    if how == "both":
        weight = np.random.default_rng(6).uniform(0, 3, len(drawn))
        samples = Samples.from_arrays(drawn.x, drawn.y, sample_weight=weight)
    training = len(drawn) * 3 // 5 if samples is not None else 120
    experiment = Experiment(
        dataset=Polar(classes=classes, train_per_class=120 // classes, test_per_class=9),
        network=Network(hidden_layers=2, layer_width=(6, 5), activation="tanh"),
        training=Training(
            loss=loss,
            label_smoothing=smoothing,
            class_weight={"0": 0.3, "1": 2.5} if how in ("classes", "both") else None,
            optimizer=SGD(learning_rate=0.3, momentum=0.6),
            batch_size=-(-training // 20),
            epochs=epochs,
            dtype=dtype,
        ),
    )
    return draw(experiment, 1, samples)


def assert_near(ref: Run, comp: Run, near: float) -> None:
    assert (ref.updates, ref.ending) == (comp.updates, comp.ending)
    for a, b in zip((*ref.weights, *ref.biases), (*comp.weights, *comp.biases), strict=True):
        np.testing.assert_allclose(b, a, rtol=0, atol=near)
    for name, a in ref.history.arrays().items():
        b = comp.history.arrays()[name]
        # Keras keeps the mean of an epoch's accuracies in float32.
        atol = max(near, 1e-6) if "accuracy" in name else near
        np.testing.assert_allclose(b, a, rtol=0, atol=atol, err_msg=name)
    for name in ("train_loss", "train_accuracy", "test_loss", "test_accuracy"):
        assert getattr(comp, name) == pytest.approx(getattr(ref, name), abs=near), name
    assert comp.predicted.tolist() == ref.predicted.tolist()


@pytest.mark.parametrize(
    "loss",
    [
        pytest.param(loss, marks=() if loss == "binary_crossentropy" else pytest.mark.slow)
        for loss in HEADS
    ],
)
def test_every_head_follows_keras_for_200_updates_in_float64(loss: str, tolerance: Any):
    trial = trial_of(loss, SMOOTHING[loss], "both", "float64", 10)
    ours, theirs = train(trial), keras_trainer.train(trial)
    assert 180 <= ours.updates <= 220
    assert_near(ours, theirs, tolerance.trajectory_float64)


@pytest.mark.slow
def test_weighted_samples_follow_keras_for_20_updates_in_float32(tolerance: Any):
    """Of one output; in float32 the loss is Keras's own, smoothed by itself."""
    trial = trial_of("binary_crossentropy", 0.15, "both", "float32", 1)
    assert_near(train(trial), keras_trainer.train(trial), tolerance.trajectory_float32)


def test_class_weights_are_handed_to_keras_as_a_student_does(monkeypatch: pytest.MonkeyPatch):
    trial = trial_of("categorical_crossentropy", 0.0, "classes", "float32", 1)
    seen: dict[str, Any] = {}
    fit = keras_trainer.keras.Model.fit

    def spied(self: Any, *arguments: Any, **how: Any) -> Any:
        seen.update(how)
        return fit(self, *arguments, **how)

    monkeypatch.setattr(keras_trainer.keras.Model, "fit", spied)
    run = keras_trainer.fit(trial)
    assert seen["class_weight"] == {0: 0.3, 1: 2.5, 2: 1.0}
    assert np.isfinite(run.train_loss)


def test_of_two_classes_with_one_output_there_are_two_probabilities(tolerance: Any):
    trial = trial_of("binary_crossentropy", 0.0, "alike", "float32", 2)
    run = train(trial)
    x = trial.dataset.test.x
    network = MultilayerPerceptron.from_run(run)
    assert run.weights[-1].shape == (1, 5)
    assert network.forward(x).output.shape == (len(x), 1)
    ours = run.predict_proba(x)
    assert ours.shape == (len(x), 2)
    np.testing.assert_allclose(ours.sum(axis=1), 1, rtol=0, atol=1e-6)
    np.testing.assert_array_equal(ours, network.feedforward(x))
    theirs = KerasNetwork(run).feedforward(x)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=tolerance.float32)
    wanted = np.where(network.forward(x).output[:, 0] > 0.5, "1", "0")
    assert run.predict(x).tolist() == wanted.tolist()
    matrix = run.confusion_matrix(x, trial.dataset.test.y)
    assert matrix.trace() == round(run.test_accuracy * len(x))
    assert run.predicted.sum() == len(trial.dataset.train)
    assert evaluate(network, trial, trial.dataset.test) == (run.test_loss, run.test_accuracy)
