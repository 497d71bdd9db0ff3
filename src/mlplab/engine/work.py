"""One job: draw its trials, lay them out, run a kernel, and read the runs from its arrays."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.engine.activations import ACTIVATION_CODES
from mlplab.engine.block import evaluate_block, train_block
from mlplab.engine.jobs import Member
from mlplab.engine.lanes import LANES
from mlplab.engine.layout import Layers, Layout, fill_lanes, pack_points
from mlplab.engine.rates import step_sizes
from mlplab.engine.single import evaluate_single, train_single
from mlplab.engine.updates import optimizer_code, optimizer_constants
from mlplab.run import History, Run, how_it_ended
from mlplab.spec import OptimizerSpec
from mlplab.trial import Trial, draw

Float64 = NDArray[np.float64]


class Work:
    """A job under way: one member alone, or a block of several of one shape.

    Parameters
    ----------
    members : sequence of Member
        One, or up to LANES that `jobs.shape_of` finds alike.
    stop : ndarray of uint8, shape (1,)
        Shared by all jobs; once it is not 0, the kernel returns at the next batch.
    """

    def __init__(self, members: Sequence[Member], stop: NDArray[np.uint8]) -> None:
        self.members = members
        self.stop = stop
        self._done = np.zeros(1, np.int64)

    @property
    def epochs_done(self) -> int:
        """Epochs done so far, of all members together."""
        return int(self._done[0]) * len(self.members)

    def train(self, runs: list[Run | None]) -> None:
        """Train the members and put their runs into their places; nothing if stopped before."""
        if self.stop[0]:
            return
        began = time.perf_counter()
        # A rate or a deviation may outgrow float32; the run is then called diverged.
        with np.errstate(over="ignore", invalid="ignore"):
            trials = [draw(member.experiment, member.seed) for member in self.members]
            kernel = _train_alone if len(trials) == 1 else _train_together
            networks, history, scores = kernel(trials, self.stop, self._done)
        if self.stop[0]:
            return
        seconds = (time.perf_counter() - began) / len(trials)
        for lane, (member, trial) in enumerate(zip(self.members, trials, strict=True)):
            run = _run_of(trial, networks[lane], history[:, :, lane], scores[:, :, lane], seconds)
            runs[member.index] = run if member.keep_weights else replace(run, weights=(), biases=())


Trained = tuple[list[Layers], Float64, Float64]
"""Parameters of each network; history, (epochs, 4, networks); scores, (2 splits, 2, networks)."""


def _train_together(
    trials: Sequence[Trial], stop: NDArray[np.uint8], done: NDArray[np.int64]
) -> Trained:
    first = trials[0]
    training, dtype = first.experiment.training, first.weights[0].dtype
    layout, activation, cross_entropy = _common(first)
    sizes, begin, level = layout.sizes, layout.block_begin, layout.level
    theta = layout.pack_block([(t.weights, t.biases) for t in trials])
    train, valid, test = (
        fill_lanes([pack_points(split) for split in splits])
        for splits in zip(*(t.dataset.splits.values() for t in trials), strict=True)
    )
    optimizers = [t.experiment.training.optimizer for t in trials]
    history = np.full((training.epochs, 4, LANES), np.nan)
    train_block(
        theta,
        sizes,
        begin,
        level,
        activation,
        cross_entropy,
        optimizer_code(optimizers[0]),
        _columns([np.array(optimizer_constants(o)) for o in optimizers], dtype),
        _columns([_steps(o, first.updates) for o in optimizers], dtype),
        fill_lanes([np.array(t.order_key, np.uint64) for t in trials]),
        training.batch_size,
        train,
        valid,
        history,
        stop,
        done,
    )
    scores = np.zeros((2, 2, LANES))
    for seen, points in zip(scores, (train, test), strict=True):
        evaluate_block(theta, sizes, begin, level, activation, cross_entropy, points, seen)
    return [layout.unpack_block(theta, lane) for lane in range(len(trials))], history, scores


def _train_alone(
    trials: Sequence[Trial], stop: NDArray[np.uint8], done: NDArray[np.int64]
) -> Trained:
    (trial,) = trials
    training, dtype = trial.experiment.training, trial.weights[0].dtype
    layout, activation, cross_entropy = _common(trial)
    sizes, begin, level = layout.sizes, layout.single_begin, layout.level
    theta = layout.pack_single((trial.weights, trial.biases))
    train, valid, test = (pack_points(split) for split in trial.dataset.splits.values())
    history = np.full((training.epochs, 4, 1), np.nan)
    train_single(
        theta,
        sizes,
        begin,
        level,
        activation,
        cross_entropy,
        optimizer_code(training.optimizer),
        _columns([np.array(optimizer_constants(training.optimizer))], dtype),
        _steps(training.optimizer, trial.updates).astype(dtype),
        np.uint64(trial.order_key),
        training.batch_size,
        train,
        valid,
        history,
        stop,
        done,
    )
    scores = np.zeros((2, 2, 1))
    for seen, points in zip(scores, (train, test), strict=True):
        evaluate_single(theta, sizes, begin, level, activation, cross_entropy, points, seen)
    return [layout.unpack_single(theta)], history, scores


def _common(trial: Trial) -> tuple[Layout, int, bool]:
    """Return what all networks of a job share: layout, activation, and whether cross-entropy."""
    network, training = trial.experiment.network, trial.experiment.training
    layout = Layout.of((2, *network.layer_widths, trial.dataset.classes))
    cross_entropy = training.loss == "categorical_crossentropy"
    return layout, ACTIVATION_CODES[network.hidden_activation], cross_entropy


@lru_cache(maxsize=64)
def _steps(optimizer: OptimizerSpec, updates: int) -> Float64:
    steps = step_sizes(optimizer, updates)
    steps.flags.writeable = False
    return steps


def _columns(lines: Sequence[Float64], dtype: np.dtype[Any]) -> NDArray[np.floating[Any]]:
    """Return up to LANES lines of n numbers as columns, shape (n, LANES), of another type."""
    return np.ascontiguousarray(fill_lanes(lines).T.astype(dtype))


def _run_of(
    trial: Trial, network: Layers, history: Float64, scores: Float64, seconds: float
) -> Run:
    training = trial.experiment.training
    (train_loss, train_accuracy), (test_loss, test_accuracy) = scores.tolist()
    # As the other trainers, count the training as ended after the first epoch that is not finite.
    lost = np.flatnonzero(~np.isfinite(history.sum(axis=1)))
    epochs = int(lost[0]) + 1 if len(lost) else training.epochs
    history[epochs:] = np.nan
    weights, biases = network
    return Run(
        experiment=trial.experiment,
        trainer="engine",
        seed=trial.seed,
        weights=weights,
        biases=biases,
        history=History(*history.T),
        train_loss=train_loss,
        train_accuracy=train_accuracy,
        test_loss=test_loss,
        test_accuracy=test_accuracy,
        updates=trial.updates // training.epochs * epochs,
        seconds=seconds,
        ending=how_it_ended(
            trial.dataset, [train_loss, test_loss], train_accuracy, [*weights, *biases]
        ),
    )
