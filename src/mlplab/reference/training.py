"""Training: show the samples in small batches, and after each batch move the weights downhill.

One pass over all training samples is an epoch. Every epoch takes the samples in a new order, the trial's
shuffle, drawn beforehand; the last batch of an epoch holds what is left.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from mlplab.data import Split
from mlplab.reference.clipping import clip
from mlplab.reference.network import Gradients, MultilayerPerceptron
from mlplab.run import History, Run, about_samples, count_predictions, how_it_ended
from mlplab.spec import HEADS, Head, OptimizerSpec
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
        trial.weights, trial.biases, trial.experiment.network.activations
    )
    head, optimizer = HEADS[training.loss], training.optimizer
    moments = begin(optimizer, network)
    step_sizes = optimizer.step_sizes(np.arange(trial.updates, dtype=np.float64)).T.tolist()
    labels = dataset.one_hot(dataset.train.y)
    epochs = []
    updates = 0

    # Numbers that outgrow their type are no accident to warn of: such a run is called diverged.
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for epoch in range(training.epochs):
            seen = np.zeros(2)
            for batch in batches(trial, epoch):
                x, y = dataset.train.x[batch], labels[batch]
                forward = network.forward(x)
                gradients = network.backpropagation(forward, y, head)
                update(optimizer, network, gradients, step_sizes[updates], moments)
                seen += len(batch) * np.array(scores(forward.output, y, head))
                updates += 1
            epochs.append((*seen / len(labels), *evaluate(network, trial, dataset.validation)))
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


def batches(trial: Trial, epoch: int) -> Iterator[NDArray[np.int64]]:
    """Yield the batches of an epoch as indices of training samples, as the trial shuffles them."""
    shuffle = trial.shuffle(epoch)
    size = trial.experiment.training.batch_size
    for start in range(0, len(shuffle), size):
        yield shuffle[start : start + size]


def scores(p: Float, y: Float, head: Head) -> tuple[float, float]:
    """Return loss and accuracy of outputs p against one-hot labels y, both (samples, K)."""
    return head.loss.function(p, y), head.metric(p, y)


def evaluate(network: MultilayerPerceptron, trial: Trial, split: Split) -> tuple[float, float]:
    """Return loss and accuracy of a network over all samples of a split."""
    head = HEADS[trial.experiment.training.loss]
    return scores(network.feedforward(split.x), trial.dataset.one_hot(split.y), head)
