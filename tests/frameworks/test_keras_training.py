"""Keras trains what is described, and draws what it should draw itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mlplab.frameworks.keras import (
    fit,
    keras,
    train,
)
from mlplab.spec import (
    SGD,
    Experiment,
    Linear,
    Network,
    Polar,
    Training,
)
from mlplab.trial import draw

EXPERIMENT = Experiment(
    dataset=Polar(classes=3, train_per_class=8, test_per_class=8),
    network=Network(hidden_layers=2, layer_width=(4, 3), activation="relu"),
    training=Training(batch_size=6, epochs=2),
)


def of_training(**values: Any) -> Experiment:
    return EXPERIMENT.model_copy(
        update={"training": Training(**{"batch_size": 6, "epochs": 2, **values})}
    )


def are_equal(first: Any, second: Any) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


@pytest.mark.slow
def test_fit_is_the_same_for_a_seed():
    trial = draw(EXPERIMENT, seed=1)
    first, again = fit(trial), fit(trial)
    assert are_equal(first.weights, again.weights)
    assert first.history.train_loss.tolist() == again.history.train_loss.tolist()


@pytest.mark.slow
def test_fit_draws_its_own_weights_by_the_experiments_initializer():
    experiment = Experiment(
        dataset=Linear(train_per_class=1, test_per_class=1),
        network=Network(
            hidden_layers=1,
            layer_width=1000,
            activation="linear",
            initializer={"kind": "random_normal", "mean": 0.3, "stddev": 0.1},
        ),
        training=Training(optimizer=SGD(learning_rate=0.0)),
    )
    trial = draw(experiment, seed=1)
    drawn = fit(trial).weights
    assert not np.isin(drawn[0], trial.weights[0]).any()
    # 4,000 weights: four standard errors of a mean are 0.1 · 4/√4000, and of a deviation 1/√2 of that.
    sample = np.concatenate([w.ravel() for w in drawn])
    assert sample.mean() == pytest.approx(0.3, abs=0.4 / np.sqrt(4000))
    assert sample.std() == pytest.approx(0.1, abs=0.4 / np.sqrt(8000))


def test_fit_shuffles_by_itself_and_each_seed_in_its_own_way():
    # From weights of zero the batch order is all that is left to chance.
    experiment = Experiment(
        dataset=Linear(train_per_class=8, test_per_class=1),
        network=Network(initializer="zeros"),
        training=Training(optimizer=SGD(learning_rate=1.0), batch_size=4),
    )
    trial = draw(experiment, seed=1)
    assert not are_equal(fit(trial).weights, fit(replace(trial, seed=2)).weights)


def test_fit_ends_early_when_it_diverges():
    # A step of 1e38 takes float32, which ends at 3.4e38, to infinity within the first epoch or two.
    diverging = of_training(optimizer=SGD(learning_rate=1e38), epochs=5)
    run = fit(draw(diverging, seed=1))
    assert run.ending == "diverged"
    assert run.updates < 20
    assert np.isnan(run.history.validation_loss[run.updates // 4 - 1 :]).all()


def test_a_backend_whose_scores_are_tensors_leaves_numbers(monkeypatch: pytest.MonkeyPatch):
    # As torch's; an array without axes can be rounded as little as they can.
    evaluate = keras.Sequential.evaluate

    def as_arrays(*args: Any, **how: Any) -> dict[str, Any]:
        return {name: np.array(score) for name, score in evaluate(*args, **how).items()}

    monkeypatch.setattr(keras.Sequential, "evaluate", as_arrays)
    run = train(draw(EXPERIMENT, seed=1))
    for score in (run.train_loss, run.train_accuracy, run.test_loss, run.test_accuracy):
        assert type(score) is float
