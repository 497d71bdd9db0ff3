"""A trial is trained by Keras's `fit`, epoch by epoch on our shuffles, or at once on Keras's own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from mlplab.frameworks.keras.backend import global_generators_kept, keras, precision
from mlplab.frameworks.keras.model import build_model, get_weights, set_weights
from mlplab.frameworks.keras.noise import GivenNoise, NoiseKind, hand_in_noise
from mlplab.frameworks.keras.parts import keras_callbacks
from mlplab.run import History, Run, about_samples, count_predictions, how_it_ended
from mlplab.spec import constant_loss
from mlplab.spec.class_weight import class_weights
from mlplab.spec.stopping import MONITORS, OF_METRIC
from mlplab.trial import Trial


def train(trial: Trial, on_epoch: Callable[[], None] = lambda: None) -> Run:
    """Train a trial with Keras from the trial's own weights, by its own shuffles and with its own noise.

    Parameters and result as `mlplab.reference.train`.
    """
    with precision(trial.experiment.training.dtype), global_generators_kept():
        samples, targets = trial.dataset.train.x, trial.targets(trial.dataset.train)
        weights = trial.training_weights

        def given(kind: NoiseKind, strength: float, units: int) -> GivenNoise:
            return GivenNoise(kind, len(samples), units)

        model = build_model(trial.experiment, trial.dataset.answers, trial.dataset.features, given)
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


def fit(trial: Trial, on_epoch: Callable[[], None] = lambda: None) -> Run:
    """Train on a trial's samples as a student does: Keras draws the weights and shuffles.

    The draws are Keras's, seeded by the trial's seed; they are not those of the trial.
    """
    with precision(trial.experiment.training.dtype), global_generators_kept():
        keras.utils.set_random_seed(trial.seed % 2**32)
        model = build_model(trial.experiment, trial.dataset.answers, trial.dataset.features)
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
    targets = trial.targets(dataset.train)
    penalised = trial.experiment.network.kernel_regularizer is not None
    head, metric = trial.head, trial.head.metric_name
    of_metric = dict(zip(OF_METRIC, (metric, f"val_{metric}"), strict=True))
    names: list[str] = [of_metric.get(name, name) for name in MONITORS]
    names += ("penalty", "val_penalty")[: 2 * penalised]
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
    predicted = count_predictions(head.predictions(np.asarray(outputs)), dataset.classes)
    seconds = time.perf_counter() - began

    about = about_samples(dataset)
    unreached = [(np.nan,) * len(names)] * (training.epochs - len(epochs))
    metrics = {name: float(score[metric]) for name, score in scores.items()}  # on torch, tensors
    if metric == "accuracy":  # a float32 near the fraction that it stands for
        sizes = {name: len(split) for name, split in dataset.splits.items()}
        metrics = {name: round(each * sizes[name]) / sizes[name] for name, each in metrics.items()}
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
        history=History(*np.array(epochs + unreached).T, metric=metric),
        train_loss=losses[0],
        train_metric=metrics["train"],
        test_loss=losses[1],
        test_metric=metrics["test"],
        predicted=predicted,
        updates=int(model.optimizer.iterations),
        seconds=seconds,
        **about,
        **how_it_ended(
            [epoch[0] for epoch in epochs],
            losses[0],
            [*weights, *biases],
            metrics["train"],
            predicted,
            about["labelled"],
            float(constant_loss(training.loss, targets)) if head.has_targets else None,
        ),
    )


class _EachEpoch(keras.callbacks.Callback):  # type: ignore[misc]  # Keras has no types
    """Tell other callbacks of the epochs only: of a training that is several calls of `fit`."""

    def __init__(self, others: Any) -> None:
        super().__init__()
        self._others = others

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
        self._others.on_epoch_end(epoch, logs)


class _StopWhenNotFinite(keras.callbacks.Callback):  # type: ignore[misc]  # Keras has no types
    """End the training after an epoch whose training loss is not finite, as our trainers do."""

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
        if not np.isfinite(logs["loss"]):
            self.model.stop_training = True
