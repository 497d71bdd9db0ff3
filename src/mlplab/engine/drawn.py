"""The trials of some jobs of one shape, drawn as arrays: samples, initial weights and keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.drawing import (
    PackedSamples,
    draw_biases,
    draw_samples,
    draw_weights,
    noise_keys,
    shuffle_keys,
)
from mlplab.engine.answers import with_answers
from mlplab.engine.finite import Standardising, packed_splits, split_finite
from mlplab.engine.jobs import Job, Shape
from mlplab.engine.lanes import LANES
from mlplab.engine.options import DROPS, NOISY
from mlplab.spec import Experiment, Network, Zeros
from mlplab.spec.datasets import Recipe
from mlplab.streams import STREAMS
from mlplab.trial import Trial, Trials
from mlplab.trial_table import TrialTable

Float = NDArray[np.floating[Any]]
Seeds = NDArray[np.uint64]
StackedLayers = list[tuple[Float, Float]]
"""W of each layer, shape (networks, outputs, inputs), and b, shape (networks, outputs)."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """What the trials of a job are drawn as, in the order of the job's networks.

    In a block the last network fills the lanes that a job leaves.

    Attributes
    ----------
    experiments : sequence of Experiment
    splits : sequence of three ndarrays, shape (lanes or 1, samples, width)
        Packed training, validation and test samples; of 1, where all networks have the same.
    layers : StackedLayers
    keys, noise_keys : ndarray of uint64, shape (lanes,)
        Of the shuffles, and of the noise; these are 0 where there is no noise.
    standardising : Standardising or None
        What standardising did to the features of each network's samples, or to those of all.
    """

    experiments: Sequence[Experiment]
    splits: Sequence[PackedSamples]
    layers: StackedLayers
    keys: Seeds
    noise_keys: Seeds
    standardising: Standardising | None

    def of(self, lanes: slice) -> Drawn:
        """Return what some of the networks are drawn as, as views."""

        def part(array: NDArray[Any]) -> NDArray[Any]:
            return array if len(array) == 1 else array[lanes]

        how = self.standardising
        return Drawn(
            experiments=self.experiments[lanes],
            splits=[part(split) for split in self.splits],
            layers=[(w[lanes], b[lanes]) for w, b in self.layers],
            keys=self.keys[lanes],
            noise_keys=self.noise_keys[lanes],
            standardising=how and (part(how[0]), part(how[1])),
        )


def draw_jobs(jobs: Sequence[Job], groups: Sequence[Trials | TrialTable]) -> list[Drawn]:
    """Draw the trials of some jobs of one shape together, which saves what each draw costs in Python.

    Parameters
    ----------
    jobs : sequence of Job
        One at least; all alike (`Job.is_like`).
    groups : sequence of Trials or TrialTable

    Returns
    -------
    list of Drawn
        One for each job, in their order.
    """
    lanes = [LANES if len(job) > 1 else 1 for job in jobs]
    fill = [np.minimum(np.arange(n), len(job) - 1) for job, n in zip(jobs, lanes, strict=True)]
    group = np.concatenate([job.group[f] for job, f in zip(jobs, fill, strict=True)])
    row = np.concatenate([job.row[f] for job, f in zip(jobs, fill, strict=True)])
    drawn = _draw([groups[g] for g in group.tolist()], row, jobs[0].shape)
    if len(jobs) == 1:
        return [drawn]
    return [drawn.of(slice(a, b)) for a, b in pairwise([0, *accumulate(lanes)])]


def _draw(trials: Sequence[Trials | TrialTable], row: NDArray[np.int64], shape: Shape) -> Drawn:
    experiments = [t.experiment_of(i) for t, i in zip(trials, row.tolist(), strict=True)]
    dtype = np.dtype(shape.dtype)
    splits: Sequence[PackedSamples]
    if trials[0].drawn:
        given = [t.drawn[i] for t, i in zip(trials, row.tolist(), strict=True)]
        splits, standardising = packed_splits([t.dataset for t in given], dtype)
        keys = np.array([t.shuffle_key for t in given], np.uint64)
        of_noise = np.array([t.noise_key for t in given], np.uint64)
        splits = with_answers(splits, trials, [e.training for e in experiments], shape)
        return Drawn(experiments, splits, _given_layers(given), keys, of_noise, standardising)
    seeds = {stream: _seeds(trials, row, stream) for stream in STREAMS}
    recipes = [e.dataset for e in experiments]
    splits, standardising = _samples(trials[0], recipes, seeds["samples"], dtype)
    splits = with_answers(splits, trials, [e.training for e in experiments], shape)
    networks = [e.network for e in experiments]
    layers = _initial_layers(networks, seeds["weights"], shape.sizes, dtype)
    keys = shuffle_keys(seeds["shuffle"])
    is_noisy = shape.switches[NOISY] or shape.switches[DROPS]
    of_noise = noise_keys(seeds["noise"]) if is_noisy else np.zeros_like(keys)
    return Drawn(experiments, splits, layers, keys, of_noise, standardising)


def _seeds(trials: Sequence[Trials | TrialTable], row: NDArray[np.int64], stream: str) -> Seeds:
    """Return the seed of a stream of each network."""
    if len(set(map(id, trials))) == 1:
        of_all: Seeds = getattr(trials[0], stream)[row]
        return of_all
    return np.array([getattr(t, stream)[i] for t, i in zip(trials, row, strict=True)], np.uint64)


def _samples(
    trials: Trials | TrialTable, recipes: Sequence[Any], seeds: Seeds, dtype: np.dtype[Any]
) -> tuple[Sequence[PackedSamples], Standardising | None]:
    first = recipes[0]
    alike = (seeds == seeds[0]).all() and all(r is first or r == first for r in recipes)
    if trials.finite is not None:
        return split_finite(trials, seeds[:1] if alike else seeds, dtype)
    if alike:
        return _draw_once(first, int(seeds[0]), dtype), None
    return draw_samples(recipes, seeds, dtype), None


def forget_samples() -> None:
    """Forget samples that are kept for the next job."""
    _draw_once.cache_clear()


@lru_cache(maxsize=2)
def _draw_once(recipe: Recipe, seed: int, dtype: np.dtype[Any]) -> Sequence[PackedSamples]:
    """Draw samples that all networks of a job have, as those of the next job may."""
    return draw_samples([recipe], np.array([seed], np.uint64), dtype)


def _initial_layers(
    networks: Sequence[Network], seeds: Seeds, sizes: Sequence[int], dtype: np.dtype[Any]
) -> StackedLayers:
    weights = draw_weights([n.initializer for n in networks], seeds, sizes).astype(dtype)
    if isinstance(networks[0].bias_initializer, Zeros):  # of one kind, and nothing to draw
        biases = np.zeros((len(seeds), sum(sizes[1:])), dtype)
    else:
        biases = draw_biases([n.bias_initializer for n in networks], seeds, sizes).astype(dtype)
    layers, w, b = [], 0, 0
    for inputs, outputs in pairwise(sizes):
        of_layer = weights[:, w : w + inputs * outputs].reshape(len(seeds), outputs, inputs)
        layers.append((of_layer, biases[:, b : b + outputs]))
        w, b = w + inputs * outputs, b + outputs
    return layers


def _given_layers(given: Sequence[Trial]) -> StackedLayers:
    weights = zip(*(trial.weights for trial in given), strict=True)
    biases = zip(*(trial.biases for trial in given), strict=True)
    return [(np.stack(w), np.stack(b)) for w, b in zip(weights, biases, strict=True)]
