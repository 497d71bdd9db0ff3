"""What the defaults of other libraries do to one trial: to the weights, and on the test samples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from mlplab.parity.batches import Layers
from mlplab.parity.defaults import Default, LibraryName, defaults_of
from mlplab.parity.differences import layer_differences
from mlplab.parity.variants import by_engine
from mlplab.reference.network import MultilayerPerceptron
from mlplab.trial import Trial


class Effect(NamedTuple):
    """What one default does.

    Attributes
    ----------
    library : str
        Whose default was taken.
    difference : float
        Largest difference of a weight or bias at the end, from those of the experiment as it is.
    metric, loss : float
        On the test samples.
    """

    library: LibraryName
    difference: float
    metric: float
    loss: float


@dataclass(frozen=True)
class Ledger:
    """All defaults of an experiment and their effects.

    Attributes
    ----------
    metric_name : str
    metric, loss : float
        On the test samples, of the experiment as it is.
    rows : list of (Default, list of Effect)
    """

    metric_name: str
    metric: float
    loss: float
    rows: list[tuple[Default, list[Effect]]]


def measure_effects(
    trial: Trial, progress: Callable[[int, int], None] = lambda done, total: None
) -> Ledger:
    """Train a trial as it is, and with each default of another library in its place.

    Parameters
    ----------
    trial : Trial
    progress : callable
        Called with the defaults that are done, and how many there are.
    """
    updates = trial.updates
    usual = by_engine(trial, updates)
    rows = defaults_of(trial)
    measured = []
    for done, row in enumerate(rows):
        progress(done, len(rows))
        effects = []
        for name, train in row.variants.items():
            network = train(trial, updates)
            difference = float(layer_differences(network, usual).max())
            effects.append(Effect(name, difference, *_scores(trial, network)))
        measured.append((row, effects))
    progress(len(rows), len(rows))
    return Ledger(trial.head.metric_name, *_scores(trial, usual), measured)


def _scores(trial: Trial, network: Layers) -> tuple[float, float]:
    """Return metric and loss on the test samples."""
    dtype = trial.weights[0].dtype
    weights, biases = ([array.astype(dtype) for array in part] for part in network)
    activations = trial.experiment.network.activations
    perceptron = MultilayerPerceptron(weights, biases, activations, trial.head)
    test = trial.dataset.test
    y = trial.targets(test)
    with np.errstate(all="ignore"):
        p = perceptron.forward(test.x).output
        return trial.head.metric(p, y), trial.head.mean_loss(p, y)
