"""Penalties of weights in a training, compiled: those of `spec.regularizers`.

The weights of an output of a layer are a line of numbers: in a block inputs · LANES of them, input by
input, each with the network of its lane; of one network alone its inputs. Sums are in float64, and come
out the same in both: input k adds to the sum number k % SLOTS, output by output, and at the end these
are added in their order.

Kernels call `penalise` by its address, so that what is off is no part of them.
"""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import DTypeLike, NDArray

from mlplab.engine.arrays import Flat, Rows, Whole
from mlplab.engine.calls import address, call_penalise
from mlplab.engine.compiling import number_type, pointer_type
from mlplab.engine.lanes import LANES, flat
from mlplab.engine.options import BATCH_PENALTY, L1, L2, PENALISED, PENALTY
from mlplab.kernel import compile_and_keep, kernel

Float64 = NDArray[np.float64]

SLOTS = LANES
"""Sums that are carried side by side: in one network alone a row of inputs."""


@kernel
def add_slope(
    settings: Float64,
    networks: int,
    outputs: int,
    length: int,
    stride: int,
    weights: Flat,
    gradient: Flat,
) -> None:
    """Add ∂P/∂w = l1 sign(w) + 2 l2 w to the gradient of a layer's weights, in place.

    Parameters
    ----------
    settings : pointer to float64
        Row by row, (settings, networks).
    networks : int
    outputs : int
        Of the layer.
    length, stride : int
        Numbers of an output's line, and from one line to the next.
    weights, gradient : ndarray
        From the layer's first weight on.
    """
    most = min(length, SLOTS * networks)
    one, two = np.empty(most, weights.dtype), np.empty(most, weights.dtype)
    for network in range(networks):
        for q in range(network, most, networks):
            one[q], two[q] = (
                settings[L1 * networks + network],
                2.0 * settings[L2 * networks + network],
            )
    nothing = weights.dtype.type(0)
    for o in range(outputs):
        for first in range(o * stride, o * stride + length, most):
            n = min(most, o * stride + length - first)
            w, g = weights[first : first + n], gradient[first : first + n]
            for q in range(n):
                sign = one[q] if w[q] > nothing else -one[q]
                g[q] += (nothing if w[q] == nothing else sign) + two[q] * w[q]


@kernel
def add_penalty(
    settings: Float64,
    networks: int,
    outputs: int,
    length: int,
    stride: int,
    weights: Flat,
) -> None:
    """Add a layer's penalty l1 Σ |w| + l2 Σ w² of each network to its `penalty` among the settings.

    The parameters are those of `add_slope`.
    """
    most = SLOTS * networks
    for strength in (L1, L2):
        strongest = 0.0
        for network in range(networks):
            strongest = max(strongest, settings[strength * networks + network])
        if strongest == 0:
            continue
        sums = np.zeros(most)
        for o in range(outputs):
            for first in range(o * stride, o * stride + length, most):
                n = min(most, o * stride + length - first)
                w = weights[first : first + n]
                if strength == L1:
                    for q in range(n):
                        sums[q] += abs(np.float64(w[q]))
                else:
                    for q in range(n):
                        sums[q] += np.float64(w[q]) * np.float64(w[q])
        for network in range(networks):
            if settings[strength * networks + network] == 0:
                continue  # infinite weights would make a penalty of nothing that is not a number
            total = 0.0
            for q in range(network, most, networks):
                total += sums[q]
            of_network = settings[strength * networks + network] * total
            settings[PENALTY * networks + network] += of_network


@compile_and_keep
def penalise(
    settings: Float64,
    networks: int,
    sizes: Whole,
    begin: Whole,
    layer: int,
    theta: Rows,
    gradient: Rows,
) -> None:
    """Add the penalty of a layer to that among the settings, and its slope to the gradient.

    Parameters
    ----------
    settings : pointer to float64
        Row by row, (settings, networks).
    networks : int
        Side by side: LANES, or 1.
    sizes, begin, theta : ndarray
        As kernels have them.
    layer : int
        Counted from 0.
    gradient : ndarray
        Of the shape of theta, or without rows, to be left alone.
    """
    first, inputs, outputs = begin[layer] * LANES, sizes[layer], sizes[layer + 1]
    length = stride = inputs * LANES
    if networks == 1:
        length, stride = inputs, (begin[layer + 1] - begin[layer]) // outputs * LANES
    weights, slopes = flat(theta)[first:], flat(gradient)[first:]
    add_penalty(settings, networks, outputs, length, stride, weights)
    if len(gradient) > 0:
        add_slope(settings, networks, outputs, length, stride, weights, slopes)


def penalty_address(dtype: DTypeLike) -> int:
    """Return what kernels know `penalise` by."""
    table, whole, numbers = (
        number_type(dtype)[:, ::1],
        types.int64[::1],
        pointer_type(types.float64),
    )
    return address(penalise, numbers, types.int64, whole, whole, types.int64, table, table)


@kernel
def penalise_layers(
    switches: Whole,
    settings: Float64,
    networks: int,
    sizes: Whole,
    begin: Whole,
    theta: Rows,
    gradient: Rows,
) -> None:
    """Add the penalties of all layers and their slopes, as `penalise` does of one."""
    for layer in range(len(sizes) - 2, -1, -1):
        call_penalise(switches[PENALISED], settings, networks, sizes, begin, layer, theta, gradient)


@kernel
def weigh(settings: Float64, samples: int, seen: Float64) -> None:
    """Add a batch's penalty to the sum in row 2 of `seen`, once for each sample, and begin anew."""
    for network in range(seen.shape[1]):
        seen[2, network] += samples * settings[PENALTY, network]
        settings[PENALTY, network] = 0


@kernel
def take_penalty(settings: Float64, penalty: Float64) -> None:
    """Write the penalty of each network to `penalty`, shape (networks,); the next begins at 0."""
    for network in range(len(penalty)):
        penalty[network] = settings[PENALTY, network]
        settings[PENALTY, network] = 0


@kernel
def write_penalties(seen: Float64, samples: int, scores: Float64) -> None:
    """Write the mean of the penalties of so many samples to an epoch's scores."""
    for network in range(seen.shape[1]):
        scores[BATCH_PENALTY, network] = seen[2, network] / samples
