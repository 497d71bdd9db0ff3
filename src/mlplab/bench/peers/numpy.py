"""NumPy: the network from scratch, its training loop without validation."""

from __future__ import annotations

import numpy as np

from mlplab.bench.outcome import outcome_of
from mlplab.bench.side import Outcome
from mlplab.bench.taken import Taken, time_of
from mlplab.bench.workload import Workload
from mlplab.reference import MultilayerPerceptron
from mlplab.reference.training import begin, update
from mlplab.spec import HEADS
from mlplab.trial import draw


class FromScratch:
    """One network, as `mlplab.reference.training` trains it."""

    networks = 1

    def __init__(self, workload: Workload, threads: int) -> None:
        self.workload = workload
        self.trial = draw(workload.experiment, seed=0)
        self.shuffles = [self.trial.shuffle(epoch) for epoch in range(workload.epochs)]

    def train(self) -> Taken:
        """Train from the initial weights, and return what it took."""
        return time_of(self._train)

    def _train(self) -> None:
        trial, training = self.trial, self.workload.experiment.training
        dataset = trial.dataset
        network = MultilayerPerceptron(
            trial.weights, trial.biases, trial.experiment.network.activations
        )
        head, optimizer = HEADS[training.loss], training.optimizer
        moments = begin(optimizer, network)
        step_sizes = optimizer.step_sizes(np.arange(trial.updates, dtype=np.float64)).T.tolist()
        labels = dataset.one_hot(dataset.train.y)
        self.updates = 0
        self.history = []
        for indices in self.shuffles:
            seen = np.zeros(2)
            for start in range(0, len(indices), training.batch_size):
                batch = indices[start : start + training.batch_size]
                x, y = dataset.train.x[batch], labels[batch]
                forward = network.forward(x)
                gradients = network.backpropagation(forward, y, head)
                update(optimizer, network, gradients, step_sizes[self.updates], moments)
                scores = head.mean_loss(forward.output, y), head.metric(forward.output, y)
                seen += len(batch) * np.array(scores)
                self.updates += 1
            self.history.append(seen / len(labels))
        self.network = network

    def outcome(self) -> Outcome:
        """Return what became of the network."""
        return outcome_of(self.trial, (self.network.weights, self.network.biases), self.updates)
