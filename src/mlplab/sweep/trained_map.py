"""A trained map: how every run of every cell ended, and what the cells say together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from mlplab.errors import MlplabError, suggestion
from mlplab.run import Float64, Outcomes
from mlplab.statistics import MEASURES, Measure, holm
from mlplab.statistics.intervals import LEVEL
from mlplab.sweep.plan import MapPlan

ENDINGS = ("missing", "finished", "stuck", "diverged")
"""How a run ended, by its number; 0 where it has not been trained."""

_TO_BE_READ = 255
"""In place of an ending: the run is in the store, and has not been read."""

MAP_MEASURES = {
    "validation_accuracy": Measure(
        "validation_accuracy",
        "validation accuracy",
        MEASURES["test_accuracy"].unit,
        margin=MEASURES["test_accuracy"].margin,
    ),
    "validation_loss": Measure("validation_loss", "validation loss", lower_is_better=True),
    **MEASURES,
}
"""What a map may show, by name. Validation comes first: who chooses a setting by test samples has no
samples left that tell how good the choice is."""

FEWEST = 30
"""Replications below which no cell is called better than another."""


@dataclass(frozen=True)
class CellStatistics:
    """A measure of all cells; arrays of shape (y, x), NaN where no run counts.

    Attributes
    ----------
    measure : Measure
    count : ndarray of int64
        Runs that did not diverge.
    mean : ndarray of float64
        Of these runs.
    low, high : ndarray of float64
        The 95 % interval of the mean, by Student's distribution; up to infinity for a single run. It is
        cut off at 0, below which neither losses nor accuracies go, and of accuracies at 1.
    """

    measure: Measure
    count: NDArray[np.int64]
    mean: Float64
    low: Float64
    high: Float64


class TrainedMap:
    """Outcomes of the runs of a map, in arrays of shape (y, x, replications).

    Attributes
    ----------
    plan : MapPlan
    ending : ndarray of uint8
        Places in `ENDINGS`.
    values : dict of str to ndarray of float64
        By the names of `MAP_MEASURES`; NaN where a run diverged or has not been trained.
    """

    def __init__(self, plan: MapPlan) -> None:
        shape = (plan.cell_count, plan.replications)
        self.plan = plan
        self._ending = np.zeros(shape, np.uint8)
        self._values = {name: np.full(shape, np.nan) for name in MAP_MEASURES}
        self._statistics: dict[str, CellStatistics] = {}

    @property
    def ending(self) -> NDArray[np.uint8]:
        """How each run ended."""
        return self._ending.reshape(*self.plan.shape, -1)

    @property
    def values(self) -> dict[str, Float64]:
        """Each run's numbers, by the measure's name."""
        return {name: array.reshape(*self.plan.shape, -1) for name, array in self._values.items()}

    def write(self, places: NDArray[np.int64], outcomes: Outcomes) -> None:
        """Take over outcomes whose `experiment` is a place in `places`, which are cells of the map."""
        where = places[outcomes.experiment], outcomes.seed - self.plan.seed
        diverged = outcomes.ending == "diverged"
        self._ending[where] = np.select(
            [diverged, outcomes.ending == "stuck"],
            [ENDINGS.index("diverged"), ENDINGS.index("stuck")],
            1,
        )
        for name, array in self._values.items():
            array[where] = np.where(diverged, np.nan, getattr(outcomes, name))
        self._statistics.clear()

    def mark_found(self, cells: NDArray[np.int64], seeds: NDArray[np.int64]) -> int:
        """Take note of runs that need not be trained, and return how many of them were not known.

        `write` is to have their outcomes later.
        """
        where = cells, seeds - self.plan.seed
        unknown = self._ending[where] == 0
        self._ending[where] = np.where(unknown, _TO_BE_READ, self._ending[where])
        return int(np.count_nonzero(unknown))

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
        """Runs of each cell that have been trained, shape (y, x)."""
        return np.asarray((self.ending > 0).sum(axis=-1))

    def fraction(self, ending: str) -> Float64:
        """Return the fraction of each cell's runs that ended so, shape (y, x); NaN where there are none.

        Parameters
        ----------
        ending : str
            `stuck`, `diverged`, or `failed`, which is either.
        """
        wanted = ("stuck", "diverged") if ending == "failed" else (ending,)
        of = np.isin(self.ending, [ENDINGS.index(name) for name in wanted]).sum(axis=-1)
        with np.errstate(invalid="ignore"):
            return np.asarray(of / self.trained)

    def statistics(self, measure: str = "validation_accuracy") -> CellStatistics:
        """Return mean and interval of a measure in each cell, over its runs that did not diverge.

        Raises
        ------
        MlplabError
            If there is no such measure.
        """
        if measure not in self._statistics:
            self._statistics[measure] = self._summed_up(find_map_measure(measure))
        return self._statistics[measure]

    def _summed_up(self, found: Measure) -> CellStatistics:
        values = self.values[found.name]
        is_known = np.isfinite(values)
        count = is_known.sum(axis=-1)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(is_known, values, 0).sum(axis=-1) / count
            squares = np.where(is_known, (values - mean[..., None]) ** 2, 0).sum(axis=-1)
            half = stdtrit(count - 1, (1 + LEVEL) / 2) * np.sqrt(squares / (count - 1) / count)
            half = np.where(count == 1, np.inf, half)
        low, high = np.maximum(mean - half, 0), mean + half
        if found.name.endswith("accuracy"):
            high = np.minimum(high, 1)
        return CellStatistics(found, count, mean, low, high)

    def best(self, measure: str = "validation_accuracy") -> tuple[int, int] | None:
        """Return the cell with the best mean, as its places on y and x; None where all runs diverged.

        Cells in which a run diverged stand back behind those in which none did: runs that diverge stand
        in no mean, so that the mean of the others would flatter the cell.
        """
        cells = self.statistics(measure)
        score = cells.mean if not cells.measure.lower_is_better else -cells.mean
        fraction = self.fraction("diverged")
        known = np.isfinite(score)
        if not known.any():
            return None
        steadiest = known & (fraction == fraction[known].min())
        place = np.where(steadiest, score, -np.inf).argmax()
        y, x = np.unravel_index(place, score.shape)
        return int(y), int(x)

    def as_good_as_best(self, measure: str = "validation_accuracy") -> NDArray[np.bool_] | None:
        """Tell which cells cannot be told from the best, shape (y, x).

        Seed by seed, each cell is compared with the best one by a paired t-test, at 5 % for the family
        of all cells (Holm). Where a run diverged in one of two cells, the pair is left out. The best cell
        was chosen by the same runs, which flatters it: that a cell is worse than the best is not shown by
        this alone, and a tuned setting is judged anew (`mlplab sweep`).

        Returns
        -------
        ndarray of bool, or None
            None with fewer than `FEWEST` replications, or where all runs diverged.
        """
        best = self.best(measure)
        if best is None or self.plan.replications < FEWEST:
            return None
        values = self.values[find_map_measure(measure).name]
        difference = values - values[best]
        is_pair = np.isfinite(difference)
        n = is_pair.sum(axis=-1)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(is_pair, difference, 0).sum(axis=-1) / n
            squares = np.where(is_pair, (difference - mean[..., None]) ** 2, 0).sum(axis=-1)
            t = mean / np.sqrt(squares / (n - 1) / n)
            p = 2 * stdtr(n - 1, -np.abs(t))
        p = np.where(n < FEWEST, 0.0, np.where(mean == 0, 1.0, p))
        tested = n > 0
        alike = np.zeros(self.plan.shape, np.bool_)
        alike[tested] = holm(p[tested]) > 1 - LEVEL
        alike[best] = True
        return alike


def find_map_measure(measure: str) -> Measure:
    """Return a measure of maps by its name.

    Raises
    ------
    MlplabError
        If there is none of that name.
    """
    if measure not in MAP_MEASURES:
        raise MlplabError(f"unknown measure '{measure}'; {suggestion(measure, MAP_MEASURES)}")
    return MAP_MEASURES[measure]
