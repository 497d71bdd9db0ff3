"""The fits of a search and their scores, as `cv_results_` has them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import is_classifier
from sklearn.model_selection._validation import (
    _insert_error_scores,
    _normalize_score_results,
    _warn_or_raise_about_fit_failures,
)
from sklearn.utils.validation import _num_samples

from mlplab.errors import MlplabError
from mlplab.estimators.replicated import mean_of_replications, more_results, ranks
from mlplab.estimators.together import Fit, Together

if TYPE_CHECKING:
    from mlplab.estimators.search import PopulationSearchCV


class Evaluated:
    """The candidates that were evaluated so far.

    Attributes
    ----------
    scored : list of dict
        What scikit-learn makes of a fit, for each candidate and split, means over the replications.
    """

    def __init__(
        self,
        search: PopulationSearchCV,
        together: Together,
        X: Any,
        y: Any,
        of_split: Mapping[str, Any],
    ) -> None:
        self._search, self._together = search, together
        self._X, self._y, self._of_split = X, y, of_split
        self._candidates: list[dict[str, Any]] = []
        self.scored: list[dict[str, Any]] = []
        self._labels: defaultdict[str, list[Any]] = defaultdict(list)
        self._further: list[dict[str, NDArray[np.float64]]] = []

    @property
    def samples(self) -> int:
        """How many samples there are."""
        return int(_num_samples(self._X))

    @property
    def classes(self) -> int:
        """How many classes there are; 1 where there are targets."""
        if not is_classifier(self._search.estimator):
            return 1
        return len(np.unique(np.asarray(self._y)))

    @property
    def is_multimetric(self) -> bool:
        """Whether there are several scores."""
        return isinstance(self.scored[0]["test_scores"], dict)

    def add(self, candidates: Sequence[dict[str, Any]], cv: Any, **labels: Any) -> dict[str, Any]:
        """Train and score candidates, and return all results so far; `labels` are columns of these."""
        search = self._search
        splits = list(cv.split(self._X, self._y, **self._of_split))
        if len(splits) != search.n_splits_:
            raise MlplabError(
                "cv.split and cv.get_n_splits return inconsistent results. Expected "
                f"{search.n_splits_} splits, got {len(splits)}"
            )
        replications = search.replications
        if search.verbose > 0:
            seeds = f" with each of {replications} seeds" if replications > 1 else ""
            fits = len(candidates) * len(splits) * replications
            print(
                f"Fitting {len(splits)} folds for each of {len(candidates)} candidates{seeds}, "
                f"totalling {fits} fits"
            )
        planned = [
            Fit(candidate, replication, train, test)
            for candidate, (train, test), replication in product(
                candidates, splits, range(replications)
            )
        ]
        if not planned:
            raise MlplabError(
                "No fits were performed. Was the CV iterator empty? Were there no candidates?"
            )
        scored = self._together.fit_and_score(planned)
        _warn_or_raise_about_fit_failures(scored, search.error_score)
        if callable(search.scoring):
            _insert_error_scores(scored, search.error_score)
        sizes = np.sum([[len(train), len(test)] for train, test in splits], axis=0)
        shape = (len(candidates), len(splits), replications)
        by_name = _normalize_score_results([each["test_scores"] for each in scored])
        scores = {name: np.array(each, float).reshape(shape) for name, each in by_name.items()}
        self._further.append(more_results(scores, *sizes.tolist()))
        self._candidates += candidates
        self.scored += mean_of_replications(scored, replications)
        for name, value in labels.items():
            self._labels[name] += [value] * len(candidates)
        return self._results(list(scores))

    def _results(self, names: Sequence[str]) -> dict[str, Any]:
        search = self._search
        results: dict[str, Any] = search._format_results(
            self._candidates, search.n_splits_, self.scored, self._labels
        )
        for column in self._further[0]:
            results[column] = np.concatenate([each[column] for each in self._further])
        for name in names:
            results[f"rank_low_test_{name}"] = ranks(results[f"low_test_{name}"])
        return results
