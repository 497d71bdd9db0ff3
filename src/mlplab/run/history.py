"""The history of a training: loss and accuracy by epoch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.read_only import ReadOnly

Float = NDArray[np.floating[Any]]
Float64 = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class History(ReadOnly):
    """Loss and accuracy by epoch; shape (epochs,) for one run, (replications, epochs) for many.

    Training values are Keras's: the mean over an epoch's batches, weighted by their sizes, each taken
    before its update. Validation values are taken after the epoch. Accuracies are fractions, 0 to 1.
    Epochs that a run did not reach, since it diverged or stopped early, hold NaN.
    """

    train_loss: Float64
    train_accuracy: Float64
    validation_loss: Float64
    validation_accuracy: Float64
