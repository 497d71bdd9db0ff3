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
from typing import Any

import numpy as np

from mlplab.errors import MissingExtraError, MlplabError
from mlplab.run import History, Run, about_samples, count_predictions, how_it_ended
from mlplab.spec import (
    ActivationName,
    Experiment,
    InitializerSpec,
    LearningRate,
    OptimizerSpec,
    Training,
)
from mlplab.spec.family import Family
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


def build_model(experiment: Experiment, classes: int, features: int = 2) -> Any:
    """Build and compile the experiment's network as a Keras model, its weights drawn by Keras."""
    network, training = experiment.network, experiment.training
    # Keras's initializer chooses its seed when it is made: no more of them are made than are used.
    begins = {
        "kernel_initializer": network.initializer,
        "bias_initializer": network.bias_initializer,
    }
    shared = {name: keras_initializer(spec) for name, spec in begins.items() if spec.shared}

    def dense(units: int, activation: Any) -> Any:
        own = {n: keras_initializer(spec) for n, spec in begins.items() if n not in shared}
        return keras.layers.Dense(units, activation=activation, **shared, **own)

    activations = [keras_activation(name, training.dtype) for name in network.activations]
    model = keras.Sequential(
        [
            keras.Input((features,)),
            *map(dense, network.layer_widths, activations),
            dense(classes, "softmax"),
        ]
    )
    optimizer = keras_optimizer(training.optimizer)
    model.compile(loss=keras_loss(training), optimizer=optimizer, metrics=[accuracy])
    return model


def accuracy(y: Any, p: Any) -> Any:
    """Keras's own accuracy of each sample, save that one with an output that is not a number is wrong.

    Keras takes the first such output for the largest, so that a run that diverged would have an accuracy
    above zero: the fraction of class 0.
    """
    predicts = keras.ops.all(keras.ops.isfinite(p), axis=-1)
    right = keras.metrics.categorical_accuracy(y, p)
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
    """Return Keras's own loss, save for the mean squared error in float64.

    Keras on JAX takes every mean in float32, even of float64 values (its type promotion knows no 64-bit
    floats). One class in K then weighs 1/K rounded to float32, which for K = 5 is wrong by 1.5e-8 and
    would hide an agreement to 1e-9. Sums keep their type, so there the mean is written as a sum.
    """
    if (training.loss, training.dtype) != ("mean_squared_error", "float64"):
        return training.loss

    def mean_squared_error(y: Any, p: Any) -> Any:
        return keras.ops.sum(keras.ops.square(p - y), axis=-1) / p.shape[-1]

    return mean_squared_error


def keras_initializer(spec: InitializerSpec) -> Any:
    """Return Keras's own initializer of a description; our names and parameters are Keras's."""
    return _keras_part(keras.initializers, spec, "shared")


def keras_optimizer(spec: OptimizerSpec) -> Any:
    """Return Keras's own optimizer of a description."""
    rate = keras_learning_rate(spec.learning_rate)
    return _keras_part(keras.optimizers, spec, "learning_rate", learning_rate=rate)


def keras_learning_rate(spec: LearningRate) -> Any:
    """Return a number as it is, and a schedule as Keras's own."""
    if isinstance(spec, float | int):
        return spec
    return _keras_part(keras.optimizers.schedules, spec)


def _keras_part(module: Any, spec: Family, *but: str, **more: Any) -> Any:
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
    for layer, w, b in zip(model.layers, weights, biases, strict=True):
        layer.set_weights([w.T, b])


def get_weights(model: Any) -> tuple[tuple[Float, ...], tuple[Float, ...]]:
    """Return a model's weights as our W (outputs, inputs) and b (outputs,) of each layer."""
    to_numpy = keras.ops.convert_to_numpy
    pairs = [(to_numpy(layer.kernel.value), to_numpy(layer.bias.value)) for layer in model.layers]
    return tuple(np.ascontiguousarray(w.T) for w, _ in pairs), tuple(b for _, b in pairs)


class KerasNetwork:
    """A trained run as Keras computes it: anything that takes `feedforward` takes this."""

    def __init__(self, run: Run) -> None:
        self.dtype = run.experiment.training.dtype
        with precision(self.dtype), _global_generators_kept():
            self.model = build_model(
                run.experiment, classes=len(run.biases[-1]), features=run.weights[0].shape[1]
            )
            set_weights(self.model, run.weights, run.biases)

    def feedforward(self, x: Float) -> Float:
        """Return the class probabilities, shape (samples, K), of samples of shape (samples, features)."""
        with precision(self.dtype):
            return np.asarray(self.model.predict(x, batch_size=len(x), verbose=0))


def train(trial: Trial, on_epoch: Callable[[], None] = lambda: None) -> Run:
    """Train a trial with Keras from the trial's own weights and by its own shuffles.

    Parameters and result as `mlplab.reference.train`.
    """
    with precision(trial.experiment.training.dtype), _global_generators_kept():
        model = build_model(trial.experiment, trial.dataset.classes, trial.dataset.features)
        set_weights(model, trial.weights, trial.biases)
        samples, labels = trial.dataset.train.x, trial.dataset.one_hot(trial.dataset.train.y)

        def fit_epochs(**how: Any) -> Iterator[dict[str, list[float]]]:
            for epoch in range(trial.experiment.training.epochs):
                shuffle = trial.shuffle(epoch)
                # Numbering the epochs on keeps callbacks right; the optimizer keeps its own count.
                yield model.fit(
                    samples[shuffle],
                    labels[shuffle],
                    shuffle=False,
                    initial_epoch=epoch,
                    epochs=epoch + 1,
                    **how,
                ).history

        return _train(trial, model, fit_epochs, on_epoch)


def fit(trial: Trial, on_epoch: Callable[[], None] = lambda: None) -> Run:
    """Train on a trial's samples as a student does: Keras draws the weights and shuffles.

    The draws are Keras's, seeded by the trial's seed; they are not those of the trial.
    """
    with precision(trial.experiment.training.dtype), _global_generators_kept():
        keras.utils.set_random_seed(trial.seed % 2**32)
        model = build_model(trial.experiment, trial.dataset.classes, trial.dataset.features)
        samples, labels = trial.dataset.train.x, trial.dataset.one_hot(trial.dataset.train.y)

        def fit_once(**how: Any) -> Iterator[dict[str, list[float]]]:
            yield model.fit(samples, labels, epochs=trial.experiment.training.epochs, **how).history

        return _train(trial, model, fit_once, on_epoch)


def _train(
    trial: Trial,
    model: Any,
    histories: Callable[..., Iterator[dict[str, list[float]]]],
    on_epoch: Callable[[], None],
) -> Run:
    """Train by one call of Keras's `fit` or several, and gather what they leave behind."""
    began = time.perf_counter()
    training, dataset = trial.experiment.training, trial.dataset
    names = ("loss", "accuracy", "val_loss", "val_accuracy")
    epochs: list[tuple[float, ...]] = []
    for history in histories(
        batch_size=training.batch_size,
        validation_data=(dataset.validation.x, dataset.one_hot(dataset.validation.y)),
        validation_batch_size=len(dataset.validation),
        callbacks=[
            _StopWhenNotFinite(),
            keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: on_epoch()),
        ],
        verbose=0,
    ):
        epochs.extend(zip(*(history[name] for name in names), strict=True))
        if not np.isfinite(epochs[-1][0]):
            break
    scores = {
        name: model.evaluate(
            split.x, dataset.one_hot(split.y), batch_size=len(split), verbose=0, return_dict=True
        )
        for name, split in dataset.splits.items()
        if name != "validation"
    }
    outputs = model.predict(dataset.train.x, batch_size=len(dataset.train), verbose=0)
    predicted = count_predictions(np.asarray(outputs))
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
    losses = [float(scores["train"]["loss"]), float(scores["test"]["loss"])]
    return Run(
        experiment=trial.experiment,
        trainer="keras",
        seed=trial.seed,
        weights=weights,
        biases=biases,
        history=History(*np.array(epochs + unreached).T),
        train_loss=losses[0],
        train_accuracy=accuracies["train"],
        test_loss=losses[1],
        test_accuracy=accuracies["test"],
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
