"""A run knows how many epochs it was trained, whether it stopped early, and which epoch was its best."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlplab.run import History, Outcomes, Run, Runs
from mlplab.spec import EarlyStopping, Experiment

Make = Callable[..., Run]
NAN = np.nan


def stopping(a_run: Make, seed: int = 40, restores: bool = False, **changes: Any) -> Run:
    """A run of at most five epochs of four updates each, 100 samples, that stopped after three."""
    rule = EarlyStopping(patience=1, restore_best_weights=restores)
    experiment: Experiment = a_run(seed).experiment.varied({"training.early_stopping": rule})
    loss = np.array([0.5, 0.4, 0.45, NAN, NAN])
    history = History(loss, loss + 0.1, loss + 0.2, loss + 0.3)
    fields = {"history": history, "updates": 12, "labelled": np.array([40, 30, 30])}
    return a_run(seed, experiment=experiment, **(fields | changes))


def test_epochs_follow_from_the_updates(a_run: Make):
    """100 samples in batches of 32 are four updates an epoch."""
    run = stopping(a_run)
    assert run.experiment.training.batch_size == 32
    assert (run.epochs, run.stopped_early, run.best_epoch) == (3, True, 2)
    runs = Runs.from_runs([run, stopping(a_run, seed=45, updates=20)])
    assert runs.epochs.tolist() == [3, 5]
    assert runs.stopped_early.tolist() == [True, False]
    assert runs.best_epoch.tolist() == [2, 2]


def test_it_says_so(a_run: Make):
    run = stopping(a_run)
    assert run.reason == "finished; stopped early at epoch 3"
    assert repr(run).startswith(
        "<Run of seed 40 by reference: finished, stopped early at epoch 3, "
    )
    restored = stopping(a_run, restores=True)
    assert restored.reason == "finished; stopped early at epoch 3, with the weights of epoch 2"


def test_one_that_is_stuck_has_stopped_too_early_perhaps(a_run: Make):
    run = stopping(a_run, seed=43, train_metric=0.375)
    assert run.reason.startswith("stuck: 37.5 % of the training samples are right")
    assert run.reason.endswith("; stopped early at epoch 3")
    assert run.hints == (
        "early stopping ended the training after 3 of 5 epochs: raise its patience or start_from_epoch",
    )


def test_one_that_diverged_has_not_stopped_early(a_run: Make):
    loss = np.array([0.5, 0.4, np.inf, NAN, NAN])
    run = stopping(a_run, seed=41, history=History(loss, loss, loss, loss))
    assert (run.epochs, run.stopped_early) == (3, False)
    assert run.reason == "diverged: the training loss was not finite in epoch 3"
    assert "stopped early" not in repr(run)


def test_without_early_stopping_nothing_is_said_of_it(a_run: Make):
    run = a_run(40)
    assert (run.stopped_early, run.best_epoch, run.reason) == (False, None, "finished")


@pytest.mark.parametrize(("restores", "loss"), [(False, 0.65), (True, 0.6)])
def test_an_outcome_has_the_validation_scores_of_the_weights_it_ended_with(
    a_run: Make, restores: bool, loss: float
):
    outcomes = Outcomes.from_runs(Runs.from_runs([stopping(a_run, restores=restores)]))
    assert outcomes.validation_loss.tolist() == pytest.approx([loss])
    assert outcomes.validation_metric.tolist() == pytest.approx([loss + 0.1])


def test_what_was_saved_knows_it_too(a_run: Make, tmp_path: Path):
    Runs.from_runs([stopping(a_run, restores=True)]).save(tmp_path)
    assert Runs.load(tmp_path)[0].reason == stopping(a_run, restores=True).reason
