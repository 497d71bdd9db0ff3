"""A trained map: cells that lie on two axes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from mlplab.statistics import holm
from mlplab.statistics.intervals import LEVEL
from mlplab.sweep.cells import TrainedCells, overlaps_of
from mlplab.sweep.plan import MapPlan

FEWEST = 30
"""Replications below which no cell is called better than another."""


class TrainedMap(TrainedCells):
    """Outcomes of the runs of a map, in arrays of shape (y, x, replications).

    Attributes
    ----------
    plan : MapPlan
    """

    def __init__(self, plan: MapPlan) -> None:
        datasets = (dataset for _, dataset in plan.grid.datasets())
        overlaps = overlaps_of(plan.finite, datasets)
        super().__init__(plan.shape, plan.replications, plan.seed, overlaps, plan.metric)
        self.plan = plan

    def best(self, measure: str | None = None) -> tuple[int, int] | None:
        """Return the cell with the best mean, as its places on y and x; None where all runs diverged.

        It is the first of `ranked`.
        """
        order = self.ranked(measure)
        if not len(order):
            return None
        y, x = np.unravel_index(order[0], self.shape)
        return int(y), int(x)

    def as_good_as_best(self, measure: str | None = None) -> NDArray[np.bool_] | None:
        """Tell which cells cannot be told from the best, shape (y, x).

        Seed by seed, each cell is compared with the best one by a paired t-test, at 5 % for the family
        of all cells (Holm). Where a run diverged in one of two cells, the pair is left out. Where all
        runs re-split one set of samples, the test is corrected for it. The best cell
        was chosen by the same runs, which flatters it: that a cell is worse than the best is not shown by
        this alone, and a tuned setting is judged anew (`mlplab sweep`).

        Returns
        -------
        ndarray of bool, or None
            None with fewer than `FEWEST` replications, or where all runs diverged.
        """
        best = self.best(measure)
        if best is None or self.replications < FEWEST:
            return None
        name = self.find_measure(measure).name
        values = self.values[name]
        overlap = self.overlaps.get(name, 0.0)
        difference = values - values[best]
        is_pair = np.isfinite(difference)
        n = is_pair.sum(axis=-1)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(is_pair, difference, 0).sum(axis=-1) / n
            squares = np.where(is_pair, (difference - mean[..., None]) ** 2, 0).sum(axis=-1)
            t = mean / np.sqrt(squares / (n - 1) * (1 / n + overlap))
            p = 2 * stdtr(n - 1, -np.abs(t))
        p = np.where(n < FEWEST, 0.0, np.where(mean == 0, 1.0, p))
        tested = n > 0
        alike = np.zeros(self.shape, np.bool_)
        alike[tested] = holm(p[tested]) > 1 - LEVEL
        alike[best] = True
        return alike
