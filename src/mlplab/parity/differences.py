"""A library and the reference train the same trial side by side; each update is compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from mlplab.parity.batches import Layers, StepwiseTraining, batches_of
from mlplab.parity.reference_training import ReferenceTraining
from mlplab.trial import Trial

Float64 = NDArray[np.float64]

TOLERANCES = {"float64": 1e-9, "float32": 1e-4}
"""What sums in another order cannot explain in a few hundred updates: 4e6 and 800 times the rounding."""


@dataclass(frozen=True, eq=False)
class Differences:
    """How far the weights of a library are from the reference's, update by update.

    Attributes
    ----------
    name : str
        Of the library.
    by_layer : ndarray, shape (updates, layers, 2)
        Largest absolute difference of W and of b in each layer; inf where one is not a number.
    network : tuple
        W and b of each layer after the last update.
    """

    name: str
    by_layer: Float64
    network: Layers

    @property
    def largest(self) -> Float64:
        """Largest difference of any weight or bias after each update, shape (updates,)."""
        return np.asarray(self.by_layer.max(axis=(1, 2)))

    def first_above(self, tolerance: float) -> int | None:
        """Return the first update, counted from 1, after which a difference exceeds the tolerance."""
        above = np.flatnonzero(self.largest > tolerance)
        return int(above[0]) + 1 if len(above) else None


def train_beside_reference(
    trial: Trial,
    name: str,
    begin: Callable[[Trial], StepwiseTraining],
    updates: int,
    progress: Callable[[int], None] = lambda done: None,
    until: float = np.inf,
) -> Differences:
    """Train a trial by a library and by the reference, and compare after each update.

    Parameters
    ----------
    trial : Trial
    name : str
        Of the library.
    begin : callable
        Starts the library's training.
    updates : int
        How many are made, from the first on.
    progress : callable
        Called with the updates done.
    until : float
        The training ends after the first update with a larger difference.

    Examples
    --------
    >>> from mlplab import Experiment, draw
    >>> from mlplab.parity.engine_training import EngineTraining
    >>> experiment = Experiment(dataset="linear", training={"dtype": "float64"})
    >>> found = train_beside_reference(draw(experiment, 1), "engine", EngineTraining, updates=10)
    >>> found.by_layer.shape, found.first_above(1e-12)
    ((10, 1, 2), None)
    """
    reference, library = ReferenceTraining(trial), begin(trial)
    found = np.empty((updates, len(trial.weights), 2))
    for step, batch in enumerate(islice(batches_of(trial), updates)):
        reference.update(batch)
        library.update(batch)
        found[step] = layer_differences(library.network, reference.network)
        progress(step + 1)
        if found[step].max() > until:
            return Differences(name, found[: step + 1], library.network)
    return Differences(name, found, library.network)


def layer_differences(one: Layers, other: Layers) -> Float64:
    """Return the largest absolute difference of W and of b in each layer, shape (layers, 2)."""
    parts = [
        [_largest(a, b) for a, b in zip(of_one, of_other, strict=True)]
        for of_one, of_other in zip(one, other, strict=True)
    ]
    return np.array(parts, np.float64).T


def _largest(a: NDArray[np.floating], b: NDArray[np.floating]) -> float:
    with np.errstate(invalid="ignore", over="ignore"):
        off = np.abs(a.astype(np.float64) - b.astype(np.float64)).max()
    return float(off) if np.isfinite(off) else np.inf
