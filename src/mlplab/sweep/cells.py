"""Trained cells: how every run of every cell ended, and what the cells say together.

A cell is one setting of an experiment: a place on a map, or a candidate of a search.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from mlplab.data import Samples
from mlplab.errors import MlplabError, suggestion
from mlplab.run import Float64, Outcomes
from mlplab.run.metric import METRIC_WORDS
from mlplab.spec import FiniteSamples, MetricName
from mlplab.spec.datasets import DatasetSpec
from mlplab.statistics import MEASURES, Measure
from mlplab.statistics.intervals import LEVEL
from mlplab.statistics.measures import check_metric, measure_on, measures_of
from mlplab.statistics.resplits import overlap_ratio

ENDINGS = ("missing", "finished", "stuck", "diverged")
"""How a run ended, by its number; 0 where it has not been trained."""

_TO_BE_READ = 255
"""In place of an ending: the run is in the store, and has not been read."""

_KINDS = (*METRIC_WORDS, "loss")

CELL_MEASURES = {
    **{f"validation_{kind}": measure_on("validation", kind) for kind in _KINDS},
    **MEASURES,
}
"""By what cells are judged, by name. Validation comes first: who chooses a setting by test samples has no
samples left that tell how good the choice is. `measures_of_cells` has those of one metric."""

ON_TEST_SAMPLES = {f"validation_{kind}": f"test_{kind}" for kind in _KINDS}
"""Measures on validation samples, and what each is on test samples."""


def measures_of_cells(metric: MetricName) -> dict[str, Measure]:
    """Return the measures that cells of a metric have, by name.

    >>> list(measures_of_cells("r2"))[:3]
    ['validation_r2', 'validation_loss', 'test_r2']
    """
    return measures_of(metric, CELL_MEASURES)


@dataclass(frozen=True)
class CellStatistics:
    """A measure of all cells; arrays of their shape, NaN where no run counts.

    Attributes
    ----------
    measure : Measure
    count : ndarray of int64
        Runs that did not diverge.
    mean : ndarray of float64
        Of these runs.
    low, high : ndarray of float64
        The 95 % interval of the mean, by Student's distribution; up to infinity for a single run. It is
        cut off at the measure's bounds.
    """

    measure: Measure
    count: NDArray[np.int64]
    mean: Float64
    low: Float64
    high: Float64


class TrainedCells:
    """Outcomes of the runs of some cells.

    Parameters
    ----------
    shape : tuple of int
        Of the cells: (y, x) for a map, (candidates,) for a search.
    replications, seed : int
        Run i of each cell has seed + i.
    overlaps : mapping of str to float, optional
        Where all runs re-split one set of own samples, as `overlaps_of` has it.
    metric : str
        Of the runs of all cells.

    Attributes
    ----------
    measures : dict of str to Measure
        What the cells are judged by, by name: `measures_of_cells` of the metric.
    ending : ndarray of uint8, shape (..., replications)
        Places in `ENDINGS`.
    values : dict of str to ndarray of float64, shape (..., replications)
        By the names of `measures`; NaN where a run diverged or has not been trained.
    """

    def __init__(
        self,
        shape: tuple[int, ...],
        replications: int,
        seed: int,
        overlaps: Mapping[str, float] | None = None,
        metric: MetricName = "accuracy",
    ) -> None:
        self.overlaps = dict(overlaps or {})
        self.metric, self.measures = metric, measures_of_cells(metric)
        flat = (math.prod(shape), replications)
        self.shape, self.replications, self.seed = shape, replications, seed
        self._ending = np.zeros(flat, np.uint8)
        self._values = {name: np.full(flat, np.nan) for name in self.measures}
        self._statistics: dict[str, CellStatistics] = {}

    @property
    def ending(self) -> NDArray[np.uint8]:
        """How each run ended."""
        return self._ending.reshape(*self.shape, -1)

    @property
    def values(self) -> dict[str, Float64]:
        """Each run's numbers, by the measure's name."""
        return {name: array.reshape(*self.shape, -1) for name, array in self._values.items()}

    def write(self, places: NDArray[np.int64], outcomes: Outcomes) -> None:
        """Take over outcomes whose `experiment` is a place in `places`, which are numbers of cells."""
        where = places[outcomes.experiment], outcomes.seed - self.seed
        diverged = outcomes.ending == "diverged"
        self._ending[where] = np.select(
            [diverged, outcomes.ending == "stuck"],
            [ENDINGS.index("diverged"), ENDINGS.index("stuck")],
            1,
        )
        for name, array in self._values.items():
            found = getattr(outcomes, self.measures[name].attribute)
            array[where] = np.where(diverged, np.nan, found)
        self._statistics.clear()

    def mark_found(self, cells: NDArray[np.int64], seeds: NDArray[np.int64]) -> int:
        """Take note of runs that need not be trained, and return how many of them were not known.

        `write` is to have their outcomes later.
        """
        where = cells, seeds - self.seed
        unknown = self._ending[where] == 0
        self._ending[where] = np.where(unknown, _TO_BE_READ, self._ending[where])
        return int(np.count_nonzero(unknown))

    def take_over(self, other: TrainedCells, numbers: NDArray[np.int64]) -> None:
        """Take over runs of the same experiments and seeds: cell i has the first ones of `numbers[i]`."""
        few = min(self.replications, other.replications)
        self._ending[:, :few] = other._ending[numbers, :few]
        for name, array in self._values.items():
            array[:, :few] = other._values[name][numbers, :few]
        self._statistics.clear()

    def first(self, count: int) -> TrainedCells:
        """Return the first cells alone, in a row."""
        if self.shape == (count,):
            return self
        cells = TrainedCells((count,), self.replications, self.seed, self.overlaps, self.metric)
        cells.take_over(self, np.arange(count))
        return cells

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Which runs have not been trained, shape (cells, replications)."""
        return np.asarray(self._ending == 0)

    @property
    def count(self) -> int:
        """How many runs have been trained."""
        return int(np.count_nonzero(self._ending))

    @property
    def trained(self) -> NDArray[np.int64]:
        """Runs of each cell that have been trained, of the cells' shape."""
        return np.asarray((self.ending > 0).sum(axis=-1))

    def fraction(self, ending: str) -> Float64:
        """Return the fraction of each cell's runs that ended so, of the cells' shape; NaN without runs.

        Parameters
        ----------
        ending : str
            `stuck`, `diverged`, or `failed`, which is either.
        """
        wanted = ("stuck", "diverged") if ending == "failed" else (ending,)
        of = np.isin(self.ending, [ENDINGS.index(name) for name in wanted]).sum(axis=-1)
        with np.errstate(invalid="ignore"):
            return np.asarray(of / self.trained)

    def find_measure(self, measure: str | None = None) -> Measure:
        """Return a measure by its name, as `choose_cell_measure` does."""
        return choose_cell_measure(measure, self.metric)

    def statistics(self, measure: str | None = None) -> CellStatistics:
        """Return mean and interval of a measure in each cell, over its runs that did not diverge.

        Where all runs re-split one set of samples, intervals are corrected for what the runs have in
        common (Nadeau and Bengio 2003).

        Parameters
        ----------
        measure : str, optional
            One of `measures`; by default the metric on validation samples.

        Raises
        ------
        MlplabError
            If there is no such measure.
        """
        found = self.find_measure(measure)
        if found.name not in self._statistics:
            self._statistics[found.name] = self._summed_up(found)
        return self._statistics[found.name]

    def _summed_up(self, found: Measure) -> CellStatistics:
        overlap = self.overlaps.get(found.name, 0.0)
        values = self.values[found.name]
        is_known = np.isfinite(values)
        count = is_known.sum(axis=-1)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(is_known, values, 0).sum(axis=-1) / count
            squares = np.where(is_known, (values - mean[..., None]) ** 2, 0).sum(axis=-1)
            error = np.sqrt(squares / (count - 1) * (1 / count + overlap))
            half = stdtrit(count - 1, (1 + LEVEL) / 2) * error
            half = np.where(count == 1, np.inf, half)
        least, greatest = found.bounds
        low, high = np.maximum(mean - half, least), np.minimum(mean + half, greatest)
        return CellStatistics(found, count, mean, low, high)

    def ranked(self, measure: str | None = None) -> NDArray[np.int64]:
        """Return the numbers of cells, from the best mean to the worst; equal ones in their order.

        Cells in which more runs diverged stand behind those in which fewer did: runs that diverge stand
        in no mean, so that the mean of the others would flatter the cell. Cells of which all runs
        diverged, or that have not been trained, are left out.
        """
        cells = self.statistics(measure)
        loss = (cells.mean if cells.measure.lower_is_better else -cells.mean).ravel()
        diverged = self.fraction("diverged").ravel()
        order = np.lexsort((loss, diverged))
        return np.asarray(order[np.isfinite(loss[order])])


def overlaps_of(finite: Samples | None, datasets: Iterable[DatasetSpec]) -> dict[str, float]:
    """Return by how much runs that re-split one set of samples depend on each other, for each measure.

    Parameters
    ----------
    finite : Samples or None
        All own samples.
    datasets : iterable of DatasetSpec
        Of all cells, which may divide them into other parts: the greatest counts.

    Returns
    -------
    dict of str to float
        The ratios of `statistics.resplits.overlap_ratio`; empty where runs do not re-split.
    """
    if finite is None or finite.split is not None:
        return {}
    found = dict.fromkeys(CELL_MEASURES, 0.0)
    for dataset in datasets:
        train, validation, test = finite.counts(cast(FiniteSamples, dataset))
        for name, measure in CELL_MEASURES.items():
            measured = validation if name in ON_TEST_SAMPLES else test
            found[name] = max(found[name], overlap_ratio(measure, measured / train))
    return found


def find_cell_measure(measure: str) -> Measure:
    """Return a measure of cells by its name.

    Raises
    ------
    MlplabError
        If there is none of that name.
    """
    if measure not in CELL_MEASURES:
        raise MlplabError(f"unknown measure '{measure}'; {suggestion(measure, CELL_MEASURES)}")
    return CELL_MEASURES[measure]


def choose_cell_measure(measure: str | None, metric: MetricName) -> Measure:
    """Return the measure that was asked for of cells; by default their metric on validation samples.

    Raises
    ------
    MlplabError
        If there is none of that name, or it is another metric than theirs.

    Examples
    --------
    >>> choose_cell_measure(None, "r2").name
    'validation_r2'
    """
    found = find_cell_measure(f"validation_{metric}" if measure is None else measure)
    return check_metric(found, metric, CELL_MEASURES)
