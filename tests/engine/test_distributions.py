"""Sixty-four runs of the engine and twelve of Keras's own `fit` are draws from one distribution.

`fit` shares nothing with the engine but the description: Keras draws the weights and shuffles. For
each task of the lab, test accuracy and test loss are compared by the two-sample test of Kolmogorov and
Smirnov, which sees any difference of distributions. Over the family of comparisons Holm's correction
rejects something if and only if the smallest p is below LEVEL / (number of comparisons), so each is
held to that.

A comparison that nothing could fail would prove nothing: with each task goes a wrong engine that it
finds out.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import ks_2samp

from mlplab.frameworks import keras
from mlplab.frameworks.keras.model import build_model
from mlplab.report import EXPERIMENTS
from mlplab.spec import SGD, Adam, Experiment
from mlplab.training import train
from mlplab.trial import draw

pytestmark = pytest.mark.slow

ENGINE_RUNS, KERAS_RUNS = 64, 12
MEASURES = ("test_accuracy", "test_loss")
LEVEL = 0.01
"""The chance that a right engine fails any of these tests, on a new machine or with a new Keras."""

# What a shared initializer changes are the initial weights, which tests of their own hold to Keras's; to
# train both ways would double the longest of these tests. Another σ changes the samples, which both are
# given.
TASKS = {
    id: each
    for id, each in EXPERIMENTS.items()
    if not each.network.initializer.shared and "sigma" not in id
}
# All epochs are minutes of Keras. The rate of 1.3 falls three times in its four.
TASKS["1.2-linear"] = TASKS["1.2-linear"].varied({"training.epochs": 10})
TASKS["1.2-relu"] = TASKS["1.2-relu"].varied({"training.epochs": 10})
TASKS["1.3"] = TASKS["1.3"].varied(
    {"training.epochs": 4, "training.optimizer.learning_rate.decay_steps": 100}
)
TASKS["1.4"] = TASKS["1.4"].varied({"training.epochs": 2})

THRESHOLD = LEVEL / (len(TASKS) * len(MEASURES))


def engine(experiment: Experiment) -> NDArray[np.float64]:
    runs = train(experiment, ENGINE_RUNS, seed=1, keep_weights=0)
    return np.array([getattr(runs, name) for name in MEASURES])


def keras_fit(experiment: Experiment) -> NDArray[np.float64]:
    models: list[Any] = []

    def as_new(*description: Any) -> Any:
        """Return the first model with all that Keras drew for a new one, to trace the training once."""
        drawn = build_model(*description)
        drawn.optimizer.build(drawn.trainable_variables)
        if not models:
            models.append(drawn)
        mine, its = ([*m.variables, *m.optimizer.variables] for m in (models[0], drawn))
        for variable, value in zip(mine, its, strict=True):
            variable.assign(value)
        return models[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mlplab.frameworks.keras.training.build_model", as_new)
        runs = [keras.fit(draw(experiment, seed=1001 + i)) for i in range(KERAS_RUNS)]
    return np.array([[getattr(run, name) for run in runs] for name in MEASURES])


def wrong(id: str) -> Experiment:
    """Return what is trained by an engine that gets one thing of a task wrong."""
    slip: dict[str, Any]
    match id.split("-"):
        case ["1.1", *_]:
            slip = {"training.optimizer": SGD(learning_rate=0.8)}
        case ["1.2", "relu"]:
            slip = {"training.batch_size": 32}
        case ["1.2", _]:
            slip = {"training.optimizer": SGD(learning_rate=1.0, momentum=0.9)}
        case ["1.3", *_]:
            slip = {"training.optimizer.momentum": 0.0}
        case _:
            slip = {"training.optimizer": Adam(learning_rate=0.0001)}
    return TASKS[id].varied(slip)


@pytest.mark.parametrize("id", TASKS)
def test_the_engine_draws_from_kerass_distribution_and_a_wrong_one_would_not(id: str):
    theirs = keras_fit(TASKS[id])
    ours, others = engine(TASKS[id]), engine(wrong(id))
    p = [ks_2samp(a, b).pvalue for a, b in zip(ours, theirs, strict=True)]
    p_wrong = [ks_2samp(a, b).pvalue for a, b in zip(others, theirs, strict=True)]
    assert min(p) > THRESHOLD
    assert min(p_wrong) < THRESHOLD
