"""Outcomes of many experiments: the numbers of `train`, to the bit, each run once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

import numpy as np
import pytest

from mlplab.data import Samples, with_samples
from mlplab.errors import MlplabError
from mlplab.outcome_stream import stream_outcomes
from mlplab.run import Outcomes
from mlplab.spec import Experiment
from mlplab.training import train
from mlplab.trial_table import TrialTable

BASE = Experiment(
    dataset={"kind": "polar", "classes": 3, "train_per_class": 20, "test_per_class": 7},
    network={"hidden_layers": 1, "layer_width": 5, "activation": "tanh"},
    training={"epochs": 3, "batch_size": 8},
)
SEEDS = range(3, 7)

CHANGES: Sequence[dict[str, object]] = [
    {},
    {"training.optimizer.learning_rate": 0.5},
    {"training.optimizer.learning_rate": 1e30, "network.activation": "relu"},  # diverges
    {"training.optimizer.momentum": 0.5},
    {"training.optimizer.momentum": 0.5, "training.optimizer.nesterov": True},
    {"training.optimizer": {"kind": "adam", "learning_rate": 0.02}},
    {
        "training.optimizer.learning_rate": {
            "kind": "inverse_time_decay",
            "initial_learning_rate": 0.1,
            "decay_steps": 5,
            "decay_rate": 0.1,
        }
    },
    {"training.batch_size": 16},
    {"dataset.sigma": 0.3},
    {"dataset": {"kind": "moons", "train_per_class": 30, "test_per_class": 8}},
    {"network.hidden_layers": 0},
    {"network.hidden_layers": 2, "network.activation": "relu"},
    {"network.initializer": {"kind": "random_normal", "stddev": 0.2}},
    {"network.bias_initializer": {"kind": "constant", "value": 0.2}},
    {"network.bias_initializer": {"kind": "constant", "value": -0.2}, "network.activation": "silu"},
    {"training.dtype": "float64"},
    {"training.epochs": 1},
]


def all_of(
    experiments: Sequence[Experiment], finite: Samples | None = None, threads: int | None = None
) -> Outcomes:
    """Every experiment from every seed, in the order of experiments and seeds."""
    which = np.repeat(np.arange(len(experiments)), len(SEEDS))
    seeds = np.tile(SEEDS, len(experiments))
    blocks = stream_outcomes(experiments, which, seeds, finite=finite, threads=threads)
    found = Outcomes.concatenate(blocks)
    return found[np.lexsort((found.seed, found.experiment))]


def assert_equal(one: Outcomes, other: Outcomes) -> None:
    for field in fields(Outcomes):
        if field.name != "seconds":
            np.testing.assert_array_equal(
                getattr(one, field.name), getattr(other, field.name), field.name
            )


def test_the_numbers_are_those_of_train_and_each_run_comes_once() -> None:
    experiments = [BASE.varied(change) for change in CHANGES]
    found = all_of(experiments)
    of_train = [
        Outcomes.from_runs(runs).of(np.array([i]))
        for i, runs in enumerate(train(experiments, len(SEEDS), seed=SEEDS[0]))
    ]
    assert_equal(found, Outcomes.concatenate(of_train))
    assert "diverged" in found.ending


def test_the_numbers_do_not_depend_on_threads_or_order() -> None:
    experiments = [BASE.varied({"training.optimizer.learning_rate": r}) for r in (0.01, 0.1, 1, 9)]
    one = all_of(experiments, threads=1)
    other = all_of(experiments[::-1], threads=3)
    assert_equal(one, other.of(np.arange(4)[::-1])[np.lexsort((other.seed, 3 - other.experiment))])


@pytest.mark.parametrize("standardise", [False, True])
def test_own_samples_are_those_of_train(standardise: bool) -> None:
    rng = np.random.default_rng(1)
    samples = Samples.from_arrays(rng.normal(size=(60, 3)), np.arange(60) % 3)
    own = Experiment(dataset={"kind": "arrays", "standardise": standardise}, training={"epochs": 2})
    pinned, finite = with_samples(own, samples)
    changes = [{"training.optimizer.learning_rate": r} for r in (0.01, 0.1)]
    changes += [{"dataset.test_fraction": 0.4}]
    found = all_of([pinned.varied(change) for change in changes], finite)
    runs = train([own.varied(c) for c in changes], len(SEEDS), seed=SEEDS[0], data=samples)
    of_train = [Outcomes.from_runs(each).of(np.array([i])) for i, each in enumerate(runs)]
    assert_equal(found, Outcomes.concatenate(of_train))


def test_nothing_to_train_gives_no_outcomes() -> None:
    nothing = np.zeros(0, np.int64)
    assert len(Outcomes.concatenate(stream_outcomes([BASE], nothing, nothing))) == 0


def test_a_table_is_checked() -> None:
    some = np.arange(2)
    with pytest.raises(MlplabError, match="seed"):
        TrialTable([BASE], np.zeros(2, np.int64), np.array([0, -1]))
    with pytest.raises(MlplabError, match="places of 1 experiments were expected, received 0 to 1"):
        TrialTable([BASE], some, some)
    with pytest.raises(MlplabError, match="2 trials needs experiments and 2 seeds"):
        TrialTable([BASE], some, np.zeros(3, np.int64))
