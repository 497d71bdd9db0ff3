"""The batches of a trial, each with its samples, targets, weights and noise: the same for all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from mlplab.reference.training import batches, with_noise
from mlplab.trial import Float, Trial

Layers = tuple[tuple[Float, ...], tuple[Float, ...]]
"""W of each layer, shape (outputs, inputs), and b, shape (outputs,)."""


class Batch(NamedTuple):
    """What one update is made from.

    Attributes
    ----------
    epoch : int
        Counted from 0.
    rows : ndarray of int, shape (samples,)
        Which training samples these are.
    x : ndarray, shape (samples, features)
        With the noise of the inputs, where there is any.
    y : ndarray, shape (samples, outputs)
    weight : ndarray, shape (samples,), or None
        None where all samples weigh 1.
    masks : list of ndarray, shapes (samples, neurons), or None
        Of dropout, for each hidden layer.
    """

    epoch: int
    rows: NDArray[np.int64]
    x: Float
    y: Float
    weight: Float | None
    masks: list[Float] | None


class StepwiseTraining(Protocol):
    """A training that makes one update at a time."""

    def update(self, batch: Batch) -> None:
        """Make the update of a batch."""

    @property
    def network(self) -> Layers:
        """W and b of each layer, as they are now."""


def batches_of(trial: Trial, shuffled: bool = True) -> Iterator[Batch]:
    """Yield the batches of all epochs, in the order in which they are trained on.

    Parameters
    ----------
    trial : Trial
    shuffled : bool
        Whether every epoch takes the samples in the trial's new order; else in their own.
    """
    train, targets = trial.dataset.train, trial.targets(trial.dataset.train)
    weights = trial.training_weights
    for epoch in range(trial.experiment.training.epochs):
        order = trial.shuffle(epoch) if shuffled else np.arange(len(train))
        for places in batches(trial):
            rows = order[places]
            x, masks = with_noise(trial, epoch, places, train.x[rows])
            weight = None if weights is None else weights[rows]
            yield Batch(epoch, rows, x, targets[rows], weight, masks)
