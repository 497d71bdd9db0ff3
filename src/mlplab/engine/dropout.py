"""Dropout in the passes of a training: what is kept before it, and its masks.

A layer's slope is a function of what its activation gave before dropout, which stands in the second half
of `h`; where the slope takes pre-activations, those stand there anyway.
"""

from __future__ import annotations

from mlplab.engine.arrays import Flat
from mlplab.engine.calls import call_masks
from mlplab.engine.compiling import kernel
from mlplab.engine.options import DROPS, Step


@kernel
def drop(
    step: Step,
    networks: int,
    layer: int,
    keeps_z: int,
    neurons: int,
    count: int,
    stride: int,
    h: Flat,
    begin: int,
    kept: int,
) -> None:
    """Keep what a hidden layer's neurons give, and multiply it by the layer's masks, in place.

    Parameters
    ----------
    step : Step
    networks : int
        Side by side: LANES, or 1.
    layer : int
        Hidden layer, counted from 0.
    keeps_z : int
        Whether the pre-activations are kept, and stay as they are.
    neurons, count, stride : int
        Of the layer, samples, and numbers from a neuron to the next.
    h : ndarray
    begin, kept : int
        Numbers before the layer's first neuron, and before the second half.
    """
    own = h[begin : begin + neurons * stride]
    if keeps_z == 0:
        half = h[kept + begin : kept + begin + neurons * stride]
        for q in range(neurons * stride):
            half[q] = own[q]
    multiply(step, networks, layer, neurons, count, stride, own)


@kernel
def multiply(
    step: Step, networks: int, layer: int, neurons: int, count: int, stride: int, own: Flat
) -> None:
    """Multiply h or δ of a hidden layer, which `own` begins with, by its masks; as `drop`."""
    call_masks(
        *(step.switches[DROPS], step.settings, step.keys, networks, step.epoch, step.first),
        *(layer, neurons, count, stride, own),
    )
