"""What a job has trained, before it is written to the results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.engine.arrays import Whole
from mlplab.engine.finite import Standardising
from mlplab.engine.layout import Layers

Float64 = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Trained:
    """The networks of a job, one a lane; lanes beyond its networks mean nothing.

    Attributes
    ----------
    network : callable
        Returns the parameters of a lane's network.
    standardising : tuple of two ndarrays, or None
        As `Drawn.standardising`.
    history : ndarray, shape (lanes, scores, epochs)
        Training loss and metric, validation loss and metric, and penalties if any, by epoch.
    epochs : ndarray of int64, shape (lanes,)
        How many of them each network was trained.
    scores : ndarray, shape (lanes, splits, 2)
        Loss and metric of the final weights on each split that was evaluated.
    predicted : ndarray of int64, shape (lanes, classes)
        Training samples for which each class is predicted.
    weights_are_finite : ndarray of bool, shape (lanes,)
    constant_loss : ndarray, shape (lanes,), or None
        Of targets: the training loss of the best constant answer.
    seconds : float
        Of each network.
    """

    network: Callable[[int], Layers]
    standardising: Standardising | None
    history: Float64
    epochs: Whole
    scores: Float64
    predicted: Whole
    weights_are_finite: NDArray[Any]
    constant_loss: Float64 | None
    seconds: float
