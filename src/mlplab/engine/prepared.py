"""Trials laid out for a kernel, trained by it, and read back: several in a block, or one alone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.engine.activations import activation_addresses
from mlplab.engine.block import evaluate_block, train_block
from mlplab.engine.lanes import LANES
from mlplab.engine.layout import Layers, Layout, fill_lanes, pack_samples
from mlplab.engine.output import head_addresses
from mlplab.engine.rates import step_sizes
from mlplab.engine.single import evaluate_single, train_single
from mlplab.engine.updates import optimizer_address, optimizer_constants
from mlplab.spec import Experiment, OptimizerSpec
from mlplab.trial import Trial

Float64 = NDArray[np.float64]


class Block:
    """Up to LANES trials of one shape, for the kernels of `block`.

    Parameters
    ----------
    trials : sequence of Trial
        Alike, as `jobs.shape_of` has it.
    """

    def __init__(self, trials: Sequence[Trial]) -> None:
        first = trials[0]
        training, dtype = first.experiment.training, first.weights[0].dtype
        optimizers = [t.experiment.training.optimizer for t in trials]
        self._layout, self._shape = laid_out(first, "block_begin")
        self._initial = self._layout.pack_block([(t.weights, t.biases) for t in trials])
        self._theta = self._initial
        self._train, self._valid, self._test = (
            fill_lanes([pack_samples(split.x, split.y, dtype)[0] for split in splits])
            for splits in zip(*(t.dataset.splits.values() for t in trials), strict=True)
        )
        self._epochs = training.epochs
        self._how = (
            optimizer_address(optimizers[0], dtype),
            _columns([np.array(optimizer_constants(o)) for o in optimizers], dtype),
            _columns([_steps(o, first.updates) for o in optimizers], dtype),
            fill_lanes([np.array(t.order_key, np.uint64) for t in trials]),
            _batch_size(first),
        )

    def train(
        self, stop: NDArray[np.uint8], done: NDArray[np.int64], validate: bool = True
    ) -> Float64:
        """Train from the trials' own weights, and return the history, shape (epochs, 4, LANES).

        Parameters
        ----------
        stop, done : ndarray, shape (1,)
            As `block.train_block` has them.
        validate : bool
            Whether to look at the validation points after each epoch; else its columns are NaN.
        """
        self._theta = self._initial.copy()
        history = np.full((self._epochs, 4, LANES), np.nan)
        valid = self._valid if validate else self._valid[:, :0]
        train_block(self._theta, *self._shape, *self._how, self._train, valid, history, stop, done)
        return history

    def evaluate(self, stop: NDArray[np.uint8]) -> Float64:
        """Return loss and accuracy on training and test points, shape (2 splits, 2, LANES)."""
        scores = np.zeros((2, 2, LANES))
        for seen, points in zip(scores, (self._train, self._test), strict=True):
            evaluate_block(self._theta, *self._shape, points, stop, seen)
        return scores

    def network(self, lane: int) -> Layers:
        """Return the parameters of one trial's network."""
        return self._layout.unpack_block(self._theta, lane)


class Alone:
    """One trial, for the kernels of `single`; otherwise as `Block`."""

    def __init__(self, trial: Trial) -> None:
        training, dtype = trial.experiment.training, trial.weights[0].dtype
        self._layout, self._shape = laid_out(trial, "single_begin")
        self._initial = self._layout.pack_single((trial.weights, trial.biases))
        self._theta = self._initial
        self._train, self._valid, self._test = (
            pack_samples(split.x, split.y, dtype) for split in trial.dataset.splits.values()
        )
        self._epochs = training.epochs
        self._how = (
            optimizer_address(training.optimizer, dtype),
            np.array(optimizer_constants(training.optimizer), dtype),
            _steps(training.optimizer, trial.updates).astype(dtype),
            np.uint64(trial.order_key),
            _batch_size(trial),
        )

    def train(
        self, stop: NDArray[np.uint8], done: NDArray[np.int64], validate: bool = True
    ) -> Float64:
        """Train from the trial's own weights, and return the history, shape (epochs, 4, 1)."""
        self._theta = self._initial.copy()
        first_moment, second_moment = np.zeros((2, self._theta.size), self._theta.dtype)
        history = np.full((self._epochs, 4, 1), np.nan)
        valid = self._valid if validate else self._valid[:, :0]
        place = np.zeros(2, np.int64)
        train_single(
            *(self._theta, first_moment, second_moment, *self._shape, *self._how),
            self._train,
            valid,
            history,
            place,
            stop,
            done,
        )
        return history

    def evaluate(self, stop: NDArray[np.uint8]) -> Float64:
        """Return loss and accuracy on training and test points, shape (2 splits, 2, 1)."""
        scores = np.zeros((2, 2, 1))
        for seen, points in zip(scores, (self._train, self._test), strict=True):
            evaluate_single(self._theta, *self._shape, points, stop, seen)
        return scores

    def network(self, lane: int = 0) -> Layers:
        """Return the parameters of the network; there is only one lane."""
        return self._layout.unpack_single(self._theta)


def prepare(trials: Sequence[Trial]) -> Block | Alone:
    """Lay out the trials of one job."""
    return Alone(trials[0]) if len(trials) == 1 else Block(trials)


Whole = NDArray[np.int64]
Shape = tuple[Whole, Whole, Whole, Whole, Whole]


def laid_out(trial: Trial, begin: str) -> tuple[Layout, Shape]:
    """Return what all networks of a job share: layout, and the kernels' arguments that say it."""
    network, training = trial.experiment.network, trial.experiment.training
    layout = Layout.of(
        (trial.dataset.train.x.shape[1], *network.layer_widths, trial.dataset.classes)
    )
    return layout, (
        layout.sizes,
        getattr(layout, begin),
        layout.level,
        activation_addresses(network.activations, training.dtype),
        head_addresses(training.loss, training.dtype),
    )


def compile_functions(experiment: Experiment) -> None:
    """Compile activations, head and optimizer of an experiment, or fetch them from the disk."""
    network, training = experiment.network, experiment.training
    activation_addresses(network.activations, training.dtype)
    head_addresses(training.loss, training.dtype)
    optimizer_address(training.optimizer, training.dtype)


def _batch_size(trial: Trial) -> int:
    """Return how many points a batch has at most: a size above their number may not fit 64 bits."""
    return min(trial.experiment.training.batch_size, len(trial.dataset.train))


@lru_cache(maxsize=16)
def _steps(optimizer: OptimizerSpec, updates: int) -> Float64:
    steps = step_sizes(optimizer, updates)
    steps.flags.writeable = False
    return steps


def _columns(lines: Sequence[Float64], dtype: np.dtype[Any]) -> NDArray[np.floating[Any]]:
    """Return up to LANES lines of n numbers as columns, shape (n, LANES), of another type."""
    return np.ascontiguousarray(fill_lanes(lines).T.astype(dtype))
