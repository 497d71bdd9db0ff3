"""The activations, losses and metrics of Keras, save where Keras lacks one or computes in float32."""

from __future__ import annotations

from typing import Any

from mlplab.errors import MlplabError
from mlplab.frameworks.keras.backend import keras
from mlplab.spec import ActivationName, Head, Training


def accuracy(y: Any, p: Any) -> Any:
    """Keras's own accuracy of each sample, save that one with an output that is not a number is wrong.

    Keras takes the first such output for the largest, so that a run that diverged would have an accuracy
    above zero: the fraction of class 0.
    """
    predicts = keras.ops.all(keras.ops.isfinite(p), axis=-1)
    of_kind = (
        keras.metrics.binary_accuracy if p.shape[-1] == 1 else keras.metrics.categorical_accuracy
    )
    right = keras.ops.reshape(of_kind(y, p), keras.ops.shape(predicts))
    return right * keras.ops.cast(predicts, right.dtype)


def keras_metric(head: Head) -> Any:
    """Return Keras's metric of a head, by our name for it."""
    if head.metric_name == "accuracy":
        return accuracy
    if head.metric_name == "r2":
        return keras.metrics.R2Score(class_aggregation="uniform_average", name="r2")
    return keras.metrics.MeanAbsoluteError(name="mean_absolute_error")


def keras_activation(name: ActivationName, dtype: str) -> Any:
    """Return Keras's own activation, save for tanh in float64.

    Keras on JAX takes tanh in float32, even of float64 values, as it takes means (see `keras_loss`); that
    would hide an agreement to 1e-9. The sigmoid keeps its type, and tanh z = 2 σ(2z) - 1.

    Keras has both forms of the GELU by one name: `gelu_tanh` is its `gelu(z, approximate=True)`.
    """
    if name == "gelu_tanh":
        return _gelu_tanh
    if not hasattr(keras.activations, name):
        raise MlplabError(f"Keras has no activation called {name!r}, and cannot train with it")
    return _tanh if (name, dtype) == ("tanh", "float64") else name


def _gelu_tanh(z: Any) -> Any:
    return keras.activations.gelu(z, approximate=True)


def _tanh(z: Any) -> Any:
    return 2 * keras.ops.sigmoid(2 * z) - 1


def keras_loss(training: Training) -> Any:
    """Return Keras's own loss, save for those that take a mean over outputs, in float64.

    Keras on JAX takes every mean in float32, even of float64 values (its type promotion knows no 64-bit
    floats). One class in K then weighs 1/K rounded to float32, which for K = 5 is wrong by 1.5e-8 and
    would hide an agreement to 1e-9. Sums keep their type, so there the mean is written as a sum.
    """
    smoothing = training.label_smoothing

    def mean_squared_error(y: Any, p: Any) -> Any:
        return keras.ops.sum(keras.ops.square(p - y), axis=-1) / p.shape[-1]

    def binary_crossentropy(y: Any, p: Any) -> Any:
        y = y * (1.0 - smoothing) + 0.5 * smoothing if smoothing else y
        return keras.ops.sum(keras.ops.binary_crossentropy(y, p), axis=-1) / p.shape[-1]

    def mean_absolute_error(y: Any, p: Any) -> Any:
        return keras.ops.sum(keras.ops.abs(p - y), axis=-1) / p.shape[-1]

    def huber(y: Any, p: Any) -> Any:
        size = keras.ops.abs(p - y)
        each = keras.ops.where(size <= 1.0, 0.5 * keras.ops.square(size), size - 0.5)
        return keras.ops.sum(each, axis=-1) / p.shape[-1]

    own = mean_squared_error, mean_absolute_error, huber, binary_crossentropy
    for loss in own if training.dtype == "float64" else ():
        if loss.__name__ == training.loss:
            return loss
    if not smoothing:
        return training.loss
    name = "".join(word.capitalize() for word in training.loss.split("_"))
    return getattr(keras.losses, name)(label_smoothing=smoothing)
