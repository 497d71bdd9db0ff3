"""scikit-learn's multilayer perceptrons and ours as models, and models as scikit-learn's."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

import numpy as np

from mlplab.errors import MissingExtraError, MlplabError, shown
from mlplab.models.model import HasModel, Model

SKLEARN_ACTIVATIONS = {"identity": "linear", "logistic": "sigmoid", "tanh": "tanh", "relu": "relu"}
"""Ours by scikit-learn's names; it has one for all hidden layers."""

_OURS = {ours: theirs for theirs, ours in SKLEARN_ACTIVATIONS.items()}


def is_of_sklearn(source: object) -> bool:
    """Tell whether it is an estimator of scikit-learn; only who has imported that has one."""
    base = sys.modules.get("sklearn.base")
    return base is not None and isinstance(source, base.BaseEstimator)


def from_sklearn(estimator: Any) -> Model:
    """Return the model of a fitted `MLPClassifier` or `MLPRegressor`, scikit-learn's or mlplab's.

    Parameters
    ----------
    estimator : MLPClassifier, MLPRegressor, Pipeline, or a search
        Of a pipeline, one of a `StandardScaler` and one of these; of a search, its best estimator.

    Raises
    ------
    MissingExtraError
        If scikit-learn is not installed.
    MlplabError
        If it is something else, is not fitted, or predicts several labels at once.
    """
    sklearn = _sklearn()
    scaling: dict[str, Any] = {}
    estimator = getattr(estimator, "best_estimator_", estimator)
    network = estimator
    if isinstance(estimator, sklearn.pipeline.Pipeline) and len(estimator.steps) == 2:
        scaler, network = (step for _, step in estimator.steps)
        scaling = _scaling(scaler, sklearn)
    names = tuple(map(str, getattr(estimator, "feature_names_in_", ())))
    if isinstance(network, HasModel):
        model = network.to_model()
        return replace(model, **scaling, feature_names=names or model.feature_names)
    kinds = sklearn.neural_network.MLPClassifier, sklearn.neural_network.MLPRegressor
    if not isinstance(network, kinds):
        raise MlplabError(
            "an MLPClassifier or MLPRegressor of scikit-learn or of mlplab was expected, alone or behind "
            f"a StandardScaler, received {shown(estimator)}"
        )
    if not hasattr(network, "coefs_"):
        raise MlplabError(f"{shown(network)} is not fitted")
    labels: tuple[str, ...] = ()
    output = "linear"
    if isinstance(network, kinds[0]):
        if network.out_activation_ == "logistic" and network.n_outputs_ > 1:
            raise MlplabError("a sample may have several labels, and a model predicts one class")
        output = "softmax" if network.out_activation_ == "softmax" else "sigmoid"
        labels = tuple(map(str, network.classes_.tolist()))
    return Model(
        tuple(np.ascontiguousarray(w.T) for w in network.coefs_),
        tuple(network.intercepts_),
        (SKLEARN_ACTIVATIONS[network.activation],) * (len(network.coefs_) - 1),
        output,
        feature_names=names or tuple(map(str, getattr(network, "feature_names_in_", ()))),
        label_names=labels,
        **scaling,
    )


def to_sklearn(model: Model) -> Any:
    """Return a fitted `MLPClassifier` or `MLPRegressor`, or a pipeline of a `StandardScaler` and one.

    scikit-learn has classes in the order of their names, and one output for two classes: two outputs of
    softmax become their difference, which gives the same probabilities, save for rounding.

    Raises
    ------
    MissingExtraError
        If scikit-learn is not installed.
    MlplabError
        If hidden layers differ in their activation, or scikit-learn has not theirs.
    """
    sklearn = _sklearn()
    kinds = set(model.activations) or {"relu"}
    if len(kinds) > 1 or not kinds <= _OURS.keys():
        raise MlplabError(
            f"scikit-learn has one activation for all hidden layers, of {', '.join(_OURS)}, received "
            f"{shown(list(model.activations))}"
        )
    how = {"hidden_layer_sizes": model.layer_sizes[1:-1], "activation": _OURS[kinds.pop()]}
    some = np.zeros((model.answers, model.features), model.dtype)
    weights, biases = list(model.weights), list(model.biases)
    if model.label_names:
        network = sklearn.neural_network.MLPClassifier(**how)
        names = np.array(model.label_names)
        network.partial_fit(some, names, classes=names)
        order = np.argsort(names)
        weights[-1], biases[-1] = _of_sorted(model, weights[-1], biases[-1], order)
    else:
        network = sklearn.neural_network.MLPRegressor(**how)
        y = np.zeros((model.answers, model.answers), model.dtype)
        network.partial_fit(some, y if model.answers > 1 else y[:, 0])
    network.coefs_ = [np.ascontiguousarray(w.T) for w in weights]
    network.intercepts_ = [b.copy() for b in biases]
    if model.input_mean is None or model.input_scale is None:
        return network
    scaler = sklearn.preprocessing.StandardScaler().fit(some.astype(np.float64))
    scaler.mean_, scaler.scale_ = model.input_mean.copy(), model.input_scale.copy()
    scaler.var_ = model.input_scale**2
    return sklearn.pipeline.make_pipeline(scaler, network)


def _of_sorted(model: Model, w: Any, b: Any, order: Any) -> tuple[Any, Any]:
    """Return W and b of the last layer for classes in the order of their names."""
    if model.output_activation == "sigmoid":
        sign = 1 if order[1] == 1 else -1
        return sign * w, sign * b
    w, b = w[order], b[order]
    return (w[1:] - w[:1], b[1:] - b[:1]) if len(b) == 2 else (w, b)


def _scaling(scaler: Any, sklearn: Any) -> dict[str, Any]:
    if not isinstance(scaler, sklearn.preprocessing.StandardScaler):
        raise MlplabError(
            f"a StandardScaler may stand before the network, received {shown(scaler)}"
        )
    if not hasattr(scaler, "n_features_in_"):
        raise MlplabError(f"{shown(scaler)} is not fitted")
    features = scaler.n_features_in_
    return {
        "input_mean": np.zeros(features) if scaler.mean_ is None else scaler.mean_,
        "input_scale": np.ones(features) if scaler.scale_ is None else scaler.scale_,
    }


def _sklearn() -> Any:
    try:
        import sklearn.neural_network
        import sklearn.pipeline
        import sklearn.preprocessing
    except ImportError as error:
        needs = "models of scikit-learn need scikit-learn"
        raise MissingExtraError(needs, "sklearn") from error
    return sklearn
