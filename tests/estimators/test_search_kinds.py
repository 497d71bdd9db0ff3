"""Whatever the candidates are, a search finds what each fit alone finds, to the bit."""

from __future__ import annotations

import os
import signal
import threading
import warnings
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn")

from sklearn.datasets import load_iris
from sklearn.feature_selection import SelectKBest
from sklearn.model_selection import GridSearchCV, KFold
from sklearn.pipeline import make_pipeline

import mlplab

pytestmark = pytest.mark.filterwarnings(
    "ignore::sklearn.exceptions.ConvergenceWarning",
    "ignore::sklearn.exceptions.FitFailedWarning",
    "ignore::sklearn.exceptions.UndefinedMetricWarning",
    "ignore:One or more of the test scores are non-finite",
    "ignore:Scoring failed",
)

X, Y = load_iris(return_X_y=True)
SMALL: dict[str, Any] = {
    "hidden_layer_sizes": (4,),
    "max_iter": 6,
    "learning_rate_init": 0.03,
    "random_state": 3,
}
OWN = mlplab.MLPClassifier(**SMALL)
ALPHAS = {"alpha": [1e-4, 1.0]}
ODD = np.arange(150) % 2 == 1


def numbers(search: Any) -> dict[str, Any]:
    """Return the columns that do not say how long something took."""
    columns = search.cv_results_.items()
    return {
        name: repr(np.ma.asarray(each).tolist()) for name, each in columns if "time" not in name
    }


def searched(estimator: Any = OWN, grid: Any = ALPHAS, **options: Any) -> dict[str, Any]:
    return numbers(mlplab.PopulationSearchCV(estimator, grid, **{"cv": 3, **options}).fit(X, Y))


@pytest.mark.parametrize(
    ("grid", "options"),
    [
        ({"batch_size": [1, 7, 99, 100, 101, "auto", 1000]}, {}),
        ({"dtype": [None, "float32", "float64"], "hidden_layer_sizes": [(), (1,), (9, 2)]}, {}),
        ({"early_stopping": [True, False], "max_iter": [1, 15]}, {}),
        ({"class_weight": [None, "balanced"], "dropout": [0.0, 0.4]}, {}),
        ([{"alpha": [1.0]}, {"alpha": [1.0]}, {}], {}),
        (ALPHAS, {"cv": [(~ODD, ODD), (ODD, ~ODD)]}),
        (ALPHAS, {"cv": KFold(3), "scoring": "neg_log_loss", "error_score": -9}),
        ({"alpha": [1.0, -1.0]}, {"scoring": ["accuracy", "f1_macro"], "refit": False}),
    ],
)
def test_candidates_of_one_kind(grid: Any, options: dict[str, Any]):
    options = {"cv": 3, **options}
    theirs = numbers(GridSearchCV(OWN, grid, **options).fit(X, Y))
    found = searched(grid=grid, **options)
    assert {name: found[name] for name in theirs} == theirs


def test_a_first_step_that_fails_for_some_candidates():
    pipeline = make_pipeline(SelectKBest(), OWN)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = searched(pipeline, {"selectkbest__k": [1, "all", -1]}, error_score=-1)
    assert found["mean_test_score"].endswith("-1.0]")
    assert found["mean_test_score"].count("-1.0") == 1


def test_where_memory_is_scarce_fewer_fits_are_trained_at_once(monkeypatch: pytest.MonkeyPatch):
    at_once: list[int] = []
    train = mlplab.estimators.together.train

    def counted(trials: Any, **options: Any) -> Any:
        at_once.append(len(trials))
        return train(trials, **options)

    monkeypatch.setattr("mlplab.estimators.together.train", counted)
    grid = {"dtype": ["float32"], **ALPHAS}
    enough = searched(grid=grid, return_train_score=True)
    # Three fits of 100 samples of 4 features in float32, and one more that exceeds it.
    monkeypatch.setattr("mlplab.estimators.together.available_memory", lambda: 4 * 3 * 3 * 1600)
    scarce = searched(grid=grid, return_train_score=True)
    assert at_once[0] == 6
    assert len(at_once) > 2
    assert sum(at_once[1:]) == 6
    assert scarce == enough
    # Fits of one split share its samples where nothing is cast: the three splits' are all that there is.
    at_once.clear()
    monkeypatch.setattr("mlplab.estimators.together.available_memory", lambda: 4 * 3 * X.nbytes)
    searched(grid=ALPHAS)
    assert at_once[0] == 6


def test_searches_in_two_threads_do_not_meet():
    alone = [searched(), searched(grid={"hidden_layer_sizes": [(3,), (5, 2)]})]
    found: list[Any] = [None, None]

    def search(i: int) -> None:
        found[i] = searched(grid=[ALPHAS, {"hidden_layer_sizes": [(3,), (5, 2)]}][i])

    threads = [threading.Thread(target=search, args=(i,)) for i in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == alone


@pytest.mark.usefixtures("signals_as_usual")
def test_ctrl_c_leaves_no_results_and_the_next_search_is_whole():
    expected = searched()
    search = mlplab.PopulationSearchCV(
        mlplab.MLPClassifier((50,), max_iter=10**5, tol=0.0, n_iter_no_change=np.inf), ALPHAS, cv=3
    )
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            search.fit(X, Y)
    finally:
        timer.cancel()
    assert not hasattr(search, "cv_results_")
    assert searched() == expected
