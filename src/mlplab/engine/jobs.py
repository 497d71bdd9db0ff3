"""From members to jobs: which networks train together, and which alone.

Members may differ in anything. Those whose arrays have the same shapes, and whose layers do the same,
can share a block; rates, constants, weights, points and orders are each network's own. Since a network
comes out the same in a block and alone, this is a matter of speed only.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from mlplab.engine.lanes import LANES
from mlplab.engine.updates import optimizer_code
from mlplab.spec import Experiment, PointsFile


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
    keep_weights : bool
        Whether its run keeps the weights, or only what is measured of them.
    """

    index: int
    experiment: Experiment
    seed: int
    keep_weights: bool = True


def make_jobs(members: Sequence[Member], threads: int) -> list[list[Member]]:
    """Divide members into jobs, each a block of up to LANES of one shape or a member alone.

    Blocks of one shape that would leave a thread idle are trained one by one where that is faster.
    """
    by_shape: dict[Hashable, list[Member]] = {}
    for member in members:
        by_shape.setdefault(shape_of(member.experiment), []).append(member)
    jobs: list[list[Member]] = []
    for alike in by_shape.values():
        worth = block_worth(alike[0].experiment)
        blocks = [alike[i : i + LANES] for i in range(0, len(alike), LANES)]
        surplus = len(blocks) % threads
        for number, block in enumerate(blocks):
            last = number >= len(blocks) - surplus
            # In units of one network alone: the block takes `worth`, its members n over all threads.
            share = len(block) / threads if last else len(block)
            jobs += [block] if worth < share else [[member] for member in block]
    return jobs


def shape_of(experiment: Experiment) -> Hashable:
    """Return what members of one block must have in common."""
    dataset, network, training = experiment.dataset, experiment.network, experiment.training
    points: Hashable
    if isinstance(dataset, PointsFile):
        points = dataset
    else:
        classes = getattr(dataset, "classes", 2)
        points = (classes, dataset.train_per_class, dataset.test_per_class)
    return (
        points,
        network.layer_widths,
        network.hidden_activation,
        training.loss,
        optimizer_code(training.optimizer),
        training.batch_size,
        training.epochs,
        training.dtype,
    )


def block_worth(experiment: Experiment) -> float:
    """Return how many networks alone take as long as one block, by the widest hidden layer.

    Measured by `mlplab bench`: a block of narrow networks costs little more than two of them alone;
    from a width of about 200 its weights outgrow the cache, and blocks gain nothing.
    """
    widest = max(experiment.network.layer_widths, default=0)
    for width, worth in ((12, 3.0), (24, 8.0), (40, 9.5), (200, 14.5)):
        if widest < width:
            return worth
    return float("inf")
