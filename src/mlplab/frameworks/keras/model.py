"""An experiment's network as a Keras model, and weights carried both ways.

Keras keeps a layer's kernel as (inputs, outputs), we as (outputs, inputs).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from mlplab.frameworks.keras.backend import global_generators_kept, keras, precision
from mlplab.frameworks.keras.formulas import keras_activation, keras_loss, keras_metric
from mlplab.frameworks.keras.noise import Noise, keras_noise
from mlplab.frameworks.keras.parts import keras_initializer, keras_optimizer, keras_regularizer
from mlplab.run import Run
from mlplab.spec import Experiment, Network
from mlplab.trial import Float


def build_model(
    experiment: Experiment, answers: int, features: int = 2, noise: Noise | None = None
) -> Any:
    """Build and compile the experiment's network as a Keras model, its weights drawn by Keras.

    Parameters
    ----------
    answers : int
        Number of classes K, or of targets.
    noise : callable, optional
        Returns the layer that multiplies by a mask or adds noise, in the place of Keras's own
        `Dropout` and `GaussianNoise`.
    """
    network, training, head = experiment.network, experiment.training, experiment.head
    noise = noise or keras_noise
    # Keras's initializer chooses its seed when it is made: no more of them are made than are used.
    begins = {
        "kernel_initializer": network.initializer,
        "bias_initializer": network.bias_initializer,
    }
    shared = {name: keras_initializer(spec) for name, spec in begins.items() if spec.shared}

    def dense(units: int, activation: Any) -> Any:
        own = {n: keras_initializer(spec) for n, spec in begins.items() if n not in shared}
        penalty = keras_regularizer(network.kernel_regularizer)
        return keras.layers.Dense(
            units, activation=activation, kernel_regularizer=penalty, **shared, **own
        )

    layers = [keras.Input((features,))]
    if network.input_noise:
        layers.append(noise("noise", network.input_noise, features))
    hidden = zip(network.layer_widths, network.activations, network.dropout_rates, strict=True)
    for width, activation, rate in hidden:
        layers.append(dense(width, keras_activation(activation, training.dtype)))
        if rate:
            layers.append(noise("dropout", rate, width))
    layers.append(dense(head.outputs(answers), head.output.__name__))
    model = _model_type(network)(layers)
    optimizer = keras_optimizer(training.optimizer)
    # Keras weights the loss alone, not what stands in `metrics`.
    model.compile(loss=keras_loss(training), optimizer=optimizer, metrics=[keras_metric(head)])
    return model


def _model_type(network: Network) -> Any:
    """Return Keras's model; where there is a penalty, one that also says how large it is."""
    return keras.Sequential if network.kernel_regularizer is None else _Penalised


class _Penalised(keras.Sequential):  # type: ignore[misc]  # Keras has no types
    """A model whose history has the penalty of each epoch, too: its mean over the samples."""

    def __init__(self, layers: list[Any]) -> None:
        super().__init__(layers)
        self.penalty_tracker = keras.metrics.Mean(name="penalty")

    def compute_loss(self, x: Any = None, y: Any = None, *args: Any, **how: Any) -> Any:
        """Compute Keras's loss, which is with the penalty."""
        self.penalty_tracker.update_state(sum(self.losses), sample_weight=keras.ops.shape(x)[0])
        return super().compute_loss(x, y, *args, **how)


def set_weights(model: Any, weights: tuple[Float, ...], biases: tuple[Float, ...]) -> None:
    """Put our W (outputs, inputs) and b (outputs,) into a model's layers."""
    for layer, w, b in zip(dense_layers(model), weights, biases, strict=True):
        layer.set_weights([w.T, b])


def dense_layers(model: Any) -> list[Any]:
    """Return the layers of a model that have weights and biases, without those that make noise."""
    return [layer for layer in model.layers if isinstance(layer, keras.layers.Dense)]


def get_weights(model: Any) -> tuple[tuple[Float, ...], tuple[Float, ...]]:
    """Return a model's weights as our W (outputs, inputs) and b (outputs,) of each layer."""
    to_numpy = keras.ops.convert_to_numpy
    layers = dense_layers(model)
    pairs = [(to_numpy(layer.kernel.value), to_numpy(layer.bias.value)) for layer in layers]
    return tuple(np.ascontiguousarray(w.T) for w, _ in pairs), tuple(b for _, b in pairs)


class KerasNetwork:
    """A trained run as Keras computes it: anything that takes `feedforward` takes this."""

    def __init__(self, run: Run) -> None:
        self.dtype, self.head = run.experiment.training.dtype, run.experiment.head
        with precision(self.dtype), global_generators_kept():
            self.model = build_model(run.experiment, run.answers, run.weights[0].shape[1])
            set_weights(self.model, run.weights, run.biases)

    def feedforward(self, x: Float) -> Float:
        """Return class probabilities, shape (samples, K), or targets, of samples (samples, features)."""
        with precision(self.dtype):
            outputs = np.asarray(self.model.predict(x, batch_size=len(x), verbose=0))
        return self.head.predictions(outputs)
