"""Keras, one update at a time: a call of `train_on_batch` for each."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from mlplab.frameworks.keras import build_model, get_weights, keras, precision, set_weights
from mlplab.frameworks.keras.backend import global_generators_kept
from mlplab.frameworks.keras.noise import GivenNoise, NoiseKind, hand_in_noise
from mlplab.parity.batches import Batch, Layers
from mlplab.trial import Trial


class KerasTraining:
    """A training by Keras; its settings are Keras's global ones until the process ends.

    Parameters
    ----------
    trial : Trial
    """

    def __init__(self, trial: Trial) -> None:
        self.trial, self._epoch = trial, -1
        settings = ExitStack()
        settings.enter_context(precision(trial.experiment.training.dtype))
        settings.enter_context(global_generators_kept())
        self.close = settings.close
        samples, dataset = len(trial.dataset.train), trial.dataset

        def given(kind: NoiseKind, strength: float, units: int) -> Any:
            return GivenNoise(kind, samples, units)

        self.model = build_model(trial.experiment, dataset.answers, dataset.features, given)
        set_weights(self.model, trial.weights, trial.biases)

    def update(self, batch: Batch) -> None:
        """Make the update of a batch; the noise is added by the model, so that the samples are plain."""
        if batch.epoch != self._epoch:
            self._epoch = batch.epoch
            hand_in_noise(self.model, self.trial, batch.epoch)
        x = self.trial.dataset.train.x[batch.rows]
        self.model.train_on_batch(x, batch.y, sample_weight=batch.weight)

    @property
    def network(self) -> Layers:
        """W and b of each layer, as they are now."""
        return get_weights(self.model)

    @staticmethod
    def version() -> str:
        """Return Keras's version and backend."""
        return f"Keras {keras.__version__} ({keras.backend.backend()})"
