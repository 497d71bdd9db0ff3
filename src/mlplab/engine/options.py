"""What an experiment has besides layers, loss and steps, as numbers for kernels.

A switch says that something is on, alike for all networks of a block. A setting is a number of each
network: a strength, a rate, a patience. What is watched is what early stopping and the plateau remember
between epochs. Each stands in an array at a place that has a name here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from mlplab.engine.arrays import Whole
from mlplab.spec import Experiment
from mlplab.spec.stopping import MONITORS

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
are 1 and the number of what they monitor; the rest are 0 or 1. For kernels `switched.addressed` puts
addresses in the place of the 1 of `penalised`, `noisy` and `drops`.
"""

(
    PENALISED,
    NOISY,
    DROPS,
    CLIPS,
    DECAYS,
    STOPS_EARLY,
    RESTORES,
    REDUCES,
) = range(len(SWITCHES))

SCORES = 4
"""Rows of an epoch in a history: training loss and metric, validation loss and metric."""

BATCH_PENALTY, EPOCH_PENALTY = SCORES, SCORES + 1
"""The rows that follow where there are penalties: the mean of those before each update, which belongs to
the training loss, and that after the epoch, which belongs to the validation loss."""

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
    "penalty",
    "dropout",
)
"""Settings by their names; the last is that of the first hidden layer, and those of the others follow.

`lowest` is the least fraction of the first learning rate. Kernels write `penalty`: the sum of what
layers cost so far, 0 between updates.
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
    PENALTY,
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

`best_epoch` is counted from 1, and 0 while no epoch was looked at; `scale` is what step sizes are
multiplied by; `epochs` is how many a network was trained when it stopped early or diverged, and 0 while
it goes on.
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
    network, training = experiment.network, experiment.training
    stop, reduce = training.early_stopping, training.reduce_lr_on_plateau
    on = dict.fromkeys(SWITCHES, 0)
    on["penalised"] = int(network.kernel_regularizer is not None)
    on["noisy"] = int(network.input_noise > 0)
    on["drops"] = int(any(network.dropout_rates))
    on["clips"], _ = training.optimizer.clipping
    on["decays"] = int(training.optimizer.weight_decay > 0)
    if stop is not None:
        on["stops_early"] = 1 + MONITORS.index(stop.monitor)
        on["restores"] = int(stop.restore_best_weights)
    if reduce is not None:
        on["reduces"] = 1 + MONITORS.index(reduce.monitor)
    return tuple(on.values())


def looks_at_validation(switches: Sequence[int]) -> bool:
    """Tell whether a rule looks at the scores on validation samples."""
    return max(switches[STOPS_EARLY], switches[REDUCES]) > MONITORS.index("val_loss")


def settings_of(experiment: Experiment) -> Float64:
    """Return the settings of an experiment, shape (settings and a row for each further hidden layer,)."""
    network, training = experiment.network, experiment.training
    settings = np.zeros(DROPOUT + max(1, network.hidden_layers))
    if network.kernel_regularizer is not None:
        settings[[L1, L2]] = network.kernel_regularizer.strengths
    settings[NOISE_STDDEV] = network.input_noise
    settings[DROPOUT : DROPOUT + network.hidden_layers] = network.dropout_rates
    _, settings[CLIP] = training.optimizer.clipping
    if (stop := training.early_stopping) is not None:
        settings[[MIN_DELTA, PATIENCE]] = stop.min_delta, stop.patience
        settings[START_FROM_EPOCH] = stop.start_from_epoch
    if (reduce := training.reduce_lr_on_plateau) is not None:
        settings[[FACTOR, PLATEAU_PATIENCE]] = reduce.factor, reduce.patience
        settings[[PLATEAU_MIN_DELTA, COOLDOWN]] = reduce.min_delta, reduce.cooldown
        settings[LOWEST] = reduce.lowest(cast(float, training.optimizer.learning_rate))
    return settings


def scores_of(switches: Sequence[int] | Whole) -> int:
    """Return how many numbers a history has of each epoch; two are of penalties, where there are any."""
    return SCORES + 2 if switches[PENALISED] else SCORES


def begin_watching(networks: int) -> Float64:
    """Return what is watched of some networks before the first epoch, shape (watched, networks)."""
    watched = np.zeros((len(WATCHED), networks))
    watched[SCALE] = 1
    return watched
