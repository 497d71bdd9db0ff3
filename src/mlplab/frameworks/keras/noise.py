"""Dropout and noise on inputs: Keras's own layers, or one that takes the numbers of a trial."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from mlplab.frameworks.keras.backend import keras
from mlplab.trial import Float, Trial

NoiseKind = Literal["dropout", "noise"]
Noise = Callable[[NoiseKind, float, int], Any]


def keras_noise(kind: NoiseKind, strength: float, units: int) -> Any:
    """Return Keras's own layer, which draws by itself."""
    layers = {"dropout": keras.layers.Dropout, "noise": keras.layers.GaussianNoise}
    return layers[kind](strength)


class GivenNoise(keras.layers.Layer):  # type: ignore[misc]  # Keras has no types
    """Dropout or noise on inputs by numbers that are handed in, those of a whole epoch at a time.

    In training, each call takes the numbers of as many samples as it gets, in their order.
    """

    def __init__(self, kind: NoiseKind, samples: int, units: int) -> None:
        super().__init__()
        self.kind = kind
        self.numbers = self.add_weight(shape=(samples, units), initializer="zeros", trainable=False)
        self.used = self.add_weight(shape=(), initializer="zeros", dtype="int32", trainable=False)

    def hand_in(self, numbers: Float) -> None:
        """Take the numbers of the next epoch, shape (samples, units)."""
        self.numbers.assign(numbers)
        self.used.assign(0)

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Multiply by the next masks, or add the next noise, in training only."""
        if not training:
            return inputs
        start = (self.used.value, keras.ops.zeros_like(self.used.value))
        numbers = keras.ops.slice(self.numbers.value, start, inputs.shape)
        self.used.assign(self.used + inputs.shape[0])
        return inputs * numbers if self.kind == "dropout" else inputs + numbers


def hand_in_noise(model: Any, trial: Trial, epoch: int) -> None:
    """Give a model of `train` the masks of an epoch, and the noise of its inputs."""
    places, hidden = np.arange(len(trial.dataset.train)), -1
    for layer in model.layers:
        hidden += isinstance(layer, keras.layers.Dense)
        if isinstance(layer, GivenNoise) and layer.kind == "noise":
            layer.hand_in(trial.input_noise(epoch, places))
        elif isinstance(layer, GivenNoise):
            layer.hand_in(trial.dropout_mask(epoch, places, hidden))
