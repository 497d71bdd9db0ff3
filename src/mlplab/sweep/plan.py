"""What a map trains: an experiment, two axes, and how many runs of each cell."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mlplab.data import Samples, with_samples
from mlplab.errors import MlplabError
from mlplab.spec import Experiment, Grid, MetricName, head_of
from mlplab.spec.canonical import NUMERICS_VERSION
from mlplab.streams import check_seed
from mlplab.sweep.axis import Axis
from mlplab.sweep.checks import (
    check_cells,
    check_memory,
    check_metric,
    check_samples,
    check_values,
)


@dataclass(frozen=True)
class MapPlan:
    """A grid over two settings, each cell trained from the same seeds.

    Attributes
    ----------
    experiment : Experiment
        What all cells have in common; its own samples are pinned by their content.
    x, y : Axis
        Of different settings.
    replications, seed : int
        Run i of each cell is drawn from seed + i: cells are paired.
    finite : Samples or None
        All own samples, where there are such.

    Cells are counted row by row, from y's first value: cell = (place on y) * len(x) + (place on x).
    """

    experiment: Experiment
    x: Axis
    y: Axis
    replications: int = 4
    seed: int = 0
    finite: Samples | None = None

    @classmethod
    def of(
        cls, experiment: Experiment, x: Axis, y: Axis, replications: int = 4, seed: int = 0
    ) -> MapPlan:
        """Plan a map, after a check of all that it trains.

        Raises
        ------
        SpecError
            If a setting is unknown, or the spec refuses some of the cells: which, and why; or if some
            have other own samples.
        DataError
            If own samples cannot be used.
        MlplabError
            If both axes are one setting, two values mean the same, a number is out of range, cells differ
            in their metric, or the map does not fit into memory.
        """
        if x.setting == y.setting:
            raise MlplabError(f"a map needs two settings, received {x.setting} for both axes")
        if replications < 1:
            raise MlplabError(f"replications must be at least 1, received {replications}")
        first = check_seed(seed)
        check_seed(first + replications - 1, "the last run's seed")
        pinned, finite = with_samples(experiment)
        plan = cls(pinned, x, y, replications, first, finite)
        check_cells(plan.grid)
        check_samples(plan.grid)
        check_values(pinned, x)
        check_values(pinned, y)
        check_metric(plan.grid)
        check_memory("a map", plan.cell_count, plan.run_count)
        return plan

    @cached_property
    def grid(self) -> Grid:
        """The cells' experiments."""
        settings = {self.y.setting: self.y.values, self.x.setting: self.x.values}
        return Grid(self.experiment, settings)

    @cached_property
    def metric(self) -> MetricName:
        """What all cells are judged by beside their loss, such as the accuracy."""
        training, (_, dataset) = next(self.grid.trainings()), next(self.grid.datasets())
        return head_of(training.loss, has_targets=dataset.has_targets).metric_name

    @property
    def seeds(self) -> tuple[int, int]:
        """The first and the last seed of each cell."""
        return self.seed, self.seed + self.replications - 1

    @property
    def shape(self) -> tuple[int, int]:
        """Values on y and on x."""
        return len(self.y), len(self.x)

    @property
    def cell_count(self) -> int:
        """How many cells there are."""
        return len(self.y) * len(self.x)

    @property
    def run_count(self) -> int:
        """How many runs all cells have together."""
        return self.cell_count * self.replications

    @cached_property
    def description(self) -> dict[str, Any]:
        """What tells this map from others, as plain values."""
        return {
            "kind": "map",
            "experiment": self.experiment.canonical(),
            "numerics": NUMERICS_VERSION,
            "x": {"setting": self.x.setting, "values": list(self.x.values)},
            "y": {"setting": self.y.setting, "values": list(self.y.values)},
            "replications": self.replications,
            "seed": self.seed,
        }
