"""Trainers that take one trial at a time, as a population: the network from scratch, and Keras."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from mlplab.run import Run, Runs
from mlplab.trial import Trial, Trials

TrainOne = Callable[[Trial, Callable[[], None]], Run]


class OneByOne:
    """Trials of one or more experiments, trained one after the other; as `engine.Population`.

    Parameters
    ----------
    groups : sequence of Trials
        Of each experiment.
    train_one : callable
        `train_one(trial, on_epoch)` trains a trial, and calls `on_epoch` after each epoch.
    keep_weights : int
        So many trials of each experiment, the first ones, keep their weights.
    """

    def __init__(self, groups: Sequence[Trials], train_one: TrainOne, keep_weights: int) -> None:
        self.groups, self.keep_weights = groups, keep_weights
        self._train_one = train_one
        self._runs: list[list[Run]] = [[] for _ in groups]

    def train(self, progress: Callable[[int], None]) -> Iterator[None]:
        """Train, and yield after each trial; `progress` is called with the epochs done."""
        done = 0
        for trials, runs in zip(self.groups, self._runs, strict=True):
            epochs = trials.experiment.training.epochs
            for row in range(len(trials)):
                count = _Counter(progress, done)
                run = self._train_one(trials[row], count)
                runs.append(run if row < self.keep_weights else run.without_weights())
                done += epochs
                progress(done)
                yield

    def done(self, group: int) -> NDArray[np.bool_]:
        """Tell which trials of an experiment have ended, shape (trials,)."""
        return np.arange(len(self.groups[group])) < len(self._runs[group])

    def runs(self, group: int, rows: NDArray[np.int64] | None = None) -> Runs | None:
        """Return some trials of an experiment that have ended, by default all; None if there is none."""
        runs = self._runs[group]
        chosen = runs if rows is None else [runs[row] for row in rows.tolist()]
        return Runs.from_runs(chosen) if chosen else None


class _Counter:
    """Counts epochs on from what was done before, and tells each."""

    def __init__(self, progress: Callable[[int], None], before: int) -> None:
        self._progress, self._done = progress, before

    def __call__(self) -> None:
        self._done += 1
        self._progress(self._done)
