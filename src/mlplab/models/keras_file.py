"""Models of Keras: a Sequential of Dense, Dropout and Activation layers, in a `.keras` file."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from mlplab.errors import MlplabError, shown, suggestion
from mlplab.models.answers import Answers
from mlplab.models.keras_archive import KerasWeights, not_keras, read_archive
from mlplab.models.model import Model
from mlplab.run.history import Float, Float64
from mlplab.spec import ACTIVATIONS

LAYERS = ("InputLayer", "Normalization", "Dense", "Activation", "Dropout")
"""Kinds of layers that are read. What a Dropout layer does, it does in training only."""

ALONE = frozenset({"gelu_tanh"})
"""Activations that Keras has not by a name of their own."""

_OTHER_NAMES = {"swish": "silu"}

SMALLEST_SCALE = 1e-7
"""Keras's epsilon: its Normalization divides by nothing smaller."""


@dataclass
class _Read:
    """What the layers that were read so far make: arrays, and the activation of each."""

    weights: list[Float] = field(default_factory=list)
    biases: list[Float] = field(default_factory=list)
    activations: list[str] = field(default_factory=list)
    mean: Float64 | None = None
    scale: Float64 | None = None


def read_keras(path: str | Path, answers: Answers | None = None) -> Model:
    """Read a model that Keras 3 has saved as `.keras`; nothing of it is executed.

    Parameters
    ----------
    path : str or Path
    answers : Answers, optional
        What the file does not say: names of features, labels and targets.

    Raises
    ------
    MlplabError
        If the file cannot be read, or the model is no Sequential of `LAYERS`; one sentence that names
        what is not expected.
    MissingExtraError
        If h5py is not installed.
    """
    path = Path(path)
    config, content = read_archive(path)
    layers = _layers(config, path)
    weights = KerasWeights(content, path)
    read = _Read()
    for number, (kind, of_layer) in enumerate(layers):
        if kind == "Dense":
            _read_dense(read, of_layer, weights, path)
        elif kind == "Activation":
            _read_activation(read, of_layer, path)
        elif kind == "Normalization":
            if read.weights or number > 1:
                raise not_keras(path, "a Normalization layer may stand before all others only")
            _read_normalization(read, of_layer, path)
    if not read.weights:
        raise not_keras(path, "it has no Dense layer")
    try:
        return (answers or Answers()).model(
            read.weights,
            read.biases,
            read.activations,
            input_mean=read.mean,
            input_scale=read.scale,
        )
    except MlplabError as error:
        raise not_keras(path, error) from error


def _layers(config: Mapping[str, Any], path: Path) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the kind and the description of each layer, after a check that all are expected."""
    kind = config.get("class_name")
    inner = config.get("config")
    if kind != "Sequential" or not isinstance(inner, dict):
        raise not_keras(path, f"a Sequential model was expected, received {shown(kind)}")
    found = inner.get("layers")
    if not isinstance(found, list):
        raise not_keras(path, f"its layers must be a list, received {shown(found)}")
    layers = []
    for each in found:
        if not isinstance(each, dict) or not isinstance(each.get("config"), dict):
            raise not_keras(path, f"a layer must be a table with a config, received {shown(each)}")
        kind = each.get("class_name")
        if kind not in LAYERS or each.get("registered_name") not in (None, kind):
            raise not_keras(
                path,
                f"layers of {', '.join(LAYERS)} are read, received {shown(each['config'].get('name'))} "
                f"of {shown(each.get('registered_name') or kind)}",
            )
        layers.append((kind, each["config"]))
    return layers


def _read_dense(read: _Read, config: Mapping[str, Any], weights: KerasWeights, path: Path) -> None:
    units, name = config.get("units"), config.get("name")
    if type(units) is not int or units < 1:
        raise not_keras(
            path, f"units of {shown(name)} must be a whole number, received {shown(units)}"
        )
    # Keras calls the layers in its file by their class and their number among those of it.
    layer = f"dense_{len(read.weights)}" if read.weights else "dense"
    # How many features the first layer takes, its kernel says.
    inputs = len(read.biases[-1]) if read.biases else None
    kernel = weights.array(layer, 0, (inputs, units))
    has_biases = config.get("use_bias", True)
    biases = weights.array(layer, 1, (units,)) if has_biases else np.zeros(units, kernel.dtype)
    read.weights.append(np.ascontiguousarray(kernel.T))
    read.biases.append(biases)
    read.activations.append(_activation(config, path))


def _read_activation(read: _Read, config: Mapping[str, Any], path: Path) -> None:
    if not read.activations or read.activations[-1] != "linear":
        raise not_keras(
            path,
            f"the Activation layer {shown(config.get('name'))} must follow a Dense layer that has "
            "no activation of its own",
        )
    read.activations[-1] = _activation(config, path)


def _activation(config: Mapping[str, Any], path: Path) -> str:
    found = config.get("activation", "linear")
    name = _OTHER_NAMES.get(found, found) if isinstance(found, str) else None
    known = [*(each for each in ACTIVATIONS if each not in ALONE), "softmax"]
    if name not in known:
        hint = suggestion(found, known) if isinstance(found, str) else f"known: {', '.join(known)}"
        raise not_keras(
            path, f"unknown activation {shown(found)} of {shown(config.get('name'))}; {hint}"
        )
    return str(name)


def _read_normalization(read: _Read, config: Mapping[str, Any], path: Path) -> None:
    mean, variance = (_numbers(config.get(name)) for name in ("mean", "variance"))
    if mean is None or variance is None or config.get("invert"):
        raise not_keras(
            path, "a Normalization layer must have its mean and variance as lists of numbers"
        )
    if (variance < 0).any():
        raise not_keras(path, f"a variance must not be negative, received {variance.min()}")
    # The root of a square is the number itself, in floating point, too.
    read.mean, read.scale = mean, np.maximum(np.sqrt(variance), SMALLEST_SCALE)


def _numbers(value: Any) -> Float64 | None:
    """Return a list of numbers, also within lists of one, as an array; None of another thing."""
    while isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
        value = value[0]
    if not isinstance(value, list) or not all(type(each) in (int, float) for each in value):
        return None
    try:
        return np.array(value, np.float64)
    except OverflowError:  # a whole number of many digits
        return None


def keras_bytes(model: Model) -> bytes:
    """Return the content of a `.keras` file, written by Keras itself.

    The features' mean and scale are its first layer, a Normalization.

    Raises
    ------
    MissingExtraError
        If Keras is not installed.
    MlplabError
        If Keras has no activation of a name, or cannot divide by the scale of a feature.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        network = to_keras(model)
        with warnings.catch_warnings():
            # Keras's own way to copy an array, which NumPy means to end.
            warnings.simplefilter("ignore", DeprecationWarning)
            network.save(path)
        return path.read_bytes()


def to_keras(model: Model) -> Any:
    """Return a model of Keras with the same weights.

    Raises
    ------
    MissingExtraError, MlplabError
        As `keras_bytes`.
    """
    from mlplab.frameworks.keras import keras, precision, set_weights
    from mlplab.frameworks.keras.backend import global_generators_kept

    for name in model.activations:
        if name in ALONE or not hasattr(keras.activations, name):
            raise MlplabError(
                f"Keras has no activation called '{name}', so that it cannot have the model"
            )
    if model.input_scale is not None:
        _check_scale(model, model.input_scale)
    with precision(str(model.dtype)), global_generators_kept():
        layers = [keras.Input((model.features,))]
        if model.input_mean is not None and model.input_scale is not None:
            mean, variance = model.input_mean.tolist(), (model.input_scale**2).tolist()
            layers.append(keras.layers.Normalization(mean=mean, variance=variance))
        sizes = model.layer_sizes[1:]
        kinds = (*model.activations, model.output_activation)
        layers += [keras.layers.Dense(n, activation=k) for n, k in zip(sizes, kinds, strict=True)]
        network = keras.Sequential(layers)
        set_weights(network, model.weights, model.biases)
    return network


def _check_scale(model: Model, scale: Float64) -> None:
    """Refuse what a Normalization would not divide by: Keras computes it in float32."""
    largest = float(np.sqrt(np.finfo(np.float32).max))
    for name, each in zip(model.feature_names, scale, strict=True):
        if not SMALLEST_SCALE <= each <= largest:
            raise MlplabError(
                f"Keras divides features by {SMALLEST_SCALE} to {largest:.2g}, and {shown(name)} must "
                f"be divided by {each}: train with it in another unit"
            )
