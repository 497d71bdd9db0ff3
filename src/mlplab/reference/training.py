"""Training: show the samples in small batches, and after each batch move the weights downhill.

One pass over all training samples is an epoch. Every epoch takes the samples in a new order, the trial's
shuffle, drawn beforehand; the last batch of an epoch holds what is left.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from mlplab.data import Split
from mlplab.reference.network import Gradients, MultilayerPerceptron
from mlplab.run import History, Run, about_samples, count_predictions, how_it_ended
from mlplab.spec import Head, OptimizerSpec
from mlplab.spec.heads import Weight
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
        Training ends early, as `diverged`, after an epoch whose training loss is not finite. Losses on
        validation and test samples end nothing.

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
    step_sizes = optimizer.step_sizes(np.arange(trial.updates, dtype=np.float64)).tolist()
    targets, weights = trial.targets(dataset.train), trial.training_weights
    epochs = []
    updates = 0

    # Numbers that outgrow their type are no accident to warn of: such a run is called diverged.
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for epoch in range(training.epochs):
            seen = np.zeros(2)
            for batch in batches(trial, epoch):
                x, y = dataset.train.x[batch], targets[batch]
                weight = 1.0 if weights is None else weights[batch, None]
                forward = network.forward(x)
                gradients = network.backpropagation(forward, y, head, weight)
                update(optimizer, network, gradients, step_sizes[updates], moments)
                seen += len(batch) * np.array(scores(forward.output, y, head, weight))
                updates += 1
            epochs.append((*seen / len(targets), *evaluate(network, trial, dataset.validation)))
            on_epoch()
            if not np.isfinite(epochs[-1][0]):
                break
        train_loss, train_accuracy = evaluate(network, trial, dataset.train)
        test_loss, test_accuracy = evaluate(network, trial, dataset.test)
        predicted = count_predictions(network.feedforward(dataset.train.x))

    about = about_samples(dataset)
    unreached = [(np.nan,) * 4] * (training.epochs - len(epochs))
    parameters = [*network.weights, *network.biases]
    return Run(
        experiment=trial.experiment,
        trainer="reference",
        seed=trial.seed,
        weights=tuple(network.weights),
        biases=tuple(network.biases),
        history=History(*np.array(epochs + unreached).T),
        train_loss=train_loss,
        train_accuracy=train_accuracy,
        test_loss=test_loss,
        test_accuracy=test_accuracy,
        predicted=predicted,
        updates=updates,
        seconds=time.perf_counter() - began,
        **about,
        **how_it_ended(
            [epoch[0] for epoch in epochs],
            train_loss,
            parameters,
            train_accuracy,
            predicted,
            about["labelled"],
        ),
    )


def begin(optimizer: OptimizerSpec, network: MultilayerPerceptron) -> list[list[Float]]:
    """Return what an optimizer remembers of each W and then of each b before the first update: zeros."""
    parameters = [*network.weights, *network.biases]
    return [[np.zeros_like(w) for _ in optimizer.moments] for w in parameters]


def update(
    optimizer: OptimizerSpec,
    network: MultilayerPerceptron,
    gradients: Gradients,
    step_size: float,
    moments: list[list[Float]],
) -> None:
    """Move each W and b by its gradient, in place."""
    parameters = [*network.weights, *network.biases]
    every_gradient = [*gradients.weights, *gradients.biases]
    for w, gradient, of_w in zip(parameters, every_gradient, moments, strict=True):
        optimizer.update(w, gradient, step_size, *of_w)


def batches(trial: Trial, epoch: int) -> Iterator[NDArray[np.int64]]:
    """Yield the batches of an epoch as indices of training samples, as the trial shuffles them."""
    shuffle = trial.shuffle(epoch)
    size = trial.experiment.training.batch_size
    for start in range(0, len(shuffle), size):
        yield shuffle[start : start + size]


def scores(p: Float, y: Float, head: Head, weight: Weight = 1.0) -> tuple[float, float]:
    """Return loss and accuracy of outputs p against targets y, both (samples, outputs).

    Weights are of the loss only: of the accuracy every sample counts alike.
    """
    return head.mean_loss(p, y, weight), head.metric(p, y)


def evaluate(network: MultilayerPerceptron, trial: Trial, split: Split) -> tuple[float, float]:
    """Return loss and accuracy of a network over all samples of a split, none of which is weighted."""
    return scores(network.forward(split.x).output, trial.targets(split), trial.head)
