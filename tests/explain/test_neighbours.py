"""How nearest neighbours answer equals a plain computation in NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from mlplab import Experiment, draw
from mlplab.explain.facts import FACTS
from mlplab.explain.looking import sample_facts
from mlplab.explain.neighbours import FOLLOWED, MOST_ANSWERED, NEIGHBOURS


def facts_in_numpy(experiment: Experiment) -> dict[str, float]:
    train = draw(experiment, 4).dataset.train
    x, y = train.x.astype(np.float64), train.y
    scaled = x / np.where(x.std(axis=0) > 0, x.std(axis=0), np.inf)
    asked = [q * len(x) // min(len(x), MOST_ANSWERED) for q in range(min(len(x), MOST_ANSWERED))]
    nearest = []
    for i in asked:
        distance = ((scaled - scaled[i]) ** 2).sum(axis=1)
        distance[i] = np.inf
        nearest.append(np.argsort(distance, kind="stable")[:NEIGHBOURS])
    found = {"input_size": np.sqrt((x**2).mean(axis=0)).max(), "samples": len(x)}
    found["smallest_deviation"], found["largest_deviation"] = np.sort(x.std(axis=0))[[0, -1]]
    found["smallest_reach"] = np.abs(x - x.mean(axis=0)).max(axis=0).min()
    if experiment.dataset.has_targets:
        residual = y[asked] - y[nearest].mean(axis=1)
        spread = ((y[asked] - y.mean(axis=0)) ** 2).sum()
        found["reference"] = 1 - (residual**2).sum() / spread
        found["reference_error"] = np.abs(residual).mean()
        found["target_deviation"] = y.std(axis=0).max()
        found["target_size"] = np.sqrt((y**2).mean(axis=0)).max()
    else:
        votes = [np.bincount(y[each]).argmax() for each in nearest]
        found["reference"] = (votes == y[asked]).mean()
        found["common_class"] = np.bincount(y).max() / len(y)
    return found


@pytest.mark.parametrize(
    "dataset",
    [
        {"kind": "polar", "classes": 4, "train_per_class": 33},
        {"kind": "polar", "classes": 3, "train_per_class": 400},
        "noisy_sine",
        "friedman_1",
    ],
)
def test_the_facts_are_those_of_numpy(dataset: object):
    experiment = Experiment.model_validate({"dataset": dataset, "training": {"dtype": "float64"}})
    found = dict(zip(FACTS, sample_facts(draw(experiment, 4)).tolist(), strict=True))
    for name, value in facts_in_numpy(experiment).items():
        assert found[name] == pytest.approx(value, rel=1e-9), name


def test_of_few_samples_fewer_neighbours_answer():
    # Of 12 samples, 15 neighbours would be all others, and most of them of the other class: 0 right.
    dataset = {"kind": "linear", "train_per_class": 6, "sigma": 0.01}
    experiment = Experiment.model_validate({"dataset": dataset})
    found = dict(zip(FACTS, sample_facts(draw(experiment, 0)).tolist(), strict=True))
    assert found["reference"] == 1


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_what_does_not_vary_has_no_deviation(dtype: str):
    x = np.column_stack([np.full(30, 0.1), np.full(30, 7.3), np.linspace(1e6, 1e6 + 9, 30)])
    table = {"dataset": {"kind": "arrays", "target": ["t"]}, "training": {"dtype": dtype}}
    experiment = Experiment.model_validate(table)
    some, none = (
        dict(zip(FACTS, sample_facts(draw(experiment, 0, data)).tolist(), strict=True))
        for data in ((x, np.full(30, 0.7)), (x[:, :2], x[:, 2]))
    )
    assert some["target_deviation"] == 0
    assert some["smallest_deviation"] == some["largest_deviation"] > 1
    assert none["smallest_deviation"] == none["largest_deviation"] == 0


def test_of_many_features_those_that_vary_are_followed():
    """As in pictures, whose margins are blank: the first of them are alike in all samples."""
    x = np.zeros((30, FOLLOWED + 6))
    x[:, -1] = np.arange(30)
    x[::5, -2] = 1
    trial = draw(Experiment.model_validate({"dataset": "arrays"}), 0, (x, np.arange(30) // 15))
    found = dict(zip(FACTS, sample_facts(trial).tolist(), strict=True))
    often = trial.dataset.train.x[:, -2].mean()
    assert found["largest_deviation"] > 1
    assert found["smallest_reach"] == pytest.approx(max(often, 1 - often))
    assert found["reference"] > 0.75
