"""What a training does: seeds, validation, early stopping, going on, weights, types."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn")

from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import log_loss, mean_squared_error, r2_score
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier as SklearnClassifier
from sklearn.preprocessing import scale

import mlplab
from mlplab.estimators.partial import train_part
from mlplab.trial import Trial, Trials

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

X, Y = load_iris(return_X_y=True)
X = scale(X)
SMALL = {"hidden_layer_sizes": (8,), "max_iter": 20, "learning_rate_init": 0.03, "batch_size": 16}


def weights_of(estimator: Any) -> np.ndarray:
    return np.concatenate([np.ravel(w) for w in (*estimator.coefs_, *estimator.intercepts_)])


def fitted(random_state: Any = 0, **parameters: Any) -> Any:
    return mlplab.MLPClassifier(**{**SMALL, "random_state": random_state, **parameters}).fit(X, Y)


def test_a_number_says_all_that_is_random():
    first = fitted(3, dropout=0.2, input_noise=0.1)
    again = fitted(3, dropout=0.2, input_noise=0.1)
    assert (weights_of(first) == weights_of(again)).all()
    assert (weights_of(first) != weights_of(fitted(4, dropout=0.2, input_noise=0.1))).any()
    assert first.run_.seed == 3
    # A generator is drawn from, once for each training.
    generator = np.random.RandomState(0)
    one, two = fitted(generator), fitted(generator)
    assert one.run_.seed != two.run_.seed
    assert one.run_.seed == fitted(np.random.RandomState(0)).run_.seed
    np.random.seed(5)  # noqa: NPY002  # what scikit-learn takes where nothing is said
    seed = fitted(None).run_.seed
    np.random.seed(5)  # noqa: NPY002
    assert fitted(None).run_.seed == seed


def test_validation_data_have_curves():
    x, x_val, y, y_val = train_test_split(X, Y, random_state=0, stratify=Y)
    classifier = mlplab.MLPClassifier(**SMALL, alpha=0.0, random_state=0)
    classifier.fit(x, y, validation_data=(x_val, y_val))
    assert len(classifier.validation_scores_) == len(classifier.validation_loss_curve_) == 20
    assert classifier.validation_scores_[-1] == classifier.score(x_val, y_val)
    assert classifier.best_validation_score_ == max(classifier.validation_scores_)
    loss = log_loss(y_val, classifier.predict_proba(x_val))
    assert classifier.validation_loss_curve_[-1] == pytest.approx(loss)
    # Looking changes nothing.
    without = mlplab.MLPClassifier(**SMALL, alpha=0.0, random_state=0).fit(x, y)
    assert (weights_of(without) == weights_of(classifier)).all()
    assert without.validation_scores_ is without.validation_loss_curve_ is None


def test_a_regressor_has_r2_and_half_squared_errors():
    target = np.c_[X[:, 0] * X[:, 1], X[:, 2] ** 2]
    x, x_val, y, y_val = train_test_split(X, target, random_state=0)
    regressor = mlplab.MLPRegressor(**SMALL, alpha=0.0, random_state=0)
    regressor.fit(x, y, validation_data=(x_val, y_val))
    predicted = regressor.predict(x_val)
    assert regressor.validation_scores_[-1] == pytest.approx(r2_score(y_val, predicted))
    half = mean_squared_error(y_val, predicted) / 2
    assert regressor.validation_loss_curve_[-1] == pytest.approx(half)
    flat = mlplab.MLPRegressor(**SMALL, loss="huber", random_state=0)
    flat.fit(x, y[:, 0], validation_data=(x_val, y_val[:, 0]))
    error = np.abs(flat.predict(x_val) - y_val[:, 0]).mean()
    assert flat.validation_scores_[-1] == pytest.approx(-error)


@pytest.mark.parametrize("given", [False, True], ids=["put aside", "given"])
def test_early_stopping_restores_the_best_weights(given: bool):
    x, y = load_breast_cancer(return_X_y=True)
    x = scale(x)
    x, x_val, y, y_val = train_test_split(x, y, random_state=0, stratify=y)
    classifier = mlplab.MLPClassifier(
        (16,), learning_rate_init=0.02, early_stopping=True, random_state=0, max_iter=500
    )
    classifier.fit(x, y, validation_data=(x_val, y_val) if given else None)
    scores = classifier.validation_scores_
    best = int(np.argmax(scores))
    assert classifier.n_iter_ == len(scores) == best + 1 + 11 < 500
    assert classifier.best_loss_ is None
    if given:
        assert classifier.score(x_val, y_val) == max(scores) == classifier.best_validation_score_
    else:
        aside = round(max(scores) * 43)
        assert max(scores) == aside / 43  # a tenth of 426 samples


def test_early_stopping_of_accuracies_is_scikit_learns_rule():
    # Their rule, told our scores, stops where ours has stopped.
    classifier = fitted(early_stopping=True, max_iter=200, n_iter_no_change=4)
    scores, best, waited, epochs = classifier.validation_scores_, -np.inf, 0, 0
    for epochs, score in enumerate(scores, start=1):  # noqa: B007
        waited = waited + 1 if score < best + classifier.tol else 0
        best = max(best, score)
        if waited > 4:
            break
    assert epochs == len(scores) == classifier.n_iter_


def test_a_training_that_has_not_converged_says_so():
    with pytest.warns(ConvergenceWarning, match=r"Maximum iterations \(20\) reached"):
        fitted()
    done = fitted(max_iter=300, tol=0.01)
    assert done.n_iter_ < 300


@pytest.mark.filterwarnings("error")
def test_a_training_that_waits_for_nothing_has_no_warning():
    assert fitted(n_iter_no_change=np.inf).n_iter_ == 20


def test_adaptive_reduces_the_rate_and_ends():
    classifier = fitted(
        solver="sgd",
        learning_rate="adaptive",
        learning_rate_init=0.3,
        max_iter=1000,
        tol=0.01,
        n_iter_no_change=2,
    )
    training = classifier.experiment_.training
    assert training.reduce_lr_on_plateau.factor == 0.2
    assert training.reduce_lr_on_plateau.patience == 3
    assert training.early_stopping.patience == 3 * 9  # 0.3 / 5⁸ is the first rate below 1e-6
    assert classifier.n_iter_ < 1000


def test_warm_start_goes_on():
    classifier = mlplab.MLPClassifier(**SMALL, random_state=0, warm_start=True).fit(X, Y)
    first = classifier.loss_
    classifier.fit(X, Y)
    assert len(classifier.loss_curve_) == 40
    assert classifier.loss_curve_[20] < 1.2 * first
    assert classifier.t_ == 40 * 150
    with pytest.raises(ValueError, match="warm_start can only be used where `y` has the same"):
        classifier.fit(X[:100], Y[:100])
    classifier.set_params(hidden_layer_sizes=(9,))
    with pytest.raises(
        mlplab.MlplabError, match=r"goes on with the layers.*\[4, 8, 3\].*\[4, 9, 3\]"
    ):
        classifier.fit(X, Y)


def test_trials_that_are_trained_together_come_out_as_alone():
    # So a search may train the trials of many estimators as one population.
    settings = {**SMALL, "alpha": 0.01}
    together = [mlplab.MLPClassifier(**settings, random_state=seed) for seed in range(3)]
    prepared = [each._prepare(X, Y, None, None) for each in together]
    runs = mlplab.train(Trials.from_trials([each.trial for each in prepared]), validate=False)
    for seed, (each, found) in enumerate(zip(together, prepared, strict=True)):
        each._finish(found, runs[seed])
        alone = fitted(seed, alpha=0.01)
        assert (weights_of(each) == weights_of(alone)).all()
        assert each.loss_curve_ == alone.loss_curve_


def test_each_part_has_a_shuffle_and_noise_of_its_own(monkeypatch: pytest.MonkeyPatch):
    trials: list[Trial] = []

    def noted(trial: Trial, before: Any) -> Any:
        trials.append(trial)
        return train_part(trial, before)

    monkeypatch.setattr("mlplab.estimators.multilayer.train_part", noted)
    classifier = mlplab.MLPClassifier(**SMALL, random_state=0)
    for _ in range(3):
        classifier.partial_fit(X, Y, classes=[0, 1, 2])
    assert len({trial.shuffle_key for trial in trials}) == 3
    assert len({trial.noise_key for trial in trials}) == 3


def test_parts_learn():
    classifier = mlplab.MLPClassifier(**SMALL, random_state=0)
    for rows in np.array_split(np.random.default_rng(0).permutation(150), 5) * 8:
        classifier.partial_fit(X[rows], Y[rows], classes=[0, 1, 2])
    assert classifier.score(X, Y) > 0.9
    assert classifier.run_ is None
    assert len(classifier.loss_curve_) == 40
    once = mlplab.MLPClassifier(**SMALL, random_state=0).partial_fit(X, Y, classes=[0, 1, 2])
    assert (weights_of(once) == weights_of(fitted(max_iter=1))).all()


def test_a_regressor_learns_in_parts():
    regressor = mlplab.MLPRegressor(**SMALL, random_state=0)
    for _ in range(60):
        regressor.partial_fit(X[:, :2], X[:, 2])
    assert regressor.score(X[:, :2], X[:, 2]) > 0.8
    with pytest.raises(ValueError, match="y has 2 targets, but MLPRegressor was fitted to 1"):
        regressor.partial_fit(X[:, :2], X[:, 2:])


def test_weights_are_as_copies():
    weight = np.random.default_rng(0).integers(0, 3, 150)
    rows = np.repeat(np.arange(150), weight)
    parameters = {"hidden_layer_sizes": (8,), "max_iter": 30, "random_state": 0, "batch_size": 600}
    a = mlplab.MLPClassifier(**parameters).fit(X, Y, weight)
    b = mlplab.MLPClassifier(**parameters).fit(X[rows], Y[rows])
    np.testing.assert_allclose(weights_of(a), weights_of(b), atol=1e-12)
    c = mlplab.MLPClassifier(**parameters).fit(X, Y, weight * 7)
    assert a.experiment_.network.kernel_regularizer != c.experiment_.network.kernel_regularizer


def test_class_weights_are_those_of_the_labels():
    names = np.array(["rare", "usual"])[(Y > 0).astype(int)]
    chosen = [np.r_[0:5, 50:150]]
    x, y = X[chosen[0]][:, :1], names[chosen[0]]
    plain = mlplab.MLPClassifier(**SMALL, random_state=0).fit(x, y)
    balanced = mlplab.MLPClassifier(**SMALL, random_state=0, class_weight="balanced").fit(x, y)
    table = mlplab.MLPClassifier(
        **SMALL, random_state=0, class_weight={"rare": 105 / 10, "usual": 105 / 200}
    ).fit(x, y)
    assert (weights_of(balanced) == weights_of(table)).all()
    assert balanced.experiment_.training.class_weight == {"rare": 10.5, "usual": 0.525}
    assert (balanced.predict(x) == "rare").sum() > (plain.predict(x) == "rare").sum()
    numbers = mlplab.MLPClassifier(**SMALL, random_state=0, class_weight={0.0: 2, 2: 0.5})
    assert numbers.fit(X, Y).experiment_.training.class_weight == {"0": 2.0, "2": 0.5}
    # Some samples of a split may lack a class that has a weight: so it is in scikit-learn.
    weights = {"class_weight": {0: 2.0, 1: 3.0, 2: 0.5}}
    without = mlplab.MLPClassifier(**SMALL, random_state=0, **weights).fit(X[Y < 2], Y[Y < 2])
    assert without.experiment_.training.class_weight == {"0": 2.0, "1": 3.0}
    mlplab.MLPClassifier(**SMALL, class_weight={"rare": 1, "usual": 2, "none": 3}).fit(x, y)


@pytest.mark.parametrize(
    ("dtype", "of_x", "expected"),
    [(None, "float64", "float64"), (None, "float32", "float32"), (None, "int64", "float64"),
     ("float32", "float64", "float32")],
)  # fmt: skip
def test_the_type_is_that_of_the_samples(dtype: Any, of_x: str, expected: str):
    x = np.arange(30).reshape(10, 3).astype(of_x) / (1 if of_x == "int64" else 30)
    classifier = mlplab.MLPClassifier(**SMALL, dtype=dtype).fit(x.astype(of_x), np.arange(10) % 2)
    assert classifier.coefs_[0].dtype == expected
    assert classifier.predict_proba(x).dtype == expected


def test_a_training_that_diverges_is_refused_in_scikit_learns_words():
    with pytest.raises(mlplab.MlplabError, match="Solver produced non-finite parameter weights"):
        mlplab.MLPRegressor(solver="sgd", learning_rate_init=1e3, random_state=0).fit(1e5 * X, Y)


def test_losses_are_printed_if_asked_for(capsys: pytest.CaptureFixture[str]):
    fitted(verbose=True, max_iter=2)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(",")[0] for line in lines] == ["Iteration 1", "Iteration 2"]


def test_coefficients_have_scikit_learns_shapes():
    ours, theirs = (
        kind(hidden_layer_sizes=(8, 5), max_iter=3, random_state=0).fit(X, Y)
        for kind in (mlplab.MLPClassifier, SklearnClassifier)
    )
    assert [w.shape for w in ours.coefs_] == [w.shape for w in theirs.coefs_]
    assert [b.shape for b in ours.intercepts_] == [b.shape for b in theirs.intercepts_]
    learned = {name for name in vars(theirs) if name.endswith("_") and not name.startswith("_")}
    assert learned <= set(vars(ours)) | {"n_features_in_"}
