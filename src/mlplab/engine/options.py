"""What an experiment has besides layers, loss and steps, as numbers for kernels.

A switch says that something is on, alike for all networks of a block. A setting is a number of each
network: a strength, a rate, a patience. What is watched is what early stopping and the plateau remember
between epochs. Each stands in an array at a place that has a name here.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mlplab.engine.arrays import Whole
from mlplab.spec import Experiment

Float64 = NDArray[np.float64]

SWITCHES = (
    "penalised",
    "noisy",
    "drops",
    "clips",
    "decays",
    "stops_early",
    "restores",
    "reduces",
)
"""Switches by their names.

`clips` is 1 by value, 2 by the norm of each variable, 3 by the norm of all; `stops_early` and `reduces`
are 1 and the number of what they monitor; the rest are 0 or 1.
"""

PENALISED, NOISY, DROPS, CLIPS, DECAYS, STOPS_EARLY, RESTORES, REDUCES = range(len(SWITCHES))

SETTINGS = (
    "l1",
    "l2",
    "noise_stddev",
    "clip",
    "min_delta",
    "patience",
    "start_from_epoch",
    "factor",
    "plateau_patience",
    "plateau_min_delta",
    "cooldown",
    "lowest",
    "dropout",
)
"""Settings by their names; the last is that of the first hidden layer, and those of the others follow.

`lowest` is the least fraction of the first learning rate.
"""

(
    L1,
    L2,
    NOISE_STDDEV,
    CLIP,
    MIN_DELTA,
    PATIENCE,
    START_FROM_EPOCH,
    FACTOR,
    PLATEAU_PATIENCE,
    PLATEAU_MIN_DELTA,
    COOLDOWN,
    LOWEST,
    DROPOUT,
) = range(len(SETTINGS))

WATCHED = (
    "best",
    "wait",
    "best_epoch",
    "plateau_best",
    "plateau_wait",
    "cooling",
    "scale",
    "epochs",
)
"""What is watched, by its names.

`scale` is what step sizes are multiplied by, `epochs` how many a network was trained when it stopped: 0
while it goes on.
"""

(
    BEST,
    WAIT,
    BEST_EPOCH,
    PLATEAU_BEST,
    PLATEAU_WAIT,
    COOLING,
    SCALE,
    EPOCHS,
) = range(len(WATCHED))


class Step(NamedTuple):
    """Where in the training a forward and a backward pass are, and what the networks have besides.

    Arrays are handed on as pointers, which is less than an array: of a small network, a call of a pass
    takes as long as its arithmetic.

    Attributes
    ----------
    switches : pointer to int64
    settings : pointer to float64
        Row by row: that of a network, of n, at place setting · n + network.
    keys : pointer to uint64
        Of each trial's noise.
    epoch : int
    first : int
        Place of the first of these samples in the epoch's order.
    """

    switches: Whole
    settings: Float64
    keys: NDArray[np.uint64]
    epoch: int
    first: int


def switches_of(experiment: Experiment) -> tuple[int, ...]:
    """Return the switches of an experiment."""
    return (0,) * len(SWITCHES)


def settings_of(experiment: Experiment) -> Float64:
    """Return the settings of an experiment, shape (settings and a row for each further hidden layer,)."""
    return np.zeros(DROPOUT + experiment.network.hidden_layers)


def begin_watching(networks: int) -> Float64:
    """Return what is watched of some networks before the first epoch, shape (watched, networks)."""
    watched = np.zeros((len(WATCHED), networks))
    watched[SCALE] = 1
    return watched
