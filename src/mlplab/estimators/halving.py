"""Successive halving: all candidates with few resources, then the better ones with more, and so on.

Source: Karnin, Koren and Somekh 2013, "Almost optimal exploration in multi-armed bandits". What an
iteration has, and which candidates stay, is as in scikit-learn's `HalvingRandomSearchCV`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.errors import MlplabError


@dataclass(frozen=True)
class Halving:
    """How many candidates have how many resources.

    Attributes
    ----------
    candidates : int
        Of the first iteration.
    factor : float
        Above 1: what resources are multiplied by, and candidates divided.
    min_resources, max_resources : int
        Of the first iteration, and at most.
    aggressive_elimination : bool
        Whether the first resources are used again until few enough candidates are left.

    Examples
    --------
    >>> halving = Halving(20, factor=3, min_resources=10, max_resources=200)
    >>> halving.iterations, halving.resources, halving.counts
    (3, [10, 30, 90], [20, 7, 3])
    """

    candidates: int
    factor: float
    min_resources: int
    max_resources: int
    aggressive_elimination: bool = False

    def __post_init__(self) -> None:
        if self.min_resources > self.max_resources:
            raise MlplabError(
                f"min_resources_={self.min_resources} is greater than "
                f"max_resources_={self.max_resources}."
            )
        if self.min_resources == 0:
            raise MlplabError(
                f"min_resources_={self.min_resources}: you might have passed an empty dataset X."
            )

    @property
    def required(self) -> int:
        """Iterations after which fewer candidates than `factor` are evaluated."""
        return required_iterations(self.candidates, self.factor)

    @property
    def possible(self) -> int:
        """Iterations for which there are resources."""
        return 1 + floor(log(self.max_resources // self.min_resources, self.factor))

    @property
    def iterations(self) -> int:
        """Iterations that are done."""
        return self.required if self.aggressive_elimination else min(self.possible, self.required)

    @property
    def resources(self) -> list[int]:
        """Resources of each iteration."""
        waits = max(0, self.required - self.possible) if self.aggressive_elimination else 0
        powers = [max(0, i - waits) for i in range(self.iterations)]
        wanted = [int(self.factor**power * self.min_resources) for power in powers]
        return [min(each, self.max_resources) for each in wanted]

    @property
    def counts(self) -> list[int]:
        """Candidates of each iteration."""
        counts = [self.candidates]
        while len(counts) < self.iterations:
            counts.append(self.left(counts[-1]))
        return counts

    def left(self, count: int) -> int:
        """Return how many of so many candidates stay."""
        return ceil(count / self.factor)


def required_iterations(candidates: int, factor: float) -> int:
    """Return how many iterations leave fewer candidates than `factor`."""
    return 1 + floor(log(candidates, factor))


def exhausting(candidates: int, factor: float, least: int, most: int) -> int:
    """Return the resources to begin with, so that the last iteration has about the most there are."""
    return max(least, int(most // factor ** (required_iterations(candidates, factor) - 1)))


def best_candidates(
    scores: NDArray[np.float64], candidates: Sequence[Any], count: int
) -> list[Any]:
    """Return so many candidates with the highest scores, the best one last; NaN counts as the lowest."""
    order = np.argsort(scores)
    order = np.roll(order, np.count_nonzero(np.isnan(scores)))
    return [candidates[i] for i in order[-count:]]
