"""From the same weights, an estimator makes the updates that scikit-learn's own makes, to rounding.

A batch of all samples is the same whatever the shuffle, and scikit-learn can be handed our shuffles. So
whole trainings are compared: losses, penalty, weights of samples, learning rates, solvers.
"""

from __future__ import annotations

from itertools import count
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn")

from sklearn.datasets import load_iris
from sklearn.neural_network import MLPClassifier as SklearnClassifier
from sklearn.neural_network import MLPRegressor as SklearnRegressor
from sklearn.preprocessing import scale
from sklearn.utils.validation import has_fit_parameter

import mlplab
from mlplab.streams import permutation, shuffle_key

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

X, Y = load_iris(return_X_y=True)
X = scale(X)
WEIGHT = np.random.default_rng(0).uniform(0, 3, len(Y))
TOLERANCE = 1e-13  # 30 updates in float64; products are summed in another order

PARAMETERS = [
    {},
    {"alpha": 0.5, "beta_1": 0.7, "beta_2": 0.99, "epsilon": 1e-3, "activation": "tanh"},
    {"solver": "sgd", "alpha": 0.5},
    {"solver": "sgd", "momentum": 0.5, "nesterovs_momentum": False, "activation": "identity"},
    {"solver": "sgd", "momentum": 0.0, "hidden_layer_sizes": (8, 5), "activation": "logistic"},
    {"solver": "sgd", "learning_rate": "invscaling", "learning_rate_init": 0.2, "power_t": 0.3},
]


@pytest.mark.parametrize("parameters", PARAMETERS, ids=str)
@pytest.mark.parametrize("weight", [None, WEIGHT], ids=["alike", "weighted"])
@pytest.mark.parametrize(
    ("own", "theirs", "y"),
    [
        (mlplab.MLPClassifier, SklearnClassifier, Y),
        (mlplab.MLPClassifier, SklearnClassifier, Y > 0),
        (mlplab.MLPRegressor, SklearnRegressor, X[:, 0] * X[:, 1]),
        (mlplab.MLPRegressor, SklearnRegressor, X[:, :3] ** 2),
    ],
    ids=["three classes", "two classes", "target", "three targets"],
)
def test_thirty_updates_are_scikit_learns(
    own: Any, theirs: Any, y: Any, weight: Any, parameters: dict[str, Any]
):
    settings = {
        "hidden_layer_sizes": (10,),
        "warm_start": True,
        "max_iter": 1,
        "random_state": 1,
        "n_iter_no_change": 1000,
        **parameters,
    }
    ours, reference = own(**settings).fit(X, y), theirs(**settings).fit(X, y)
    reference.coefs_ = [w.copy() for w in ours.coefs_]
    reference.intercepts_ = [b.copy() for b in ours.intercepts_]
    weights = {} if weight is None else {"sample_weight": weight}
    if weights and not has_fit_parameter(reference, "sample_weight"):
        pytest.skip("scikit-learn's own takes sample_weight from 1.7 on")
    for estimator in (ours, reference):
        estimator.set_params(max_iter=30).fit(X, y, **weights)
    assert ours.n_iter_ == reference.n_iter_ == 30
    assert ours.loss_ == pytest.approx(reference.loss_, rel=TOLERANCE)
    for a, b in zip(
        (*ours.coefs_, *ours.intercepts_),
        (*reference.coefs_, *reference.intercepts_),
        strict=True,
    ):
        np.testing.assert_allclose(a, b, atol=TOLERANCE)
    assert (ours.out_activation_, ours.n_outputs_, ours.n_layers_, ours.t_) == (
        *(reference.out_activation_, reference.n_outputs_, reference.n_layers_, reference.t_),
    )
    np.testing.assert_allclose(ours.predict(X[:9]), reference.predict(X[:9]), atol=TOLERANCE)
    # The curves go on over both trainings.
    assert len(ours.loss_curve_) == 31
    np.testing.assert_allclose(ours.loss_curve_[1:], reference.loss_curve_[1:], rtol=1e-12)


def test_parts_of_all_samples_are_epochs():
    settings = {"hidden_layer_sizes": (10,), "random_state": 1, "alpha": 0.1}
    parts = mlplab.MLPClassifier(**settings)
    for _ in range(30):
        parts.partial_fit(X, Y, classes=[0, 1, 2])
    whole = mlplab.MLPClassifier(max_iter=30, **settings).fit(X, Y)
    assert parts.t_ == whole.t_ == 30 * len(Y)
    np.testing.assert_allclose(parts.loss_curve_, whole.loss_curve_, rtol=TOLERANCE)
    for w, v in zip(parts.coefs_, whole.coefs_, strict=True):
        np.testing.assert_allclose(w, v, atol=TOLERANCE)


@pytest.mark.parametrize("solver", ["adam", "sgd"])
@pytest.mark.parametrize(
    ("own", "theirs", "y"),
    [
        (mlplab.MLPClassifier, SklearnClassifier, Y),
        (mlplab.MLPRegressor, SklearnRegressor, X[:, :3] ** 2),
    ],
    ids=["classes", "targets"],
)
def test_small_batches_in_our_order_are_scikit_learns(
    own: Any, theirs: Any, y: Any, solver: str, monkeypatch: pytest.MonkeyPatch
):
    orders = (permutation(shuffle_key(1), epoch, len(y)) for epoch in count())
    # Without a penalty: of the last batch, which is smaller, theirs is larger.
    settings = {"hidden_layer_sizes": (10,), "alpha": 0.0, "batch_size": 32, "solver": solver}
    settings |= {"warm_start": True, "random_state": 1, "max_iter": 1, "n_iter_no_change": 1000}
    ours, reference = own(**settings).fit(X, y), theirs(**settings).fit(X, y)
    reference.coefs_ = [w.copy() for w in ours.coefs_]
    reference.intercepts_ = [b.copy() for b in ours.intercepts_]
    module = "sklearn.neural_network._multilayer_perceptron.shuffle"
    monkeypatch.setattr(module, lambda rows, random_state: next(orders))
    for estimator in (ours, reference):
        estimator.set_params(max_iter=8).fit(X, y)
    for a, b in zip(ours.coefs_, reference.coefs_, strict=True):
        np.testing.assert_allclose(a, b, atol=TOLERANCE)
    np.testing.assert_allclose(ours.loss_curve_[1:], reference.loss_curve_[1:], rtol=1e-12)
