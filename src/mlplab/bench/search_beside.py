"""A search on digits: `PopulationSearchCV` beside scikit-learn's `GridSearchCV`, in one run.

Both search the same grid on the same splits, each of its own estimator, on as many cores; then the part
of the grid that has each number of neurons. What is compiled is loaded, and scikit-learn's processes are
started, before the first clock.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

SEARCH_BESIDE = "scikit-learn-search"
"""What the search beside scikit-learn's is called where it is left out."""

GRID: dict[str, list[Any]] = {
    "hidden_layer_sizes": [(10,), (30,), (100,)],
    "alpha": [1e-5, 1e-4, 1e-3, 1e-2, 1e-1],
    "learning_rate_init": [3e-4, 1e-3, 3e-3, 1e-2],
}
"""Sixty candidates; all else as both estimators have it."""

EPOCHS = 40
"""Of each fit at most, so that both sides train about as many."""

QUICK_GRID: dict[str, list[Any]] = {
    "hidden_layer_sizes": [(10,), (30,)],
    "learning_rate_init": [1e-3, 1e-2],
}
QUICK_EPOCHS = 5
SPLITS = 5


@dataclass(frozen=True)
class GridSeconds:
    """One grid, searched by each side.

    Attributes
    ----------
    neurons : int or None
        Of all candidates of the grid; None is the whole grid.
    ours, ours_float32, theirs : float
        Seconds, with the fit of the best candidate to all samples; `ours_float32` of samples in float32.
    """

    neurons: int | None
    ours: float
    ours_float32: float
    theirs: float


@dataclass(frozen=True)
class SearchBeside:
    """One search by each side, and the parts of it.

    Attributes
    ----------
    candidates, splits, threads, epochs : int
    grids : tuple of GridSeconds
        The whole grid, and the part with each number of neurons.
    best_scores : (float, float)
        Highest mean accuracy on the test samples of the splits, ours and theirs.
    interval : (float, float)
        95 % interval of our best one's.
    """

    candidates: int
    splits: int
    threads: int
    epochs: int
    grids: tuple[GridSeconds, ...]
    best_scores: tuple[float, float]
    interval: tuple[float, float]

    @property
    def ratio(self) -> float:
        """How many times as long theirs took for the whole grid."""
        return self.grids[0].theirs / self.grids[0].ours

    @property
    def is_as_good(self) -> bool:
        """Whether their best score lies in the interval of ours."""
        return self.interval[0] <= self.best_scores[1] <= self.interval[1]

    def as_json(self) -> dict[str, Any]:
        """Return all that was measured, and what follows from it."""
        return {**asdict(self), "ratio": self.ratio, "is_as_good": self.is_as_good}


def searches_in_all(quick: bool) -> int:
    """Return how many searches `measure_search` makes."""
    return 3 * (1 + len((QUICK_GRID if quick else GRID)["hidden_layer_sizes"]))


def measure_search(quick: bool, threads: int, on_search: Callable[[], None]) -> SearchBeside:
    """Search by both sides, ours first; `on_search` is called after each search.

    Raises
    ------
    ImportError
        If scikit-learn cannot be imported.
    """
    from sklearn.datasets import load_digits
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.model_selection import GridSearchCV, ParameterGrid
    from sklearn.neural_network import MLPClassifier

    import mlplab

    x, y = load_digits(return_X_y=True)
    x /= 16
    sides = {
        "ours": (mlplab.PopulationSearchCV, mlplab.MLPClassifier, x),
        "ours_float32": (mlplab.PopulationSearchCV, mlplab.MLPClassifier, x.astype(np.float32)),
        "theirs": (GridSearchCV, MLPClassifier, x),
    }
    epochs = QUICK_EPOCHS if quick else EPOCHS
    options = {"cv": SPLITS, "n_jobs": threads}
    grid = QUICK_GRID if quick else GRID
    parts = [{**grid, "hidden_layer_sizes": [sizes]} for sizes in grid["hidden_layer_sizes"]]
    grids: list[GridSeconds] = []
    fitted: dict[str, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        for search, classifier, samples in sides.values():
            search(classifier(max_iter=1), QUICK_GRID, **options).fit(samples, y)
        for part in (grid, *parts):
            seconds = {}
            for side, (search, classifier, samples) in sides.items():
                found = search(classifier(max_iter=epochs, random_state=0), part, **options)
                began = time.perf_counter()
                found.fit(samples, y)
                seconds[side] = time.perf_counter() - began
                fitted.setdefault(side, found)
                on_search()
            neurons = None if part is grid else part["hidden_layer_sizes"][0][0]
            grids.append(GridSeconds(neurons, **seconds))
    ours, theirs = fitted["ours"], fitted["theirs"]
    low, high = (ours.cv_results_[f"{end}_test_score"][ours.best_index_] for end in ("low", "high"))
    return SearchBeside(
        candidates=len(ParameterGrid(grid)),
        splits=SPLITS,
        threads=threads,
        epochs=epochs,
        grids=tuple(grids),
        best_scores=(float(ours.best_score_), float(theirs.best_score_)),
        interval=(float(low), float(high)),
    )
