"""Where jobs leave what they have trained: arrays for all trials of an experiment, filled row by row."""

from __future__ import annotations

from typing import ClassVar, cast

import numpy as np
from numpy.typing import NDArray

from mlplab.data import Dataset, Samples
from mlplab.data.dataset import numbered_features
from mlplab.engine.arrays import Whole
from mlplab.engine.jobs import Shape
from mlplab.engine.options import scores_of
from mlplab.engine.trained import Trained
from mlplab.run import Float, History, Runs, how_they_ended
from mlplab.run.samples import labelled
from mlplab.spec import ClassRecipe, FiniteSamples, Recipe
from mlplab.trial import Trials
from mlplab.trial_table import TrialTable

Float64 = NDArray[np.float64]


class Results:
    """Results of some trials.

    Parameters
    ----------
    trials : Trials
    shape : Shape
    keep_weights : int
        So many trials, the first ones, keep their weights.

    Attributes
    ----------
    done : ndarray of bool, shape (trials,)
        Which have ended.
    """

    EVALUATED: ClassVar = (0, 2)
    """The splits on which final weights are evaluated: training and test samples."""

    def __init__(self, trials: Trials, shape: Shape, keep_weights: int) -> None:
        n, classes = len(trials), shape.classes
        kept, dtype = min(n, keep_weights), np.dtype(shape.dtype)
        self.trials, self.shape, self.keep_weights = trials, shape, kept
        self.done = np.zeros(n, np.bool_)
        self.history = np.full((n, scores_of(shape.switches), shape.epochs), np.nan)
        self.epochs = np.zeros(n, np.int64)
        self.scores = np.zeros((n, 2, 2))
        self.predicted = np.zeros((n, classes), np.int64)
        self.labelled = labelled_samples(trials, n)
        self.weights_are_finite = np.zeros(n, np.bool_)
        self.constant_loss = np.zeros(n) if shape.has_targets else None
        self.seconds = np.zeros(n)
        layers = list(zip(shape.sizes[1:], shape.sizes[:-1], strict=True))
        self.weights = [np.zeros((kept, *layer), dtype) for layer in layers]
        self.biases = [np.zeros((kept, outputs), dtype) for outputs, _ in layers]
        self.input_mean, self.input_scale = np.zeros((2, kept, shape.sizes[0]))
        finite = trials.finite
        self._is_standardised = getattr(trials.experiment.dataset, "standardise", False)
        samples: Dataset | Samples | Recipe = cast(Recipe, trials.experiment.dataset)
        self._names: dict[str, tuple[str, ...]] = {}
        if trials.drawn:
            samples = trials.drawn[0].dataset
            self._is_standardised = samples.mean is not None
        elif finite is not None:
            samples = finite
        else:
            self._names["feature_names"] = numbered_features(shape.sizes[0])
        for name in {"label_names", "target_names", "feature_names"} - self._names.keys():
            self._names[name] = getattr(samples, name)

    def write(self, rows: slice, trained: Trained, lanes: slice) -> None:
        """Write what came out of some lanes of a job to as many rows."""
        self.history[rows] = trained.history[lanes]
        self.epochs[rows] = trained.epochs[lanes]
        self.scores[rows] = trained.scores[lanes]
        self.predicted[rows] = trained.predicted[lanes]
        self.weights_are_finite[rows] = trained.weights_are_finite[lanes]
        self.seconds[rows] = trained.seconds
        if self.constant_loss is not None and trained.constant_loss is not None:
            self.constant_loss[rows] = trained.constant_loss[lanes]
        for row in range(rows.start, min(rows.stop, self.keep_weights)):
            self._keep(row, trained, lanes.start + row - rows.start)
        self.done[rows] = True

    def _keep(self, row: int, trained: Trained, lane: int) -> None:
        """Write the parameters of one trial's network, and what standardising did to its samples."""
        for layer, (w, b) in enumerate(zip(*trained.network(lane), strict=True)):
            self.weights[layer][row], self.biases[layer][row] = w, b
        if trained.standardising is not None:
            place = lane if len(trained.standardising[0]) > 1 else 0
            self.input_mean[row], self.input_scale[row] = (a[place] for a in trained.standardising)

    def runs(self, rows: Whole | None = None) -> Runs:
        """Return some of those that have ended as `Runs`; by default all of them, in their order."""
        if rows is None:
            rows = np.flatnonzero(self.done)
        kept = np.flatnonzero(rows < self.keep_weights)
        history, epochs = self._history(rows)
        train, test = self.scores[rows].transpose(1, 2, 0)
        ending, cause = how_they_ended(
            np.where(np.arange(self.shape.epochs) < epochs[:, None], history[:, 0], 0.0),
            train[0],
            self.weights_are_finite[rows],
            right_samples(train[1], self.shape),
            self.predicted[rows],
            self.labelled[rows],
            None if self.constant_loss is None else self.constant_loss[rows],
        )
        return Runs(
            experiment=self.trials.experiment,
            trainer="engine",
            **self._names,
            kept=kept,
            weights=tuple(w[rows[kept]] for w in self.weights),
            biases=tuple(b[rows[kept]] for b in self.biases),
            input_mean=self.input_mean[rows[kept]] if self._is_standardised else None,
            input_scale=self.input_scale[rows[kept]] if self._is_standardised else None,
            history=History(
                *history.transpose(1, 0, 2), metric=self.trials.experiment.head.metric_name
            ),
            seed=self.trials.seed_array[rows],
            ending=ending,
            cause=cause,
            predicted=self.predicted[rows],
            labelled=self.labelled[rows],
            train_loss=train[0],
            train_metric=train[1],
            test_loss=test[0],
            test_metric=test[1],
            updates=epochs * self.shape.updates_per_epoch,
            seconds=self.seconds[rows],
            resplit_ratio=self.trials.resplit_ratio,
        )

    def _history(self, rows: Whole) -> tuple[Float, Whole]:
        """Return the histories of some trials, NaN in epochs that were not reached, and their epochs."""
        history, epochs = self.history[rows], self.epochs[rows]  # copies
        unreached = np.arange(self.shape.epochs) >= epochs[:, None]
        np.copyto(history, np.nan, where=unreached[:, None])
        return history, epochs


def right_samples(train_metric: Float64, shape: Shape) -> Whole:
    """Return how many training samples are right, of accuracies; of targets, this means nothing: 0."""
    if shape.has_targets:
        return np.zeros(len(train_metric), np.int64)
    return np.rint(train_metric * shape.counts[0]).astype(np.int64)


def labelled_samples(trials: Trials | TrialTable, count: int) -> Whole:
    """Return how many training samples of each class each of so many trials has, (count, classes).

    Of targets, (count, 1), it is how many training samples there are.
    """
    if trials.drawn:
        return np.stack([labelled(trial.dataset) for trial in trials.drawn])
    dataset = trials.experiment.dataset
    if isinstance(dataset, ClassRecipe):
        of_each = np.full(dataset.class_count, dataset.train_per_class)
    elif isinstance(dataset, Recipe):
        of_each = np.array(dataset.counts[:1])
    else:
        # Splits are chosen within each class: every seed puts aside as many.
        finite, spec = cast(Samples, trials.finite), cast(FiniteSamples, dataset)
        of_each = labelled(finite.split_by(spec, 0))
    return np.broadcast_to(of_each, (count, len(of_each)))
