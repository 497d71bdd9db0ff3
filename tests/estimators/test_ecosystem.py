"""The estimators are at home among scikit-learn's tools, data frames, pickles, processes and threads."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest

pytest.importorskip("sklearn")

from sklearn.base import clone, is_classifier, is_regressor
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import load_iris
from sklearn.inspection import DecisionBoundaryDisplay, permutation_importance
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

import mlplab
from mlplab.spec import L2, Adam
from mlplab.spec.schedules import CosineDecay

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

X, Y = load_iris(return_X_y=True)
NAMES = load_iris().target_names[Y]
SMALL = {
    "hidden_layer_sizes": (8,),
    "max_iter": 20,
    "learning_rate_init": 0.03,
    "random_state": 0,
}


def scaled(**parameters: Any) -> Pipeline:
    return make_pipeline(StandardScaler(), mlplab.MLPClassifier(**{**SMALL, **parameters}))


def same(a: Any, b: Any) -> bool:
    pairs = zip((*a.coefs_, *a.intercepts_), (*b.coefs_, *b.intercepts_), strict=True)
    return all(np.array_equal(w, v) for w, v in pairs)


def test_a_pipeline_classifies():
    pipeline = scaled().fit(X, NAMES)
    assert pipeline.score(X, NAMES) > 0.9
    assert pipeline.classes_.tolist() == ["setosa", "versicolor", "virginica"]
    assert is_classifier(pipeline)
    assert is_regressor(mlplab.MLPRegressor())


def test_a_grid_search_chooses():
    grid = {"mlpclassifier__max_iter": [1, 20], "mlpclassifier__activation": ["tanh", ["relu"]]}
    search = GridSearchCV(scaled(), grid, cv=3).fit(X, NAMES)
    assert search.best_params_["mlpclassifier__max_iter"] == 20
    assert len(search.cv_results_["params"]) == 4
    assert search.score(X, NAMES) > 0.9


@pytest.mark.parametrize("backend", ["threading", "loky"])
def test_scores_do_not_depend_on_threads_and_processes(backend: str):
    alone = cross_val_score(scaled(), X, NAMES, cv=4)
    with joblib.parallel_backend(backend, n_jobs=2):
        assert (cross_val_score(scaled(), X, NAMES, cv=4, n_jobs=2) == alone).all()


def test_many_threads_train_at_once_and_find_what_one_finds():
    def fit(seed: int) -> Any:
        parameters = {**SMALL, "random_state": seed, "batch_size": 16}
        return mlplab.MLPClassifier(**parameters, dropout=0.2).fit(X, Y)

    jobs = [joblib.delayed(fit)(seed) for seed in range(12)]
    together = joblib.Parallel(n_jobs=4, backend="threading")(jobs)
    assert all(same(found, fit(seed)) for seed, found in enumerate(together))


def test_probabilities_are_calibrated():
    calibrated = CalibratedClassifierCV(scaled(), cv=3).fit(X, NAMES)
    assert calibrated.predict_proba(X).shape == (150, 3)
    assert calibrated.score(X, NAMES) > 0.9


def test_a_decision_boundary_is_drawn():
    classifier = mlplab.MLPClassifier(**SMALL).fit(X[:, 2:], NAMES)
    display = DecisionBoundaryDisplay.from_estimator(
        classifier, X[:, 2:], response_method="predict", grid_resolution=20
    )
    assert display.response.shape == (20, 20)
    assert len(np.unique(display.response)) == 3


def test_features_that_matter_are_found():
    generator = np.random.default_rng(0)
    x = generator.normal(size=(200, 3))
    classifier = mlplab.MLPClassifier(**SMALL).fit(x, x[:, 1] > 0)
    found = permutation_importance(classifier, x, x[:, 1] > 0, n_repeats=3, random_state=0)
    assert found.importances_mean.argmax() == 1


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_data_frames_go_in_and_out(library: str):
    frames = pytest.importorskip(library)
    columns = ["length", "width", "petal length", "petal width"]
    frame = frames.DataFrame({name: X[:, i] for i, name in enumerate(columns)})
    labels = frames.DataFrame({"species": NAMES.tolist()})["species"]
    plain = mlplab.MLPClassifier(**SMALL).fit(frame, labels)
    assert plain.feature_names_in_.tolist() == columns
    assert plain.run_.feature_names == tuple(columns)
    assert same(plain, mlplab.MLPClassifier(**SMALL).fit(X, NAMES))
    with pytest.warns(UserWarning, match="X does not have valid feature names"):
        assert (plain.predict(X) == plain.predict(frame)).all()
    behind = make_pipeline(
        StandardScaler().set_output(transform=library), mlplab.MLPClassifier(**SMALL)
    )
    behind.fit(frame, labels)
    assert behind[-1].feature_names_in_.tolist() == columns
    assert (behind.predict(frame) == scaled().fit(X, NAMES).predict(X)).all()
    with pytest.raises(ValueError, match="Feature names must be in the same order"):
        plain.predict(frame[columns[::-1]])
    with pytest.raises(ValueError, match="Feature names unseen at fit time:\n- height"):
        plain.predict(frames.DataFrame(dict.fromkeys(["height", *columns[1:]], X[:, 0])))
    regressor = mlplab.MLPRegressor(**SMALL).fit(frame, frame[columns[:2]])
    assert regressor.predict(frame).shape == (150, 2)


@pytest.mark.parametrize("dump", ["pickle", "joblib"])
def test_a_pickle_predicts_the_same_and_learns_on(dump: str, tmp_path: Path):
    classifier = mlplab.MLPClassifier(**SMALL, batch_size=50)
    classifier.partial_fit(X, NAMES, classes=np.unique(NAMES))
    if dump == "pickle":
        other = pickle.loads(pickle.dumps(classifier))
    else:
        joblib.dump(classifier, tmp_path / "own.joblib")
        other = joblib.load(tmp_path / "own.joblib")
    assert (other.predict_proba(X) == classifier.predict_proba(X)).all()
    assert same(other.partial_fit(X, NAMES), classifier.partial_fit(X, NAMES))
    fitted = mlplab.MLPClassifier(**SMALL).fit(X, NAMES)
    again = pickle.loads(pickle.dumps(fitted))
    assert again.run_.seed == 0
    assert (again.predict(X) == fitted.predict(X)).all()


def test_a_clone_has_the_parameters_and_nothing_learned():
    parts = {
        "solver": Adam(learning_rate=CosineDecay(initial_learning_rate=0.1, decay_steps=50)),
        "kernel_regularizer": L2(l2=0.01),
        "activation": ["leaky_relu"],
    }
    own = mlplab.MLPClassifier(hidden_layer_sizes=5, max_iter=100, random_state=0, **parts)
    fitted = own.fit(X, Y)
    copy = clone(fitted)
    assert copy.get_params() == fitted.get_params()
    assert not hasattr(copy, "coefs_")
    assert same(copy.fit(X, Y), fitted)


def test_the_run_behind_an_estimator_predicts_the_same():
    classifier = mlplab.MLPClassifier(**SMALL).fit(X, NAMES)
    assert (classifier.run_.predict(X) == classifier.predict(X)).all()
    assert (classifier.run_.predict_proba(X) == classifier.predict_proba(X)).all()
    assert classifier.run_.experiment == classifier.experiment_
    regressor = mlplab.MLPRegressor(**SMALL).fit(X[:, :3], X[:, 3])
    np.testing.assert_array_equal(
        regressor.run_.predict(X[:, :3])[:, 0], regressor.predict(X[:, :3])
    )
    network = mlplab.reference.MultilayerPerceptron.from_run(classifier.run_)
    assert (network.feedforward(X) == classifier.predict_proba(X)).all()


def test_the_probabilities_have_their_logarithms():
    classifier = mlplab.MLPClassifier(**SMALL).fit(X, Y > 0)
    proba = classifier.predict_proba(X)
    np.testing.assert_allclose(proba.sum(axis=1), 1)
    np.testing.assert_array_equal(classifier.predict_log_proba(X), np.log(proba))
