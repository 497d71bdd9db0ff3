"""Training: show the samples in small batches, and after each batch move the weights downhill.

One pass over all training samples is an epoch. Every epoch takes the samples in a new order, the trial's
shuffle, drawn beforehand; the last batch of an epoch holds what is left. Noise, drawn beforehand, too, is
in the training only: the network is evaluated without it. The penalty of a regularizer is no part of the
losses, but its slope is part of the gradient.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from mlplab.data import Split
from mlplab.reference.clipping import clip
from mlplab.reference.network import Gradients, MultilayerPerceptron
from mlplab.run import History, Run, about_samples, count_predictions, how_it_ended
from mlplab.spec import OptimizerSpec, RegularizerSpec, Training, constant_loss
from mlplab.spec.optimizers.base import FREE
from mlplab.spec.stopping import MONITORS, PlateauWatch, StoppingWatch
from mlplab.trial import Float, Trial


def train(trial: Trial, on_epoch: Callable[[], None] = lambda: None) -> Run:
    """Train the network of a trial.

    Parameters
    ----------
    trial : Trial
    on_epoch : callable
        Called after each epoch; what it raises ends the training.

    Returns
    -------
    Run
        Training ends early, as `diverged`, after an epoch whose training loss is not finite, and where
        the experiment says when to stop. Losses on validation and test samples end nothing else.

    Examples
    --------
    >>> from mlplab.spec import Experiment
    >>> from mlplab.trial import draw
    >>> training = {"optimizer": {"kind": "sgd", "learning_rate": 1.0}, "batch_size": 16, "epochs": 4}
    >>> run = train(draw(Experiment(dataset="linear", training=training), seed=1))
    >>> run.updates, run.ending
    (256, 'finished')
    """
    began = time.perf_counter()
    training, dataset = trial.experiment.training, trial.dataset
    network = MultilayerPerceptron(
        trial.weights, trial.biases, trial.experiment.network.activations, trial.head
    )
    head, optimizer = trial.head, training.optimizer
    moments = begin(optimizer, network)
    step_sizes = optimizer.step_sizes(np.arange(trial.updates, dtype=np.float64)).T.tolist()
    regularizer = trial.experiment.network.kernel_regularizer
    targets, weights = trial.targets(dataset.train), trial.training_weights
    epochs = []
    updates = 0
    watch = Watch.of(training)

    # Numbers that outgrow their type are no accident to warn of: such a run is called diverged.
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for epoch in range(training.epochs):
            losses, outputs, penalties = [], [], []
            shuffle = trial.shuffle(epoch)
            for places in batches(trial):
                batch = shuffle[places]
                x, y = dataset.train.x[batch], targets[batch]
                weight = 1.0 if weights is None else weights[batch, None]
                forward = network.forward(*with_noise(trial, epoch, places, x))
                gradients = network.backpropagation(forward, y, head, weight)
                losses.append(len(batch) * head.mean_loss(forward.output, y, weight))
                outputs.append(forward.output)
                if regularizer is not None:
                    penalties.append(len(batch) * regularizer.of_layers(network.weights))
                    penalise(regularizer, network, gradients)
                sizes = scaled(step_sizes[updates], watch.scale)
                update(optimizer, network, gradients, sizes, moments)
                updates += 1
            metric = head.metric(np.concatenate(outputs), targets[shuffle])
            on_validation = evaluate(network, trial, dataset.validation)
            epoch_scores: tuple[float, ...] = (sum(losses) / len(targets), metric, *on_validation)
            if regularizer is not None:
                after = regularizer.of_layers(network.weights)
                epoch_scores += (sum(penalties) / len(targets), after)
            epochs.append(epoch_scores)
            on_epoch()
            stops = watch.sees(epoch, with_penalties(epochs[-1]), network)
            if stops or not np.isfinite(epochs[-1][0]):
                break
        watch.restore(network)
        train_loss, train_metric = evaluate(network, trial, dataset.train)
        test_loss, test_metric = evaluate(network, trial, dataset.test)
        predicted = count_predictions(network.feedforward(dataset.train.x), dataset.classes)

    about = about_samples(dataset)
    unreached = [(np.nan,) * len(epochs[0])] * (training.epochs - len(epochs))
    parameters = [*network.weights, *network.biases]
    return Run(
        experiment=trial.experiment,
        trainer="reference",
        seed=trial.seed,
        weights=tuple(network.weights),
        biases=tuple(network.biases),
        history=History(*np.array(epochs + unreached).T, metric=head.metric_name),
        train_loss=train_loss,
        train_metric=train_metric,
        test_loss=test_loss,
        test_metric=test_metric,
        predicted=predicted,
        updates=updates,
        seconds=time.perf_counter() - began,
        **about,
        **how_it_ended(
            [epoch[0] for epoch in epochs],
            train_loss,
            parameters,
            train_metric,
            predicted,
            about["labelled"],
            float(constant_loss(training.loss, targets)) if head.has_targets else None,
        ),
    )


@dataclass
class Watch:
    """What early stopping and reduction on a plateau make of a training, epoch by epoch.

    Attributes
    ----------
    stopping : StoppingWatch or None
    plateau : PlateauWatch or None
    best : tuple of lists of ndarrays
        Weights and biases of the best epoch, where they are restored.
    """

    stopping: StoppingWatch | None
    plateau: PlateauWatch | None
    best: tuple[list[Float], list[Float]] | None = None

    @classmethod
    def of(cls, training: Training) -> Watch:
        """Return the rules of a training, which have seen nothing."""
        stop, reduce = training.early_stopping, training.reduce_lr_on_plateau
        rate = cast(float, training.optimizer.learning_rate)
        return cls(
            stopping=stop.watch(training.dtype) if stop else None,
            plateau=reduce.watch(rate, training.dtype) if reduce else None,
        )

    @property
    def scale(self) -> float:
        """What step sizes are multiplied by."""
        return self.plateau.scale if self.plateau else 1.0

    def sees(self, epoch: int, seen: tuple[float, ...], network: MultilayerPerceptron) -> bool:
        """Take the scores of an epoch, in the order of `History`, and tell whether it is the last."""
        if self.plateau:
            self.plateau.sees(seen[MONITORS.index(self.plateau.rule.monitor)])
        if not self.stopping:
            return False
        rule = self.stopping.rule
        stops = self.stopping.sees(epoch, seen[MONITORS.index(rule.monitor)])
        if rule.restore_best_weights and self.stopping.best_epoch == epoch:
            self.best = [w.copy() for w in network.weights], [b.copy() for b in network.biases]
        return stops

    def restore(self, network: MultilayerPerceptron) -> None:
        """Give a network the weights of its best epoch, where that is wanted and there is one."""
        if self.best:
            network.weights, network.biases = self.best


def with_penalties(seen: tuple[float, ...]) -> tuple[float, ...]:
    """Return the scores of an epoch, in the order of `History`, with the penalties in their losses.

    So Keras's callbacks look at them.
    """
    train_loss, train_metric, validation_loss, validation_metric, *penalties = seen
    of_train, of_validation = penalties or (0.0, 0.0)
    return (
        train_loss + of_train,
        train_metric,
        validation_loss + of_validation,
        validation_metric,
    )


def begin(optimizer: OptimizerSpec, network: MultilayerPerceptron) -> list[list[Float]]:
    """Return what an optimizer remembers of each W and then of each b before the first update."""
    parameters = [*network.weights, *network.biases]
    return [[np.full_like(w, value) for value in optimizer.initial_moments] for w in parameters]


def update(
    optimizer: OptimizerSpec,
    network: MultilayerPerceptron,
    gradients: Gradients,
    sizes: Sequence[float],
    moments: list[list[Float]],
) -> None:
    """Move each W and b by its gradient, in place; `sizes` are the update's numbers of `step_sizes`."""
    parameters = [*network.weights, *network.biases]
    clipped = clip(optimizer, [*gradients.weights, *gradients.biases])
    for w, gradient, of_w in zip(parameters, clipped, moments, strict=True):
        if optimizer.weight_decay > 0:
            w -= sizes[-1] * w
        optimizer.update(w, gradient, sizes, *of_w)


def scaled(sizes: Sequence[float], scale: float) -> list[float]:
    """Return the numbers that scale an update, for a learning rate that is `scale` times as large."""
    return [size if place == FREE else scale * size for place, size in enumerate(sizes)]


def batches(trial: Trial) -> Iterator[NDArray[np.int64]]:
    """Yield the batches of an epoch as places in its order of the training samples."""
    places = np.arange(len(trial.dataset.train))
    size = trial.experiment.training.batch_size
    for start in range(0, len(places), size):
        yield places[start : start + size]


def with_noise(
    trial: Trial, epoch: int, places: NDArray[np.int64], x: Float
) -> tuple[Float, list[Float] | None]:
    """Return samples with the noise of their inputs, and the masks of all hidden layers, if any."""
    network = trial.experiment.network
    if network.input_noise:
        x = x + trial.input_noise(epoch, places)
    if not network.dropout:
        return x, None
    return x, [trial.dropout_mask(epoch, places, i) for i in range(network.hidden_layers)]


def penalise(
    regularizer: RegularizerSpec, network: MultilayerPerceptron, gradients: Gradients
) -> None:
    """Add the slope of the penalty to the gradient of each W."""
    for w, gradient in zip(network.weights, gradients.weights, strict=True):
        gradient += regularizer.derivative(w)


def evaluate(network: MultilayerPerceptron, trial: Trial, split: Split) -> tuple[float, float]:
    """Return loss and metric of a network over all samples of a split, none of which is weighted."""
    p, y = network.forward(split.x).output, trial.targets(split)
    return trial.head.mean_loss(p, y), trial.head.metric(p, y)
