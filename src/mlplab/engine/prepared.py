"""A job laid out for a kernel: trained by it, and read back; several in a block, or one alone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.engine.activations import activation_addresses
from mlplab.engine.aligned import aligned_copy, aligned_zeros
from mlplab.engine.arrays import Whole
from mlplab.engine.besides import Besides
from mlplab.engine.block import train_block
from mlplab.engine.block_evaluation import evaluate_block
from mlplab.engine.drawn import Drawn
from mlplab.engine.heads import head_addresses
from mlplab.engine.jobs import Job, Shape
from mlplab.engine.kept import KEEPS_Z
from mlplab.engine.lanes import LANES
from mlplab.engine.layout import Layers, Layout
from mlplab.engine.options import (
    EPOCHS,
    RESTORES,
    begin_watching,
    looks_at_validation,
    scores_of,
    settings_of,
)
from mlplab.engine.single import train_single
from mlplab.engine.single_evaluation import evaluate_single
from mlplab.engine.switched import addressed
from mlplab.engine.updates import optimizer_address, optimizer_constants
from mlplab.spec import Experiment, OptimizerSpec

Float = NDArray[np.floating[Any]]
Float64 = NDArray[np.float64]


class Block:
    """Up to LANES networks of one shape, for the kernels of `block`."""

    def __init__(self, shape: Shape, drawn: Drawn) -> None:
        self._layout, self._described = described(shape, in_block=True)
        self._initial = self._layout.pack_block(drawn.layers)
        self._theta = self._initial
        self.splits, self.standardising = drawn.splits, drawn.standardising
        self._epochs, self._classes = shape.epochs, shape.classes
        self._scores = scores_of(shape.switches)
        optimizers = tuple(e.training.optimizer for e in drawn.experiments)
        optimizer, constants, step_sizes = _updates(optimizers, shape)
        self._how = (
            *(optimizer, constants, step_sizes.reshape(-1, LANES)),
            *(drawn.keys, shape.batch_size),
            besides_of(drawn.experiments, shape, self._theta, drawn.noise_keys),
        )
        self._needs_validation = looks_at_validation(shape.switches)

    def train(
        self, stop: NDArray[np.uint8], done: NDArray[np.int64], validate: bool = True
    ) -> Float64:
        """Train from the initial weights, and return the history, shape (epochs, scores, LANES).

        Parameters
        ----------
        stop, done : ndarray, shape (1,)
            As `block.train_block` has them.
        validate : bool
            Whether to look at the validation samples after each epoch; else its columns are NaN. A rule
            that needs their scores has them in any case.
        """
        self._theta = aligned_copy(self._initial)
        history = np.full((self._epochs, self._scores, LANES), np.nan)
        train, validation, _ = self.splits
        if not (validate or self._needs_validation):
            validation = validation[:, :0]
        self._watched = begin_watching(LANES)
        train_block(
            *(self._theta, *self._described, *self._how, train, validation, history),
            *(self._watched, stop, done),
        )
        return history

    def evaluate(self, split: int, stop: NDArray[np.uint8]) -> tuple[Float64, Whole]:
        """Return loss and metric on a split, (2, LANES), and predictions of each class, (K, LANES)."""
        seen = np.zeros((2, LANES))
        predicted = np.zeros((self._classes, LANES), np.int64)
        evaluate_block(self._theta, *self._described, self.splits[split], stop, seen, predicted)
        return seen, predicted

    @property
    def epochs(self) -> Whole:
        """How many epochs each network was trained, shape (networks,)."""
        return epochs_trained(self._watched, self._epochs)

    @property
    def weights_are_finite(self) -> NDArray[np.bool_]:
        """Whether all parameters of each network are finite, shape (LANES,)."""
        return np.asarray(np.isfinite(self._theta).all(axis=0))

    def network(self, lane: int) -> Layers:
        """Return the parameters of one network."""
        return self._layout.unpack_block(self._theta, lane)


class Single:
    """One network, for the kernels of `single`; otherwise as `Block`, with one lane."""

    def __init__(self, shape: Shape, drawn: Drawn) -> None:
        self._layout, self._described = described(shape, in_block=False)
        weights, biases = zip(*((w[0], b[0]) for w, b in drawn.layers), strict=True)
        self._initial = self._layout.pack_single((weights, biases))
        self._theta = self._initial
        self.splits, self.standardising = drawn.splits, drawn.standardising
        self._epochs, self._classes = shape.epochs, shape.classes
        self._scores = scores_of(shape.switches)
        (experiment,) = drawn.experiments
        optimizer, constants, step_sizes = _updates((experiment.training.optimizer,), shape)
        self._how = (
            *(optimizer, constants[:, 0].copy(), step_sizes[:, :, 0].copy()),
            *(drawn.keys[0], shape.batch_size),
            besides_of(drawn.experiments, shape, self._theta, drawn.noise_keys),
        )
        self._needs_validation = looks_at_validation(shape.switches)

    def train(
        self, stop: NDArray[np.uint8], done: NDArray[np.int64], validate: bool = True
    ) -> Float64:
        """Train from the initial weights, and return the history, shape (epochs, scores, 1)."""
        self._theta = aligned_copy(self._initial)
        first_moment, second_moment = aligned_zeros((2, self._theta.size), self._theta.dtype)
        history = np.full((self._epochs, self._scores, 1), np.nan)
        train, validation, _ = self.splits
        if not (validate or self._needs_validation):
            validation = validation[:, :0]
        self._watched = begin_watching(1)
        train_single(
            *(self._theta, first_moment, second_moment, *self._described, *self._how),
            *(train, validation, history),
            self._watched,
            np.zeros(2, np.int64),
            stop,
            done,
        )
        return history

    def evaluate(self, split: int, stop: NDArray[np.uint8]) -> tuple[Float64, Whole]:
        """Return loss and metric on a split, (2, 1), and predictions of each class, (K, 1)."""
        seen = np.zeros((2, 1))
        predicted = np.zeros((self._classes, 1), np.int64)
        evaluate_single(self._theta, *self._described, self.splits[split], stop, seen, predicted)
        return seen, predicted

    @property
    def epochs(self) -> Whole:
        """How many epochs each network was trained, shape (networks,)."""
        return epochs_trained(self._watched, self._epochs)

    @property
    def weights_are_finite(self) -> NDArray[np.bool_]:
        """Whether all parameters are finite, shape (1,)."""
        return np.array([np.isfinite(self._theta).all()])

    def network(self, lane: int = 0) -> Layers:
        """Return the parameters of the network; there is only one lane."""
        return self._layout.unpack_single(self._theta)


def prepare(job: Job, drawn: Drawn) -> Block | Single:
    """Lay out what the trials of a job are drawn as."""
    return Single(job.shape, drawn) if len(job) == 1 else Block(job.shape, drawn)


Described = tuple[Whole, Whole, Whole, Whole, Whole]


@lru_cache(maxsize=16)
def described(shape: Shape, in_block: bool) -> tuple[Layout, Described]:
    """Return the layout of a network, and what the kernels of a block or of one network want."""
    layout = Layout.from_sizes(shape.sizes)
    functions = (
        activation_addresses(shape.activations, shape.dtype),
        head_addresses(shape.head, shape.dtype, shape.sizes[-1]),
    )
    begin = layout.block_begin if in_block else layout.single_begin
    return layout, (layout.sizes, begin, layout.level, *functions)


def epochs_trained(watched: Float64, epochs: int) -> Whole:
    """Return how many of so many epochs networks were trained, shape (networks,)."""
    ended = watched[EPOCHS].astype(np.int64)
    return np.where(ended > 0, ended, epochs)


def forget_step_sizes() -> None:
    """Forget what is kept for the next job: of a long training it is large."""
    _updates.cache_clear()


@lru_cache(maxsize=16)
def _is_plain(shape: Shape) -> bool:
    """Tell whether networks have nothing that kernels do besides."""
    keeps_z = activation_addresses(shape.activations, shape.dtype)[:, KEEPS_Z].any()
    has_more = keeps_z or shape.answers > 1 or shape.step_sizes > 1
    return not (any(shape.switches) or has_more)


def besides_of(
    experiments: Sequence[Experiment], shape: Shape, theta: Float, keys: NDArray[np.uint64]
) -> Besides | None:
    """Return what networks have besides, and None if they have nothing.

    Parameters
    ----------
    experiments : sequence of Experiment
        Of each network.
    shape : Shape
    theta : ndarray
        Their parameters, as kernels have them.
    keys : ndarray of uint64, shape (networks,)
        Of their noise.
    """
    if _is_plain(shape):
        return None
    different = {id(experiment): experiment for experiment in experiments}
    settings = {identity: settings_of(each) for identity, each in different.items()}
    of_each = np.array([settings[id(experiment)] for experiment in experiments])
    return Besides(
        switches=addressed(shape.switches, shape.dtype),
        settings=np.ascontiguousarray(of_each.T),
        keys=keys,
        best=np.zeros_like(theta if shape.switches[RESTORES] else theta[:0]),
        squares=np.zeros(len(keys)),
    )


@lru_cache(maxsize=2)
def _updates(optimizers: tuple[OptimizerSpec, ...], shape: Shape) -> tuple[int, Float, Float]:
    """Return what kernels know an optimizer by, the constants of each network's, and its step sizes.

    Their shapes are (3, networks) and (updates, R, networks).
    """
    updates = np.arange(shape.epochs * shape.updates_per_epoch, dtype=np.float64)
    dtype = np.dtype(shape.dtype)
    # By identity: comparing two takes longer than their step sizes.
    different = {id(optimizer): optimizer for optimizer in optimizers}
    place = {identity: i for i, identity in enumerate(different)}
    lanes = [place[id(optimizer)] for optimizer in optimizers]
    constants = np.array([optimizer_constants(each) for each in different.values()], dtype)
    step_sizes = np.array([each.step_sizes(updates) for each in different.values()], dtype)
    of_each = np.empty((len(updates), step_sizes.shape[1], len(optimizers)), dtype)
    np.take(step_sizes.T, lanes, axis=2, out=of_each, mode="clip")  # else it makes a copy first
    return (
        optimizer_address(optimizers[0], dtype),
        np.ascontiguousarray(constants[lanes].T),
        of_each,
    )
