"""The reference, one update at a time; single steps of it can be done in another library's way."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mlplab.parity.batches import Batch, Layers
from mlplab.reference.network import Gradients, MultilayerPerceptron
from mlplab.reference.training import begin, penalise, update
from mlplab.spec import OptimizerSpec
from mlplab.spec.heads import Head
from mlplab.trial import Float, Trial


class ReferenceTraining:
    """A training by the reference.

    Parameters
    ----------
    trial : Trial
    optimizer_at : callable, optional
        The optimizer of an update, counted from 0, for libraries whose formula has other numbers in each.
    head : Head, optional
        In place of the trial's.
    """

    def __init__(
        self,
        trial: Trial,
        optimizer_at: Callable[[int], OptimizerSpec] | None = None,
        head: Head | None = None,
    ) -> None:
        experiment = trial.experiment
        self.optimizer = experiment.training.optimizer
        self.head = trial.head if head is None else head
        self.perceptron = MultilayerPerceptron(
            trial.weights, trial.biases, experiment.network.activations, self.head
        )
        self._optimizer_at = optimizer_at or (lambda step: self.optimizer)
        self._moments = begin(self.optimizer, self.perceptron)
        self._regularizer = experiment.network.kernel_regularizer
        steps = np.arange(trial.updates, dtype=np.float64)
        self._step_sizes = self.optimizer.step_sizes(steps).T.tolist()
        self._step = 0

    def gradients(self, batch: Batch) -> Gradients:
        """Return the gradient of the loss, without the penalty."""
        weight: Float | float = 1.0 if batch.weight is None else batch.weight[:, None]
        forward = self.perceptron.forward(batch.x, batch.masks)
        return self.perceptron.backpropagation(forward, batch.y, self.head, weight)

    def update(self, batch: Batch) -> None:
        """Make the update of a batch."""
        self.move(self.gradients(batch))

    def move(self, gradients: Gradients) -> None:
        """Make an update by a gradient that may come from elsewhere."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            if self._regularizer is not None:
                penalise(self._regularizer, self.perceptron, gradients)
            optimizer, sizes = self._optimizer_at(self._step), self._step_sizes[self._step]
            update(optimizer, self.perceptron, gradients, sizes, self._moments)
        self._step += 1

    @property
    def network(self) -> Layers:
        """W and b of each layer, as they are now."""
        return tuple(self.perceptron.weights), tuple(self.perceptron.biases)
