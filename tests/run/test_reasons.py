"""A run says in words what ended it, and hints at what may have caused that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mlplab.run import History, Run
from mlplab.spec import (
    SGD,
    Adam,
    Arrays,
    Experiment,
    ExponentialDecay,
    FiniteSamples,
    MetricName,
    SamplesFile,
    Training,
)

Make = Callable[..., Run]

RATE = "the learning rate"


def with_loss(*loss: float) -> dict[str, Any]:
    """The fields of a run with a training loss by epoch, from an experiment of a rate of 0.5."""
    ones = np.ones(len(loss))
    optimizer = SGD(learning_rate=0.5)
    return {
        "history": History(np.array(loss), ones, ones, ones),
        "experiment": Experiment(dataset="linear", training=Training(optimizer=optimizer)),
        "updates": 5000,
    }


def test_a_reason_names_what_ended_the_run(a_run: Make):
    counts = {"predicted": np.array([99, 1, 0]), "labelled": np.array([40, 30, 30])}
    ended = [
        a_run(40, **counts),
        a_run(41, **counts),
        a_run(41, **counts, history=a_run(40).history),
        a_run(44, **counts),
        a_run(42, **counts),
        a_run(43, **counts, train_metric=0.375),
    ]
    assert [run.reason for run in ended] == [
        "finished",
        "diverged: the training loss was not finite in epoch 3",
        "diverged: the training loss was not finite after the last epoch",
        "diverged: a weight or bias is not finite",
        "stuck: 99 % of the training samples are predicted to be of class 'red', which 40 % have",
        "stuck: 37.5 % of the training samples are right, no more than luck or always predicting "
        "class 'red' would give (40 % have it)",
    ]


def test_a_run_that_finished_needs_no_hints(a_run: Make):
    assert a_run(40, updates=3).hints == ()


@pytest.mark.parametrize(
    ("loss", "updates", "wanted"),
    [
        ((0.25, 0.25, 0.2499), 5000, "the training loss hardly moved any more: try"),
        ((0.4, 0.3, 0.25, 0.251, 0.25), 5000, "the training loss hardly moved any more: try"),
        ((0.25, 0.24, 0.2), 5000, "the training loss was still falling in the last epoch"),
        ((0.25, 0.24, 0.2), 8, "8 updates are few: train for more epochs"),
        ((0.25, 0.5, 0.5), 5000, "the training loss rose: lower the learning rate (it is 0.5)"),
    ],
)
def test_hints_at_a_stuck_run_come_from_its_history(
    a_run: Make, loss: tuple[float, ...], updates: int, wanted: str
):
    [hint] = a_run(42, **{**with_loss(*loss), "updates": updates}).hints
    assert hint.startswith(wanted)


def test_a_history_that_tells_nothing_gives_no_hint(a_run: Make):
    assert a_run(42, **with_loss(0.25, 0.2, 0.24, 0.2, 0.24)).hints == ()
    assert a_run(42, **with_loss(0.25)).hints == ()


def test_a_run_that_diverged_had_too_high_a_rate(a_run: Make):
    assert a_run(41, **with_loss(0.3, np.inf)).hints == (
        "the learning rate is too high: lower it (it is 0.5)",
    )
    decay = ExponentialDecay(initial_learning_rate=1.0, decay_steps=10, decay_rate=0.5)
    training = Training(optimizer=Adam(learning_rate=decay))
    experiment = Experiment(dataset="linear", training=training)
    [hint] = a_run(44, experiment=experiment).hints
    assert hint.endswith("lower it (its schedule is exponential_decay)")


@pytest.mark.parametrize("samples", [SamplesFile(path="own.csv"), Arrays()])
def test_own_samples_that_were_not_standardised_are_named_first(
    a_run: Make, samples: FiniteSamples
):
    own = Experiment(dataset=samples)
    plain = {"input_mean": None, "input_scale": None, "experiment": own}
    for seed in (41, 42):
        hint = a_run(seed, **plain).hints[0]
        assert hint.startswith("the features were not standardised")
    assert not any("standardised" in hint for hint in a_run(42, experiment=own).hints)


@pytest.mark.parametrize(
    ("seed", "metric", "loss", "is_hinted"),
    [
        (42, "r2", 2.3e10, True),
        (42, "mean_absolute_error", 3e5, True),
        (42, "r2", 0.9, False),
        (43, "mean_absolute_error", 0.9, False),
        (41, "r2", np.inf, True),
    ],
)
def test_own_targets_that_may_be_too_large_are_named(
    a_run: Make, seed: int, metric: MetricName, loss: float, is_hinted: bool
):
    ones = np.ones(3)
    fields = {
        "experiment": Experiment(dataset=SamplesFile(path="flats.csv", target="price")),
        "target_names": ("price",),
        "history": History(ones, ones, ones, ones, metric=metric),
        "train_loss": loss,
    }
    hints = a_run(seed, **fields).hints
    assert any("about as large as 1" in hint for hint in hints) == is_hinted
    drawn = {**fields, "experiment": Experiment(dataset="friedman_1")}
    assert not any("about as large as 1" in hint for hint in a_run(seed, **drawn).hints)
