"""A whole search on digits: `PopulationSearchCV` beside scikit-learn's `GridSearchCV`, in one run.

Both search the same grid on the same splits, each of its own estimator, on as many cores. What is
compiled is loaded, and scikit-learn's processes are started, outside of both clocks.
"""

from __future__ import annotations

import time
import warnings
from dataclasses import asdict, dataclass
from typing import Any

SEARCH_BESIDE = "scikit-learn-search"
"""What the search beside scikit-learn's is called where it is left out."""

GRID: dict[str, list[Any]] = {
    "hidden_layer_sizes": [(10,), (30,), (100,)],
    "alpha": [1e-5, 1e-4, 1e-3, 1e-2, 1e-1],
    "learning_rate_init": [3e-4, 1e-3, 3e-3, 1e-2],
}
"""Sixty candidates; all else as both estimators have it."""

QUICK_GRID: dict[str, list[Any]] = {
    "hidden_layer_sizes": [(10,), (30,)],
    "learning_rate_init": [1e-3, 1e-2],
}
QUICK_EPOCHS = 5
SPLITS = 5


@dataclass(frozen=True)
class SearchBeside:
    """One search by each side.

    Attributes
    ----------
    candidates, splits, threads : int
    seconds : (float, float)
        With the fit of the best candidate to all samples, ours and theirs.
    best_scores : (float, float)
        Highest mean accuracy on the test samples of the splits.
    interval : (float, float)
        95 % interval of our best one's.
    """

    candidates: int
    splits: int
    threads: int
    seconds: tuple[float, float]
    best_scores: tuple[float, float]
    interval: tuple[float, float]

    @property
    def ratio(self) -> float:
        """How many times as long theirs took."""
        return self.seconds[1] / self.seconds[0]

    @property
    def is_as_good(self) -> bool:
        """Whether their best score lies in the interval of ours."""
        return self.interval[0] <= self.best_scores[1] <= self.interval[1]

    def as_json(self) -> dict[str, Any]:
        """Return all that was measured, and what follows from it."""
        return {**asdict(self), "ratio": self.ratio, "is_as_good": self.is_as_good}


def measure_search(quick: bool, threads: int) -> SearchBeside:
    """Search by both sides, ours first.

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
    grid = QUICK_GRID if quick else GRID
    settings: dict[str, Any] = {"random_state": 0} | ({"max_iter": QUICK_EPOCHS} if quick else {})
    ours = mlplab.PopulationSearchCV(
        mlplab.MLPClassifier(**settings), grid, cv=SPLITS, n_jobs=threads
    )
    theirs = GridSearchCV(MLPClassifier(**settings), grid, cv=SPLITS, n_jobs=threads)
    seconds = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        for search, classifier in ((ours, mlplab.MLPClassifier), (theirs, MLPClassifier)):
            warm = type(search)(classifier(max_iter=1), QUICK_GRID, cv=SPLITS, n_jobs=threads)
            warm.fit(x / 16, y)
            began = time.perf_counter()
            search.fit(x / 16, y)
            seconds.append(time.perf_counter() - began)
    low, high = (ours.cv_results_[f"{end}_test_score"][ours.best_index_] for end in ("low", "high"))
    return SearchBeside(
        candidates=len(ParameterGrid(grid)),
        splits=SPLITS,
        threads=threads,
        seconds=(seconds[0], seconds[1]),
        best_scores=(float(ours.best_score_), float(theirs.best_score_)),
        interval=(float(low), float(high)),
    )
