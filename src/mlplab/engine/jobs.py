"""From members to jobs: which networks train together, and which alone.

Members may differ in anything. Those whose arrays have the same shapes, and whose layers do the same,
can share a block; rates, constants, weights, points and orders are each network's own. Since a network
comes out the same in a block and alone, this is a matter of speed only.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mlplab.engine.lanes import LANES
from mlplab.engine.updates import optimizer_code
from mlplab.spec import Experiment, FiniteSamples


@dataclass(frozen=True)
class Member:
    """One network to train.

    Attributes
    ----------
    index : int
        Its place among the results.
    experiment : Experiment
    seed : int
        From which its trial is drawn.
    samples, weights, shuffle : int, optional
        Seeds for these streams alone, as in `draw`.
    keep_weights : bool
        Whether its run keeps the weights, or only what is measured of them.
    validate : bool
        Whether its validation points are looked at after each epoch.
    """

    index: int
    experiment: Experiment
    seed: int
    samples: int | None = None
    weights: int | None = None
    shuffle: int | None = None
    keep_weights: bool = True
    validate: bool = True


def make_jobs(members: Sequence[Member], threads: int) -> list[list[Member]]:
    """Divide members into jobs, each a block of up to LANES of one shape or a member alone.

    The largest blocks come first, so that no thread ends long after the others. For the same reason the
    last blocks, where they are too few for all threads, are trained member by member if that is faster.
    """
    by_shape: dict[Hashable, list[Member]] = {}
    for member in members:
        alike = (shape_of(member.experiment), member.validate)
        by_shape.setdefault(alike, []).append(member)
    blocks = [
        group[i : i + LANES] for group in by_shape.values() for i in range(0, len(group), LANES)
    ]
    blocks.sort(key=lambda block: -len(block) * _cost(block[0].experiment))
    surplus = len(blocks) % threads
    jobs: list[list[Member]] = []
    for number, block in enumerate(blocks):
        last = number >= len(blocks) - surplus
        # In units of one network alone: the block takes `worth`, its members n over all threads.
        share = len(block) / threads if last else len(block)
        worth = block_worth(block[0].experiment)
        jobs += [block] if worth < share else [[member] for member in block]
    return jobs


def shape_of(experiment: Experiment) -> Hashable:
    """Return what members of one block must have in common."""
    dataset, network, training = experiment.dataset, experiment.network, experiment.training
    points: Hashable
    if isinstance(dataset, FiniteSamples):
        points = dataset
    else:
        classes = getattr(dataset, "classes", 2)
        points = (classes, dataset.train_per_class, dataset.test_per_class)
    return (
        points,
        network.layer_widths,
        network.activations,
        training.loss,
        optimizer_code(training.optimizer),
        training.batch_size,
        training.epochs,
        training.dtype,
    )


def block_worth(experiment: Experiment) -> float:
    """Return how many networks alone take as long as one block, by the widest hidden layer.

    Measured with one to ten layers: a block of narrow networks costs little more than three of them
    alone; from a width of about 100 on its weights outgrow the cache, and it costs more than all of them.
    """
    widest = max(experiment.network.layer_widths, default=0)
    if experiment.training.dtype == "float64":
        widest += widest // 2
    for width, worth in ((8, 3.5), (14, 5.0), (24, 7.5), (40, 10.0), (64, 13.0), (128, 15.5)):
        if widest < width:
            return worth
    return float("inf")


def _cost(experiment: Experiment) -> int:
    """Estimate how long one network takes: epochs times points times weights."""
    dataset = experiment.dataset
    if isinstance(dataset, FiniteSamples):
        classes, points = 2, 1000  # a guess, to be spared reading it
    else:
        classes = getattr(dataset, "classes", 2)
        points = classes * dataset.train_per_class
    sizes = (2, *experiment.network.layer_widths, classes)
    weights = sum((inputs + 1) * outputs for inputs, outputs in pairwise(sizes))
    return experiment.training.epochs * points * weights
