"""What a person who knows scikit-learn tries first: sparse matrices, validation in pipelines, files."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn")

import sklearn
from scipy.sparse import coo_array, csc_matrix, csr_matrix
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_iris, load_wine
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.neural_network import MLPClassifier as SklearnClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import mlplab
from mlplab.estimators import samples

pytestmark = pytest.mark.filterwarnings("ignore:Stochastic Optimizer")

X, Y = load_iris(return_X_y=True)
SMALL: dict[str, Any] = {
    "hidden_layer_sizes": (4,),
    "max_iter": 8,
    "learning_rate_init": 0.03,
    "random_state": 3,
}


@pytest.fixture
def routed() -> Any:
    with sklearn.config_context(enable_metadata_routing=True):
        yield


# ---- Sparse matrices -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [csr_matrix, csc_matrix, coo_array])
def test_a_sparse_matrix_is_the_array_that_it_stands_for(kind: Any):
    x = np.where(X > 3, X, 0)
    plain = mlplab.MLPClassifier(**SMALL).fit(x, Y, validation_data=(x, Y))
    sparse = mlplab.MLPClassifier(**SMALL).fit(kind(x), Y, validation_data=(kind(x), Y))
    np.testing.assert_array_equal(sparse.predict_proba(kind(x)), plain.predict_proba(x))
    assert sparse.validation_scores_ == plain.validation_scores_
    regressor = mlplab.MLPRegressor(**SMALL).fit(kind(x), Y)
    assert (regressor.predict(kind(x)) == regressor.predict(x)).all()
    part = mlplab.MLPClassifier(**SMALL).partial_fit(kind(x), Y, classes=[0, 1, 2])
    assert part.n_features_in_ == 4


def test_what_an_encoder_gives_is_trained_on_and_searched():
    rows = np.array([["Graz", "Linz", "Wien", "Zell"][i % 4] for i in range(150)])[:, None]
    encoder = make_column_transformer((OneHotEncoder(), [0]), sparse_threshold=1.0)
    model = make_pipeline(encoder, mlplab.MLPClassifier(**SMALL))
    grid = {"mlpclassifier__alpha": [1e-4, 1.0]}
    own = mlplab.PopulationSearchCV(model, grid, cv=3).fit(rows, np.arange(150) % 2)
    theirs = GridSearchCV(model, grid, cv=3).fit(rows, np.arange(150) % 2)
    assert own.best_score_ == theirs.best_score_


def test_a_sparse_matrix_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(samples, "available_memory", lambda: 10**6)
    wide = csr_matrix((np.ones(2), ([0, 149], [0, 10**6 - 1])), shape=(150, 10**6))
    with pytest.raises(mlplab.MlplabError, match=r"150 samples of 1,000,000 features need 1\.2 GB"):
        mlplab.MLPClassifier(**SMALL).fit(wide, Y)


# ---- Validation samples in a pipeline ------------------------------------------------------------


@pytest.mark.usefixtures("routed")
def test_a_pipeline_transforms_validation_samples():
    x, x_val, y, y_val = train_test_split(X, Y, random_state=0)
    network = mlplab.MLPClassifier(**SMALL, early_stopping=True)
    model = Pipeline(
        [
            ("scaler", StandardScaler()),
            ("network", network.set_fit_request(X_val=True, y_val=True)),
        ],
        transform_input=["X_val"],
    )
    found = model.fit(x, y, X_val=x_val, y_val=y_val)["network"]
    scaler = StandardScaler().fit(x)
    alone = mlplab.MLPClassifier(**SMALL, early_stopping=True)
    alone.fit(scaler.transform(x), y, validation_data=(scaler.transform(x_val), y_val))
    assert found.validation_scores_ == alone.validation_scores_
    # A search does the same for each of its splits.
    besides = {"X_val": x_val, "y_val": y_val}
    grid = {"network__alpha": [1e-4, 1.0]}
    own = mlplab.PopulationSearchCV(model, grid, cv=3).fit(x, y, **besides)
    theirs = GridSearchCV(model, grid, cv=3).fit(x, y, **besides)
    for column in ("split0_test_score", "split1_test_score", "split2_test_score"):
        assert (own.cv_results_[column] == theirs.cv_results_[column]).all()


@pytest.mark.parametrize(
    ("besides", "message"),
    [
        ({"X_val": X}, "^X_val needs y_val, which is missing"),
        ({"y_val": Y}, "^y_val needs X_val, which is missing"),
        ({"X_val": X, "y_val": Y, "validation_data": (X, Y)}, "received both"),
        ({"X_val": X[:, :2], "y_val": Y}, "X has 2 features, but MLPClassifier is expecting 4"),
    ],
)
def test_validation_samples_that_cannot_be_used_are_refused(besides: Any, message: str):
    with pytest.raises(ValueError, match=message):
        mlplab.MLPClassifier(**SMALL).fit(X, Y, **besides)


# ---- What a fit says -----------------------------------------------------------------------------


def test_a_training_that_stopped_and_learned_nothing_says_so():
    x, y = load_wine(return_X_y=True)  # one feature is about 750
    with pytest.warns(ConvergenceWarning, match="learned nothing.*StandardScaler") as found:
        stuck = mlplab.MLPClassifier(random_state=1).fit(x, y)
    assert found[0].filename == __file__
    assert stuck.n_iter_ == 12
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        mlplab.MLPClassifier(random_state=1, tol=0.01).fit(StandardScaler().fit_transform(x), y)


def test_validation_scores_are_printed_as_scikit_learn_does(capsys: pytest.CaptureFixture[str]):
    parameters = {**SMALL, "max_iter": 2, "verbose": True, "early_stopping": True}
    own = mlplab.MLPClassifier(**parameters).fit(X, Y)
    said = capsys.readouterr().out.splitlines()
    SklearnClassifier(**parameters).fit(X, Y)
    theirs = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in said] == [line.split()[:2] for line in theirs[:4]]
    assert said[3] == f"Validation score: {own.validation_scores_[1]:.6f}"


# ---- Files ---------------------------------------------------------------------------------------


def models(x: Any) -> dict[str, Any]:
    """Fitted estimators that a person has at hand, by what they are."""
    own = make_pipeline(StandardScaler(), mlplab.MLPClassifier(**SMALL))
    grid = {"mlpclassifier__alpha": [1e-4, 1.0]}
    return {
        "pipeline": own.fit(x, Y),
        "search": mlplab.PopulationSearchCV(own, grid, cv=3).fit(x, Y),
        "theirs": SklearnClassifier(**SMALL).fit(x, Y),
    }


def test_whatever_predicts_is_saved(tmp_path: Path):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(X, columns=["a", "b", "c", "d"])
    for name, fitted in models(frame).items():
        mlplab.models.save(fitted, tmp_path / f"{name}.safetensors")
        model = mlplab.models.load(tmp_path / f"{name}.safetensors")
        assert model.feature_names == ("a", "b", "c", "d"), name
        np.testing.assert_allclose(
            model.predict_proba(frame[["d", "c", "b", "a"]]),
            fitted.predict_proba(frame),
            atol=1e-12,
        )
        mlplab.models.export(fitted, tmp_path / f"{name}.py", to="numpy")
    assert mlplab.models.load(tmp_path / "pipeline.safetensors").input_mean is not None


def test_a_run_that_cannot_be_trained_again_is_not_explained_by_another():
    run = mlplab.MLPClassifier(**SMALL).fit(X, Y).run_
    with pytest.raises(mlplab.MlplabError, match=r"was trained on 150 samples, .* draws 90, so it"):
        mlplab.explain.why(run, data=(X, Y))
    assert mlplab.explain.why(run.experiment, 1, data=(X, Y)).counts is not None
