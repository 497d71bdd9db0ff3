"""`PopulationSearchCV`: scikit-learn's searches, with all fits trained as one population."""

from __future__ import annotations

import time
from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any, ClassVar, Self

import joblib
import numpy as np
from sklearn.base import clone, is_classifier
from sklearn.model_selection import ParameterGrid, ParameterSampler, check_cv
from sklearn.model_selection._search import BaseSearchCV
from sklearn.model_selection._search_successive_halving import _SubsampleMetaSplitter
from sklearn.model_selection._split import _yields_constant_splits
from sklearn.model_selection._validation import _MultimetricScorer
from sklearn.utils import get_tags, indexable
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import _check_method_params

from mlplab.errors import MlplabError
from mlplab.estimators.evaluated import Evaluated
from mlplab.estimators.halving import Halving, best_candidates, exhausting
from mlplab.estimators.together import Together, last_step

RANDOM_CANDIDATES = 10
"""Candidates that are drawn, if nothing else is said, as by scikit-learn's `RandomizedSearchCV`."""

OF_HALVING = ("resource", "max_resources", "min_resources", "aggressive_elimination")


class PopulationSearchCV(BaseSearchCV):  # type: ignore[misc]  # scikit-learn has no types
    """Search for parameters by cross-validation; all candidates, splits and seeds are trained at once.

    It does what scikit-learn's `GridSearchCV`, `RandomizedSearchCV`, `HalvingGridSearchCV` and
    `HalvingRandomSearchCV` do with the same parameters, and finds the same scores, to the last bit.

    Parameters
    ----------
    estimator : MLPClassifier, MLPRegressor or Pipeline
        Of mlplab, or a pipeline whose last step is one.
    param_grid : dict or list of dict
        Values of each parameter: all their combinations are candidates.
    param_distributions : dict or list of dict
        In place of `param_grid`: values, or distributions, from which candidates are drawn.
    n_candidates : int or "exhaust"
        Candidates to draw, by default 10; with `factor` by default "exhaust", so many that the last
        iteration has about `max_resources`.
    factor : float, optional
        Above 1: successive halving. After each iteration one candidate in `factor` stays, and has
        `factor` times the resources. None: all candidates have all samples and epochs.
    resource : str
        What increases: `n_samples`, or a parameter, such as `max_iter`.
    max_resources : int or "auto"
        Most of it for a candidate; "auto" is the number of samples.
    min_resources : int, "exhaust" or "smallest"
        That of the first iteration, as in scikit-learn; by default "exhaust" with `param_grid`, else
        "smallest".
    aggressive_elimination : bool
        Whether the first resources are used again until few enough candidates are left.
    random_state : int, RandomState or None
        By which candidates and subsets of samples are drawn; where none are, it does nothing, since
        scikit-learn's tools set it on whatever has it. The networks' seeds are the estimator's.
    replications : int
        Fits of each candidate to each split, with the estimator's `random_state`, and the numbers that
        follow it.
    select : str
        `mean`: the best candidate has the highest mean test score; `lower_bound`: the highest lower end
        of its interval.
    scoring : str, callable, list, tuple, dict or None
    cv : int, splitter or iterable
    refit : bool, str or callable
    error_score : "raise" or number
        Of a fit that fails, as one that diverges.
    return_train_score : bool
        As scikit-learn's searches have them.
    n_jobs : int or None
        Threads that train; -1 is one for each processor, None is one thread. The results do not depend on
        it.
    verbose : int
        Above 0, the number of fits is printed.

    Attributes
    ----------
    cv_results_ : dict
        Columns as scikit-learn has them. With replications, the score of a split is the mean over them.
        A fit's time has its part of the population's, by epochs, samples and weights. Besides, for
        each scorer, here `score`:

        - `low_test_score`, `high_test_score`: 95 % interval of the mean, corrected for splits that share
          samples (Nadeau and Bengio 2003). With one split only, it is that over the replications.
        - `rank_low_test_score`: 1 for the highest lower end.
        - `replication{i}_test_score`, with replications: the mean over the splits with one seed;
          `std_replications_test_score`: the standard deviation (n - 1) of these.
    best_estimator_, best_score_, best_params_, best_index_, scorer_, n_splits_, refit_time_, multimetric_
        As scikit-learn has them; `best_score_` is the mean, also of a candidate selected by its lower
        bound.
    n_iterations_, n_resources_, n_candidates_, n_remaining_candidates_, min_resources_, max_resources_
        As scikit-learn has them, with `factor`.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from mlplab import MLPClassifier
    >>> classifier = MLPClassifier((8,), learning_rate_init=0.05, tol=0.01, random_state=0)
    >>> search = PopulationSearchCV(classifier, {"alpha": [1e-4, 10.0]}, replications=2)
    >>> search.fit(*load_iris(return_X_y=True)).best_params_
    {'alpha': 0.0001}
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        **{
            name: constraint
            for name, constraint in BaseSearchCV._parameter_constraints.items()
            if name != "pre_dispatch"
        },
        "param_grid": [dict, list, None],
        "param_distributions": [dict, list, None],
        "n_candidates": [
            Interval(Integral, 1, None, closed="left"),
            StrOptions({"exhaust"}),
            None,
        ],
        "factor": [Interval(Real, 1, None, closed="neither"), None],
        "resource": [str],
        "max_resources": [Interval(Integral, 0, None, closed="neither"), StrOptions({"auto"})],
        "min_resources": [
            Interval(Integral, 0, None, closed="neither"),
            StrOptions({"exhaust", "smallest"}),
            None,
        ],
        "aggressive_elimination": ["boolean"],
        "random_state": ["random_state"],
        "replications": [Interval(Integral, 1, None, closed="left")],
        "select": [StrOptions({"mean", "lower_bound"})],
    }

    min_resources_: int
    max_resources_: int

    def __init__(
        self,
        estimator: Any,
        param_grid: Any = None,
        *,
        param_distributions: Any = None,
        n_candidates: Any = None,
        factor: float | None = None,
        resource: str = "n_samples",
        max_resources: Any = "auto",
        min_resources: Any = None,
        aggressive_elimination: bool = False,
        random_state: Any = None,
        replications: int = 1,
        select: str = "mean",
        scoring: Any = None,
        cv: Any = None,
        refit: Any = True,
        error_score: Any = np.nan,
        return_train_score: bool = False,
        n_jobs: int | None = -1,
        verbose: int = 0,
    ) -> None:
        super().__init__(
            estimator,
            scoring=scoring,
            n_jobs=n_jobs,
            refit=refit,
            cv=cv,
            verbose=verbose,
            error_score=error_score,
            return_train_score=return_train_score,
        )
        self.param_grid = param_grid
        self.param_distributions = param_distributions
        self.n_candidates = n_candidates
        self.factor = factor
        self.resource = resource
        self.max_resources = max_resources
        self.min_resources = min_resources
        self.aggressive_elimination = aggressive_elimination
        self.random_state = random_state
        self.replications = replications
        self.select = select

    def fit(self, X: Any, y: Any = None, **params: Any) -> Self:
        """Train and score all candidates, and then the best one on all samples.

        Parameters
        ----------
        X : array_like or DataFrame, shape (samples, features)
        y : array_like, shape (samples,) or (samples, targets)
        **params
            For `fit` of the estimator, such as `sample_weight`, and `groups` for the splits.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If a parameter is not valid or does not apply, all fits failed, or one did and `error_score`
            is "raise". What scikit-learn has words for, it says; else it is an MlplabError.
        """
        self._validate_params()
        self._check_what_applies()
        last_step(self.estimator)
        scorers, metric = self._get_scorers()
        X, y = indexable(X, y)
        params = _check_method_params(X, params=params)
        routed = self._get_routed_params_for_fit(params)
        cv = check_cv(self.cv, y, classifier=is_classifier(self.estimator))
        of_split = routed.splitter.split
        self.n_splits_ = cv.get_n_splits(X, y, **of_split)
        together = Together(
            *(clone(self.estimator), X, y),
            fit_params=routed.estimator.fit,
            score_params=routed.scorer.score,
            scorer=scorers,
            error_score=self.error_score,
            return_train_score=self.return_train_score,
            replicates=self.replications > 1,
            threads=joblib.effective_n_jobs(self.n_jobs),
        )
        evaluated = Evaluated(self, together, X, y, of_split)
        if self.factor is None:
            results = evaluated.add(self._candidates(), cv)
        else:
            results = self._halve(evaluated, cv, metric, self.factor)
        self.multimetric_ = evaluated.is_multimetric
        if callable(self.scoring) and self.multimetric_:
            self._check_refit_for_multimetric(evaluated.scored[0]["test_scores"])
            metric = self.refit
        if self.refit or not self.multimetric_:
            self._choose(results, metric)
        if self.refit:
            self._fit_best(X, y, routed.estimator.fit)
        self.scorer_ = scorers._scorers if isinstance(scorers, _MultimetricScorer) else scorers
        self.cv_results_ = results
        return self

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags = get_tags(self.estimator).target_tags
        return tags

    def _check_what_applies(self) -> None:
        """Refuse parameters that say nothing of this search.

        Raises
        ------
        MlplabError
        """
        if (self.param_grid is None) == (self.param_distributions is None):
            raise MlplabError(
                "PopulationSearchCV needs either param_grid or param_distributions, received "
                + ("none of them" if self.param_grid is None else "both")
            )
        defaults = type(self)(None).get_params(deep=False)
        of_what: dict[str, str] = {}
        if self.factor is None:
            of_what = dict.fromkeys(OF_HALVING, "factor, by which candidates are halved")
        if self.param_distributions is None:
            of_what["n_candidates"] = "param_distributions"
        for name, needed in of_what.items():
            value = getattr(self, name)
            if value is not defaults[name] and value != defaults[name]:
                raise MlplabError(f"{name} applies only with {needed}, received {name}={value!r}")
        if self.factor is None and self.n_candidates == "exhaust":
            raise MlplabError("n_candidates='exhaust' applies only with factor; give a number")
        if callable(self.refit) and (self.select != "mean" or self.factor is not None):
            raise MlplabError(
                "a refit that is called chooses the best candidate itself: it goes with select='mean' "
                f"and without factor, received select={self.select!r} and factor={self.factor!r}"
            )
        if getattr(self, "_skl_callbacks", ()):
            raise MlplabError("PopulationSearchCV does not call callbacks of scikit-learn")

    def _candidates(self) -> list[dict[str, Any]]:
        if self.param_grid is not None:
            return list(ParameterGrid(self.param_grid))
        count = self.n_candidates
        if count is None and self.factor is None:
            count = RANDOM_CANDIDATES
        elif count in (None, "exhaust"):
            count = self.max_resources_ // self.min_resources_
        return list(
            ParameterSampler(self.param_distributions, count, random_state=self.random_state)
        )

    # ---- Successive halving ----------------------------------------------------------------------

    def _halve(self, evaluated: Evaluated, cv: Any, metric: Any, factor: float) -> dict[str, Any]:
        """Evaluate candidates in iterations, and return all results."""
        least = self._check_resources(evaluated, cv)
        candidates = self._candidates()
        if self.resource != "n_samples" and any(self.resource in each for each in candidates):
            raise MlplabError(
                f"Cannot use parameter {self.resource} as the resource since it is part of the "
                "searched parameters."
            )
        if least == "exhaust":
            self.min_resources_ = exhausting(
                len(candidates), factor, self.min_resources_, self.max_resources_
            )
        halving = Halving(
            len(candidates),
            factor,
            self.min_resources_,
            self.max_resources_,
            self.aggressive_elimination,
        )
        self.n_iterations_, self.n_resources_ = halving.iterations, halving.resources
        self.n_required_iterations_ = halving.required
        self.n_possible_iterations_ = halving.possible
        self.n_candidates_ = halving.counts
        for iteration, resources in enumerate(self.n_resources_):
            splitter = cv
            if self.resource == "n_samples":
                splitter = _SubsampleMetaSplitter(
                    base_cv=cv,
                    fraction=resources / evaluated.samples,
                    subsample_test=True,
                    random_state=self.random_state,
                )
            else:
                candidates = [{**each, self.resource: resources} for each in candidates]
            results = evaluated.add(candidates, splitter, iter=iteration, n_resources=resources)
            if evaluated.is_multimetric and not isinstance(self.refit, str):
                raise MlplabError(
                    "successive halving with several scores needs refit to name the one by which "
                    f"candidates stay, received refit={self.refit!r}"
                )
            metric = self.refit if evaluated.is_multimetric else metric
            scores = results[self._criterion(metric)][-len(candidates) :]
            candidates = best_candidates(scores, candidates, halving.left(len(candidates)))
        self.n_remaining_candidates_ = len(candidates)
        return results

    def _check_resources(self, evaluated: Evaluated, cv: Any) -> Any:
        """Set the least and most resources, and return how the least are found."""
        if not _yields_constant_splits(cv):
            raise MlplabError(
                "The cv parameter must yield consistent folds across calls to split(). Set its "
                "random_state to an int, or set shuffle=False."
            )
        if self.resource != "n_samples" and self.resource not in self.estimator.get_params():
            raise MlplabError(
                f"Cannot use resource={self.resource} which is not supported by estimator "
                f"{type(self.estimator).__name__}"
            )
        least = self.min_resources
        if least is None:
            least = "exhaust" if self.param_grid is not None else "smallest"
        draws_all = self.param_distributions is not None and self.n_candidates in (None, "exhaust")
        if draws_all and least == "exhaust":
            raise MlplabError("n_candidates and min_resources cannot be both set to 'exhaust'.")
        if self.max_resources == "auto" and self.resource != "n_samples":
            raise MlplabError("resource can only be 'n_samples' when max_resources='auto'")
        self.max_resources_ = (
            evaluated.samples if self.max_resources == "auto" else self.max_resources
        )
        self.min_resources_ = least
        if isinstance(least, str):
            of_samples = 2 * self.n_splits_ * evaluated.classes
            self.min_resources_ = of_samples if self.resource == "n_samples" else 1
        return least

    # ---- The best one ----------------------------------------------------------------------------

    def _criterion(self, metric: str) -> str:
        return f"{'low' if self.select == 'lower_bound' else 'mean'}_test_{metric}"

    def _choose(self, results: dict[str, Any], metric: Any) -> None:
        """Set which candidate is the best one: of the last iteration, where there are several."""
        if callable(self.refit):
            self.best_index_ = self._select_best_index(self.refit, metric, results)
        else:
            if self.select == "lower_bound" and np.isneginf(results[f"low_test_{metric}"]).all():
                raise MlplabError(
                    "select='lower_bound' needs several splits, or replications, since one score has no "
                    f"interval; received cv={self.cv!r} and replications={self.replications}"
                )
            rank = "rank_low_test_" if self.select == "lower_bound" else "rank_test_"
            last = results.get("iter", np.zeros(len(results["params"])))
            rows = np.flatnonzero(last == last.max())
            self.best_index_ = int(rows[results[f"{rank}{metric}"][rows].argmin()])
            self.best_score_ = results[f"mean_test_{metric}"][self.best_index_]
        self.best_params_ = results["params"][self.best_index_]

    def _fit_best(self, X: Any, y: Any, fit_params: Mapping[str, Any]) -> None:
        chosen = clone(self.best_params_, safe=False)
        self.best_estimator_ = clone(self.estimator).set_params(**chosen)
        began = time.time()
        self.best_estimator_.fit(X, y, **fit_params)
        self.refit_time_ = time.time() - began
        if hasattr(self.best_estimator_, "feature_names_in_"):
            self.feature_names_in_ = self.best_estimator_.feature_names_in_
