"""Dropout in the passes of a training: what is kept before it, and its masks.

A layer's slope is a function of what its activation gave before dropout, which stands in the rows
`kept`; where the slope takes pre-activations, those stand there anyway.
"""

from __future__ import annotations

from mlplab.engine.arrays import Flat
from mlplab.engine.calls import call_masks
from mlplab.engine.compiling import kernel
from mlplab.engine.options import DROPS, Step


@kernel
def drop(
    step: Step,
    layer: int,
    keeps_z: int,
    neurons: int,
    count: int,
    stride: int,
    h: Flat,
    kept: Flat,
) -> None:
    """Keep what a hidden layer's neurons give, and multiply it by the layer's masks, in place.

    Parameters
    ----------
    step : Step
    layer : int
        Hidden layer, counted from 0.
    keeps_z : int
        Whether `kept` has the pre-activations, and stays as it is.
    neurons, count, stride : int
        Of the layer, samples, and numbers from a neuron to the next.
    h, kept : ndarray
        From the layer's first neuron on.
    """
    if keeps_z == 0:
        for q in range(neurons * stride):
            kept[q] = h[q]
    multiply(step, layer, neurons, count, stride, h)


@kernel
def multiply(step: Step, layer: int, neurons: int, count: int, stride: int, h: Flat) -> None:
    """Multiply h or δ of a hidden layer by its masks, in place; arguments as `drop`."""
    call_masks(
        *(step.switches[DROPS], step.keys, step.settings, step.epoch, step.first),
        *(layer, neurons, count, stride, h),
    )
