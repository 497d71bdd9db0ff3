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
from mlplab.engine.calls import address
from mlplab.engine.compiling import number_type
from mlplab.engine.lanes import LANES, flat
from mlplab.engine.options import L1, L2
from mlplab.kernel import compile_and_keep, kernel

Float64 = NDArray[np.float64]

SLOTS = LANES
"""Sums that are carried side by side: in one network alone a row of inputs."""


@kernel
def add_slope(
    settings: Float64, outputs: int, length: int, stride: int, weights: Flat, gradient: Flat
) -> None:
    """Add ∂P/∂w = l1 sign(w) + 2 l2 w to the gradient of a layer's weights, in place.

    Parameters
    ----------
    settings : ndarray of float64, shape (settings, networks)
    outputs : int
        Of the layer.
    length, stride : int
        Numbers of an output's line, and from one line to the next.
    weights, gradient : ndarray
        From the layer's first weight on.
    """
    networks = settings.shape[1]
    most = min(length, SLOTS * networks)
    one, two = np.empty(most, weights.dtype), np.empty(most, weights.dtype)
    for network in range(networks):
        for q in range(network, most, networks):
            one[q], two[q] = settings[L1, network], 2.0 * settings[L2, network]
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
    settings: Float64, outputs: int, length: int, stride: int, weights: Flat, penalty: Float64
) -> None:
    """Add a layer's penalty l1 Σ |w| + l2 Σ w² of each network to `penalty`, shape (networks,).

    The other parameters are those of `add_slope`.
    """
    networks = settings.shape[1]
    most = SLOTS * networks
    for strength in (L1, L2):
        if not settings[strength].any():
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
            if settings[strength, network] == 0:
                continue  # infinite weights would make a penalty of nothing that is not a number
            total = 0.0
            for q in range(network, most, networks):
                total += sums[q]
            penalty[network] += settings[strength, network] * total


@compile_and_keep
def penalise(
    settings: Float64,
    sizes: Whole,
    begin: Whole,
    layer: int,
    theta: Rows,
    gradient: Rows,
    penalty: Float64,
) -> None:
    """Add the penalty of a layer to `penalty`, and its slope to the gradient, which may have no rows.

    Parameters
    ----------
    settings : ndarray of float64, shape (settings, networks)
    sizes, begin, theta : ndarray
        As kernels have them.
    layer : int
        Counted from 0.
    gradient : ndarray, shape of theta, or no rows
    penalty : ndarray of float64, shape (networks,)
    """
    first, inputs, outputs = begin[layer] * LANES, sizes[layer], sizes[layer + 1]
    length = stride = inputs * LANES
    if settings.shape[1] == 1:
        length, stride = inputs, (begin[layer + 1] - begin[layer]) // outputs * LANES
    weights, slopes = flat(theta)[first:], flat(gradient)[first:]
    add_penalty(settings, outputs, length, stride, weights, penalty)
    if len(gradient) > 0:
        add_slope(settings, outputs, length, stride, weights, slopes)


def penalty_address(dtype: DTypeLike) -> int:
    """Return what kernels know `penalise` by."""
    table, whole, line = number_type(dtype)[:, ::1], types.int64[::1], types.float64[::1]
    return address(penalise, types.float64[:, ::1], whole, whole, types.int64, table, table, line)


@kernel
def weigh(seen: Float64, samples: int) -> None:
    """Add a batch's penalty, row 3 of `seen`, to the sum in row 2 as often as it has samples."""
    for network in range(seen.shape[1]):
        seen[2, network] += samples * seen[3, network]
        seen[3, network] = 0


@kernel
def write_penalties(seen: Float64, samples: int, scores: Float64) -> None:
    """Write the mean of the penalties of so many samples to row 4 of an epoch's scores, 0 to row 5."""
    for network in range(seen.shape[1]):
        scores[4, network] = seen[2, network] / samples
        scores[5, network] = 0
