"""What is made of the scores of an epoch: whether the training ends, and with which steps it goes on.

The rules are those of `spec.stopping`, compiled: of one network, a column of `settings` and `watched`.
`options` says what stands in which row.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mlplab.engine.arrays import Rows, Whole
from mlplab.engine.compiling import kernel
from mlplab.engine.lanes import LANES
from mlplab.engine.options import (
    BATCH_PENALTY,
    BEST,
    BEST_EPOCH,
    COOLDOWN,
    COOLING,
    EPOCH_PENALTY,
    FACTOR,
    LOWEST,
    MIN_DELTA,
    PATIENCE,
    PENALISED,
    PLATEAU_BEST,
    PLATEAU_MIN_DELTA,
    PLATEAU_PATIENCE,
    PLATEAU_WAIT,
    REDUCES,
    SCALE,
    START_FROM_EPOCH,
    STOPS_EARLY,
    WAIT,
)

Float64 = NDArray[np.float64]


@kernel
def watch(
    theta: Rows,
    scores: Float64,
    epoch: int,
    network: int,
    switches: Whole,
    settings: Float64,
    watched: Float64,
) -> bool:
    """Take the scores of an epoch of one network, and tell whether early stopping ends it.

    Parameters
    ----------
    theta : ndarray
        Of the type in which scores are compared.
    scores : ndarray of float64, shape (scores, networks)
        A line of the history.
    epoch : int
        Counted from 0.
    network : int
        A column of `scores`, `settings` and `watched`.
    watched : ndarray of float64, shape (watched, networks)
        Best score and epoch (counted from 1; 0 while there is none), epochs without an improvement, and
        what step sizes are multiplied by.
    """
    if switches[REDUCES] != 0:
        _reduce(theta, scores, epoch, network, switches, settings, watched)
    if switches[STOPS_EARLY] == 0 or epoch < settings[START_FROM_EPOCH, network]:
        return False
    monitor = switches[STOPS_EARLY] - 1
    score = _monitored(scores, monitor, network, switches)
    is_first = watched[BEST_EPOCH, network] == 0
    least = settings[MIN_DELTA, network]
    if is_first or _improves(theta, score, watched[BEST, network], least, monitor):
        watched[BEST, network] = score
        watched[BEST_EPOCH, network] = epoch + 1
        watched[WAIT, network] = 0
        return False
    watched[WAIT, network] += 1
    return bool(watched[WAIT, network] >= settings[PATIENCE, network])


@kernel
def _reduce(
    theta: Rows,
    scores: Float64,
    epoch: int,
    network: int,
    switches: Whole,
    settings: Float64,
    watched: Float64,
) -> None:
    """Reduce what step sizes are multiplied by, where it is time."""
    monitor = switches[REDUCES] - 1
    score = _monitored(scores, monitor, network, switches)
    if watched[COOLING, network] > 0:
        watched[COOLING, network] -= 1
        watched[PLATEAU_WAIT, network] = 0
    least = settings[PLATEAU_MIN_DELTA, network]
    if epoch == 0 or _improves(theta, score, watched[PLATEAU_BEST, network], least, monitor):
        watched[PLATEAU_BEST, network] = score
        watched[PLATEAU_WAIT, network] = 0
    elif watched[COOLING, network] == 0:
        watched[PLATEAU_WAIT, network] += 1
        scale, lowest = watched[SCALE, network], settings[LOWEST, network]
        waited = watched[PLATEAU_WAIT, network] >= settings[PLATEAU_PATIENCE, network]
        if waited and np.float32(scale) > np.float32(lowest):
            watched[SCALE, network] = max(scale * settings[FACTOR, network], lowest)
            watched[COOLING, network] = settings[COOLDOWN, network]
            watched[PLATEAU_WAIT, network] = 0


@kernel
def _monitored(scores: Float64, monitor: int, network: int, switches: Whole) -> float:
    """Return the score that is looked at; a loss with the penalty, which follows all scores."""
    score = float(scores[monitor, network])
    if switches[PENALISED] != 0 and monitor % 2 == 0:
        row = BATCH_PENALTY if monitor == 0 else EPOCH_PENALTY
        score += scores[row, network]
    return score


@kernel
def _improves(theta: Rows, score: float, best: float, least: float, monitor: int) -> bool:
    """Tell whether a score is better than the best by more than the least difference.

    Every second score is an accuracy, of which more is better; metrics of targets are not monitored.
    Both sides are rounded to the type of the network.
    """
    number = theta.dtype.type
    if monitor % 2 == 1:
        return bool(number(score - least) > number(best))
    return bool(number(score + least) < number(best))


@kernel
def copy(parameters: Rows, out: Rows) -> None:
    """Copy the parameters of a network, shape (rows, LANES)."""
    for row in range(len(parameters)):
        for lane in range(LANES):
            out[row, lane] = parameters[row, lane]
