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
from mlplab.errors import MlplabError

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


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many fits each training has had."""
    numbers: list[int] = []
    train = mlplab.estimators.together.train

    def counted(trials: Any, **options: Any) -> Any:
        numbers.append(len(trials))
        return train(trials, **options)

    monkeypatch.setattr("mlplab.estimators.together.train", counted)
    return numbers


# A split has 100 samples of 4 features: 3,200 bytes, and 800 of classes.
SAMPLES = 100 * 4 * 8 + 100 * 8


@pytest.mark.parametrize(
    ("estimator", "grid", "room", "chunks"),
    [
        # Cast, each of two splits has its samples twice: the second time 1,600 bytes and one more row.
        (OWN, {"dtype": ["float32"], **ALPHAS}, SAMPLES + 3200 + 2000, [2, 2, 2]),
        # Fits of one split share its samples: three splits are all that there is, besides weights.
        (OWN, ALPHAS, 3 * SAMPLES + 4000, [6]),
        (
            make_pipeline(SelectKBest(k=4), OWN),
            {"mlpclassifier__alpha": [1e-4, 1.0]},
            5000,
            [2, 2, 2],
        ),
        # What a first step made is there, though no fit can be prepared of it.
        (make_pipeline(SelectKBest(k=4), OWN), {"mlpclassifier__alpha": [-1.0, 1.0]}, 5000, [1, 2]),
    ],
)
def test_samples_fill_a_part_of_the_memory(
    estimator: Any,
    grid: Any,
    room: int,
    chunks: list[int],
    at_once: list[int],
    monkeypatch: pytest.MonkeyPatch,
):
    options = {"return_train_score": True, "error_score": -1.0, "refit": False}
    expected = searched(estimator, grid, **options)
    at_once.clear()
    monkeypatch.setattr("mlplab.estimators.together.PART_OF_MEMORY", 1)
    monkeypatch.setattr("mlplab.estimators.together.available_memory", lambda: room)
    assert searched(estimator, grid, **options) == expected
    assert at_once == chunks


def test_a_first_step_is_fitted_once_to_a_split_and_again_where_its_samples_were_put_away(
    monkeypatch: pytest.MonkeyPatch,
):
    fitted = []
    fit = SelectKBest.fit

    def counted(self: Any, *samples: Any) -> Any:
        fitted.append(self)
        return fit(self, *samples)

    monkeypatch.setattr(SelectKBest, "fit", counted)
    pipeline = make_pipeline(SelectKBest(k=4), OWN)
    grid = {"mlpclassifier__alpha": [1e-4, 1.0]}
    searched(pipeline, grid, refit=False)
    assert len(fitted) == 3
    monkeypatch.setattr("mlplab.estimators.together.available_memory", lambda: 0)
    searched(pipeline, grid, refit=False)
    assert len(fitted) == 3 + 6


def test_weights_of_all_fits_fill_no_more_than_the_memory(
    at_once: list[int], monkeypatch: pytest.MonkeyPatch
):
    wide = mlplab.MLPClassifier((600, 600), max_iter=1, random_state=0)
    expected = searched(wide)
    at_once.clear()
    monkeypatch.setattr("mlplab.engine.memory.available_memory", lambda: 40_000_000)
    assert searched(wide) == expected
    assert max(at_once) < 6


def test_a_fit_that_finds_no_memory_when_it_is_trained_has_the_score_of_an_error(
    monkeypatch: pytest.MonkeyPatch,
):
    wide = mlplab.MLPClassifier(max_iter=1, random_state=0)
    monkeypatch.setattr("mlplab.engine.memory.available_memory", lambda: 10_000_000)
    grid = {"hidden_layer_sizes": [(4,), (600, 600)]}
    found = searched(wide, grid, error_score=-1.0)
    assert found["mean_test_score"].endswith(", -1.0]")
    assert found["mean_test_score"].count("-1.0") == 1
    with pytest.raises(MlplabError, match="training needs about"):
        searched(wide, grid, error_score="raise")


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
