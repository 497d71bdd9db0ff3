"""Our estimators become models with the same answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlplab.models import as_model, load, save

pytest.importorskip("sklearn")

from sklearn.exceptions import NotFittedError

from mlplab.estimators import MLPClassifier, MLPRegressor

X = np.random.default_rng(0).normal(size=(30, 2))


@pytest.mark.parametrize("y", [X[:, 0] > 0, np.where(X[:, 0] > 0, "b", "a"), [5, 6, 7] * 10])
def test_a_classifier_is_saved_and_answers_alike(y: Any, tmp_path: Path):
    estimator = MLPClassifier((4,), activation="tanh", random_state=0)
    estimator.partial_fit(X, y, classes=np.unique(y))
    save(estimator, tmp_path / "a.safetensors")
    model = load(tmp_path / "a.safetensors")
    assert model.experiment == estimator.experiment_
    np.testing.assert_array_equal(model.predict_proba(X), estimator.predict_proba(X))
    assert model.predict(X).tolist() == list(map(str, estimator.predict(X)))


def test_a_regressor_is_a_model_with_the_same_answers():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(X, columns=["width", "height"])
    estimator = MLPRegressor((4,), activation="tanh", random_state=0)
    estimator.partial_fit(frame, X[:, 0] - X[:, 1])
    model = as_model(estimator)
    assert model.feature_names == ("width", "height")
    np.testing.assert_array_equal(model.predict(frame)[:, 0], estimator.predict(frame))


def test_one_that_is_not_fitted_is_refused_in_the_words_of_scikit_learn():
    with pytest.raises(NotFittedError):
        as_model(MLPClassifier())
