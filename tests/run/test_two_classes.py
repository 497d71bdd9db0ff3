"""Runs of two classes with one output: saved, stored, judged and asked as those of two outputs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mlplab.figures import classifier_figure
from mlplab.reference import MultilayerPerceptron
from mlplab.run import Runs
from mlplab.spec import Experiment
from mlplab.store import Store, train_stored
from mlplab.training import train
from mlplab.trial import draw

EXPERIMENT = Experiment(
    dataset={"kind": "moons", "train_per_class": 40, "test_per_class": 30},
    network={"hidden_layers": 1, "layer_width": 6, "activation": "tanh"},
    training={
        "loss": "binary_crossentropy",
        "label_smoothing": 0.1,
        "class_weight": {"1": 2.0},
        "optimizer": {"kind": "adam", "learning_rate": 0.05},
        "batch_size": 8,
        "epochs": 10,
    },
)


@pytest.fixture(scope="module")
def runs() -> Runs:
    return train(EXPERIMENT, 5)


def test_predictions_are_of_two_classes(runs: Runs):
    run, test = runs[1], draw(EXPERIMENT, 1).dataset.test
    probabilities = run.predict_proba(test.x)
    assert probabilities.shape == (60, 2)
    assert run.predict(test.x).tolist() == [str(k) for k in probabilities.argmax(axis=1)]
    matrix = run.confusion_matrix(test.x, test.y)
    assert matrix.shape == (2, 2)
    assert matrix.trace() / 60 == pytest.approx(run.test_accuracy)
    assert runs.predicted.shape == (5, 2)
    assert (runs.predicted.sum(axis=1) == 80).all()
    assert run.ending == "finished"


def test_saved_runs_come_back(runs: Runs, tmp_path: Path):
    runs.save(tmp_path / "runs")
    again = Runs.load(tmp_path / "runs")
    assert again.experiment == runs.experiment
    for one, other in zip(
        (*runs.weights, *runs.biases), (*again.weights, *again.biases), strict=True
    ):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(again.predicted, runs.predicted)
    assert len(Runs.concatenate([runs, again])) == 10


def test_a_run_without_weights_is_of_the_same_shape(runs: Runs):
    one = Runs.from_runs([run.without_weights() for run in runs])
    assert [w.shape for w in one.weights] == [(0, 6, 2), (0, 1, 6)]


def test_a_store_keeps_them(runs: Runs, tmp_path: Path):
    with Store(tmp_path / "s.sqlite") as store:
        stored = train_stored(store, EXPERIMENT, 5)
        again = train_stored(store, EXPERIMENT, 5)
        assert (stored.found, again.found) == (0, 5)
        np.testing.assert_array_equal(np.sort(again.outcomes.test_loss), np.sort(runs.test_loss))


def test_it_is_drawn_as_other_networks_are(runs: Runs):
    trial = draw(EXPERIMENT, 0)
    figure = classifier_figure(MultilayerPerceptron.from_run(runs[0]), trial.dataset)
    assert len(figure.axes) >= 2
