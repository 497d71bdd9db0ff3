"""How far the training of one trial has come, as plain arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.engine.options import WATCHED
from mlplab.errors import MlplabError

Float = NDArray[np.floating[Any]]
Float64 = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Snapshot:
    """How far a training has come: all that it needs to go on as it would have.

    Attributes
    ----------
    step : int
        Updates made.
    epoch : int
        Whole epochs done.
    used : int
        Training samples of the next epoch that are used.
    weights, biases : tuple of ndarray
        W, shape (outputs, inputs), and b, shape (outputs,), of each layer.
    weight_first_moment, bias_first_moment, weight_second_moment, bias_second_moment : tuple of ndarray
        What the optimizer remembers of each: velocity or running mean, and Adam's mean of squares.
    history : ndarray of float64, shape (epochs, 4 or 6)
        Scores of the epochs done, as `History` has them; where an epoch is under way, the sums of it.
    watched : ndarray of float64, shape (watched,)
        What early stopping and the reduction of the learning rate remember (`options.WATCHED`).
    best_weights, best_biases : tuple of ndarray
        Those of the best epoch, where they are to be restored, else empty.
    """

    step: int
    epoch: int
    used: int
    weights: tuple[Float, ...]
    biases: tuple[Float, ...]
    weight_first_moment: tuple[Float, ...]
    bias_first_moment: tuple[Float, ...]
    weight_second_moment: tuple[Float, ...]
    bias_second_moment: tuple[Float, ...]
    history: Float64
    watched: Float64
    best_weights: tuple[Float, ...] = ()
    best_biases: tuple[Float, ...] = ()

    def check(self, training_samples: int, scores: int) -> int:
        """Return for how many epochs there is a line of so many scores.

        Raises
        ------
        MlplabError
            If the numbers do not fit together, or another training's were expected.
        """
        counts = (self.step, self.epoch, self.used)
        if not all(isinstance(n, int) and n >= 0 for n in counts):
            raise MlplabError(f"a snapshot needs whole numbers from 0 on, received {counts}")
        lines = self.epoch + (self.used > 0)
        if self.used >= training_samples or self.step < lines:
            raise MlplabError(
                f"a snapshot of {self.step} updates cannot be {self.epoch} epochs "
                f"and {self.used} samples far"
            )
        if self.history.shape != (lines, scores):
            raise MlplabError(
                f"a snapshot of {lines} epochs needs as many lines of {scores} scores, "
                f"received {self.history.shape}"
            )
        if self.watched.shape != (len(WATCHED),):
            raise MlplabError(
                f"a snapshot needs {len(WATCHED)} numbers that are watched, "
                f"received an array of shape {self.watched.shape}"
            )
        return lines
