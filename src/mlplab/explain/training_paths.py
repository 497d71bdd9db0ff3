"""Paths through weight space: the weights of one training, or of many from one start, on their way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.engine.evaluation import flattened
from mlplab.engine.stepping import Stepper
from mlplab.errors import MlplabError, shown
from mlplab.read_only import ReadOnly
from mlplab.streams import check_seed, noise_key, shuffle_key
from mlplab.trial import Trial

Float = NDArray[np.floating[Any]]
Float64 = NDArray[np.float64]

POINTS = 101
"""Points of a path, if nothing else is said: of a hundred epochs the start and every end."""

FEWEST = 2
"""Points that a path has at least: its start and its end."""

MOST_NUMBERS = 1 << 26
"""Weights that all points of all paths have together, at most: 256 MiB of float32."""


@dataclass(frozen=True, eq=False)
class TrainingPaths(ReadOnly):
    """Weights of runs along their training.

    Attributes
    ----------
    step : ndarray of int64, shape (points,)
        Updates made at each point, rising from 0 to the whole training.
    weights : ndarray, shape (runs, points, parameters)
        Parameters in the order of `engine.evaluation`. A run that ended before its last update has its
        final weights at the first point from there on; what follows is NaN.
    last : ndarray of int64, shape (runs,)
        The point that has each run's final weights.
    train_loss : ndarray of float64, shape (runs, epochs)
        As `History.train_loss`; 0 in epochs that were not reached.
    """

    step: NDArray[np.int64]
    weights: Float
    last: NDArray[np.int64]
    train_loss: Float64

    @property
    def ends(self) -> Float:
        """Final weights of each run, shape (runs, parameters)."""
        return self.weights[np.arange(len(self.last)), self.last]


def same_start(trial: Trial, replications: int) -> list[Trial]:
    """Return trials with the samples and initial weights of one, and other shuffles and noise.

    Trial i has the shuffles and the noise of seed + i, as `draw(experiment, seed, shuffle=seed + i,
    noise=seed + i)` draws it. The first is the trial itself.
    """
    check_seed(trial.seed + replications - 1, "the last run's seed")
    seeds = range(trial.seed, trial.seed + replications)
    return [replace(trial, shuffle_key=shuffle_key(s), noise_key=noise_key(s)) for s in seeds]


def steps_of_path(
    trial: Trial, replications: int, points: int | None, through: Sequence[int] | None
) -> NDArray[np.int64]:
    """Return the updates at which a path has points: evenly spaced, and those of `through`.

    Raises
    ------
    MlplabError
        If there are fewer than two points, more than there are updates, or too many for memory.
    """
    if points is not None:
        is_whole = isinstance(points, int | np.integer) and not isinstance(points, bool)
        if not is_whole or points < FEWEST:
            raise MlplabError(
                f"points must be a whole number from {FEWEST} on, received {shown(points)}"
            )
    parameters = sum(part.size for part in (*trial.weights, *trial.biases))
    room = MOST_NUMBERS // (replications * parameters)
    points = min(POINTS, max(room, FEWEST)) if points is None else int(points)
    if points > room:
        raise MlplabError(
            f"{replications:,} × {points:,} points of paths, each of {parameters:,} parameters, "
            f"are more than {MOST_NUMBERS:,} numbers: take fewer points or replications"
        )
    spaced = np.rint(np.linspace(0, trial.updates, points)).astype(np.int64)
    return np.unique(np.concatenate([spaced, np.asarray(through or [], np.int64)]))


def train_paths(
    trials: Sequence[Trial],
    step: NDArray[np.int64],
    threads: int,
    progress: Callable[[int, int], None],
) -> TrainingPaths:
    """Train trials of one shape, and keep the weights of each after so many updates.

    Parameters
    ----------
    step : ndarray of int64, shape (points,)
        Rising, from 0 to the updates of the whole training.
    progress : callable
        Called with the points reached by all runs, and how many there are.
    """
    first = trials[0]
    parameters = sum(part.size for part in (*first.weights, *first.biases))
    dtype = first.weights[0].dtype
    weights = np.full((len(trials), len(step), parameters), np.nan, dtype)
    last = np.full(len(trials), len(step) - 1)
    losses = np.zeros((len(trials), first.experiment.training.epochs))
    stopped = False

    def train(row: int) -> int:
        stepper = Stepper(trials[row])
        for point, wanted in enumerate(step.tolist()):
            if stopped:
                break
            stepper.train(wanted - stepper.step)
            ended = point == len(step) - 1 or stepper.stopped or stepper.diverged
            if ended:
                stepper.restore_best_weights()
            weights[row, point] = flattened(stepper.network)
            if ended:
                last[row] = point
                break
        losses[row, : stepper.epoch] = stepper.history.train_loss
        return len(step)

    # The first alone: kernels are compiled once, and where an interrupt can end it.
    done, total = train(0), len(trials) * len(step)
    progress(done, total)
    with ThreadPoolExecutor(max_workers=max(1, threads)) as pool:
        try:
            tasks = [pool.submit(train, row) for row in range(1, len(trials))]
            for task in as_completed(tasks):
                done += task.result()
                progress(done, total)
        except BaseException:
            stopped = True
            pool.shutdown(cancel_futures=True)
            raise
    return TrainingPaths(step, weights, last, losses)
