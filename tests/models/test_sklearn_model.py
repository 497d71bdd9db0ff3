"""scikit-learn's networks become models, and models become scikit-learn's, with the same answers."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from tests.models.invented import assert_same_model, grid_of, invented

from mlplab.errors import MissingExtraError, MlplabError
from mlplab.models import Model
from mlplab.models.sklearn_model import SKLEARN_ACTIVATIONS, from_sklearn, to_sklearn

pytest.importorskip("sklearn")

from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler

GENERATOR = np.random.default_rng(0)
X = GENERATOR.normal([5, -3, 0], [2, 0.5, 1], (40, 3))
Y = np.array(["b", "a", "c"])[GENERATOR.integers(3, size=40)]


def fitted(network: Any, y: Any, scaled: bool = False) -> Any:
    """A network after a few updates, alone or behind a scaler."""
    x = StandardScaler().fit_transform(X) if scaled else X
    classes = {"classes": np.unique(y)} if isinstance(network, MLPClassifier) else {}
    for _ in range(3):
        network.partial_fit(x, y, **classes)
    return make_pipeline(StandardScaler().fit(X), network) if scaled else network


@pytest.mark.parametrize("scaled", [False, True])
@pytest.mark.parametrize("activation", SKLEARN_ACTIVATIONS)
@pytest.mark.parametrize("classes", [2, 3])
def test_a_classifier_answers_alike(activation: str, classes: int, scaled: bool, tolerance: Any):
    y = Y if classes == 3 else np.where(Y == "c", "a", Y)
    network = fitted(MLPClassifier((5, 4), activation), y, scaled)
    model = from_sklearn(network)
    assert model.label_names == ("a", "b", "c")[:classes]
    near = tolerance.float64
    np.testing.assert_allclose(model.predict_proba(X), network.predict_proba(X), atol=near)
    np.testing.assert_array_equal(model.predict(X), network.predict(X))
    assert_same_model(from_sklearn(to_sklearn(model)), model)


@pytest.mark.parametrize("scaled", [False, True])
@pytest.mark.parametrize("targets", [1, 2])
def test_a_regressor_answers_alike(targets: int, scaled: bool, tolerance: Any):
    y = X[:, :targets] if targets > 1 else X[:, 0]
    network = fitted(MLPRegressor(hidden_layer_sizes=(6,), activation="tanh"), y, scaled)
    model = from_sklearn(network)
    assert model.output_activation == "linear"
    wanted = network.predict(X).reshape(40, targets)
    np.testing.assert_allclose(model.predict(X), wanted, atol=tolerance.float64)
    back = to_sklearn(model)
    assert_same_model(from_sklearn(back), model)
    np.testing.assert_array_equal(back.predict(X), network.predict(X))


@pytest.mark.parametrize("output", ["softmax", "sigmoid", "linear"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_scikit_learn_answers_as_a_model(output: str, dtype: str, tolerance: Any):
    names = {"softmax": ("10", "9", "x"), "sigmoid": ("b", "a"), "linear": ()}[output]
    model = invented(("relu", "relu"), output, dtype=dtype, scaled=True, label_names=names)
    network, x = to_sklearn(model), grid_of(model)
    near = 10 * (tolerance.float32 if dtype == "float32" else tolerance.float64)
    if output == "linear":
        np.testing.assert_allclose(network.predict(x), model.predict(x), atol=near, rtol=near)
        return
    np.testing.assert_array_equal(network.predict(x), model.predict(x))
    order = np.argsort(np.array(names))
    wanted = model.predict_proba(x)[:, order]
    np.testing.assert_allclose(network.predict_proba(x), wanted, atol=near)


def test_two_outputs_of_softmax_become_one(tolerance: Any):
    model = Model((np.array([[-1.0, 0.0], [0.0, 1.0]]),), (np.array([1.0, 0.0]),))
    network = to_sklearn(model)
    x = np.random.default_rng(0).normal(size=(9, 2))
    np.testing.assert_allclose(
        network.predict_proba(x), model.predict_proba(x), atol=tolerance.float64
    )


def test_names_of_features_are_kept():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(X, columns=["width", "height", "depth"])
    network = MLPClassifier((3,), max_iter=1).partial_fit(frame, Y, classes=np.unique(Y))
    assert from_sklearn(network).feature_names == ("width", "height", "depth")


REFUSED: list[tuple[Any, str]] = [
    ("network", "an MLPClassifier or MLPRegressor of scikit-learn or of mlplab was expected"),
    (MLPClassifier(), "MLPClassifier() is not fitted"),
    (make_pipeline(StandardScaler(), MLPClassifier()), "StandardScaler() is not fitted"),
    (
        make_pipeline(MinMaxScaler(), MLPClassifier()),
        "a StandardScaler may stand before the network",
    ),
    (
        make_pipeline(MLPClassifier()),
        "an MLPClassifier or MLPRegressor of scikit-learn or of mlplab was expected",
    ),
]


@pytest.mark.parametrize(("estimator", "sentence"), REFUSED, ids=lambda value: str(value)[:30])
def test_what_is_no_network_of_scikit_learn_is_one_sentence(estimator: Any, sentence: str):
    with pytest.raises(MlplabError) as refused:
        from_sklearn(estimator)
    assert str(refused.value).startswith(sentence)
    assert "\n" not in str(refused.value)


def test_several_labels_at_once_are_refused():
    network = MLPClassifier((3,)).partial_fit(X, np.eye(40, 3, dtype=int), classes=np.arange(3))
    with pytest.raises(MlplabError, match=r"^a sample may have several labels"):
        from_sklearn(network)


@pytest.mark.parametrize("activations", [("relu", "tanh"), ("elu", "elu")])
def test_activations_that_scikit_learn_has_not_are_refused(activations: tuple[str, str]):
    with pytest.raises(
        MlplabError, match=r"^scikit-learn has one activation for all hidden layers, of"
    ):
        to_sklearn(invented(activations))


def test_without_scikit_learn_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "sklearn.neural_network", None)
    with pytest.raises(
        MissingExtraError, match=r"^models of scikit-learn need scikit-learn: install it "
    ):
        from_sklearn("anything")
