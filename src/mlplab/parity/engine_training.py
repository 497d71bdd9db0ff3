"""The engine, one update at a time. It takes samples, shuffles and noise from the trial itself."""

from __future__ import annotations

from mlplab.engine import Stepper
from mlplab.parity.batches import Batch, Layers
from mlplab.trial import Trial


class EngineTraining:
    """A training by the engine."""

    def __init__(self, trial: Trial) -> None:
        self._stepper = Stepper(trial)

    def update(self, batch: Batch) -> None:
        """Make the next update; its batch is the one that the engine takes."""
        self._stepper.train(1)

    @property
    def network(self) -> Layers:
        """W and b of each layer, as they are now."""
        weights, biases = self._stepper.network
        return tuple(weights), tuple(biases)
