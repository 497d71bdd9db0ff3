"""From trials to jobs: which networks train together, and which alone.

Networks may differ in anything. Those whose arrays have the same shapes, and whose layers do the same,
can share a block; rates, constants, weights, samples and shuffles are each network's own. Since a network
comes out the same in a block and alone, this is a matter of speed only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from itertools import pairwise
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from mlplab.batches import count_batches
from mlplab.data import SPLITS, Samples, Split
from mlplab.drawing import packed_width
from mlplab.engine.arrays import Whole
from mlplab.engine.heads import HEADS, head_name
from mlplab.engine.lanes import LANES
from mlplab.engine.options import switches_of
from mlplab.engine.updates import optimizer_name
from mlplab.spec import Experiment, OptimizerSpec
from mlplab.trial import Trials
from mlplab.trial_sizes import shares_samples, size_of_samples
from mlplab.trial_table import TrialTable

DRAWN_NUMBERS = 1 << 16
"""Numbers that are drawn at a time, at most: in float64 half a cache of 1 MiB."""

MOST_TOGETHER = 32
"""Blocks that are drawn at a time, at most: more save hardly any time."""


@dataclass(frozen=True)
class Shape:
    """What networks of one block have in common.

    Attributes
    ----------
    counts : tuple of int
        Training, validation and test samples.
    sizes : tuple of int
        Features, neurons of each hidden layer, outputs.
    classes : int
        Which softmax has an output for each of, and a sigmoid one for two; 0 where samples have targets.
    head : str
        Name of the head, see `heads`.
    moments : int
        Arrays of parameters that the optimizer remembers.
    step_sizes : int
        Numbers that scale an update.
    batch_size : int
        At most the number of training samples.
    switches : tuple of int
        What they have besides, see `options`.
    drawn_by : tuple
        Kinds of what their samples, weights and biases are drawn by.
    shares_samples : bool
        Whether all have the same samples, whatever their seeds.
    """

    counts: tuple[int, int, int]
    sizes: tuple[int, ...]
    classes: int
    activations: tuple[str, ...]
    head: str
    optimizer: str
    moments: int
    step_sizes: int
    batch_size: int
    epochs: int
    dtype: str
    switches: tuple[int, ...]
    drawn_by: tuple[Any, ...]
    shares_samples: bool

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Computed once: whatever is kept for jobs of one shape is found by it."""
        return hash(tuple(getattr(self, field.name) for field in fields(self)))

    @classmethod
    def from_trials(cls, trials: Trials | TrialTable) -> Shape:
        """Return the shape of an experiment's networks, or of those of a table."""
        experiment = trials.experiment
        network, training = experiment.network, experiment.training
        features, answers, counts = size_of_samples(trials)
        # One finite set is split in one way.
        samples = type(experiment.dataset) if trials.finite is None else experiment.dataset
        begins = network.initializer, network.bias_initializer
        # Of one job, all or none have weights, or are standardised, when they are handed in.
        given = [
            (has_own_weights(trials), each.dataset.mean is not None) for each in trials.drawn[:1]
        ]
        drawn_by = (samples, *((type(each), each.shared) for each in begins), *given)
        return cls(
            counts=counts,
            sizes=experiment.layer_sizes(features, answers),
            classes=0 if experiment.dataset.has_targets else answers,
            activations=network.activations,
            head=head_of(trials),
            optimizer=optimizer_name(training.optimizer),
            moments=len(training.optimizer.moments),
            step_sizes=training.optimizer.step_size_count + (training.optimizer.weight_decay > 0),
            batch_size=min(training.batch_size, counts[0]),
            epochs=training.epochs,
            dtype=training.dtype,
            switches=switches_of(experiment),
            drawn_by=drawn_by,
            shares_samples=shares_samples(trials),
        )

    @property
    def has_targets(self) -> bool:
        """Whether samples have targets, and no classes."""
        return self.classes == 0

    @property
    def updates_per_epoch(self) -> int:
        """Updates that an epoch makes."""
        return count_batches(self.counts[0], self.batch_size)

    @property
    def answers(self) -> int:
        """How many numbers of a packed sample follow its features."""
        return HEADS[self.head].answer_count(self.sizes[-1])

    @property
    def packed_width(self) -> int:
        """How many numbers a packed sample has."""
        return packed_width(self.sizes[0], self.answers)

    @cached_property
    def cost(self) -> int:
        """How long one network takes, about: epochs times samples times weights."""
        weights = sum((inputs + 1) * outputs for inputs, outputs in pairwise(self.sizes))
        return self.epochs * self.counts[0] * weights

    @property
    def drawn_together(self) -> int:
        """How many blocks are drawn at a time, so that all that is drawn fits the cache."""
        numbers = sum(inputs * outputs for inputs, outputs in pairwise(self.sizes))
        if not self.shares_samples:
            numbers += sum(self.counts) * self.packed_width
        return max(1, min(MOST_TOGETHER, DRAWN_NUMBERS // (LANES * numbers)))

    @property
    def block_worth(self) -> float:
        """How many networks alone take as long as one block, by the widest hidden layer.

        Measured with one to ten layers: a block of narrow networks costs little more than three of them
        alone; from a width of about 100 on its weights outgrow the cache, and it costs more than all of
        them.
        """
        widest = max(self.sizes[1:-1], default=0)
        if self.dtype == "float64":
            widest += widest // 2
        for width, worth in ((8, 3.5), (14, 5.0), (24, 7.5), (40, 10.0), (64, 13.0), (128, 15.5)):
            if widest < width:
                return worth
        return float("inf")


_SHAPES: WeakKeyDictionary[Trials | TrialTable, Shape] = WeakKeyDictionary()


def shape_of(trials: Trials | TrialTable) -> Shape:
    """Return the shape of trials, which is made once: memory, results and jobs ask for it in turn."""
    shape = _SHAPES.get(trials)
    if shape is None:
        _SHAPES[trials] = shape = Shape.from_trials(trials)
    return shape


def places_by_shape(
    experiments: Sequence[Experiment], finite: Samples | None = None
) -> list[Whole]:
    """Return the places of experiments that can stand in one table of trials, for each such table.

    Their networks have one shape, and their learning rates change by one formula.

    Parameters
    ----------
    experiments : sequence of Experiment
    finite : Samples, optional
        Which all of them mean.

    Raises
    ------
    DataError
        If the samples are not those that an experiment means.
    """
    shapes: dict[
        Any, Shape
    ] = {}  # to make a shape takes long, and many experiments are parts in common
    places: dict[Any, list[int]] = {}
    kinds: dict[int, tuple[Any, ...]] = {}
    for place, experiment in enumerate(experiments):
        dataset, network, training = experiment.dataset, experiment.network, experiment.training
        optimizer, stop = training.optimizer, training.early_stopping
        reduce = training.reduce_lr_on_plateau
        if id(optimizer) not in kinds:
            kinds[id(optimizer)] = _kind_of(optimizer)
        # All that `from_trials` makes of the training.
        kind, rate = kinds[id(optimizer)], type(optimizer.learning_rate)
        rest = training.loss, training.batch_size, training.epochs, training.dtype
        answers = training.class_weight is not None, training.label_smoothing > 0
        rules = stop and (stop.monitor, stop.restore_best_weights), reduce and reduce.monitor
        known = (id(dataset), id(network), kind, rate, rest, answers, rules)
        if known not in shapes:
            shapes[known] = Shape.from_trials(Trials(experiment, range(1), finite=finite))
        places.setdefault((shapes[known], rate), []).append(place)
    return [np.array(of_shape) for of_shape in places.values()]


def _kind_of(optimizer: OptimizerSpec) -> tuple[Any, ...]:
    """Return all that `from_trials` makes of an optimizer."""
    clips, _ = optimizer.clipping
    name, decays = optimizer_name(optimizer), optimizer.weight_decay > 0
    return type(optimizer), name, clips, decays


def head_of(trials: Trials | TrialTable) -> str:
    """Return the name of the head on the networks' last layer."""
    experiment = trials.experiment
    training, has_targets = experiment.training, experiment.dataset.has_targets
    return head_name(
        training.loss, has_targets, is_weighted(trials) or training.label_smoothing > 0
    )


def is_weighted(trials: Trials | TrialTable) -> bool:
    """Return whether training samples weigh differently: by their classes, or each by itself."""
    return trials.experiment.training.class_weight is not None or has_own_weights(trials)


def has_own_weights(trials: Trials | TrialTable) -> bool:
    """Return whether samples have weights of their own."""
    if trials.drawn:
        return trials.drawn[0].dataset.train.weight is not None
    return trials.finite is not None and trials.finite.weight is not None


@dataclass(frozen=True, eq=False)
class Job:
    """Networks that a thread trains together: up to LANES of one shape in a block, or one alone.

    Attributes
    ----------
    shape : Shape
    group, row : ndarray of int64, shape (networks,)
        Of which trials each is, and its place among them; those of one group stand together, and their
        rows follow one another.
    """

    shape: Shape
    group: Whole
    row: Whole

    def __len__(self) -> int:
        return len(self.row)

    def is_like(self, other: Job) -> bool:
        """Whether both are blocks, or one network each, of one shape."""
        return self.shape == other.shape and (len(self) > 1) == (len(other) > 1)

    @property
    def parts(self) -> list[tuple[int, slice, slice]]:
        """Of each group its number, which networks of the job it has, and which rows these are."""
        ends = [0, *(np.flatnonzero(np.diff(self.group)) + 1).tolist(), len(self)]
        first = self.row.tolist()
        return [
            (int(self.group[a]), slice(a, b), slice(first[a], first[a] + b - a))
            for a, b in pairwise(ends)
        ]


def make_jobs(groups: Sequence[Trials | TrialTable], threads: int) -> list[Job]:
    """Divide trials into jobs.

    The largest blocks come first, so that no thread ends long after the others. For the same reason the
    last blocks, where they are too few for all threads, are trained one by one if that is faster.
    """
    by_shape: dict[Shape, list[int]] = {}
    for number, trials in enumerate(groups):
        if len(trials):
            by_shape.setdefault(shape_of(trials), []).append(number)
    blocks: list[Job] = []
    for shape, numbers in by_shape.items():
        counts = [len(groups[number]) for number in numbers]
        group = np.repeat(numbers, counts)
        row = np.concatenate([np.arange(count) for count in counts])
        blocks += [
            Job(shape, group[i : i + LANES], row[i : i + LANES]) for i in range(0, len(row), LANES)
        ]
    blocks.sort(key=lambda block: -len(block) * block.shape.cost)
    surplus = len(blocks) % threads
    jobs: list[Job] = []
    for number, block in enumerate(blocks):
        last = number >= len(blocks) - surplus
        # In units of one network alone: what its n networks take, one by one, on all threads.
        fraction = len(block) / threads if last else len(block)
        if block.shape.block_worth < fraction:
            jobs.append(block)
        else:
            each = range(len(block))
            jobs += [Job(block.shape, block.group[i : i + 1], block.row[i : i + 1]) for i in each]
    return jobs


def smallest_trials(trials: Trials | TrialTable, count: int) -> Trials:
    """Return a few trials that need the same kernels as some others, and next to no time."""
    small: dict[str, Any] = {"training.epochs": 1, "training.batch_size": 1}
    if trials.drawn:
        trial = trials.drawn[0]
        splits = trial.dataset.splits.items()
        first: dict[str, Any] = {
            name: Split(s.x[:1], s.y[:1], None if s.weight is None else s.weight[:1])
            for name, s in splits
        }
        dataset, experiment = replace(trial.dataset, **first), trial.experiment.varied(small)
        return Trials.from_trials([replace(trial, experiment=experiment, dataset=dataset)] * count)
    if trials.experiment.network.hidden_layers:
        small["network.layer_width"] = 1
    if trials.finite is None:
        of = "samples" if trials.experiment.dataset.has_targets else "per_class"
        small |= {f"dataset.train_{of}": 1, f"dataset.test_{of}": 1}
        return Trials.from_seeds(trials.experiment.varied(small), range(count))
    # Two classes of three samples; each split needs both.
    target = trials.finite.target_names or None
    samples = Samples.from_arrays(
        np.arange(6.0).reshape(6, 1),
        [0, 1] * 3 if target is None else np.zeros((6, len(target))),
        None if trials.finite.split is None else np.repeat(SPLITS, 2),
        sample_weight=None if trials.finite.weight is None else np.ones(6),
        target=target,
    )
    if trials.experiment.training.class_weight is not None:
        small["training.class_weight"] = {"1": 2.0}
    experiment = trials.experiment.varied({**small, "dataset.content": None})
    return Trials.from_seeds(experiment, range(count), samples)
