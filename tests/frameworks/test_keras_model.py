"""An experiment's network becomes a Keras model, which draws what it must, and weights go both ways."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest

from mlplab.frameworks.keras import (
    KerasNetwork,
    accuracy,
    build_model,
    get_weights,
    keras,
    keras_initializer,
    precision,
    set_weights,
)
from mlplab.reference import MultilayerPerceptron
from mlplab.reference import train as train_by_reference
from mlplab.spec import (
    Experiment,
    InitializerSpec,
    Network,
    Polar,
    Training,
)
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


def test_model_is_the_experiments():
    model = build_model(EXPERIMENT, answers=3)
    assert [layer.units for layer in model.layers] == [4, 3, 3]
    names = [layer.activation.__name__ for layer in model.layers]
    assert names == ["relu", "relu", "softmax"]


def test_each_layer_of_the_model_has_its_own_activation():
    network = Network(hidden_layers=3, layer_width=4, activation=("tanh", "relu", "elu"))
    model = build_model(EXPERIMENT.model_copy(update={"network": network}), answers=3)
    names = [layer.activation.__name__ for layer in model.layers]
    assert names == ["tanh", "relu", "elu", "softmax"]


def test_gelu_tanh_is_keras_s_approximation():
    network = Network(hidden_layers=2, layer_width=4, activation=("gelu", "gelu_tanh"))
    exact, near, _ = build_model(EXPERIMENT.varied({"network": network}), answers=3).layers
    z = np.array([[-1.0, 0.5, 2.0]], np.float32)
    of = keras.activations.gelu
    np.testing.assert_array_equal(exact.activation(z), of(z))
    np.testing.assert_array_equal(near.activation(z), of(z, approximate=True))
    assert not np.array_equal(of(z), of(z, approximate=True))


def test_accuracy_is_keras_s_save_that_an_output_that_is_no_number_is_wrong():
    p = np.random.default_rng(1).random((50, 3))
    y = np.eye(3)[np.random.default_rng(2).integers(3, size=50)]
    theirs = keras.ops.convert_to_numpy(keras.metrics.categorical_accuracy(y, p))
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(accuracy(y, p)), theirs)
    assert 0 < theirs.mean() < 1
    p[::2, 1] = np.nan
    theirs[::2] = 0
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(accuracy(y, p)), theirs)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_weights_come_back_as_they_were_set(dtype: str):
    trial = draw(of_training(dtype=dtype), seed=1)
    biases = tuple(b + np.arange(len(b), dtype=dtype) for b in trial.biases)
    with precision(dtype):
        model = build_model(trial.experiment, answers=3)
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


@pytest.mark.parametrize("shared", [False, True])
def test_one_shared_initializer_gives_layers_of_one_shape_equal_weights(shared: bool):
    # What the listings of tasks 1.3 and 1.4 do: one object without a seed, handed to all layers.
    initializer = {"kind": "random_normal", "shared": shared}
    network = Network(hidden_layers=4, layer_width=3, activation="relu", initializer=initializer)
    trial = draw(EXPERIMENT.model_copy(update={"network": network}), seed=1)
    theirs, _ = get_weights(build_model(trial.experiment, answers=3))
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

    monkeypatch.setattr("mlplab.frameworks.keras.model.keras_initializer", make)
    initializer = {"kind": "he_normal", "shared": shared}
    network = Network(hidden_layers=2, layer_width=4, activation="relu", initializer=initializer)
    build_model(EXPERIMENT.model_copy(update={"network": network}), answers=3)
    assert len([spec for spec in specs if spec.kind == "he_normal"]) == made


@pytest.mark.parametrize("shared", [False, True])
def test_biases_begin_as_the_experiment_says(shared: bool):
    biases = {"kind": "random_normal", "mean": 0.5, "stddev": 0.1, "shared": shared}
    network = Network(hidden_layers=2, layer_width=400, activation="relu", bias_initializer=biases)
    _, drawn = get_weights(build_model(EXPERIMENT.varied({"network": network}), answers=3))
    assert [b.shape for b in drawn] == [(400,), (400,), (3,)]
    assert drawn[0].mean() == pytest.approx(0.5, abs=4 * 0.1 / 20)
    assert drawn[0].std() == pytest.approx(0.1, abs=4 * 0.1 / np.sqrt(800))
    assert np.array_equal(drawn[0], drawn[1]) == shared
