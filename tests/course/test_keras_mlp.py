"""The course's `keras_mlp`: Keras and nothing else, by the course's names."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

pytest.importorskip("keras")

from mlplab.course import keras_mlp
from mlplab.course.data_generator import DataGenerator
from mlplab.course.keras_mlp import KerasMLP, keras
from mlplab.course.mlp import MLP
from mlplab.errors import MlplabError

pytestmark = pytest.mark.slow


def small(data: DataGenerator, **setup: Any) -> KerasMLP:
    network = KerasMLP(data, verbose=False)
    network.setup_model(**{"hidden_layers": 2, "layer_width": 5, "activation": "relu"} | setup)
    return network


def test_weights_are_as_the_lab_writes_them(rings: DataGenerator) -> None:
    W, b = small(rings).get_weights()
    assert isinstance(W, list)
    assert isinstance(b, list)
    assert [w.shape for w in W] == [(5, 2), (5, 5), (3, 5)]
    assert [v.shape for v in b] == [(5, 1), (5, 1), (3, 1)]
    for layer, w, v in zip(small(rings).model.layers, W, b, strict=True):
        assert layer.kernel.shape == w.T.shape
        assert not v.any()


def test_defaults_are_the_courses(rings: DataGenerator) -> None:
    network = KerasMLP(rings, verbose=False)
    network.setup_model()
    network.compile()
    assert [w.shape for w in network.get_weights()[0]] == [(3, 2)]
    assert isinstance(network.model.loss, keras.losses.CategoricalCrossentropy)
    assert isinstance(network.model.optimizer, keras.optimizers.SGD)
    assert float(network.model.optimizer.learning_rate) == 1.0


def test_init_normal_is_keras_normal(rings: DataGenerator) -> None:
    W, _ = small(rings, layer_width=200).get_weights()
    # 40,000 normal numbers of standard deviation 0.05: mean and deviation within six standard errors.
    assert abs(W[1].mean()) < 6 * 0.05 / 200
    assert abs(W[1].std() - 0.05) < 6 * 0.05 / 200 / np.sqrt(2)


def test_layers_draw_their_own_weights_from_one_initializer(rings: DataGenerator) -> None:
    W, _ = small(
        rings, hidden_layers=3, init=keras.initializers.RandomNormal(0.1, 0.1)
    ).get_weights()
    assert not np.array_equal(W[1], W[2])
    W, _ = small(rings, hidden_layers=3, init=keras.initializers.RandomNormal(seed=1)).get_weights()
    np.testing.assert_array_equal(W[1], W[2])


def test_training_is_what_keras_does_by_hand(rings: DataGenerator, tolerance: Any) -> None:
    keras.utils.set_random_seed(5)
    network = small(rings, init="glorot_normal")
    network.compile(loss_fn=keras.losses.MeanSquaredError(), optimizer=keras.optimizers.Adam(0.01))
    network.train(batch_size=16, epochs=2)

    keras.utils.set_random_seed(5)
    layers = [
        keras.layers.Dense(n, activation=activation, kernel_initializer="glorot_normal")
        for n, activation in ((5, "relu"), (5, "relu"), (3, "softmax"))
    ]
    model = keras.Sequential([keras.Input((2,)), *layers])
    model.compile(loss="mean_squared_error", optimizer=keras.optimizers.Adam(0.01))
    history = model.fit(rings.x_train, rings.y_train_oh, batch_size=16, epochs=2, verbose=0).history
    assert network.log.history["loss"] == history["loss"]
    W, b = network.get_weights()
    for layer, w, v in zip(layers, W, b, strict=True):
        np.testing.assert_array_equal(keras.ops.convert_to_numpy(layer.kernel.value).T, w)
        np.testing.assert_array_equal(keras.ops.convert_to_numpy(layer.bias.value), v[:, 0])
    assert set(network.log.history) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    # Keras predicts in batches of 32, we in one, and sums are rounded in another order.
    wanted, found = model.predict(rings.x_test, verbose=0), network.feedforward(rings.x_test)
    np.testing.assert_allclose(found, wanted, rtol=0, atol=tolerance.float32)


def test_an_own_network_of_its_weights_performs_the_same(
    rings: DataGenerator, capsys: pytest.CaptureFixture[str]
) -> None:
    """And nothing else is printed; what gives no number is right nowhere."""
    network = small(rings, init="glorot_normal")
    network.compile(loss_fn="mean_squared_error", optimizer="adam")
    network.train(batch_size=16, epochs=3)
    network.evaluate()
    printed = capsys.readouterr().out
    own = MLP(rings)
    own.setup_model(*network.get_weights(), activation="relu")
    capsys.readouterr()
    own.evaluate()
    assert capsys.readouterr().out == printed
    names = [line.split(":")[0].strip() for line in printed.splitlines()]
    assert names == [
        "Model performance",
        "Train loss",
        "Train accuracy",
        "Test loss",
        "Test accuracy",
    ]
    network.model.layers[-1].set_weights([np.full((5, 3), np.nan), np.zeros(3)])
    network.evaluate()
    assert "Test accuracy:  0.00" in capsys.readouterr().out


def test_verbose_shows_keras_at_work(
    rings: DataGenerator, capsys: pytest.CaptureFixture[str]
) -> None:
    network = KerasMLP(rings)
    network.setup_model()
    assert "Total params" in capsys.readouterr().out
    network.compile()
    network.train(epochs=2)
    assert "Epoch 2/2" in capsys.readouterr().out


def test_the_training_is_drawn_up_to_where_it_diverged(
    rings: DataGenerator, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures: list[Figure] = []
    monkeypatch.setattr(keras_mlp, "show", lambda figure, path: figures.append(figure))
    network = small(rings)
    network.compile(loss_fn="mean_squared_error")
    network.train(epochs=2)
    network.plot_training("a.png")
    network.compile(loss_fn=keras.losses.MeanSquaredError())
    network.plot_training()
    for figure in figures:
        assert figure.axes[0].get_ylabel() == "loss (mean squared error)"
        median = figure.axes[0].lines[0].get_ydata()
        np.testing.assert_array_equal(median, network.log.history["loss"])
    for name, values in network.log.history.items():
        network.log.history[name] = [values[0], 0.2 if "accuracy" in name else np.nan]
    network.plot_training()
    for panel in figures[2].axes:
        assert all(np.isnan(line.get_ydata()).tolist() == [False, True] for line in panel.lines)


def test_what_comes_too_early_is_refused(rings: DataGenerator) -> None:
    network = KerasMLP(rings, verbose=False)
    for ask in (network.compile, network.train, network.get_weights, network.evaluate):
        with pytest.raises(MlplabError, match="call setup_model"):
            ask()
    network.setup_model()
    for ask in (network.train, network.evaluate):
        with pytest.raises(MlplabError, match="call compile"):
            ask()
    with pytest.raises(MlplabError, match="call train"):
        network.plot_training()


def test_points_of_a_notebook_stay_in_the_plane(rings: DataGenerator) -> None:
    model = KerasMLP(rings, verbose=False)
    model.setup_model()
    model.compile()
    rings.x_test = np.zeros((len(rings.x_test), 4))
    for call in (model.train, model.evaluate):
        with pytest.raises(MlplabError, match="the course's points lie in the plane: x_test must"):
            call()
