"""Many fits at once: each is prepared as alone, all are trained as one population, each is scored.

A pipeline's first steps are fitted once to the samples of each split, for all fits that share them.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import partial
from inspect import signature
from itertools import pairwise
from traceback import format_exc
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, clone
from sklearn.model_selection._validation import _MultimetricScorer, _score
from sklearn.pipeline import Pipeline
from sklearn.utils.metaestimators import _safe_split
from sklearn.utils.validation import _check_method_params

from mlplab.errors import MlplabError, shown
from mlplab.estimators.multilayer import MultilayerEstimator, Prepared
from mlplab.estimators.samples import seed_of
from mlplab.memory import available_memory
from mlplab.run import Run
from mlplab.training import train
from mlplab.trial import Trial, Trials

Rows = NDArray[np.integer[Any]]

PART_OF_MEMORY = 4
"""The samples and initial weights of fits that are trained at once fill about one part in so many of
the available memory: the engine copies both into its own layout, and returns trained weights."""

FLOAT64 = 8
"""Bytes that are counted for each number of what a first step returns, whatever table that is."""


class Recorder(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Stands for the last step of a pipeline, and records what this step is to be fitted to.

    Parameters
    ----------
    estimator : MultilayerEstimator
        What it stands for.

    Attributes
    ----------
    received_ : (X, y, fit parameters)
    """

    def __init__(self, estimator: MultilayerEstimator) -> None:
        self.estimator = estimator

    def fit(self, X: Any, y: Any = None, **params: Any) -> Recorder:
        """Record what arrives."""
        self.received_ = X, y, params
        return self

    def get_metadata_routing(self) -> Any:
        """Return what metadata the estimator asks for."""
        return self.estimator.get_metadata_routing()

    def __sklearn_tags__(self) -> Any:
        return self.estimator.__sklearn_tags__()


@dataclass
class Fit:
    """One candidate on one split, with one seed.

    Attributes
    ----------
    candidate : mapping of str to object
        Parameters that are set.
    replication : int
        What is added to `random_state`.
    train, test : ndarray of int
        Rows of the split.
    model, prepared
        What is trained: the estimator, or the pipeline with it as its last step; None where `error` says
        why there is nothing to train.
    fit_time, score_time : float
        Seconds.
    error : str or None
        Traceback of what went wrong.
    """

    candidate: Mapping[str, Any]
    replication: int
    train: Rows
    test: Rows
    model: Any = None
    prepared: Prepared | None = None
    fit_time: float = 0.0
    score_time: float = 0.0
    error: str | None = None
    scores: dict[str, Any] = field(default_factory=dict)

    def as_scored(self) -> dict[str, Any]:
        """Return what scikit-learn makes of a fit and its scores."""
        times = {"fit_time": self.fit_time, "score_time": self.score_time}
        return {**self.scores, **times, "fit_error": self.error}


class Together:
    """Fits that are trained as one population.

    Parameters
    ----------
    estimator : MLPClassifier, MLPRegressor, or a Pipeline that ends with one
    X, y
        All samples.
    fit_params, score_params : mapping
        For `fit` and for the scorers; what has a value for each sample is divided with the samples.
    scorer : callable
        One, or scikit-learn's for several scores.
    error_score : "raise" or number
        Of a fit that fails.
    return_train_score : bool
    replicates : bool
        Whether `random_state` is to be counted up.
    threads : int
    """

    def __init__(
        self,
        estimator: Any,
        X: Any,
        y: Any,
        *,
        fit_params: Mapping[str, Any],
        score_params: Mapping[str, Any],
        scorer: Callable[..., Any],
        error_score: Any,
        return_train_score: bool,
        replicates: bool,
        threads: int,
    ) -> None:
        self._estimator, self._X, self._y = estimator, X, y
        self._fit_params, self._score_params = fit_params, score_params
        self._scorer, self._error_score = scorer, error_score
        self._return_train_score, self._replicates = return_train_score, replicates
        self._threads = threads

    def fit_and_score(self, fits: Sequence[Fit]) -> list[dict[str, Any]]:
        """Train and score them; return what scikit-learn makes of each.

        They are trained at once as far as there is memory for the samples and weights of all: each fit
        may have samples of its own, if they are cast, or some are put aside. What a fit finds does not
        depend on the others.
        """
        known: dict[Any, Any] = {}
        held: dict[int, int] = {}
        waiting: list[Fit] = []

        def train_those_that_wait() -> None:
            known.clear()
            held.clear()
            self._train_and_score(waiting)
            waiting.clear()

        room = available_memory() // PART_OF_MEMORY
        for fit in fits:
            self._timed(fit, partial(self._prepare, fit, known, held))
            waiting.append(fit)
            if sum(held.values()) > room:
                train_those_that_wait()
        train_those_that_wait()
        return [fit.as_scored() for fit in fits]

    def _train_and_score(self, fits: Sequence[Fit]) -> None:
        """Train fits and score them, in halves where there is no memory for all at once."""
        ready = [fit for fit in fits if fit.prepared is not None]
        if len(ready) > 1 and not self._fit_into_memory(ready):
            middle = len(fits) // 2
            self._train_and_score(fits[:middle])
            self._train_and_score(fits[middle:])
            return
        if len(ready) == 1:
            self._timed(ready[0], partial(self._check_memory, ready))
        prepared = [(fit, fit.prepared) for fit in ready if fit.prepared is not None]
        for (fit, what), run in zip(prepared, self._train(prepared), strict=True):
            self._timed(fit, partial(last_step(fit.model)[1]._finish, what, run))
        for fit in fits:
            self._score(fit)
            fit.model = fit.prepared = None  # of many fits, they would fill the memory

    def _fit_into_memory(self, fits: Sequence[Fit]) -> bool:
        try:
            self._check_memory(fits)
        except MlplabError:
            return False
        return True

    def _check_memory(self, fits: Sequence[Fit]) -> None:
        from mlplab import engine

        trials = [Trials.from_trials([fit.prepared.trial]) for fit in fits if fit.prepared]
        engine.check_memory(trials, self._threads, keep_weights=1)

    def _timed(self, fit: Fit, act: Callable[[], object]) -> None:
        """Do a part of a fit; what it raises is written down, as scikit-learn's searches do."""
        began = time.perf_counter()
        try:
            act()
        except Exception:
            if isinstance(self._error_score, str):
                raise
            fit.error, fit.prepared = format_exc(), None
        fit.fit_time += time.perf_counter() - began

    def _prepare(self, fit: Fit, known: dict[Any, Any], held: dict[int, int]) -> None:
        """Fit the steps before the last one, if no fit before has, and prepare the last one.

        Parameters
        ----------
        fit : Fit
        known : dict
            Gets the fitted first steps and what they made of the samples.
        held : dict of int to int
            Gets the bytes of what is kept in memory until fits are trained, by the identity of an array.
        """
        model = clone(self._estimator).set_params(**clone(fit.candidate, safe=False))
        path, estimator = last_step(model)
        if self._replicates:
            seed = seed_of(estimator.random_state) + fit.replication
            estimator.set_params(random_state=seed)
        own = tuple(
            (name, id(value))
            for name, value in fit.candidate.items()
            if path and name != path and not name.startswith(f"{path}__")
        )
        key = own, id(fit.train)
        if key not in known:
            known[key] = self._preprocess(model, fit)
            samples = known[key][1].received_[0]
            held[id(_owner(samples))] = FLOAT64 * math.prod(np.shape(samples))
        fitted, recorder = known[key]
        x, y, params = recorder.received_
        bound = signature(estimator.fit).bind(x, y, **params)
        bound.apply_defaults()
        fit.prepared = estimator._prepare(**bound.arguments)
        held |= _sizes(fit.prepared.trial)
        fit.model = with_last_step(fitted, estimator)

    def _preprocess(self, model: Any, fit: Fit) -> tuple[Any, Recorder]:
        """Return the model with fitted first steps, and what its last step is to be fitted to."""
        recorder = Recorder(last_step(model)[1])
        fitted = with_last_step(model, recorder)
        x, y = _safe_split(model, self._X, self._y, fit.train)
        params = _check_method_params(self._X, params=self._fit_params, indices=fit.train)
        fitted.fit(x, y, **params)
        return fitted, recorder

    def _train(self, ready: Sequence[tuple[Fit, Prepared]]) -> list[Run]:
        """Train all, and divide the time among them by the work that each was."""
        if not ready:
            return []
        began = time.perf_counter()
        trials = [Trials.from_trials([prepared.trial]) for _, prepared in ready]
        validates = any(prepared.is_validated for _, prepared in ready)
        runs = train(trials, threads=self._threads, validate=validates)
        trained = [each[0] for each in runs]
        work = np.array([_work(run) for run in trained])
        taken = (time.perf_counter() - began) * work / work.sum()
        for (fit, _), seconds in zip(ready, taken.tolist(), strict=True):
            fit.fit_time += seconds
        return trained

    def _score(self, fit: Fit) -> None:
        """Write down the scores, or those of an error."""
        parts = {"test_scores": fit.test}
        if self._return_train_score:
            parts["train_scores"] = fit.train
        began = time.perf_counter()
        for part, rows in parts.items():
            if fit.error is not None:
                fit.scores[part] = self._of_error()
                continue
            x, y = _safe_split(fit.model, self._X, self._y, rows, fit.train)
            params = _check_method_params(self._X, params=self._score_params, indices=rows)
            fit.scores[part] = _score(fit.model, x, y, self._scorer, params, self._error_score)
            if part == "test_scores":
                fit.score_time = time.perf_counter() - began

    def _of_error(self) -> Any:
        if isinstance(self._scorer, _MultimetricScorer):
            return dict.fromkeys(self._scorer._scorers, self._error_score)
        return self._error_score


def last_step(model: Any) -> tuple[str, MultilayerEstimator]:
    """Return the estimator that is trained, and before it where it stands, as parameters name it.

    Raises
    ------
    MlplabError
        If it is none of mlplab's.

    Examples
    --------
    >>> from sklearn.pipeline import make_pipeline
    >>> import mlplab
    >>> last_step(make_pipeline("passthrough", mlplab.MLPRegressor()))
    ('mlpregressor', MLPRegressor())
    """
    path: list[str] = []
    while isinstance(model, Pipeline) and model.steps:
        name, model = model.steps[-1]
        path.append(name)
    if not isinstance(model, MultilayerEstimator):
        origin = type(model).__module__.partition(".")[0]
        raise MlplabError(
            "PopulationSearchCV trains mlplab's MLPClassifier or MLPRegressor, or a Pipeline that ends "
            f"with one, received {shown(model)} of {origin}: search for others by "
            "scikit-learn's GridSearchCV"
        )
    return "__".join(path), model


def with_last_step(model: Any, estimator: Any) -> Any:
    """Return a pipeline that has another last step, and the same others; or that step itself."""
    if not isinstance(model, Pipeline):
        return estimator
    name, last = model.steps[-1]
    other = copy(model)
    other.steps = [*model.steps[:-1], (name, with_last_step(last, estimator))]
    return other


def _sizes(trial: Trial) -> dict[int, int]:
    """Return the bytes of each array of a trial, by its identity, since fits may share it."""
    splits = (trial.dataset.train, trial.dataset.validation, trial.dataset.test)
    arrays = [*(split.x for split in splits), *(split.y for split in splits), *trial.weights]
    return {id(array): array.nbytes for array in map(_owner, arrays)}


def _owner(samples: Any) -> Any:
    """Return the array that has the numbers of which this one may be a view."""
    while isinstance(samples, np.ndarray) and isinstance(samples.base, np.ndarray):
        samples = samples.base
    return samples


def _work(run: Run) -> float:
    """Return epochs times samples times weights."""
    sizes = [len(run.biases[0]), *map(len, run.biases)]
    sizes[0] = run.weights[0].shape[1]
    weights = sum((inputs + 1) * outputs for inputs, outputs in pairwise(sizes))
    return float(run.epochs * int(run.labelled.sum()) * weights)
