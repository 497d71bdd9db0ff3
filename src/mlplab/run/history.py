"""The history of a training: loss, metric and penalty by epoch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.read_only import ReadOnly
from mlplab.run.metric import WithAccuracy
from mlplab.spec import MetricName

Float = NDArray[np.floating[Any]]
"""An array of the precision in which a network was trained."""
Float64 = NDArray[np.float64]
"""An array of float64."""


@dataclass(frozen=True, eq=False)
class History(WithAccuracy, ReadOnly):
    """Loss and metric by epoch; shape (epochs,) for one run, (replications, epochs) for many.

    Training values are Keras's: the mean over an epoch's batches, weighted by their sizes, each taken
    before its update, with dropout and noise on the inputs where there are any. Validation values are
    taken after the epoch, without dropout and noise. Epochs that a run did not reach, since it diverged
    or stopped early, hold NaN.

    Losses are without the penalty of a regularizer, Keras's `loss` and `val_loss` are with it:
    `train_loss_with_penalty` and `validation_loss_with_penalty`.

    Attributes
    ----------
    train_loss, train_metric, validation_loss, validation_metric : ndarray of float64
        Where the metric is the accuracy, a fraction from 0 to 1, `train_accuracy` and
        `validation_accuracy` are the same arrays.
    train_penalty, validation_penalty : ndarray of float64, or None
        What a regularizer adds to the losses: of the training the mean over the batches, likewise, and of
        the weights after the epoch. None where there is no regularizer.
    metric : str
        What the metric is: `accuracy`, `r2` or `mean_absolute_error`.
    """

    train_loss: Float64
    train_metric: Float64
    validation_loss: Float64
    validation_metric: Float64
    train_penalty: Float64 | None = None
    validation_penalty: Float64 | None = None
    metric: MetricName = field(default="accuracy", kw_only=True)

    @property
    def train_loss_with_penalty(self) -> Float64:
        """The training loss and the penalty of the same batches: what training makes smaller."""
        return (
            self.train_loss if self.train_penalty is None else self.train_loss + self.train_penalty
        )

    @property
    def validation_loss_with_penalty(self) -> Float64:
        """The validation loss and the penalty of the weights after the epoch."""
        if self.validation_penalty is None:
            return self.validation_loss
        return self.validation_loss + self.validation_penalty

    def arrays(self) -> dict[str, Float64]:
        """Return the arrays that there are, by their names."""
        arrays = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "metric"}
        return {name: array for name, array in arrays.items() if array is not None}

    def map(self, function: Callable[[Float64], Float64]) -> History:
        """Return a history of what a function makes of each array.

        Examples
        --------
        >>> losses = np.array([[0.5, 0.25], [0.5, 0.125]])
        >>> History(losses, losses, losses, losses).map(lambda array: array[1]).train_loss.tolist()
        [0.5, 0.125]
        """
        arrays = {name: function(array) for name, array in self.arrays().items()}
        return History(**arrays, metric=self.metric)
