"""The kernels train on samples of any number of features, of each network or shared by a whole block."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mlplab.data import Dataset, Split
from mlplab.engine.drawn import draw_jobs
from mlplab.engine.jobs import Job, Shape
from mlplab.engine.lanes import LANES
from mlplab.engine.prepared import prepare
from mlplab.engine.stepping import Stepper
from mlplab.reference.training import train
from mlplab.spec import SGD, Experiment, Network, Polar, Training
from mlplab.trial import Trial, Trials, draw

SPEC = Experiment(
    dataset=Polar(classes=3, train_per_class=7, test_per_class=5),
    network=Network(hidden_layers=1, layer_width=5, activation="tanh"),
    training=Training(
        optimizer=SGD(learning_rate=0.5, momentum=0.5), batch_size=8, epochs=3, dtype="float64"
    ),
)


def wide_trial(features: int, seed: int, samples: int = 1) -> Trial:
    """Draw a trial of SPEC whose samples have so many features; `samples` is the seed of those."""
    generator = np.random.default_rng(samples)

    def split(count: int) -> Split:
        return Split(generator.normal(size=(count, features)), generator.integers(3, size=count))

    trial = draw(SPEC, seed)
    first = np.random.default_rng(seed).normal(size=(5, features))
    return replace(
        trial,
        dataset=Dataset(split(21), split(15), split(15), label_names=("a", "b", "c")),
        weights=(first, *trial.weights[1:]),
    )


def trained(trials: list[Trial], shared: bool = False) -> list[NDArray[Any]]:
    """Train trials alone or in a block; return weights, history and scores of each in a line."""
    given = Trials.from_trials(trials)
    n = len(trials)
    job = Job(Shape.from_trials(given), group=np.zeros(n, np.int64), row=np.arange(n))
    ready = prepare(job, *draw_jobs([job], [given]))
    if shared:
        ready.splits = [samples[:1] for samples in ready.splits]
    stop, done = np.zeros(1, np.uint8), np.zeros(1, np.int64)
    history = ready.train(stop, done)
    scores = np.stack([ready.evaluate(split, stop)[0] for split in (0, 2)])
    return [
        np.concatenate(
            [
                *(part.ravel() for layer in ready.network(lane) for part in layer),
                history[:, :, lane].ravel(),
                scores[:, :, lane].ravel(),
            ]
        )
        for lane in range(len(trials))
    ]


@pytest.mark.parametrize("features", [1, 2, 3, 4, 7, 33])
def test_any_number_of_features_follows_the_reference(features: int, tolerance: Any):
    trials = [wide_trial(features, seed, samples=seed) for seed in range(3)]
    block = trained(trials)
    for trial, numbers in zip(trials, block, strict=True):
        (alone,) = trained([trial])
        assert alone.tobytes() == numbers.tobytes()
        ref = train(trial)
        history = np.array(list(ref.history.arrays().values())).T
        scores = [ref.train_loss, ref.train_accuracy, ref.test_loss, ref.test_accuracy]
        wanted = [*(part.ravel() for part in (*ref.weights, *ref.biases)), history.ravel(), scores]
        np.testing.assert_allclose(
            numbers, np.concatenate(wanted), rtol=0, atol=tolerance.trajectory_float64
        )


@pytest.mark.parametrize("features", [2, 5])
def test_samples_that_all_lanes_share_need_be_there_once_only(features: int):
    trials = [wide_trial(features, seed) for seed in range(LANES)]
    for own, shared in zip(trained(trials), trained(trials, shared=True), strict=True):
        assert own.tobytes() == shared.tobytes()


@pytest.mark.parametrize("features", [1, 5])
def test_predictions_take_any_number_of_features(features: int, tolerance: Any):
    trial = wide_trial(features, seed=1)
    x = trial.dataset.test.x
    outputs = Stepper(trial).responses(x)
    np.testing.assert_array_equal(outputs[:features], x.T)
    hidden = np.tanh(trial.weights[0] @ x.T)
    np.testing.assert_allclose(outputs[features : features + 5], hidden, atol=tolerance.float64)
