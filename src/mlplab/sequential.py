"""Trainers that take one trial or some of them at a time, as a population: one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mlplab.run import Run, Runs
from mlplab.trial import Trial, Trials

TrainOne = Callable[[Trial, Callable[[], None]], Run]
TrainTogether = Callable[[Sequence[Trial], Callable[[], None]], list[Run]]


class TrainerFunctions(NamedTuple):
    """The functions of a module that trains some trials of an experiment at a time.

    Attributes
    ----------
    train : callable
        `train(trials, on_epoch)` trains them together, and calls `on_epoch` after each epoch of all.
    networks_together : callable
        How many of some trials it takes at a time.
    check : callable
        `check(groups, keep_weights)` raises `MlplabError` for what it cannot train.
    """

    train: TrainTogether
    networks_together: Callable[[Trials], int]
    check: Callable[[Sequence[Trials], int], None]


def one_at_a_time(train_one: TrainOne) -> TrainerFunctions:
    """Return a trainer of one trial as one that takes one at a time."""

    def train(trials: Sequence[Trial], on_epoch: Callable[[], None]) -> list[Run]:
        return [train_one(trial, on_epoch) for trial in trials]

    return TrainerFunctions(train, lambda trials: 1, lambda groups, keep_weights: None)


class SequentialTrainer:
    """Trials of one or more experiments, trained in turn; as `engine.Population`.

    Parameters
    ----------
    groups : sequence of Trials
        Of each experiment.
    trainer : TrainerFunctions
    keep_weights : int
        So many trials of each experiment, the first ones, keep their weights.

    Raises
    ------
    MlplabError
        If the trainer cannot train what there is.
    """

    def __init__(
        self, groups: Sequence[Trials], trainer: TrainerFunctions, keep_weights: int
    ) -> None:
        self.groups, self.keep_weights = groups, keep_weights
        self._trainer = trainer
        self._runs: list[list[Run]] = [[] for _ in groups]
        trainer.check(groups, keep_weights)

    def train(self, progress: Callable[[int], None]) -> Iterator[None]:
        """Train, and yield after each trial, or those trained together.

        `progress` is called with the epochs done.
        """
        done = 0
        for trials, runs in zip(self.groups, self._runs, strict=True):
            epochs = trials.experiment.training.epochs
            for rows in _parts(trials, self._trainer):
                fresh = range(len(runs), rows.stop)
                count = _Counter(progress, done, len(fresh))
                trained = self._trainer.train([trials[row] for row in rows], count)
                for row, run in zip(fresh, trained[-len(fresh) :], strict=True):
                    runs.append(run if row < self.keep_weights else run.without_weights())
                done += epochs * len(fresh)
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


def _parts(trials: Trials, trainer: TrainerFunctions) -> Iterator[range]:
    """Yield the rows of trials that are trained together, in parts of one size.

    Programs are compiled for a size. So where the trials do not divide, the last part takes some of the
    one before it once more.
    """
    n = len(trials)
    if n == 0:
        return
    size = part_size(n, trainer.networks_together(trials))
    for part in range(-(-n // size)):
        stop = min((part + 1) * size, n)
        yield range(stop - size, stop)


def part_size(trials: int, together: int) -> int:
    """Return how many trials are trained at a time, in parts of one size.

    Parameters
    ----------
    trials, together : int
        How many there are, 1 at least, and how many are taken at most.

    Examples
    --------
    >>> part_size(300, together=256), part_size(5, together=256)
    (150, 5)
    """
    return -(-trials // -(-trials // together))


class _Counter:
    """Counts epochs of some trials on from what was done before, and tells each."""

    def __init__(self, progress: Callable[[int], None], before: int, trials: int) -> None:
        self._progress, self._done, self._trials = progress, before, trials

    def __call__(self) -> None:
        self._done += self._trials
        self._progress(self._done)
