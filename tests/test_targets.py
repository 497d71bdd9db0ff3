"""Samples with targets: all trainers agree, whatever form the samples have, and misuse is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mlplab import Experiment, Runs, draw, train
from mlplab.data import Samples, write_samples
from mlplab.engine import Stepper
from mlplab.errors import DataError, MlplabError
from mlplab.run.outcomes import Outcomes
from mlplab.spec import REGRESSION_HEADS, Franke, SamplesFile, constant_loss
from mlplab.trial import Trials

Array = NDArray[Any]

NETWORK = {"hidden_layers": 2, "layer_width": [7, 5], "activation": "tanh"}
ADAM = {"kind": "adam", "learning_rate": 0.02}
TRAINING = {"optimizer": ADAM, "batch_size": 16, "epochs": 6}
TWO = {"kind": "arrays", "target": ["sum", "square"]}

_generator = np.random.default_rng(5)
X = _generator.normal(size=(90, 3))
Y = np.column_stack([X.sum(axis=1), X[:, 0] ** 2])
WEIGHT = _generator.uniform(0, 3, 90)


def experiment(dataset: Any, **training: Any) -> Experiment:
    return Experiment(dataset=dataset, network=NETWORK, training={**TRAINING, **training})


def largest_difference(a: Runs, b: Runs) -> float:
    """Of all weights, biases and scores of the first run of each."""
    one, other = a[0], b[0]
    pairs = [
        *zip(one.weights, other.weights, strict=True),
        *zip(one.biases, other.biases, strict=True),
    ]
    pairs += [
        (one.history.arrays()[name], other.history.arrays()[name]) for name in one.history.arrays()
    ]
    pairs += [
        (np.array(getattr(one, name)), np.array(getattr(other, name)))
        for name in ("train_loss", "train_metric", "test_loss", "test_metric")
    ]
    return max(float(np.abs(a - b).max()) for a, b in pairs)


# ---- The trainers --------------------------------------------------------------------------------


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("loss", REGRESSION_HEADS)
def test_engine_and_reference_agree_on_two_targets(loss: str, weighted: bool, tolerance: Any):
    spec = experiment(
        {**TWO, **({"sample_weight": "w"} if weighted else {})}, loss=loss, dtype="float64"
    )
    data = (X, Y, None, WEIGHT) if weighted else (X, Y)
    engine, reference = (train(spec, trainer=name, data=data) for name in ("engine", "reference"))
    assert largest_difference(engine, reference) < tolerance.trajectory_float64
    assert engine.metric == ("r2" if loss == "mean_squared_error" else "mean_absolute_error")


@pytest.mark.parametrize("loss", REGRESSION_HEADS)
def test_keras_agrees_on_two_weighted_targets(loss: str, tolerance: Any):
    spec = experiment({**TWO, "sample_weight": "w"}, loss=loss, dtype="float64")
    reference, keras = (
        train(spec, trainer=name, data=(X, Y, None, WEIGHT)) for name in ("reference", "keras")
    )
    assert keras.metric == reference.metric
    for ours, theirs in zip(reference[0].weights, keras[0].weights, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=tolerance.trajectory_float64)
    # Keras keeps its metrics in float32.
    np.testing.assert_allclose(keras.test_metric, reference.test_metric, rtol=1e-5)
    np.testing.assert_allclose(
        keras.history.train_metric, reference.history.train_metric, rtol=0, atol=1e-4
    )


@pytest.mark.parametrize("loss", REGRESSION_HEADS)
def test_a_run_is_the_same_alone_in_a_block_and_in_parts(loss: str):
    spec = experiment(TWO, loss=loss)
    block, alone = train(spec, replications=18, data=(X, Y)), train(spec, seed=1, data=(X, Y))
    stepper = Stepper(draw(spec, seed=1, data=(X, Y)))
    while stepper.epoch < spec.training.epochs:
        stepper.train(1)
    for name, scores in stepper.history.arrays().items():
        assert (scores == block[1].history.arrays()[name]).all()
    for ours, theirs, third in zip(
        block[1].weights, alone[0].weights, stepper.network[0], strict=True
    ):
        assert ours.tobytes() == theirs.tobytes() == third.tobytes()
    outputs = stepper.outputs(X[:4].astype(np.float32))
    np.testing.assert_allclose(outputs.T, block[1].feedforward(X[:4]), rtol=1e-5, atol=1e-6)


def test_what_a_training_has_besides_goes_with_targets():
    network = {**NETWORK, "dropout": 0.1, "kernel_regularizer": {"kind": "l2", "l2": 1e-3}}
    spec = Experiment(
        dataset="franke",
        network=network,
        training={**TRAINING, "epochs": 60, "early_stopping": {"patience": 3}, "dtype": "float64"},
    )
    runs, reference = train(spec, replications=17), train(spec, trainer="reference")
    assert largest_difference(runs, reference) < 1e-9
    assert runs.stopped_early.any()


# ---- The best constant answer ------------------------------------------------------------------


@pytest.mark.parametrize("loss", REGRESSION_HEADS)
@pytest.mark.parametrize("trainer", ["engine", "reference"])
def test_a_network_that_cannot_learn_is_stuck_at_a_constant(loss: str, trainer: str):
    still = {"optimizer": {"kind": "sgd", "learning_rate": 0.0}}
    runs = train(Experiment(dataset="plane", training={"loss": loss, **still}), trainer=trainer)
    assert (runs.ending.item(), runs.cause.item()) == ("stuck", "constant")
    assert "no better than that of the best constant answer" in runs[0].reason
    assert (
        train(experiment("plane", loss=loss, epochs=20), trainer=trainer).ending.item()
        == "finished"
    )


@pytest.mark.parametrize("loss", REGRESSION_HEADS)
def test_no_constant_is_better_than_the_best(loss: str):
    y = np.random.default_rng(1).exponential(2.0, size=(2, 41, 2))
    best = constant_loss(loss, y)
    head = REGRESSION_HEADS[loss]
    assert best.shape == (2,)
    for network in range(2):
        of_each = sum(
            min(
                head.mean_loss(np.full((41, 1), c), y[network, :, k : k + 1])
                for c in np.linspace(0, 8, 8001)
            )
            for k in range(2)
        )
        assert best[network] == pytest.approx(of_each / 2, rel=1e-5)
        assert best[network] <= of_each / 2 + 1e-12


def test_targets_that_do_not_vary_and_are_met_are_no_failure():
    spec = Experiment(
        dataset={"kind": "arrays", "target": "t"},
        network={"initializer": "zeros"},
    )
    assert train(spec, data=(X, np.zeros(90))).ending.item() == "finished"


def test_a_metric_that_is_not_finite_ends_no_training():
    """R² outgrows float32 where targets are tiny, and outputs not yet: the loss is finite."""
    spec = Experiment(dataset={"kind": "arrays", "target": "t"}, training={"epochs": 3})
    trials = Trials.from_seeds(spec, range(20), (X, 1e-22 * Y[:, 0]))
    runs = train(trials)
    assert (runs.history.train_metric == -np.inf).all()
    assert runs.epochs.tolist() == [3] * 20
    stepper = Stepper(trials[0])
    stepper.train(3 * stepper.updates_per_epoch)
    assert (stepper.epoch, stepper.stopped, stepper.diverged) == (3, False, False)


def test_a_loss_and_a_metric_that_are_infinite_are_a_divergence_and_no_warning():
    training = {"epochs": 3, "optimizer": {"kind": "sgd", "learning_rate": 1e30}}
    spec = Experiment(dataset={"kind": "arrays", "target": "t"}, training=training)
    stepper = Stepper(draw(spec, 0, (X, Y[:, 0])))
    stepper.train(3 * stepper.updates_per_epoch)
    assert stepper.diverged


# ---- Where samples come from -------------------------------------------------------------------


def test_every_form_of_the_same_samples_trains_the_same(tmp_path: Path):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(X, columns=["x1", "x2", "x3"]).assign(sum=Y[:, 0], square=Y[:, 1])
    frame.to_csv(tmp_path / "samples.csv", index=False)
    np.savez(tmp_path / "named.npz", x=X, sum=Y[:, 0], square=Y[:, 1])
    np.savez(tmp_path / "together.npz", x=X, y=Y)
    of_file = {"kind": "file", "target": TWO["target"]}
    first = train(experiment(TWO), data=(X, Y))
    others = [
        train(experiment(TWO), data=frame),
        train(experiment(TWO), data=Samples.from_arrays(X, Y, target=TWO["target"])),
        train(experiment("arrays"), data=Samples.from_arrays(X, Y, target=TWO["target"])),
    ]
    others += [
        train(experiment({**of_file, "path": str(tmp_path / name)}))
        for name in ("samples.csv", "named.npz", "together.npz")
    ]
    for runs in others:
        assert largest_difference(first, runs) == 0
        assert runs.target_names == ("sum", "square")
        assert runs.label_names == ()
    keys = {runs.experiment.key for runs in (first, *others[:3])}
    assert len(keys) == 1


@pytest.mark.parametrize("suffix", ["csv", "npz", "parquet"])
def test_targets_are_written_and_read_back(tmp_path: Path, suffix: str):
    if suffix == "parquet":
        pytest.importorskip("pyarrow")
    dataset = draw(Experiment(dataset=Franke(train_samples=9, test_samples=4)), seed=2).dataset
    path = tmp_path / f"franke.{suffix}"
    write_samples(dataset, path)
    spec = Experiment(dataset={"kind": "file", "path": str(path), "target": "y"})
    back = draw(spec, seed=0).dataset
    for name, split in dataset.splits.items():
        assert (back.splits[name].x == split.x).all()
        assert (back.splits[name].y == split.y).all()


@pytest.mark.parametrize("names", [("x",), ("y", "z"), ("z", "x"), ("feature_names", "y")])
def test_targets_may_be_called_as_arrays_of_an_npz_file_are(names: tuple[str, ...], tmp_path: Path):
    """Of one feature, `x` has the shape of a target, and would be taken for it."""
    target = {"kind": "arrays", "target": list(names)}
    dataset = draw(Experiment(dataset=target), 0, (X[:, :1], Y[:, : len(names)])).dataset
    write_samples(dataset, tmp_path / "s.npz")
    samples = Samples.from_file(SamplesFile(path=str(tmp_path / "s.npz"), target=names))
    assert (samples.y == np.concatenate([split.y for split in dataset.splits.values()])).all()
    assert (samples.x == np.concatenate([split.x for split in dataset.splits.values()])).all()


@pytest.mark.parametrize("suffix", ["csv", "npz"])
def test_weights_are_not_written_in_the_place_of_a_target(suffix: str, tmp_path: Path):
    spec = Experiment(dataset={"kind": "arrays", "target": "sample_weight", "sample_weight": "w"})
    dataset = draw(spec, 0, (X, Y[:, 0], None, WEIGHT)).dataset
    with pytest.raises(DataError, match="both called 'sample_weight'"):
        write_samples(dataset, tmp_path / f"s.{suffix}")
    write_samples(dataset, tmp_path / f"s.{suffix}", sample_weight="w")


def test_each_seed_splits_the_samples_anew():
    first, second = (draw(experiment(TWO), seed=seed, data=(X, Y)).dataset for seed in (0, 1))
    assert [len(split) for split in first.splits.values()] == [54, 18, 18]
    assert (first.train.y != second.train.y).any()
    everything = np.concatenate([split.y for split in first.splits.values()])
    np.testing.assert_array_equal(np.sort(everything, axis=0), np.sort(Y, axis=0))


# ---- Runs ----------------------------------------------------------------------------------------


def test_runs_are_saved_loaded_and_put_together(tmp_path: Path):
    runs = train(experiment(TWO), replications=3, data=(X, Y))
    runs.save(tmp_path / "runs")
    loaded = Runs.load(tmp_path / "runs")
    assert (loaded.metric, loaded.target_names) == ("r2", ("sum", "square"))
    for name, scores in runs.history.arrays().items():
        assert (loaded.history.arrays()[name] == scores).all()
    assert (loaded[2].predict(X) == runs[2].predict(X)).all()
    header = (tmp_path / "runs" / "runs.csv").read_text().splitlines()[0]
    assert "train_r2,test_loss,test_r2" in header
    both = Runs.concatenate([runs[:1], loaded[1:]])
    assert both.metric == "r2"
    assert Runs.from_runs([runs[0], runs[1]]).test_metric.tolist() == runs.test_metric[:2].tolist()
    outcomes = Outcomes.from_runs(runs)
    assert outcomes.test_metric.tolist() == runs.test_metric.tolist()
    assert repr(runs[0]).endswith(f"test R² {runs[0].test_metric:.4f}>")


def test_predictions_are_numbers_in_the_unit_of_the_targets():
    runs = train(
        experiment({**TWO, "standardise": True}, epochs=100, dtype="float64"), data=(X * 100, Y)
    )
    predicted = runs[0].predict(X * 100)
    assert predicted.shape == (90, 2)
    explained = 1 - ((predicted - Y) ** 2).sum(axis=0) / ((Y - Y.mean(axis=0)) ** 2).sum(axis=0)
    assert (explained > 0.7).all()


# ---- Misuse --------------------------------------------------------------------------------------


def lacking() -> Array:
    y = Y.copy()
    y[4, 1] = np.nan
    return y


@pytest.mark.parametrize(
    ("misuse", "told"),
    [
        (
            lambda: experiment("polar", loss="huber"),
            "the loss huber is of targets, and the samples have",
        ),
        (
            lambda: experiment("franke", loss="categorical_crossentropy"),
            "the loss categorical_crossentropy is of classes, and the samples have targets: ",
        ),
        (
            lambda: experiment("plane", class_weight={"0": 2.0}),
            "class_weight is of classes, and the",
        ),
        (
            lambda: experiment("plane", class_weight={"0": 1.0}),
            "class_weight is of classes, and the",
        ),
        (
            lambda: experiment("plane", loss="huber", label_smoothing=0.1),
            "needs a cross-entropy as loss",
        ),
        (
            lambda: experiment("plane", early_stopping={"monitor": "val_accuracy"}),
            "early_stopping cannot monitor the accuracy of targets: loss and val_loss can",
        ),
        (
            lambda: experiment({"kind": "plane", "train_per_class": 3}),
            "did you mean 'train_samples'",
        ),
        (lambda: experiment({"kind": "friedman_1", "n_features": 4}), "greater than or equal to 5"),
        (
            lambda: experiment({"kind": "arrays", "target": ["a", "a"]}),
            "targets must differ, received 'a'",
        ),
        (
            lambda: train(experiment("arrays"), data=(X, Y[:, 0])),
            "numbers to approximate are targets",
        ),
        (lambda: train(experiment(TWO), data=(X, Y[:, 0])), r"expected y of shape \(90, 2\)"),
        (
            lambda: train(experiment(TWO), data=(X, lacking())),
            "row 4, target 'square': expected a finite",
        ),
        (
            lambda: train(experiment(TWO), data=(X, np.full((90, 2), "a"))),
            "y must hold real numbers",
        ),
        (lambda: train(experiment(TWO), data=(X, Y * 1e300)), "choose another unit for the target"),
        (lambda: train(experiment(TWO), data=(X[:2], Y[:2])), "three samples at least are needed"),
        (
            lambda: train(experiment(TWO), data=Samples.from_arrays(X, ["a", "b"] * 45)),
            r"the experiment's target is \['sum', 'square'\], received .* with labels",
        ),
        (
            lambda: train(
                experiment({"kind": "file", "path": "s.csv", "target": "q", "features": ["q"]})
            ),
            "'q' is a target and cannot be a feature",
        ),
        (
            lambda: train(experiment("plane"))[0].predict_proba(X[:, :2]),
            "probabilities are of classes",
        ),
        (
            lambda: train(experiment("plane"))[0].confusion_matrix(X[:, :2], Y[:, 0]),
            "counts of labels are of classes, and the run of seed 0 has targets",
        ),
    ],
)
def test_misuse_is_one_sentence(misuse: Callable[[], object], told: str):
    with pytest.raises(MlplabError, match=told):
        misuse()


@pytest.mark.parametrize("trainer", ["engine", "reference"])
def test_targets_of_ones_own_that_the_type_cannot_hold_are_refused_by_every_trainer(trainer: str):
    trial = draw(experiment(TWO), 0, (X, Y))
    test = replace(trial.dataset.test, y=1e200 * trial.dataset.test.y)
    trial = replace(trial, dataset=replace(trial.dataset, test=test))
    with pytest.raises(MlplabError, match="test targets that are finite numbers in float32"):
        train(trial, trainer=trainer)


@pytest.mark.parametrize("loss", REGRESSION_HEADS)
def test_targets_that_float64_cannot_square_are_no_warning(loss: str):
    for trainer in ("engine", "reference"):
        run = train(
            experiment(TWO, loss=loss, dtype="float64"), data=(X, 1e200 * Y), trainer=trainer
        )[0]
        assert run.ending == ("diverged" if loss == "mean_squared_error" else "stuck")


def test_targets_have_no_accuracy():
    runs = train(experiment("plane"))
    for each in (runs, runs[0], runs.history):
        with pytest.raises(
            AttributeError, match=r"targets have no accuracy: the .*_metric .* is the r2"
        ):
            _ = each.train_accuracy
