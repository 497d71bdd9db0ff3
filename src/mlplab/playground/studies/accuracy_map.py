"""Two hyper-parameters on a grid: how accurate the median of a few runs is in each place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mlplab.errors import MlplabError
from mlplab.playground.session.limits import check_limits
from mlplab.playground.studies.hyperparameters import Hyperparameter, with_value
from mlplab.playground.studies.sample import Sample
from mlplab.playground.studies.study import PART, Study
from mlplab.spec import Experiment
from mlplab.statistics import count_failures, summarise


@dataclass
class MapCell:
    """A place on the map.

    Attributes
    ----------
    sample : Sample or None
        Of its set-up; None where there can be none.
    why : str
        Why there is none, or why it could not be trained.
    """

    sample: Sample | None
    why: str = ""

    @property
    def waits(self) -> bool:
        """Whether it is to be trained."""
        return self.sample is not None and not self.why and not len(self.sample)

    def train(self) -> None:
        """Train it; what prevents that is kept."""
        if self.sample is None:
            return
        try:
            self.sample.train(PART)
        except MlplabError as error:
            self.why = str(error)

    @property
    def summary(self) -> dict[str, Any]:
        """What there is to say of it; no median where fewer than half the runs have an accuracy."""
        if self.sample is None or not len(self.sample):
            return {"why": self.why}
        failures = count_failures(self.sample.ending)
        said: dict[str, Any] = {
            "runs": failures.runs,
            "stuck": failures.stuck,
            "diverged": failures.diverged,
        }
        found = summarise(self.sample.accuracy)
        if found is not None and 2 * failures.diverged <= failures.runs:
            said |= {"median": found.median, "min": found.min, "max": found.max}
        return said


class AccuracyMap(Study):
    """A map of accuracies, under way or done.

    Parameters
    ----------
    experiment : Experiment
        All else is as in it.
    seed : int
        Of the run that is looked at; the runs of every cell have the seeds after it.
    across, up : Hyperparameter
        What changes to the right, and what upwards.
    changed : callable
        Called after each cell, in the thread that trains.

    Raises
    ------
    MlplabError
        If both are the same.
    """

    def __init__(
        self,
        experiment: Experiment,
        seed: int,
        across: Hyperparameter,
        up: Hyperparameter,
        changed: Callable[[], None],
    ) -> None:
        if across.path == up.path:
            raise MlplabError(f"a map has two sides: choose another than {across.name} for one")
        self.experiment = experiment
        self.across, self.up = across, up
        self._cells = [
            [_cell(experiment, seed + 1, across, x, up, y) for x in across.values]
            for y in up.values
        ]
        self._order = self._from_the_middle()
        super().__init__(len(self._order), changed)

    def _from_the_middle(self) -> list[MapCell]:
        """Return the cells that can be trained, the nearest to the experiment's own first."""
        row, column = (
            self.up.values.index(self.up.value),
            self.across.values.index(self.across.value),
        )
        places = [(i, j) for i, cells in enumerate(self._cells) for j, _ in enumerate(cells)]
        places.sort(key=lambda place: (place[0] - row) ** 2 + (place[1] - column) ** 2)
        cells = [self._cells[i][j] for i, j in places]
        return [cell for cell in cells if cell.sample is not None]

    @property
    def done(self) -> int:
        """Cells that are trained, or could not be."""
        return sum(not cell.waits for cell in self._order)

    def _train_part(self) -> None:
        """Train the next cell."""
        next(cell for cell in self._order if cell.waits).train()

    def is_of(self, experiment: Experiment) -> bool:
        """Tell whether a set-up differs from the map's in nothing but the two."""
        try:
            same = with_value(experiment, self.across.path, self.across.value)
            same = with_value(same, self.up.path, self.up.value)
        except MlplabError:
            return False
        return same == self.experiment

    def experiment_at(self, row: int, column: int) -> Experiment:
        """Return the set-up of a cell; rows count from below.

        Raises
        ------
        MlplabError
            If there is no such cell, or no set-up in it.
        """
        if not (0 <= row < len(self.up.values) and 0 <= column < len(self.across.values)):
            raise MlplabError(f"the map has no cell in row {row}, column {column}")
        cell = self._cells[row][column]
        if cell.sample is None:
            raise MlplabError(cell.why)
        return cell.sample.experiment

    def summary(self, present: Experiment) -> dict[str, Any]:
        """Return what there is to say, for the page.

        Parameters
        ----------
        present : Experiment
            Which is set up now, and whose cell is marked.
        """
        cells = [
            cell.summary
            | {"present": cell.sample is not None and cell.sample.experiment == present}
            for row in self._cells
            for cell in row
        ]
        return {
            "across": self.across.path,
            "up": self.up.path,
            "columns": list(self.across.values),
            "rows": list(self.up.values),
            "cells": cells,
            "each": PART,
            "done": self.done,
            "total": len(self._order),
            "under_way": self.under_way,
        }


def _cell(
    experiment: Experiment,
    first: int,
    across: Hyperparameter,
    x: float,
    up: Hyperparameter,
    y: float,
) -> MapCell:
    try:
        there = with_value(with_value(experiment, across.path, x), up.path, y)
        check_limits(there)
    except MlplabError as error:
        return MapCell(None, str(error))
    return MapCell(Sample(there, first))
