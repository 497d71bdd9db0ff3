"""What one epoch of one network costs, against the size of the population, the network and the batch."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any, Literal

from mlplab.bench.workload import Workload, lab_workload

Quantity = Literal["population", "width", "depth", "batch_size"]

CLIFF = 1.5
"""A cost that grows from one size to the next by so many times more than the work does is a cliff."""

TARGET = 0.1
"""Seconds that a measurement should take at least; shorter trainings are given more epochs."""

MOST_EPOCHS = 1000

BLOCK = 16
"""Networks that the engine trains together; around multiples of it something might happen."""

ALONE = "one network"
"""What the curves of a population of one are called."""

FULL: Mapping[Quantity, tuple[int, ...]] = {
    "population": (
        *(1, 2, 3, 4, 6, 8, 12, 15, 16, 17, 24, 32, 33, 48, 64),
        *(96, 128, 256, 512, 1024, 2048, 4096),
    ),
    "width": (2, 3, 4, 6, 8, 12, 15, 16, 17, 24, 32, 33, 48, 50, 64, 96, 128, 160, 192, 224, 256),
    "depth": (1, 2, 3, 4, 6, 8, 10, 15, 20, 30, 50),
    "batch_size": (1, 2, 4, 8, 15, 16, 17, 24, 32, 33, 48, 64, 65, 128, 256, 512, 1024, 2560),
}

QUICK: Mapping[Quantity, tuple[int, ...]] = {
    "population": (1, 16, 64),
    "width": (4, 16, 50),
    "depth": (1, 3, 10),
    "batch_size": (8, 32, 128),
}


@dataclass(frozen=True)
class Curve:
    """Cost against one size, everything else held.

    Attributes
    ----------
    quantity : str
        What is varied.
    name : str
        What is held.
    sizes : tuple of int
    operations : tuple of int
        Of one epoch of one network, at each size.
    seconds : tuple of tuple of float
        For one epoch of one network; for each size, those of all rounds.
    """

    quantity: Quantity
    name: str
    sizes: tuple[int, ...]
    operations: tuple[int, ...]
    seconds: tuple[tuple[float, ...], ...]

    @property
    def medians(self) -> list[float]:
        """The median of the rounds, at each size."""
        return [median(rounds) for rounds in self.seconds]

    @property
    def rates(self) -> list[float]:
        """Operations of the products in a second, at each size."""
        return [
            operations / seconds
            for operations, seconds in zip(self.operations, self.medians, strict=True)
        ]

    def steps(self) -> list[float]:
        """Return how many times more the cost grows than the work, from each size to the next.

        Where the work shrinks or stays, growth of the cost counts in full.

        Examples
        --------
        >>> Curve("width", "", (2, 4, 8), (10, 20, 80), ((1.0,), (1.5,), (9.0,))).steps()
        [0.75, 1.5]
        """
        costs = [after / before for before, after in pairwise(self.medians)]
        work = [max(1.0, after / before) for before, after in pairwise(self.operations)]
        return [cost / more for cost, more in zip(costs, work, strict=True)]

    @property
    def steepest(self) -> float:
        """The largest of the steps."""
        return max(self.steps())

    @property
    def steepest_at(self) -> tuple[int, int]:
        """The two sizes between which it lies."""
        at = self.steps().index(self.steepest)
        return self.sizes[at], self.sizes[at + 1]


@dataclass(frozen=True)
class Plan:
    """A curve to be measured: a workload for each size, one epoch long."""

    quantity: Quantity
    name: str
    workloads: Mapping[int, Workload]


def plans(quick: bool, threads: int) -> list[Plan]:
    """Return the curves of the bench.

    Populations are those of 1.2-relu and of 1.3. Widths, depths and batch sizes are those of a network as
    in 1.3, once for one network and once for a block of networks on each thread; it begins with He's
    weights, so that it neither dies nor explodes at any size, and computes with ordinary numbers.
    """
    sizes = QUICK if quick else FULL
    made = [
        Plan("population", id, {n: lab_workload(id, n, epochs=1) for n in sizes["population"]})
        for id in ("1.2-relu", "1.3")
    ]
    base = lab_workload("1.3", population=1, epochs=1)
    for quantity in ("width", "depth", "batch_size"):
        for population in (1, BLOCK * threads):
            name = ALONE if population == 1 else f"{population} networks"
            shaped = {n: _shaped(base, population, quantity, n) for n in sizes[quantity]}
            made.append(Plan(quantity, name, shaped))
    return made


def _shaped(base: Workload, population: int, quantity: Quantity, size: int) -> Workload:
    network: dict[str, Any] = {"initializer": "he_normal"}
    training: dict[str, Any] = {}
    if quantity == "width":
        network["layer_width"] = size
    elif quantity == "depth":
        network["hidden_layers"] = size
    else:
        training["batch_size"] = size
    described = base.experiment.model_dump()
    described["network"] |= network
    described["training"] |= training
    experiment = type(base.experiment)(**described)
    return Workload(base.id, experiment, population)


def measure_curve(
    plan: Plan,
    seconds_of: Callable[[Workload], float],
    rounds: int,
    on_size: Callable[[], None] = lambda: None,
) -> Curve:
    """Measure one curve, up and down in turn, so that a slow while of the machine is no slope.

    Parameters
    ----------
    plan : Plan
    seconds_of : callable
        Trains a workload, and returns the seconds for one epoch of one network.
    rounds : int
        After a first one that only finds out how many epochs make a measurement long enough.
    on_size : callable
        Called after each size of each round, the first one too.
    """
    longer = {}
    for size, workload in plan.workloads.items():
        whole = seconds_of(workload) * workload.population
        longer[size] = workload.lasting(min(MOST_EPOCHS, max(1, math.ceil(TARGET / whole))))
        on_size()
    seconds: dict[int, list[float]] = {size: [] for size in longer}
    for number in range(rounds):
        for size in _in_turn(list(longer), number):
            seconds[size].append(seconds_of(longer[size]))
            on_size()
    return Curve(
        plan.quantity,
        plan.name,
        tuple(seconds),
        tuple(workload.operations for workload in longer.values()),
        tuple(map(tuple, seconds.values())),
    )


def _in_turn(sizes: Sequence[int], number: int) -> Iterator[int]:
    return iter(sizes) if number % 2 == 0 else reversed(sizes)
