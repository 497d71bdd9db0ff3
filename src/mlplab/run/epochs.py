"""How many epochs runs were trained, which stopped early, and which epoch was their best."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlplab.run.history import Float64, History
from mlplab.spec import Experiment, MonitorName
from mlplab.spec.stopping import MONITORS


def epochs_trained(
    experiment: Experiment,
    updates: NDArray[np.int64],
    labelled: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return how many epochs runs were trained, shape (runs,).

    Parameters
    ----------
    experiment : Experiment
    updates : ndarray of int64, shape (runs,)
    labelled : ndarray of int64, shape (runs, classes)
        Training samples of each class.
    """
    training = experiment.training
    of_an_epoch = -(-labelled.sum(axis=1) // training.batch_size)
    return np.asarray(np.minimum(-(-updates // of_an_epoch), training.epochs))


def stopped_early(
    experiment: Experiment, history: History, epochs: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Tell which runs ended before their last epoch, as their experiment wants it; shape (runs,).

    Where the training loss of the epoch that ended it is not finite, a run has diverged instead.

    Parameters
    ----------
    experiment : Experiment
    history : History
        Arrays of shape (runs, epochs).
    epochs : ndarray of int64, shape (runs,)
        From `epochs_trained`.
    """
    if experiment.training.early_stopping is None:
        return np.zeros(len(epochs), np.bool_)
    last = at_epoch(history.train_loss, epochs)
    return (epochs < experiment.training.epochs) & np.isfinite(last)


def best_epochs(experiment: Experiment, history: History) -> NDArray[np.int64]:
    """Return the epoch that early stopping found the best of each run, counted from 1; shape (runs,).

    It is 0 where no epoch was looked at, or the experiment does not stop early.
    """
    rule = experiment.training.early_stopping
    if rule is None:
        return np.zeros(len(history.train_loss), np.int64)
    return rule.best_epochs(monitored(history, rule.monitor), experiment.training.dtype)


def epochs_of_weights(
    experiment: Experiment, history: History, epochs: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the epoch whose weights each run ended with, counted from 1; shape (runs,)."""
    rule = experiment.training.early_stopping
    if rule is None or not rule.restore_best_weights:
        return epochs
    best = best_epochs(experiment, history)
    return np.where(best > 0, best, epochs)


def monitored(history: History, monitor: MonitorName) -> Float64:
    """Return the scores that a rule looks at: losses with the penalty, as Keras's."""
    scores = history.train_loss_with_penalty, history.train_metric
    after = history.validation_loss_with_penalty, history.validation_metric
    return (*scores, *after)[MONITORS.index(monitor)]


def at_epoch(scores: Float64, epochs: NDArray[np.int64]) -> Float64:
    """Return the score of an epoch, counted from 1, of each run; (runs, epochs) to (runs,)."""
    last = np.minimum(epochs, scores.shape[1]) - 1
    return np.asarray(scores[np.arange(len(scores)), last])
