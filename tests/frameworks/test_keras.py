"""Keras does what is described, draws what it should draw itself, and is left as it was found."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from mlplab.frameworks.keras import (
    KerasNetwork,
    accuracy,
    build_model,
    fit,
    get_weights,
    keras,
    keras_initializer,
    keras_learning_rate,
    keras_optimizer,
    precision,
    set_weights,
    train,
)
from mlplab.reference import MultilayerPerceptron
from mlplab.reference import train as train_by_reference
from mlplab.spec import (
    SGD,
    Experiment,
    InitializerSpec,
    Linear,
    Network,
    OptimizerSpec,
    Polar,
    Schedule,
    Training,
)
from mlplab.spec.part import Part
from mlplab.trial import draw

EXPERIMENT = Experiment(
    dataset=Polar(classes=3, train_per_class=8, test_per_class=8),
    network=Network(hidden_layers=2, layer_width=(4, 3), activation="relu"),
    training=Training(batch_size=6, epochs=2),
)


def of_training(**values: Any) -> Experiment:
    return EXPERIMENT.model_copy(
        update={"training": Training(**{"batch_size": 6, "epochs": 2, **values})}
    )


def are_equal(first: Any, second: Any) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


# ---- A description becomes Keras's object --------------------------------------------------------

# Required values, and some that are no defaults, so that a lost parameter shows.
VALUES: dict[str, dict[str, Any]] = {
    "random_normal": {"mean": 0.1, "stddev": 0.2},
    "random_uniform": {"minval": -0.3, "maxval": 0.4},
    "truncated_normal": {"mean": 0.1, "stddev": 0.2},
    "orthogonal": {"gain": 1.5},
    "identity": {"gain": 0.5},
    "constant": {"value": 0.1},
    "sgd": {"learning_rate": 0.3, "momentum": 0.2, "nesterov": True},
    "adam": {"learning_rate": 0.3, "beta_1": 0.8, "beta_2": 0.9, "epsilon": 1e-5},
    "adamw": {"learning_rate": 0.3, "weight_decay": 0.2, "beta_1": 0.8, "clipnorm": 0.5},
    "nadam": {"learning_rate": 0.3, "beta_1": 0.8, "beta_2": 0.9, "clipvalue": 0.5},
    "adagrad": {"learning_rate": 0.3, "initial_accumulator_value": 0.2, "epsilon": 1e-5},
    "rmsprop": {"learning_rate": 0.3, "rho": 0.8, "momentum": 0.2, "weight_decay": 0.1},
    "adadelta": {"learning_rate": 0.3, "rho": 0.8, "epsilon": 1e-5, "global_clipnorm": 0.5},
    "lion": {"learning_rate": 0.3, "beta_1": 0.8, "beta_2": 0.9, "weight_decay": 0.1},
    "exponential_decay": {
        "initial_learning_rate": 0.3,
        "decay_steps": 7,
        "decay_rate": 0.5,
        "staircase": True,
    },
    "piecewise_constant_decay": {"boundaries": (3, 7), "values": (0.3, 0.2, 0.1)},
    "polynomial_decay": {
        "initial_learning_rate": 0.3,
        "decay_steps": 7,
        "end_learning_rate": 0.1,
        "power": 2.0,
        "cycle": True,
    },
    "inverse_time_decay": {
        "initial_learning_rate": 0.3,
        "decay_steps": 7,
        "decay_rate": 0.5,
        "staircase": True,
    },
    "cosine_decay": {
        "initial_learning_rate": 0.3,
        "decay_steps": 7,
        "alpha": 0.1,
        "warmup_target": 0.5,
        "warmup_steps": 2,
    },
    "cosine_decay_restarts": {
        "initial_learning_rate": 0.3,
        "first_decay_steps": 7,
        "t_mul": 3.0,
        "m_mul": 0.5,
        "alpha": 0.1,
    },
}


def assert_has(theirs: Any, spec: Part) -> None:
    """Keras's object has the class of the kind's name, and every value of the description."""
    assert type(theirs).__name__.lower() == spec.kind.replace("_", "")
    configuration = theirs.get_config()
    for name, value in spec.model_dump(exclude={"kind", "shared"}).items():
        wanted = list(value) if isinstance(value, tuple) else value
        if value is None or (name == "weight_decay" and value == 0):
            assert configuration[name] is None, name
        else:
            # An optimizer's learning rate is a float32 variable.
            # What the configuration of Keras's identity leaves out is its attribute.
            found = configuration[name] if name in configuration else getattr(theirs, name)
            assert found == pytest.approx(wanted, rel=1e-7), name


@pytest.mark.parametrize("kind", InitializerSpec.kinds)
def test_every_initializer_becomes_keras_s(kind: str):
    spec = InitializerSpec.kinds[kind](**VALUES.get(kind, {}))
    assert_has(keras_initializer(spec), spec)


# Keras's `get_config` turns a variable into an array in a way that NumPy 2 deprecates.
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")
@pytest.mark.parametrize("kind", OptimizerSpec.kinds)
def test_every_optimizer_becomes_keras_s(kind: str):
    spec = OptimizerSpec.kinds[kind](**VALUES[kind])
    assert_has(keras_optimizer(spec), spec)


@pytest.mark.parametrize("kind", Schedule.kinds)
def test_every_schedule_becomes_keras_s(kind: str):
    spec = Schedule.kinds[kind](**VALUES[kind])
    assert_has(keras_learning_rate(spec), spec)


@pytest.mark.parametrize("kind", Schedule.kinds)
def test_every_schedule_drives_an_optimizer(kind: str):
    spec = Schedule.kinds[kind](**VALUES[kind])
    with precision("float32"):
        optimizer = keras_optimizer(SGD(learning_rate=spec))
        optimizer.build([keras.Variable(np.zeros(1))])
        assert float(optimizer.learning_rate) == pytest.approx(0.3)


def test_model_is_the_experiments():
    model = build_model(EXPERIMENT, classes=3)
    assert [layer.units for layer in model.layers] == [4, 3, 3]
    names = [layer.activation.__name__ for layer in model.layers]
    assert names == ["relu", "relu", "softmax"]


def test_each_layer_of_the_model_has_its_own_activation():
    network = Network(hidden_layers=3, layer_width=4, activation=("tanh", "relu", "elu"))
    model = build_model(EXPERIMENT.model_copy(update={"network": network}), classes=3)
    names = [layer.activation.__name__ for layer in model.layers]
    assert names == ["tanh", "relu", "elu", "softmax"]


# ---- Weights both ways ---------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_weights_come_back_as_they_were_set(dtype: str):
    trial = draw(of_training(dtype=dtype), seed=1)
    biases = tuple(b + np.arange(len(b), dtype=dtype) for b in trial.biases)
    with precision(dtype):
        model = build_model(trial.experiment, classes=3)
        set_weights(model, trial.weights, biases)
        weights_back, biases_back = get_weights(model)
    assert are_equal(weights_back, trial.weights)
    assert are_equal(biases_back, biases)
    assert all(array.dtype == dtype for array in (*weights_back, *biases_back))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_keras_and_the_reference_compute_the_same_from_a_run(dtype: str, tolerance: Any):
    trial = draw(of_training(dtype=dtype), seed=1)
    run = train_by_reference(trial)
    x = trial.dataset.test.x
    theirs = KerasNetwork(run).feedforward(x)
    ours = MultilayerPerceptron(run.weights, run.biases, "relu").feedforward(x)
    assert theirs.shape == (24, 3)
    assert theirs.dtype == dtype
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=getattr(tolerance, dtype))


# ---- Keras's own draws ---------------------------------------------------------------------------


@pytest.mark.slow
def test_fit_is_the_same_for_a_seed():
    trial = draw(EXPERIMENT, seed=1)
    first, again = fit(trial), fit(trial)
    assert are_equal(first.weights, again.weights)
    assert first.history.train_loss.tolist() == again.history.train_loss.tolist()


@pytest.mark.slow
def test_fit_draws_its_own_weights_by_the_experiments_initializer():
    experiment = Experiment(
        dataset=Linear(train_per_class=1, test_per_class=1),
        network=Network(
            hidden_layers=1,
            layer_width=1000,
            activation="linear",
            initializer={"kind": "random_normal", "mean": 0.3, "stddev": 0.1},
        ),
        training=Training(optimizer=SGD(learning_rate=0.0)),
    )
    trial = draw(experiment, seed=1)
    drawn = fit(trial).weights
    assert not np.isin(drawn[0], trial.weights[0]).any()
    # 4,000 weights: four standard errors of a mean are 0.1 · 4/√4000, and of a deviation 1/√2 of that.
    sample = np.concatenate([w.ravel() for w in drawn])
    assert sample.mean() == pytest.approx(0.3, abs=0.4 / np.sqrt(4000))
    assert sample.std() == pytest.approx(0.1, abs=0.4 / np.sqrt(8000))


@pytest.mark.parametrize("shared", [False, True])
def test_one_shared_initializer_gives_layers_of_one_shape_equal_weights(shared: bool):
    # What the listings of tasks 1.3 and 1.4 do: one object without a seed, handed to all layers.
    initializer = {"kind": "random_normal", "shared": shared}
    network = Network(hidden_layers=4, layer_width=3, activation="relu", initializer=initializer)
    trial = draw(EXPERIMENT.model_copy(update={"network": network}), seed=1)
    theirs, _ = get_weights(build_model(trial.experiment, classes=3))
    for weights in (trial.weights, theirs):
        assert [w.shape for w in weights] == [(3, 2), *[(3, 3)] * 4]
        for first, second in combinations(weights[1:], 2):
            assert np.array_equal(first, second) == shared
    assert not np.isin(trial.weights[0], trial.weights[1]).any()


@pytest.mark.parametrize(("shared", "made"), [(False, 3), (True, 1)])
def test_no_more_initializers_are_made_than_are_used(
    shared: bool, made: int, monkeypatch: pytest.MonkeyPatch
):
    # Each chooses its seed when it is made: another one would change all draws after it.
    specs: list[InitializerSpec] = []

    def make(spec: InitializerSpec) -> Any:
        specs.append(spec)
        return keras_initializer(spec)

    monkeypatch.setattr("mlplab.frameworks.keras.keras_initializer", make)
    initializer = {"kind": "he_normal", "shared": shared}
    network = Network(hidden_layers=2, layer_width=4, activation="relu", initializer=initializer)
    build_model(EXPERIMENT.model_copy(update={"network": network}), classes=3)
    assert len([spec for spec in specs if spec.kind == "he_normal"]) == made


@pytest.mark.parametrize("shared", [False, True])
def test_biases_begin_as_the_experiment_says(shared: bool):
    biases = {"kind": "random_normal", "mean": 0.5, "stddev": 0.1, "shared": shared}
    network = Network(hidden_layers=2, layer_width=400, activation="relu", bias_initializer=biases)
    _, drawn = get_weights(build_model(EXPERIMENT.varied({"network": network}), classes=3))
    assert [b.shape for b in drawn] == [(400,), (400,), (3,)]
    assert drawn[0].mean() == pytest.approx(0.5, abs=4 * 0.1 / 20)
    assert drawn[0].std() == pytest.approx(0.1, abs=4 * 0.1 / np.sqrt(800))
    assert np.array_equal(drawn[0], drawn[1]) == shared


def test_gelu_tanh_is_keras_s_approximation():
    network = Network(hidden_layers=2, layer_width=4, activation=("gelu", "gelu_tanh"))
    exact, near, _ = build_model(EXPERIMENT.varied({"network": network}), classes=3).layers
    z = np.array([[-1.0, 0.5, 2.0]], np.float32)
    of = keras.activations.gelu
    np.testing.assert_array_equal(exact.activation(z), of(z))
    np.testing.assert_array_equal(near.activation(z), of(z, approximate=True))
    assert not np.array_equal(of(z), of(z, approximate=True))


def test_fit_shuffles_by_itself_and_each_seed_in_its_own_way():
    # From weights of zero the batch order is all that is left to chance.
    experiment = Experiment(
        dataset=Linear(train_per_class=8, test_per_class=1),
        network=Network(initializer="zeros"),
        training=Training(optimizer=SGD(learning_rate=1.0), batch_size=4),
    )
    trial = draw(experiment, seed=1)
    assert not are_equal(fit(trial).weights, fit(replace(trial, seed=2)).weights)


def test_fit_ends_early_when_it_diverges():
    # A step of 1e38 takes float32, which ends at 3.4e38, to infinity within the first epoch or two.
    diverging = of_training(optimizer=SGD(learning_rate=1e38), epochs=5)
    run = fit(draw(diverging, seed=1))
    assert run.ending == "diverged"
    assert run.updates < 20
    assert np.isnan(run.history.validation_loss[run.updates // 4 - 1 :]).all()


def test_accuracy_is_keras_s_save_that_an_output_that_is_no_number_is_wrong():
    p = np.random.default_rng(1).random((50, 3))
    y = np.eye(3)[np.random.default_rng(2).integers(3, size=50)]
    theirs = keras.ops.convert_to_numpy(keras.metrics.categorical_accuracy(y, p))
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(accuracy(y, p)), theirs)
    assert 0 < theirs.mean() < 1
    p[::2, 1] = np.nan
    theirs[::2] = 0
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(accuracy(y, p)), theirs)


def test_a_backend_whose_scores_are_tensors_leaves_numbers(monkeypatch: pytest.MonkeyPatch):
    # As torch's; an array without axes can be rounded as little as they can.
    evaluate = keras.Sequential.evaluate

    def as_arrays(*args: Any, **how: Any) -> dict[str, Any]:
        return {name: np.array(score) for name, score in evaluate(*args, **how).items()}

    monkeypatch.setattr(keras.Sequential, "evaluate", as_arrays)
    run = train(draw(EXPERIMENT, seed=1))
    for score in (run.train_loss, run.train_accuracy, run.test_loss, run.test_accuracy):
        assert type(score) is float


# ---- Nothing is left behind ----------------------------------------------------------------------


def random_states() -> tuple[Any, ...]:
    name, key, *rest = np.random.get_state()  # noqa: NPY002  # what Keras uses
    return random.getstate(), name, key.tolist(), *rest


def settings() -> tuple[Any, ...]:
    dtype = keras.ops.convert_to_numpy(keras.ops.convert_to_tensor(np.ones(1))).dtype
    return keras.config.floatx(), keras.config.dtype_policy().name, dtype


@pytest.mark.parametrize("trainer", [train, fit])
def test_training_reports_every_epoch_and_leaves_the_global_generators_alone(trainer: Any):
    before = random_states()
    epochs: list[int] = []
    run = trainer(draw(EXPERIMENT, seed=1), lambda: epochs.append(1))
    assert random_states() == before
    assert len(epochs) == 2
    assert (run.trainer, run.seed, run.updates) == ("keras", 1, 8)
    assert run.history.train_loss.shape == run.history.validation_accuracy.shape == (2,)
    assert np.isfinite(run.history.train_loss).all()


def test_a_network_in_keras_leaves_the_global_generators_alone():
    run = train_by_reference(draw(EXPERIMENT, seed=1))
    before = random_states()
    KerasNetwork(run)
    assert random_states() == before


class Stopped(Exception):  # noqa: N818  # no error
    """What a caller may raise between epochs."""


@pytest.mark.parametrize("trainer", [train, fit])
def test_generators_and_dtype_are_put_back_when_training_is_stopped(trainer: Any):
    before = random_states(), settings()

    def stop() -> None:
        raise Stopped

    with pytest.raises(Stopped):
        trainer(draw(of_training(dtype="float64"), seed=1), stop)
    assert (random_states(), settings()) == before


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_precision_holds_inside_and_is_put_back(dtype: str):
    before = settings()
    with precision(dtype):
        assert settings() == (dtype, dtype, dtype)
        with precision("float32"):
            assert settings() == ("float32", "float32", "float32")
        assert settings() == (dtype, dtype, dtype)
    assert settings() == before


def test_precision_is_put_back_after_an_error():
    before = settings()
    with pytest.raises(Stopped), precision("float64"):
        raise Stopped
    assert settings() == before


def test_precision_puts_back_another_policy():
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        with precision("float64"):
            assert keras.config.dtype_policy().name == "float64"
        assert keras.config.dtype_policy().name == "mixed_bfloat16"
    finally:
        keras.config.set_dtype_policy("float32")


@pytest.mark.slow
def test_two_threads_of_different_precision_train_as_each_alone():
    wide = Experiment(dataset="linear", training={"epochs": 2, "dtype": "float64"})
    narrow = Experiment(dataset="linear", training={"epochs": 2})
    alone = [train(draw(spec, seed=1)) for spec in (wide, narrow)]
    with ThreadPoolExecutor(2) as pool:
        beside = list(pool.map(lambda spec: train(draw(spec, seed=1)), (wide, narrow) * 2))
    for run, other in zip(alone * 2, beside, strict=True):
        assert run.weights[0].dtype == other.weights[0].dtype
        np.testing.assert_array_equal(run.weights[0], other.weights[0])
