"""Keras on JAX: `fit`, and what is said to be faster."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlplab.bench.outcome import outcome_of
from mlplab.bench.side import Outcome
from mlplab.bench.taken import Taken, time_of
from mlplab.bench.workload import Workload
from mlplab.frameworks.keras import build_model, get_weights, keras_loss, set_weights
from mlplab.trial import draw


class Fit:
    """One call of `fit` for all epochs."""

    networks = 1

    def __init__(self, workload: Workload, threads: int) -> None:
        self.workload = workload
        self.trial = draw(workload.experiment, seed=0)
        dataset = self.trial.dataset
        self.samples, self.labels = dataset.train.x, dataset.one_hot(dataset.train.y)
        self.model = self._model()
        self.model.compile(
            loss=keras_loss(workload.experiment.training),
            optimizer=self.model.optimizer,
            metrics=["accuracy"],
            steps_per_execution=self.steps,
        )
        set_weights(self.model, self.trial.weights, self.trial.biases)
        self.model.optimizer.build(self.model.trainable_variables)
        variables = [*self.model.variables, *self.model.optimizer.variables]
        # Copies: while it trains, Keras gives its arrays away.
        self.initial = [(variable, np.array(variable.value)) for variable in variables]

    @property
    def steps(self) -> int:
        """Batches that Keras takes in one execution."""
        return 1

    def _model(self) -> Any:
        """Build the network, with its optimizer."""
        return build_model(self.workload.experiment, self.trial.dataset.classes)

    def train(self) -> Taken:
        """Train from the initial weights, and return what it took."""
        for variable, value in self.initial:
            variable.assign(value)
        return time_of(self._train)

    def _train(self) -> None:
        self.model.fit(
            self.samples,
            self.labels,
            batch_size=self.workload.experiment.training.batch_size,
            epochs=self.workload.epochs,
            verbose=0,
        )

    def outcome(self) -> Outcome:
        """Return what became of the network; Keras counts the updates."""
        updates = int(self.model.optimizer.iterations)
        return outcome_of(self.trial, get_weights(self.model), updates)


class FitInSteps(Fit):
    """`fit` that comes back to Python once an epoch."""

    @property
    def steps(self) -> int:
        """All batches of an epoch."""
        return self.workload.updates


class TrainOnBatch(Fit):
    """`train_on_batch` in a loop of our own."""

    def __init__(self, workload: Workload, threads: int) -> None:
        super().__init__(workload, threads)
        self.shuffles = [self.trial.shuffle(epoch) for epoch in range(workload.epochs)]

    def _train(self) -> None:
        size = self.workload.experiment.training.batch_size
        for indices in self.shuffles:
            self.model.reset_metrics()
            samples, labels = self.samples[indices], self.labels[indices]
            for start in range(0, len(indices), size):
                self.model.train_on_batch(
                    samples[start : start + size], labels[start : start + size]
                )
