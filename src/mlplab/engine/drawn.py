"""The trials of a job, drawn as arrays: samples, initial weights and shuffle keys of all its networks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.drawing import PackedSamples, draw_samples, draw_weights, shuffle_keys
from mlplab.engine.finite import Inputs, packed_splits, split_finite
from mlplab.engine.jobs import Job
from mlplab.trial import Trial, Trials

Float = NDArray[np.floating[Any]]
Seeds = NDArray[np.uint64]
StackedLayers = list[tuple[Float, Float]]
"""W of each layer, shape (networks, outputs, inputs), and b, shape (networks, outputs)."""


class Drawn:
    """What the trials of a job are drawn as, in the order of the job's networks.

    Parameters
    ----------
    job : Job
    groups : sequence of Trials
    lanes : int
        As many networks; the last one of the job fills what it leaves.

    Attributes
    ----------
    optimizers : list of OptimizerSpec
    splits : sequence of three ndarrays, shape (networks or 1, samples, width)
        PackedSamples training, validation and test samples; of 1, where all networks have the same.
    layers : StackedLayers
    keys : ndarray of uint64, shape (networks,)
    inputs : Inputs or None
        What standardising did to the features of each network's samples, or to those of all.
    """

    def __init__(self, job: Job, groups: Sequence[Trials], lanes: int) -> None:
        fill = np.minimum(np.arange(lanes), len(job) - 1)
        trials = [groups[g] for g in job.group[fill].tolist()]
        self.optimizers = [t.experiment.training.optimizer for t in trials]
        self.splits: Sequence[PackedSamples]
        self.inputs: Inputs | None = None
        dtype = np.dtype(job.shape.dtype)
        if trials[0].drawn:
            rows = job.row[fill].tolist()
            given = [t.drawn[row] for t, row in zip(trials, rows, strict=True)]
            self.splits, self.inputs = packed_splits([t.dataset for t in given], dtype)
            self.layers = _given_layers(given)
            self.keys = np.array([t.shuffle_key for t in given], np.uint64)
            return
        row = job.row[fill]
        self.splits, self.inputs = _samples(trials, _seeds(trials, row, "samples"), dtype)
        self.layers = _initial_layers(
            trials, _seeds(trials, row, "weights"), job.shape.sizes, dtype
        )
        self.keys = shuffle_keys(_seeds(trials, row, "shuffle"))


def _seeds(trials: Sequence[Trials], row: NDArray[np.int64], stream: str) -> Seeds:
    """Return the seed of a stream of each network."""
    first = trials[0]
    if all(t is first for t in trials):
        of_first: Seeds = getattr(first, stream)[row]
        return of_first
    return np.array([getattr(t, stream)[i] for t, i in zip(trials, row, strict=True)], np.uint64)


def _samples(
    trials: Sequence[Trials], seeds: Seeds, dtype: np.dtype[Any]
) -> tuple[Sequence[PackedSamples], Inputs | None]:
    recipes: list[Any] = [t.experiment.dataset for t in trials]
    if (seeds == seeds[0]).all() and all(recipe == recipes[0] for recipe in recipes):
        seeds, recipes = seeds[:1], recipes[:1]  # all networks have the same samples
    if trials[0].finite is not None:
        return split_finite(trials[0], seeds, dtype)
    return draw_samples(recipes, seeds, dtype), None


def _initial_layers(
    trials: Sequence[Trials], seeds: Seeds, sizes: Sequence[int], dtype: np.dtype[Any]
) -> StackedLayers:
    initializers = [t.experiment.network.initializer for t in trials]
    drawn = draw_weights(initializers, seeds, sizes).astype(dtype)
    layers, begin = [], 0
    for inputs, outputs in pairwise(sizes):
        w = drawn[:, begin : begin + inputs * outputs].reshape(len(seeds), outputs, inputs)
        layers.append((w, np.zeros((len(seeds), outputs), dtype)))
        begin += inputs * outputs
    return layers


def _given_layers(given: Sequence[Trial]) -> StackedLayers:
    weights = zip(*(trial.weights for trial in given), strict=True)
    biases = zip(*(trial.biases for trial in given), strict=True)
    return [(np.stack(w), np.stack(b)) for w, b in zip(weights, biases, strict=True)]
