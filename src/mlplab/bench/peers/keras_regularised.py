"""Keras on JAX with dropout and a penalty: `fit` with validation, and `evaluate`, as a user writes it."""

from __future__ import annotations

from typing import Any

import keras

from mlplab.bench.peers.keras import Fit
from mlplab.bench.workload import Workload
from mlplab.frameworks.keras import build_model


class RegularisedFit(Fit):
    """One call of `fit` for all epochs, which validates after each, and one of `evaluate`."""

    def __init__(self, workload: Workload, threads: int) -> None:
        super().__init__(workload, threads)
        dataset = self.trial.dataset
        self.validation, self.test = (
            (split.x, dataset.one_hot(split.y)) for split in (dataset.validation, dataset.test)
        )

    def _model(self) -> Any:
        """Build the network of Keras's own layers; its loss has the penalty, and nothing counts it."""
        ours = build_model(self.workload.experiment, self.trial.dataset.classes)
        model = keras.Sequential([keras.Input((2,)), *ours.layers])
        model.optimizer = ours.optimizer
        return model

    def _train(self) -> None:
        size = self.workload.experiment.training.batch_size
        self.history = self.model.fit(
            self.samples,
            self.labels,
            batch_size=size,
            epochs=self.workload.epochs,
            validation_data=self.validation,
            verbose=0,
        ).history
        self.tested = self.model.evaluate(*self.test, batch_size=size, verbose=0)


class RegularisedFitInSteps(RegularisedFit):
    """The same, which comes back to Python once an epoch."""

    @property
    def steps(self) -> int:
        """All batches of an epoch."""
        return self.workload.updates
