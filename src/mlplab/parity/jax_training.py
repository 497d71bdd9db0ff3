"""The trainer jax, one update at a time: the program of its scan, called for each batch."""

from __future__ import annotations

import numpy as np

from mlplab.frameworks.jax.backend import full_precision, jax
from mlplab.frameworks.jax.noise import epoch_key_of
from mlplab.frameworks.jax.programs import programs_of
from mlplab.frameworks.jax.training import data_of, initial_state
from mlplab.parity.batches import Batch, Layers
from mlplab.trial import Trial


class JaxTraining:
    """A training by the trainer jax. It takes samples and noise from the trial itself.

    Parameters
    ----------
    trial : Trial
    """

    def __init__(self, trial: Trial) -> None:
        optimizer = trial.experiment.training.optimizer
        steps = np.arange(trial.updates, dtype=np.float64)
        self._sizes = optimizer.step_sizes(steps).T.astype(trial.experiment.training.dtype)
        self._step = 0
        self._epoch, self._place = -1, 0
        with full_precision():
            programs = programs_of(trial.experiment).programs
            self._key_of, self._update = jax.jit(epoch_key_of), jax.jit(programs.update)
            of_all = data_of([trial], np.array([trial.noise_key], np.uint64))
            self._data = jax.device_put(of_all._replace(noise_key=of_all.noise_key[0]))
            self._state = jax.tree.map(lambda a: a[0], initial_state([trial]))

    def update(self, batch: Batch) -> None:
        """Make the update of a batch."""
        if batch.epoch != self._epoch:
            self._epoch, self._place = batch.epoch, 0
        places = np.arange(self._place, self._place + len(batch.rows), dtype=np.uint64)
        with full_precision():
            key = self._key_of(self._data.noise_key, np.array([batch.epoch], np.uint64))
            of_batch = batch.rows, places, self._sizes[self._step]
            self._state, _ = self._update(self._state, self._data, key, of_batch)
        self._place += len(batch.rows)
        self._step += 1

    @property
    def network(self) -> Layers:
        """W and b of each layer, as they are now."""
        layers = jax.tree.map(np.asarray, self._state.layers)
        return layers.weights, layers.biases
