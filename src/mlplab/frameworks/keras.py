"""The same trial, trained by Keras 3 itself: what the other trainers are compared with.

`train` starts from the trial's own weights and takes its own shuffles, so that it must follow the
same path as our trainers. `fit` lets Keras draw the initial weights and shuffle, as a student does.
Weights are carried both ways; Keras keeps a layer's kernel as (inputs, outputs), we as (outputs, inputs).

The backend is the one that KERAS_BACKEND names, and JAX where it names none.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

import numpy as np

from mlplab.errors import MissingExtraError, MlplabError
from mlplab.run import History, Run, about_samples, count_predictions, how_it_ended
from mlplab.spec import (
    ActivationName,
    Experiment,
    InitializerSpec,
    LearningRate,
    Network,
    OptimizerSpec,
    RegularizerSpec,
    Training,
)
from mlplab.spec.class_weight import class_weights
from mlplab.spec.part import Part
from mlplab.spec.stopping import MONITORS, is_raised
from mlplab.trial import Float, Trial

TRAINING_BACKENDS = ("jax", "tensorflow", "torch")


def _import_keras() -> Any:
    """Import Keras with the backend that the user named, or JAX, and keep it quiet."""
    backend = os.environ.setdefault("KERAS_BACKEND", "jax")
    if backend not in TRAINING_BACKENDS:
        raise MlplabError(
            f"KERAS_BACKEND must name one that can train ({', '.join(TRAINING_BACKENDS)}), "
            f"or be unset for jax, received '{backend}'"
        )
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        import keras
    except ImportError as error:
        if error.name == backend != "jax":
            raise MlplabError(
                f"KERAS_BACKEND names {backend}, which is not installed: install it, or unset "
                "KERAS_BACKEND for jax"
            ) from error
        needs = f"training with Keras needs keras and its backend {backend}, and {error.name} is missing"
        raise MissingExtraError(needs, "keras") from error
    return keras


keras = _import_keras()


_SETTINGS = threading.RLock()
"""Held while Keras's global settings are ours: it has one precision for all threads."""


@contextmanager
def precision(dtype: str) -> Iterator[None]:
    """Let Keras compute in a dtype; JAX has to be told separately before it admits float64.

    Another thread that asks for a precision waits until this one is done.
    """
    with _SETTINGS, _precision(dtype):
        yield


@contextmanager
def _precision(dtype: str) -> Iterator[None]:
    before = keras.config.floatx(), keras.config.dtype_policy()
    keras.config.set_floatx(dtype)
    keras.config.set_dtype_policy(dtype)
    try:
        if keras.backend.backend() == "jax":
            import jax

            with jax.enable_x64(dtype == "float64"):
                yield
        else:
            yield
    finally:
        keras.config.set_floatx(before[0])
        keras.config.set_dtype_policy(before[1])


def build_model(
    experiment: Experiment, classes: int, features: int = 2, noise: Noise | None = None
) -> Any:
    """Build and compile the experiment's network as a Keras model, its weights drawn by Keras.

    Parameters
    ----------
    noise : callable, optional
        Returns the layer that multiplies by a mask or adds noise, in the place of Keras's own
        `Dropout` and `GaussianNoise`.
    """
    network, training, head = experiment.network, experiment.training, experiment.training.head
    noise = noise or _keras_noise
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
    layers.append(dense(head.outputs(classes), head.output.__name__))
    model = _model_type(network)(layers)
    optimizer = keras_optimizer(training.optimizer)
    # Keras weights the loss alone, not what stands in `metrics`.
    model.compile(loss=keras_loss(training), optimizer=optimizer, metrics=[accuracy])
    return model


NoiseKind = Literal["dropout", "noise"]
Noise = Callable[[NoiseKind, float, int], Any]


def _keras_noise(kind: NoiseKind, strength: float, units: int) -> Any:
    """Return Keras's own layer, which draws by itself."""
    layers = {"dropout": keras.layers.Dropout, "noise": keras.layers.GaussianNoise}
    return layers[kind](strength)


class _Given(keras.layers.Layer):  # type: ignore[misc,name-defined]  # Keras has no types
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


def _model_type(network: Network) -> Any:
    """Return Keras's model; where there is a penalty, one that also says how large it is."""
    return keras.Sequential if network.kernel_regularizer is None else _Penalised


class _Penalised(keras.Sequential):  # type: ignore[misc,name-defined]  # Keras has no types
    """A model whose history has the penalty of each epoch, too: its mean over the samples."""

    def __init__(self, layers: list[Any]) -> None:
        super().__init__(layers)
        self.penalty_tracker = keras.metrics.Mean(name="penalty")

    def compute_loss(self, x: Any = None, y: Any = None, *args: Any, **how: Any) -> Any:
        """Compute Keras's loss, which is with the penalty."""
        self.penalty_tracker.update_state(sum(self.losses), sample_weight=keras.ops.shape(x)[0])
        return super().compute_loss(x, y, *args, **how)


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

    if training.dtype == "float64" and training.loss == "mean_squared_error":
        return mean_squared_error
    if training.dtype == "float64" and training.loss == "binary_crossentropy":
        return binary_crossentropy
    if not smoothing:
        return training.loss
    name = "".join(word.capitalize() for word in training.loss.split("_"))
    return getattr(keras.losses, name)(label_smoothing=smoothing)


def keras_initializer(spec: InitializerSpec) -> Any:
    """Return Keras's own initializer of a description; our names and parameters are Keras's."""
    return _keras_part(keras.initializers, spec, "shared")


def keras_regularizer(spec: RegularizerSpec | None) -> Any:
    """Return Keras's own regularizer of a description, None for none."""
    return spec and _keras_part(keras.regularizers, spec)


def keras_optimizer(spec: OptimizerSpec) -> Any:
    """Return Keras's own optimizer of a description."""
    apart = {"learning_rate": keras_learning_rate(spec.learning_rate)}
    if spec.weight_decay == 0 and spec.kind != "adamw":  # AdamW takes no None
        apart["weight_decay"] = None
    return _keras_part(keras.optimizers, spec, *apart, **apart)


def keras_learning_rate(spec: LearningRate) -> Any:
    """Return a number as it is, and a schedule as Keras's own."""
    if isinstance(spec, float | int):
        return spec
    return _keras_part(keras.optimizers.schedules, spec)


def keras_callbacks(training: Training) -> list[Any]:
    """Return Keras's own callbacks that stop a training early, or reduce its learning rate."""
    rules = training.early_stopping, training.reduce_lr_on_plateau
    return [
        # Keras does not know of a metric of ours which way is better.
        _keras_part(keras.callbacks, rule, mode="max" if is_raised(rule.monitor) else "min")
        for rule in rules
        if rule is not None
    ]


def _keras_part(module: Any, spec: Part, *but: str, **more: Any) -> Any:
    """Return Keras's object of a part: its class and its parameters have the same names as ours."""
    name = type(spec).__name__
    if not hasattr(module, name):
        raise MlplabError(f"Keras has no {name}, so that it cannot train this experiment")
    fields = {field: getattr(spec, field) for field in type(spec).model_fields}
    parameters = {k: v for k, v in fields.items() if k not in {"kind", *but}}
    lists = {k: list(v) if isinstance(v, tuple) else v for k, v in parameters.items()}
    return getattr(module, name)(**lists, **more)


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
        self.dtype, self.head = run.experiment.training.dtype, run.experiment.training.head
        with precision(self.dtype), _global_generators_kept():
            self.model = build_model(
                run.experiment, classes=len(run.label_names), features=run.weights[0].shape[1]
            )
            set_weights(self.model, run.weights, run.biases)

    def feedforward(self, x: Float) -> Float:
        """Return the class probabilities, shape (samples, K), of samples of shape (samples, features)."""
        with precision(self.dtype):
            outputs = np.asarray(self.model.predict(x, batch_size=len(x), verbose=0))
        return self.head.probabilities(outputs)


def train(trial: Trial, on_epoch: Callable[[], None] = lambda: None) -> Run:
    """Train a trial with Keras from the trial's own weights, by its own shuffles and with its own noise.

    Parameters and result as `mlplab.reference.train`.
    """
    with precision(trial.experiment.training.dtype), _global_generators_kept():
        samples, targets = trial.dataset.train.x, trial.targets(trial.dataset.train)
        weights = trial.training_weights

        def given(kind: NoiseKind, strength: float, units: int) -> _Given:
            return _Given(kind, len(samples), units)

        model = build_model(trial.experiment, trial.dataset.classes, trial.dataset.features, given)
        set_weights(model, trial.weights, trial.biases)

        def fit_epochs(**how: Any) -> Iterator[dict[str, list[float]]]:
            for epoch in range(trial.experiment.training.epochs):
                shuffle = trial.shuffle(epoch)
                hand_in_noise(model, trial, epoch)
                # Numbering the epochs on keeps callbacks right; the optimizer keeps its own count.
                yield model.fit(
                    samples[shuffle],
                    targets[shuffle],
                    sample_weight=None if weights is None else weights[shuffle],
                    shuffle=False,
                    initial_epoch=epoch,
                    epochs=epoch + 1,
                    **how,
                ).history

        return _train(trial, model, fit_epochs, on_epoch)


def hand_in_noise(model: Any, trial: Trial, epoch: int) -> None:
    """Give a model of `train` the masks of an epoch, and the noise of its inputs."""
    places, hidden = np.arange(len(trial.dataset.train)), -1
    for layer in model.layers:
        hidden += isinstance(layer, keras.layers.Dense)
        if isinstance(layer, _Given) and layer.kind == "noise":
            layer.hand_in(trial.input_noise(epoch, places))
        elif isinstance(layer, _Given):
            layer.hand_in(trial.dropout_mask(epoch, places, hidden))


def fit(trial: Trial, on_epoch: Callable[[], None] = lambda: None) -> Run:
    """Train on a trial's samples as a student does: Keras draws the weights and shuffles.

    The draws are Keras's, seeded by the trial's seed; they are not those of the trial.
    """
    with precision(trial.experiment.training.dtype), _global_generators_kept():
        keras.utils.set_random_seed(trial.seed % 2**32)
        model = build_model(trial.experiment, trial.dataset.classes, trial.dataset.features)
        samples, targets = trial.dataset.train.x, trial.targets(trial.dataset.train)
        how_much = _weighting(trial)

        def fit_once(**how: Any) -> Iterator[dict[str, list[float]]]:
            epochs = trial.experiment.training.epochs
            yield model.fit(samples, targets, epochs=epochs, **how_much, **how).history

        return _train(trial, model, fit_once, on_epoch)


def _weighting(trial: Trial) -> dict[str, Any]:
    """Return what Keras's `fit` is told of weights: it takes those of classes or of samples, not both."""
    class_weight, train = trial.experiment.training.class_weight, trial.dataset.train
    if class_weight is not None and train.weight is None:
        of_each = class_weights(class_weight, trial.dataset.label_names)
        return {"class_weight": dict(enumerate(of_each.tolist()))}
    return {"sample_weight": trial.training_weights}


def _train(
    trial: Trial,
    model: Any,
    histories: Callable[..., Iterator[dict[str, list[float]]]],
    on_epoch: Callable[[], None],
) -> Run:
    """Train by one call of Keras's `fit` or several, and gather what they leave behind."""
    began = time.perf_counter()
    training, dataset = trial.experiment.training, trial.dataset
    penalised = trial.experiment.network.kernel_regularizer is not None
    names = (*MONITORS, *("penalty", "val_penalty")[: 2 * penalised])
    epochs: list[tuple[float, ...]] = []
    rules = keras.callbacks.CallbackList(keras_callbacks(training), model=model)
    rules.on_train_begin()
    for history in histories(
        batch_size=training.batch_size,
        validation_data=(dataset.validation.x, trial.targets(dataset.validation)),
        validation_batch_size=len(dataset.validation),
        callbacks=[
            _StopWhenNotFinite(),
            _EachEpoch(rules),
            keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: on_epoch()),
        ],
        verbose=0,
    ):
        of_epochs = np.array([history[name] for name in names], np.float64)
        if penalised:  # Keras's losses are with it
            of_epochs[[0, 2]] -= of_epochs[4:]
        epochs.extend(map(tuple, of_epochs.T))
        if model.stop_training:
            break
    rules.on_train_end()
    scores = {
        name: model.evaluate(
            split.x, trial.targets(split), batch_size=len(split), verbose=0, return_dict=True
        )
        for name, split in dataset.splits.items()
        if name != "validation"
    }
    outputs = model.predict(dataset.train.x, batch_size=len(dataset.train), verbose=0)
    predicted = count_predictions(trial.head.probabilities(np.asarray(outputs)))
    seconds = time.perf_counter() - began

    about = about_samples(dataset)
    unreached = [(np.nan,) * len(names)] * (training.epochs - len(epochs))
    # Keras's metric is a float32 near the fraction that it stands for; on torch it is a tensor.
    sizes = {name: len(split) for name, split in dataset.splits.items()}
    accuracies = {
        name: round(float(score["accuracy"]) * sizes[name]) / sizes[name]
        for name, score in scores.items()
    }
    weights, biases = get_weights(model)
    losses = [
        float(score["loss"]) - float(score.get("penalty", 0)) for score in scores.values()
    ]  # of the training, and of the test
    return Run(
        experiment=trial.experiment,
        trainer="keras",
        seed=trial.seed,
        weights=weights,
        biases=biases,
        history=History(*np.array(epochs + unreached).T),
        train_loss=losses[0],
        train_metric=accuracies["train"],
        test_loss=losses[1],
        test_metric=accuracies["test"],
        predicted=predicted,
        updates=int(model.optimizer.iterations),
        seconds=seconds,
        **about,
        **how_it_ended(
            [epoch[0] for epoch in epochs],
            losses[0],
            [*weights, *biases],
            accuracies["train"],
            predicted,
            about["labelled"],
        ),
    )


class _EachEpoch(keras.callbacks.Callback):  # type: ignore[misc,name-defined]  # Keras has no types
    """Tell other callbacks of the epochs only: of a training that is several calls of `fit`."""

    def __init__(self, others: Any) -> None:
        super().__init__()
        self._others = others

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
        self._others.on_epoch_end(epoch, logs)


class _StopWhenNotFinite(keras.callbacks.Callback):  # type: ignore[misc,name-defined]  # Keras has no types
    """End the training after an epoch whose training loss is not finite, as our trainers do."""

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
        if not np.isfinite(logs["loss"]):
            self.model.stop_training = True


@contextmanager
def _global_generators_kept() -> Iterator[None]:
    """Put back Python's and NumPy's global generators, from which Keras draws."""
    python, numpy = random.getstate(), np.random.get_state()  # noqa: NPY002  # what Keras uses
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)  # noqa: NPY002  # what Keras uses
