"""Parameters become an experiment; what is wrong or does not apply is refused before any work."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn")

from sklearn.datasets import load_iris
from sklearn.neural_network import MLPClassifier as SklearnClassifier
from sklearn.neural_network import MLPRegressor as SklearnRegressor
from sklearn.preprocessing import scale

import mlplab
from mlplab.spec import L1L2, L2, SGD, Adam, GlorotUniform, OptimizerSpec, RandomNormal, Schedule
from mlplab.spec.schedules import CosineDecay

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

X, Y = load_iris(return_X_y=True)
X = scale(X)


def experiment_of(y: Any = Y, **parameters: Any) -> mlplab.Experiment:
    kind = mlplab.MLPRegressor if np.asarray(y).dtype.kind == "f" else mlplab.MLPClassifier
    return kind(**{"max_iter": 1, "hidden_layer_sizes": (4,), **parameters}).fit(X, y).experiment_


@pytest.mark.parametrize(
    ("own", "theirs"),
    [(mlplab.MLPClassifier, SklearnClassifier), (mlplab.MLPRegressor, SklearnRegressor)],
)
def test_parameters_are_scikit_learns_by_name_and_default(own: Any, theirs: Any):
    ours, reference = own().get_params(), theirs().get_params()
    assert set(reference) - set(ours) == {"max_fun"}  # of lbfgs
    assert {name: ours[name] for name in reference if name in ours} == {
        name: value for name, value in reference.items() if name in ours
    }


def test_defaults_are_an_experiment():
    experiment = mlplab.MLPClassifier().fit(X, Y).experiment_
    network, training = experiment.network, experiment.training
    assert (network.layer_widths, network.activations) == ((100,), ("relu",))
    assert network.initializer == GlorotUniform()
    assert network.kernel_regularizer == L2(l2=1e-4 / (2 * 150))
    assert training.optimizer == Adam(learning_rate=0.001, epsilon=1e-8)
    assert (training.loss, training.batch_size, training.epochs) == (
        *("categorical_crossentropy", 150, 200),
    )
    assert training.early_stopping.monitor == "loss"
    assert (training.early_stopping.patience, training.early_stopping.min_delta) == (11, 1e-4)


def test_layers_are_translated():
    network = experiment_of(
        hidden_layer_sizes=[6, 5, 4],
        activation=["identity", "logistic", "gelu"],
        dropout=[0.0, 0.1, 0.2],
        kernel_initializer="he_normal",
        bias_initializer=RandomNormal(stddev=0.1),
        kernel_regularizer="l1",
        alpha=0.3,
        input_noise=0.1,
    ).network
    assert network.layer_widths == (6, 5, 4)
    assert network.activations == ("linear", "sigmoid", "gelu")
    assert network.dropout_rates == (0.0, 0.1, 0.2)
    assert network.initializer.kind == "he_normal"
    assert network.bias_initializer == RandomNormal(stddev=0.1)
    assert network.kernel_regularizer == L1L2(l1=0.01, l2=0.3 / 300)
    assert network.input_noise == 0.1
    assert experiment_of(hidden_layer_sizes=(), alpha=0).network.hidden_layers == 0
    assert experiment_of(hidden_layer_sizes=(), alpha=0).network.kernel_regularizer is None
    assert experiment_of(hidden_layer_sizes=np.int64(3)).network.layer_widths == (3,)


@pytest.mark.parametrize("solver", list(OptimizerSpec.kinds))
def test_every_optimizer_of_the_spec_is_a_solver(solver: str):
    optimizer = experiment_of(solver=solver, clipnorm=1.0, learning_rate_init=0.02)
    kind = OptimizerSpec.kinds[solver]
    expected = {"learning_rate": 0.02, "clipnorm": 1.0}
    if solver == "sgd":
        expected |= {"momentum": 0.9, "nesterov": True}
    if solver == "adam":
        expected |= {"epsilon": 1e-8}
    assert optimizer.training.optimizer == kind(**expected)
    own = kind(learning_rate=0.5)
    assert experiment_of(solver=own).training.optimizer == own


def test_learning_rates_are_translated():
    schedule = CosineDecay(initial_learning_rate=0.1, decay_steps=10)
    assert experiment_of(learning_rate=schedule).training.optimizer.learning_rate == schedule
    rate = experiment_of(learning_rate="invscaling", max_iter=3, solver="adamw", weight_decay=0.01)
    optimizer = rate.training.optimizer
    assert isinstance(optimizer.learning_rate, Schedule)
    assert optimizer.weight_decay == 0.01
    assert optimizer.learning_rate.values == pytest.approx(
        [0.001, 0.001 / 151**0.5, 0.001 / 301**0.5]
    )
    assert experiment_of(solver="sgd", momentum=0.0).training.optimizer == SGD(learning_rate=0.001)


def test_losses_are_translated():
    assert experiment_of(Y > 0).training.loss == "binary_crossentropy"
    two = mlplab.MLPClassifier(max_iter=1, loss="categorical_crossentropy").fit(X, Y > 0)
    assert (two.n_outputs_, two.out_activation_) == (2, "softmax")
    assert experiment_of(label_smoothing=0.1).training.label_smoothing == 0.1
    assert experiment_of(Y + 0.5).training.loss == "mean_squared_error"
    assert experiment_of(Y + 0.5, loss="huber").training.loss == "huber"
    # Keras's loss has no half, scikit-learn's has.
    half, whole = (
        mlplab.MLPRegressor(max_iter=1, alpha=0, random_state=0, loss=loss).fit(X, Y)
        for loss in ("squared_error", "mean_squared_error")
    )
    assert whole.loss_ == pytest.approx(2 * half.loss_)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"solver": "adam", "momentum": 0.5}, "momentum does not apply to solver='adam'"),
        ({"solver": "sgd", "beta_1": 0.5}, "beta_1 does not apply to solver='sgd'"),
        ({"solver": "lion", "epsilon": 1e-3}, "epsilon does not apply to solver='lion'"),
        ({"solver": SGD(), "learning_rate_init": 0.1}, "learning_rate_init does not apply"),
        ({"solver": SGD(), "learning_rate": "adaptive"}, "learning_rate does not apply"),
        ({"early_stopping": True, "validation_fraction": 0}, "raise validation_fraction, received 0"),
        ({"shuffle": False}, "shuffle=False cannot be had"),
        ({"power_t": 0.3}, "power_t does not apply to learning_rate='constant'"),
        ({"validation_fraction": 0.3}, "validation_fraction does not apply to early_stopping=False"),
        ({"activation": ["relu", "tanh"]}, "activation must be one name or 1 of them"),
        ({"activation": ["rleu"]}, "unknown name 'rleu'; did you mean 'relu'"),
        ({"hidden_layer_sizes": (), "dropout": 0.5}, "dropout does not apply to hidden_layer_sizes"),
        ({"hidden_layer_sizes": (5, 0)}, r"hidden_layer_sizes must be > 0, got \[5, 0\]\."),
        ({"hidden_layer_sizes": (5.5,)}, r"hidden_layer_sizes must be whole numbers, received \(5.5"),
        ({"clipnorm": 1.0, "clipvalue": 1.0}, "can clip a gradient, received clipvalue=1.0 and"),
        ({"label_smoothing": 0.1, "loss": "mean_squared_error"}, "needs a cross-entropy as loss"),
        ({"loss": "binary_crossentropy"}, "binary_crossentropy is of two classes, received 3"),
        ({"class_weight": {9: 1.0}}, "class_weight has a weight for 9, which is no class"),
        # The labels are numbers; as a text, "0" is the name of the class 0.
        ({"class_weight": {"0": 1.0}}, r"a weight for '0', which is no class: .* are \[0, 1, 2\]"),
        ({"class_weight": {0: -1.0}}, "greater than or equal to 0, received -1.0"),
        ({"learning_rate": "adaptive", "n_iter_no_change": np.inf}, "needs a number of epochs"),
        ({"class_weight": {0: "x"}}, "class_weight.0: input should be a valid number"),
        ({"dropout": ["x"]}, "dropout.0: input should be a valid number"),
        ({"hidden_layer_sizes": (10**6, 10**6)}, r"4, 1000000, 1000000, 3 needs about 40,000 GB"),
        ({"bias_initializer": "orthogonal"}, "bias_initializer must be one of single numbers"),
    ],
    ids=str,
)  # fmt: skip
def test_what_does_not_apply_is_refused(parameters: dict[str, Any], message: str):
    with pytest.raises(mlplab.MlplabError, match=message):
        mlplab.MLPClassifier(**parameters).fit(X, Y)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"max_iter": 0}, r"'max_iter' parameter of MLPClassifier must be an int in the range \[1"),
        ({"solver": "lbfgs"}, "'solver' parameter of MLPClassifier must be a str among"),
        ({"activation": "rleu"}, "'activation' parameter of MLPClassifier must be"),
        ({"alpha": -1.0}, "'alpha' parameter of MLPClassifier must be a float"),
        ({"learning_rate_init": float("nan")}, "'learning_rate_init' parameter"),
        ({"dtype": "float16"}, "'dtype' parameter of MLPClassifier must be"),
        ({"class_weight": "even"}, "'class_weight' parameter of MLPClassifier must be"),
    ],
    ids=str,
)
def test_what_is_not_valid_is_refused_in_scikit_learns_words(
    parameters: dict[str, Any], message: str
):
    with pytest.raises(ValueError, match=message):
        mlplab.MLPClassifier(**parameters).fit(X, Y)


def with_nan() -> np.ndarray:
    x = X.copy()
    x[3, 1] = np.nan
    return x


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (with_nan(), Y, "Input X contains NaN"),
        (X, np.ones(150), "contains only one class: 1.0"),
        (X, Y[:-1], "inconsistent numbers of samples"),
        (X, Y + 0.5, "Unknown label type: continuous"),
        (X, np.eye(3)[Y], "one label, and y has 3 columns: .*OneVsRestClassifier"),
        (X[:, 0], Y, "Expected 2D array, got 1D array"),
        (X[:0], Y[:0], "Found array with 0 sample"),
    ],
    ids=["nan", "one class", "lengths", "fractions", "multilabel", "1d", "empty"],
)
def test_samples_that_cannot_be_used_are_refused(x: Any, y: Any, message: str):
    with pytest.raises(ValueError, match=message):
        mlplab.MLPClassifier().fit(x, y)


@pytest.mark.parametrize(
    ("weight", "message"),
    [
        (-np.ones(150), "Negative values in data passed to `sample_weight`"),
        (np.zeros(150), "Sample weights must contain at least one non-zero number"),
        (np.ones(149), r"sample_weight.shape == \(149,\), expected \(150,\)"),
        (np.full(150, np.nan), "sample_weight contains NaN"),
    ],
)
def test_weights_that_cannot_be_used_are_refused(weight: Any, message: str):
    with pytest.raises(ValueError, match=message):
        mlplab.MLPClassifier().fit(X, Y, weight)


def test_a_model_takes_the_features_that_it_knows():
    classifier = mlplab.MLPClassifier(max_iter=1).fit(X, Y)
    with pytest.raises(ValueError, match="X has 3 features, but MLPClassifier is expecting 4"):
        classifier.predict(X[:, :3])
    with pytest.raises(ValueError, match="X has 3 features, but MLPClassifier is expecting 4"):
        classifier.fit(X, Y, validation_data=(X[:, :3], Y))
    unseen = (
        r"validation samples have the class 3, which no training sample has: the classes are \[0, 1"
    )
    with pytest.raises(ValueError, match=unseen):
        classifier.fit(X, Y, validation_data=(X, Y + 1))
    with pytest.raises(mlplab.MlplabError, match=r"validation_data must be \(X, y\)"):
        classifier.fit(X, Y, validation_data=X)
    with pytest.raises(
        mlplab.MlplabError, match="does not apply where validation samples are given"
    ):
        mlplab.MLPClassifier(early_stopping=True, validation_fraction=0.3).fit(
            X, Y, validation_data=(X, Y)
        )
    with pytest.raises(mlplab.MlplabError, match="is beyond float32"):
        mlplab.MLPClassifier(dtype="float32").fit(1e50 * X, Y)


def test_parts_are_refused_in_scikit_learns_words():
    classifier = mlplab.MLPClassifier()
    with pytest.raises(ValueError, match="classes must be passed on the first call to partial_fit"):
        classifier.partial_fit(X, Y)
    classifier.partial_fit(X[:50], Y[:50], classes=[0, 1])
    with pytest.raises(ValueError, match="is not the same as on last call to partial_fit"):
        classifier.partial_fit(X[:50], Y[:50], classes=[0, 2])
    with pytest.raises(ValueError, match="`y` has classes not in"):
        classifier.partial_fit(X, Y)
    for parameters, message in (
        ({"early_stopping": True}, "partial_fit does not support early_stopping=True"),
        ({"learning_rate": "adaptive"}, "partial_fit does not support learning_rate='adaptive'"),
        ({"class_weight": "balanced"}, "class_weight 'balanced' is not supported for partial_fit"),
    ):
        with pytest.raises(mlplab.MlplabError, match=message):
            mlplab.MLPClassifier(**parameters).partial_fit(X, Y, classes=[0, 1, 2])
    with pytest.raises(ValueError, match="contains only one class"):
        mlplab.MLPClassifier().partial_fit(X[:50], Y[:50], classes=[0])


def test_without_scikit_learn_one_sentence_says_what_to_install_and_all_other_names_are_there():
    code = (
        "import sys; sys.modules['sklearn'] = None\n"
        "import inspect, mlplab\nfrom mlplab import *\n"
        "print('MLPClassifier' in dir(mlplab), 'Experiment' in dict(inspect.getmembers(mlplab)))\n"
        "try:\n    mlplab.MLPClassifier\n"
        "except mlplab.MlplabError as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    listed, sentence = done.stdout.splitlines()
    assert listed.split() == ["False", "True"]
    assert sentence.startswith("mlplab.MLPClassifier, MLPRegressor and PopulationSearchCV need")
    assert "pip install" in sentence
    assert "[sklearn]" in sentence
