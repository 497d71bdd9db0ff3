"""Early stopping and the reduction of learning rates, for each network of a population."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

from mlplab.spec import Training
from mlplab.spec.stopping import MONITORS

Float64 = NDArray[np.float64]
Mask = NDArray[np.bool_]


class Rules:
    """What a training's rules make of each network, epoch by epoch.

    Attributes
    ----------
    active : ndarray of bool, shape (networks,)
        Which are trained in the next epoch.
    epochs : ndarray of int64, shape (networks,)
        How many epochs each was trained.
    """

    def __init__(self, training: Training, networks: int) -> None:
        stop, reduce = training.early_stopping, training.reduce_lr_on_plateau
        rate = cast(float, training.optimizer.learning_rate)
        each = range(networks)
        self._stopping = [stop.watch(training.dtype) for _ in each] if stop else []
        self._plateau = [reduce.watch(rate, training.dtype) for _ in each] if reduce else []
        self.active = np.ones(networks, np.bool_)
        self.epochs = np.zeros(networks, np.int64)
        self.restores = stop is not None and stop.restore_best_weights

    @property
    def scales(self) -> Float64:
        """What the step sizes of each network are multiplied by, shape (networks,)."""
        if not self._plateau:
            return np.ones(len(self.active))
        return np.array([watch.scale for watch in self._plateau])

    def see(self, epoch: int, scores: Float64) -> Mask:
        """Take the scores of an epoch, shape (networks, scores) in the order of `History`.

        Returns
        -------
        ndarray of bool, shape (networks,)
            For which the epoch is the best so far.
        """
        trained = np.flatnonzero(self.active)
        self.epochs[trained] += 1
        seen = _with_penalties(scores)
        is_best = np.zeros(len(scores), np.bool_)
        with np.errstate(
            over="ignore", invalid="ignore"
        ):  # a score of float64 may overflow in float32
            for i in trained.tolist():
                stops, is_best[i] = self._judge(i, epoch, seen[i])
                self.active[i] = not stops and np.isfinite(scores[i, 0])
        return is_best

    def _judge(self, network: int, epoch: int, seen: Float64) -> tuple[bool, bool]:
        """Tell whether a network's training stops, and whether the epoch is its best so far."""
        if self._plateau:
            watch = self._plateau[network]
            watch.sees(float(seen[MONITORS.index(watch.rule.monitor)]))
        if not self._stopping:
            return False, False
        stopping = self._stopping[network]
        stops = stopping.sees(epoch, float(seen[MONITORS.index(stopping.rule.monitor)]))
        return stops, stopping.best_epoch == epoch


def _with_penalties(scores: Float64) -> Float64:
    """Return the scores with the penalties in their losses, as Keras's callbacks look at them."""
    seen = scores[:, :4].copy()
    seen[:, ::2] += scores[:, 4:] if scores.shape[1] > 4 else 0.0
    return seen
