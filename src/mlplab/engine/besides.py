"""What a training does besides layers, loss and steps, and where in it that is done.

`besides` is None where an experiment has nothing of it, one answer a sample and one number that scales an
update. Numba compiles kernels anew for None, and leaves out what is done otherwise: networks that have
nothing of all this do not pay for it, not even by a test.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mlplab.engine.arrays import Flat, Rows, Whole
from mlplab.engine.calls import call_noise
from mlplab.engine.clipping import clip
from mlplab.engine.compiling import inlined
from mlplab.engine.lanes import flat, pointer
from mlplab.engine.options import (
    BATCH_PENALTY,
    BEST_EPOCH,
    CLIPS,
    DECAYS,
    EPOCH_PENALTY,
    NOISY,
    PENALISED,
    RESTORES,
    SCALE,
    Step,
)
from mlplab.engine.penalty import penalise_layers, take_penalty, weigh, write_penalties
from mlplab.engine.updates.moving import move
from mlplab.engine.watching import watch
from mlplab.spec.optimizers.base import FREE

Float64 = NDArray[np.float64]


class Besides(NamedTuple):
    """What networks have besides, see `options`.

    Attributes
    ----------
    switches : ndarray of int64, shape (switches,)
    settings : ndarray of float64, shape (settings, networks)
    keys : ndarray of uint64, shape (networks,)
        Of each trial's noise.
    best : ndarray, shape of theta or no rows
        The parameters of the best epoch, where they are to be restored.
    squares : ndarray of float64, shape (networks,)
        Room for sums.
    """

    switches: Whole
    settings: Float64
    keys: NDArray[np.uint64]
    best: Rows
    squares: Float64


# ---- A batch -------------------------------------------------------------------------------------


@inlined
def step_of(besides: Besides | None, epoch: int, first: int) -> Step | None:
    """Return what the passes are told, for samples from a place of an epoch's order on."""
    if besides is None:
        return None
    switches, settings = pointer(besides.switches), pointer(flat(besides.settings))
    return Step(switches, settings, pointer(besides.keys), epoch, first)


@inlined
def scale_of(watched: Float64, network: int, number: int) -> float:
    """Return what a number that scales an update is multiplied by, where the learning rate is reduced."""
    return 1.0 if number == FREE else float(watched[SCALE, network])


@inlined
def add_input_noise(
    step: Step | None, networks: int, features: int, count: int, stride: int, h: Flat
) -> None:
    """Add noise to the inputs of `count` samples, if there is any."""
    if step is not None and step.switches[NOISY] != 0:
        call_noise(
            *(step.switches[NOISY], step.settings, step.keys, networks, step.epoch, step.first),
            *(features, count, stride, h),
        )


@inlined
def moves_by_layer(besides: Besides | None) -> bool:
    """Tell whether each layer is updated as soon as its gradient is there.

    It is not where something is made of the whole gradient first, or of the parameters.
    """
    if besides is None:
        return True
    switches = besides.switches
    return bool(switches[PENALISED] == 0 and switches[CLIPS] == 0 and switches[DECAYS] == 0)


@inlined
def update_together(
    besides: Besides | None,
    size: int,
    theta: Rows,
    gradient: Rows,
    sizes: Whole,
    begin: Whole,
    optimizer: int,
    constants: Rows,
    rate: Flat,
    first_moment: Flat,
    second_moment: Flat,
    seen: Float64,
) -> None:
    """Update all layers after a batch of `size` samples, unless they were one by one.

    Of a block or of one network: the arrays are those of either.
    """
    if besides is None or moves_by_layer(besides):
        return
    penalise_batch(besides, len(besides.keys), size, theta, gradient, sizes, begin, seen)
    clip(gradient, sizes, begin, besides.switches, besides.settings, besides.squares)
    move(
        *(besides.switches[DECAYS], optimizer, constants, rate, flat(theta), flat(gradient)),
        *(first_moment, second_moment),
    )


@inlined
def penalise_batch(
    besides: Besides,
    networks: int,
    size: int,
    theta: Rows,
    gradient: Rows,
    sizes: Whole,
    begin: Whole,
    seen: Float64,
) -> None:
    """Add penalties to those of the epoch, once for each sample, and their slopes to the gradient."""
    if besides.switches[PENALISED] != 0:
        settings = pointer(flat(besides.settings))
        penalise_layers(besides.switches, settings, networks, sizes, begin, theta, gradient)
        weigh(besides.settings, size, seen)


# ---- An epoch ------------------------------------------------------------------------------------


@inlined
def go_on_with_penalties(
    besides: Besides | None, used: int, scores: Float64, seen: Float64
) -> None:
    """Put the penalties of one network's epoch, of which some samples are used, into row 2 of `seen`."""
    if besides is not None:
        seen[2] = 0
        if besides.switches[PENALISED] != 0 and used > 0:
            seen[2, 0] = scores[BATCH_PENALTY, 0]


@inlined
def write_training_penalty(
    besides: Besides | None, samples: int, seen: Float64, scores: Float64
) -> None:
    """Write the mean of the penalties of so many samples to the scores of the epoch, if there are any."""
    if besides is not None and besides.switches[PENALISED] != 0:
        write_penalties(seen, samples, scores)


@inlined
def write_penalty(
    besides: Besides | None,
    networks: int,
    theta: Rows,
    sizes: Whole,
    begin: Whole,
    scores: Float64,
) -> None:
    """Write the penalty of the weights after an epoch to its scores, if there is any."""
    if besides is not None and besides.switches[PENALISED] != 0:
        settings = pointer(flat(besides.settings))
        penalise_layers(besides.switches, settings, networks, sizes, begin, theta, theta[:0])
        take_penalty(besides.settings, scores[EPOCH_PENALTY])


@inlined
def stops_early(
    besides: Besides | None,
    theta: Rows,
    scores: Float64,
    epoch: int,
    network: int,
    watched: Float64,
) -> bool:
    """Take the scores of an epoch of one network, and tell whether early stopping ends it."""
    if besides is None:
        return False
    return bool(watch(theta, scores, epoch, network, besides.switches, besides.settings, watched))


@inlined
def is_best(besides: Besides | None, watched: Float64, network: int, epoch: int) -> bool:
    """Tell whether the parameters after an epoch are to be kept as the best ones."""
    if besides is None:
        return False
    return bool(besides.switches[RESTORES] != 0 and watched[BEST_EPOCH, network] == epoch + 1)


@inlined
def is_to_restore(besides: Besides | None, watched: Float64, network: int) -> bool:
    """Tell whether a network ends with the weights of its best epoch, and there is one."""
    if besides is None:
        return False
    return bool(besides.switches[RESTORES] != 0 and watched[BEST_EPOCH, network] > 0)
