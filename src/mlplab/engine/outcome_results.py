"""Where jobs leave the outcomes of a table of trials: a few numbers a run, however many the epochs."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from mlplab.engine.arrays import Whole
from mlplab.engine.jobs import Shape
from mlplab.engine.results import labelled_samples, right_samples
from mlplab.engine.trained import Trained
from mlplab.run import Outcomes, how_they_ended
from mlplab.trial_table import TrialTable


class OutcomeResults:
    """Outcomes of the trials of a table.

    Parameters
    ----------
    trials : TrialTable
    shape : Shape

    Attributes
    ----------
    done : ndarray of bool, shape (trials,)
        Which have ended.
    """

    EVALUATED: ClassVar = (0, 1, 2)
    """The splits on which final weights are evaluated: training, validation and test samples."""

    def __init__(self, trials: TrialTable, shape: Shape) -> None:
        n = len(trials)
        self.trials, self.shape = trials, shape
        self.done = np.zeros(n, np.bool_)
        self._epochs = np.zeros(n, np.int64)
        self._losses_are_finite = np.zeros(n, np.bool_)
        self._scores = np.zeros((n, 3, 2))
        self._predicted = np.zeros((n, shape.classes), np.int64)
        self._weights_are_finite = np.zeros(n, np.bool_)
        self._seconds = np.zeros(n)
        self._constant_loss = np.zeros(n) if shape.has_targets else None

    def write(self, rows: slice, trained: Trained, lanes: slice) -> None:
        """Write what came out of some lanes of a job to as many rows."""
        self._epochs[rows] = epochs = trained.epochs[lanes]
        losses = trained.history[lanes, 0]
        self._losses_are_finite[rows] = np.isfinite(losses[np.arange(len(epochs)), epochs - 1])
        self._scores[rows] = trained.scores[lanes]
        self._predicted[rows] = trained.predicted[lanes]
        self._weights_are_finite[rows] = trained.weights_are_finite[lanes]
        self._seconds[rows] = trained.seconds
        if self._constant_loss is not None and trained.constant_loss is not None:
            self._constant_loss[rows] = trained.constant_loss[lanes]
        self.done[rows] = True

    def outcomes(self, rows: Whole | None = None) -> Outcomes:
        """Return the outcomes of some trials that have ended; by default of all of them."""
        if rows is None:
            rows = np.flatnonzero(self.done)
        table, shape, epochs = self.trials, self.shape, self._epochs[rows]
        train, validation, test = self._scores[rows].transpose(1, 2, 0)
        ending, cause = how_they_ended(
            np.where(self._losses_are_finite[rows], 0.0, np.nan)[:, None],
            train[0],
            self._weights_are_finite[rows],
            right_samples(train[1], shape),
            self._predicted[rows],
            labelled_samples(table, len(rows)),
            None if self._constant_loss is None else self._constant_loss[rows],
        )
        # A run that diverged before its last epoch has no scores on validation samples.
        validation[:, (epochs < shape.epochs) & ~self._losses_are_finite[rows]] = np.nan
        return Outcomes(
            experiment=table.which[rows],
            seed=table.seeds[rows],
            ending=ending,
            cause=cause,
            train_loss=train[0],
            train_metric=train[1],
            validation_loss=validation[0],
            validation_metric=validation[1],
            test_loss=test[0],
            test_metric=test[1],
            updates=epochs * shape.updates_per_epoch,
            seconds=self._seconds[rows],
        )
