"""A search trains its fits as one population, and finds what scikit-learn's searches find, to the bit."""

from __future__ import annotations

import pickle
from functools import cache
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn")

from sklearn.base import clone, is_classifier
from sklearn.datasets import load_iris
from sklearn.exceptions import NotFittedError
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    HalvingGridSearchCV,
    HalvingRandomSearchCV,
    RandomizedSearchCV,
    ShuffleSplit,
)
from sklearn.neural_network import MLPClassifier as SklearnClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import check_is_fitted

import mlplab
from mlplab.estimators.halving import Halving
from mlplab.statistics.resplits import mean_over_resplits

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

X, Y = load_iris(return_X_y=True)
NAMES = load_iris().target_names[Y]
SMALL: dict[str, Any] = {
    "hidden_layer_sizes": (4,),
    "max_iter": 8,
    "learning_rate_init": 0.03,
    "random_state": 3,
}
OWN = mlplab.MLPClassifier(**SMALL)
GRID = {"alpha": [1e-4, 3.0], "learning_rate_init": [0.001, 0.05]}


def assert_equal(own: Any, theirs: Any) -> None:
    """Every column of theirs is one of ours, and equal, but for the times."""
    for name, column in theirs.cv_results_.items():
        found = own.cv_results_[name]
        if "time" not in name:
            # Masked where a candidate has no such parameter; of lists, these are None.
            assert np.ma.asarray(found).tolist() == np.ma.asarray(column).tolist(), name
        assert len(found) == len(column)
    assert own.best_params_ == theirs.best_params_
    assert own.best_score_ == theirs.best_score_
    assert own.best_index_ == theirs.best_index_
    assert (own.predict(X) == theirs.predict(X)).all()


@cache
def replicated(**options: Any) -> Any:
    return mlplab.PopulationSearchCV(OWN, GRID, cv=3, replications=3, **options).fit(X, Y)


def test_a_grid_is_searched_as_one_by_one():
    grid = [{**GRID, "hidden_layer_sizes": [(4,), (5, 3)]}, {"activation": ["tanh"]}]
    options = {"cv": 3, "return_train_score": True}
    own = mlplab.PopulationSearchCV(OWN, grid, **options).fit(X, NAMES)
    assert_equal(own, GridSearchCV(OWN, grid, **options).fit(X, NAMES))
    assert (own.predict_proba(X) == own.best_estimator_.predict_proba(X)).all()
    assert own.score(X, NAMES) == own.best_estimator_.score(X, NAMES)
    assert own.classes_.tolist() == sorted(set(NAMES))
    assert (own.cv_results_["mean_fit_time"] > 0).all()


def test_a_pipeline_is_preprocessed_for_each_split():
    pipeline = Pipeline([("all", make_pipeline(StandardScaler(), OWN))])
    grid = {
        "all__standardscaler__with_std": [True, False],
        "all__mlpclassifier__alpha": [1e-4, 3.0],
        "all__standardscaler": [StandardScaler(), "passthrough"],
    }
    grid = [
        grid | {"all__standardscaler": [StandardScaler()]},
        {"all__standardscaler": ["passthrough"]},
    ]
    own = mlplab.PopulationSearchCV(pipeline, grid, cv=3).fit(X, NAMES)
    assert_equal(own, GridSearchCV(pipeline, grid, cv=3).fit(X, NAMES))


def test_the_whole_last_step_may_be_a_candidate():
    pipeline = make_pipeline(StandardScaler(), OWN)
    others = [clone(OWN), clone(OWN).set_params(activation="tanh", early_stopping=True)]
    grid = {"mlpclassifier": others}
    own = mlplab.PopulationSearchCV(pipeline, grid, cv=3).fit(X, NAMES)
    theirs = GridSearchCV(pipeline, grid, cv=3).fit(X, NAMES)
    np.testing.assert_array_equal(
        own.cv_results_["mean_test_score"], theirs.cv_results_["mean_test_score"]
    )


def test_several_scores_weights_and_groups():
    options = {
        "scoring": {"accuracy": "accuracy", "loss": "neg_log_loss"},
        "refit": "loss",
        "cv": GroupKFold(3),
    }
    besides = {"groups": np.arange(150) % 5, "sample_weight": np.linspace(0.5, 2, 150)}
    own = mlplab.PopulationSearchCV(OWN, GRID, **options).fit(X, Y, **besides)
    assert_equal(own, GridSearchCV(OWN, GRID, **options).fit(X, Y, **besides))
    assert own.multimetric_
    assert {"low_test_loss", "high_test_accuracy", "rank_low_test_loss"} <= set(own.cv_results_)


def test_scores_that_are_called_and_a_refit_that_is_called():
    options: dict[str, Any] = {
        "scoring": lambda model, x, y: {"right": float((model.predict(x) == y).mean())},
        "refit": lambda results: int(results["mean_test_right"].argmin()),
    }
    own = mlplab.PopulationSearchCV(OWN, GRID, cv=3, **options).fit(X, Y)
    theirs = GridSearchCV(OWN, GRID, cv=3, **options).fit(X, Y)
    assert own.best_index_ == theirs.best_index_
    assert (own.predict(X) == theirs.predict(X)).all()


def test_targets_are_searched_from_a_data_frame():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(X[:, :3], columns=["a", "b", "c"])
    regressor, grid = mlplab.MLPRegressor(**SMALL), {"alpha": [1e-4, 3.0]}
    own = mlplab.PopulationSearchCV(regressor, grid, cv=3).fit(frame, X[:, 3])
    theirs = GridSearchCV(regressor, grid, cv=3).fit(frame, X[:, 3])
    np.testing.assert_array_equal(
        own.cv_results_["mean_test_score"], theirs.cv_results_["mean_test_score"]
    )
    assert own.feature_names_in_.tolist() == ["a", "b", "c"]
    assert not is_classifier(own)
    assert len(pandas.DataFrame(own.cv_results_)) == 2


def test_candidates_are_drawn():
    distributions = {"alpha": np.logspace(-4, 1, 50).tolist(), "activation": ["relu", "tanh"]}
    own = mlplab.PopulationSearchCV(
        OWN, param_distributions=distributions, n_candidates=4, random_state=1, cv=3
    )
    theirs = RandomizedSearchCV(OWN, distributions, n_iter=4, random_state=1, cv=3)
    assert_equal(own.fit(X, Y), theirs.fit(X, Y))


@pytest.mark.parametrize(
    "options",
    [
        {"min_resources": 40},
        {"resource": "max_iter", "max_resources": 9, "min_resources": 1},
        {"resource": "max_iter", "max_resources": 9, "min_resources": 4, "factor": 2}
        | {"aggressive_elimination": True},
    ],
)
def test_candidates_are_halved(options: dict[str, Any]):
    options = {"factor": 3, "cv": 3, **options}
    grid = {"alpha": np.logspace(-4, 1, 5).tolist(), "learning_rate_init": [0.01, 0.05]}
    for name, theirs in (
        ("param_grid", HalvingGridSearchCV),
        ("param_distributions", HalvingRandomSearchCV),
    ):
        if name == "param_distributions":
            options |= {"n_candidates": 7, "random_state": 0}
        elif "resource" not in options:
            options["random_state"] = 0
        own = mlplab.PopulationSearchCV(OWN, **{name: grid}, **options).fit(X, Y)
        found = theirs(OWN, grid, return_train_score=False, **options).fit(X, Y)
        assert_equal(own, found)
        for attribute in ("n_resources_", "n_candidates_", "n_remaining_candidates_"):
            assert getattr(own, attribute) == getattr(found, attribute)


def test_what_halving_needs_is_asked_for():
    assert Halving(10, 3, 9, 9).iterations == 1
    for options, words in (
        ({"resource": "width", "max_resources": 9}, "Cannot use resource=width"),
        ({"resource": "max_iter"}, "resource can only be 'n_samples' when max_resources='auto'"),
        ({"resource": "alpha", "max_resources": 9}, "Cannot use parameter alpha as the resource"),
        ({"min_resources": 200}, "min_resources_=200 is greater than max_resources_=150"),
        ({"cv": ShuffleSplit(2)}, "must yield consistent folds"),
    ):
        with pytest.raises(ValueError, match=words):
            mlplab.PopulationSearchCV(OWN, GRID, factor=2, **options).fit(X, Y)


def test_replications_have_the_seeds_that_follow():
    found = replicated().cv_results_
    for i in range(3):
        seeded = clone(OWN).set_params(random_state=SMALL["random_state"] + i)
        alone = GridSearchCV(seeded, GRID, cv=3).fit(X, Y).cv_results_["mean_test_score"]
        np.testing.assert_allclose(found[f"replication{i}_test_score"], alone, rtol=1e-15)
    by_seed = np.array([found[f"replication{i}_test_score"] for i in range(3)])
    np.testing.assert_allclose(found["mean_test_score"], by_seed.mean(axis=0), rtol=1e-15)
    np.testing.assert_allclose(found["std_replications_test_score"], by_seed.std(axis=0, ddof=1))
    of_splits = [found[f"split{k}_test_score"][0] for k in range(3)]
    expected = mean_over_resplits(np.array(of_splits), 1 / 2)
    assert (found["low_test_score"][0], found["high_test_score"][0]) == pytest.approx(
        (expected.low, expected.high)
    )


def test_the_lower_bound_chooses():
    given = {1e-4: [0.1, 1.0, 1.0], 3.0: [0.6, 0.6, 0.6]}  # a higher mean, and a higher bound
    left = {alpha: iter(scores) for alpha, scores in given.items()}
    own = mlplab.PopulationSearchCV(
        OWN,
        {"alpha": list(given)},
        cv=3,
        scoring=lambda model, x, y: next(left[model.alpha]),
        select="lower_bound",
    ).fit(X, Y)
    lowest = own.cv_results_["low_test_score"]
    assert own.best_index_ == lowest.argmax() == 1
    assert own.cv_results_["mean_test_score"].argmax() == 0
    assert own.cv_results_["rank_low_test_score"][own.best_index_] == 1
    assert own.best_score_ == own.cv_results_["mean_test_score"][own.best_index_]
    one_split = {"cv": ShuffleSplit(1, random_state=0), "select": "lower_bound"}
    with pytest.raises(mlplab.MlplabError, match="needs several splits, or replications"):
        mlplab.PopulationSearchCV(OWN, GRID, **one_split).fit(X, Y)
    own = mlplab.PopulationSearchCV(OWN, GRID, replications=3, **one_split).fit(X, Y)
    scores = [own.cv_results_[f"replication{i}_test_score"][0] for i in range(3)]
    assert own.cv_results_["low_test_score"][0] == mean_over_resplits(np.array(scores), 0).low


def test_a_candidate_that_diverges_has_the_error_score():
    own = mlplab.PopulationSearchCV(
        OWN, {"learning_rate_init": [0.03, 1e300]}, cv=3, error_score=-1
    )
    with (
        np.errstate(all="ignore"),
        pytest.warns(match="3 fits failed out of a total of 6(.|\n)*non-finite parameter weights"),
    ):
        own.fit(X, Y)
    assert own.cv_results_["mean_test_score"][1] == -1
    assert own.best_params_ == {"learning_rate_init": 0.03}
    with np.errstate(all="ignore"), pytest.raises(ValueError, match="non-finite parameter weights"):
        clone(own).set_params(error_score="raise").fit(X, Y)
    with pytest.raises(ValueError, match="All the 3 fits failed"):
        mlplab.PopulationSearchCV(OWN, {"alpha": [-1.0]}, cv=3).fit(X, Y)
    with pytest.raises(ValueError, match="unexpected keyword argument 'weights'"):
        mlplab.PopulationSearchCV(OWN, {"alpha": [1.0]}, cv=3).fit(X, Y, weights=Y)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "either param_grid or param_distributions, received none of them"),
        ({"param_grid": GRID, "param_distributions": GRID}, "received both"),
        ({"param_grid": GRID, "n_candidates": 3}, "n_candidates applies only with param_distr"),
        ({"param_grid": GRID, "resource": "max_iter"}, "resource applies only with factor"),
        ({"param_distributions": GRID, "n_candidates": "exhaust"}, "applies only with factor"),
        ({"param_grid": GRID, "replications": 0}, "'replications' parameter of Population"),
        ({"param_grid": GRID, "select": "median"}, "'select' parameter of PopulationSearchCV"),
        ({"param_grid": GRID, "refit": max, "select": "lower_bound"}, "chooses the best candid"),
        ({"param_grid": GRID, "scoring": ["accuracy"]}, "For multi-metric scoring"),
        ({"param_grid": {"alpha": 1.0}}, "needs to be a list or a numpy array"),
        ({"param_grid": {"alfa": [1.0]}}, "Invalid parameter 'alfa'"),
        ({"estimator": LogisticRegression(), "param_grid": GRID}, "received LogisticRegression"),
        ({"estimator": SklearnClassifier(), "param_grid": GRID}, r"MLPClassifier\(\) of sklearn: "),
    ],
)
def test_what_does_not_apply_is_refused(options: dict[str, Any], words: str):
    with pytest.raises((ValueError, TypeError), match=words):
        mlplab.PopulationSearchCV(**{"estimator": OWN, **options}).fit(X, Y)


def test_it_is_cloned_and_pickled_and_says_what_it_is(capsys: pytest.CaptureFixture[str]):
    own = mlplab.PopulationSearchCV(OWN, {"alpha": [1.0]}, cv=3, replications=2, n_jobs=1)
    with pytest.raises(NotFittedError):
        check_is_fitted(own)
    copy = clone(own).set_params(verbose=1, estimator__max_iter=2).fit(X, Y)
    assert "Fitting 3 folds for each of 1 candidates with each of 2 seeds, totalling 6 fits" in (
        capsys.readouterr().out
    )
    assert is_classifier(copy)
    again = pickle.loads(pickle.dumps(copy))
    assert (again.predict(X) == copy.predict(X)).all()
    assert copy.get_params()["estimator__max_iter"] == 2


def test_groups_of_trials_are_trained_together():
    experiment = mlplab.Experiment(dataset="linear", training={"epochs": 2, "batch_size": 16})
    other = experiment.varied({"training.epochs": 1})
    groups = [
        mlplab.trial.Trials.from_seeds(experiment, [1]),
        mlplab.trial.Trials.from_seeds(other, range(2)),
    ]
    together = mlplab.train(groups)
    assert [len(runs) for runs in together] == [1, 2]
    alone = mlplab.train(other, 2)
    np.testing.assert_array_equal(together[1].history.train_loss, alone.history.train_loss)
    with pytest.raises(mlplab.MlplabError, match="do not apply to trials"):
        mlplab.train(groups, replications=2)
