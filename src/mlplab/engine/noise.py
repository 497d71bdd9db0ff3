"""Dropout and noise on inputs in a training, compiled: the numbers of `mlplab.noise`, bit for bit.

In a block the numbers of a neuron are count · LANES, sample by sample, each with the network of its
lane; of one network alone they are its samples. Either way the number at place q is that of sample
q // networks and of network q % networks.

Kernels call these functions by their address, so that what is off is no part of them.
"""

from __future__ import annotations

import numpy as np
from numba import types
from numpy.typing import DTypeLike, NDArray

from mlplab.elementary import normal_quantile
from mlplab.engine.arrays import Flat
from mlplab.engine.calls import address
from mlplab.engine.compiling import number_type, pointer_type
from mlplab.engine.options import DROPOUT, NOISE_STDDEV
from mlplab.kernel import compile_and_keep, kernel
from mlplab.noise import FIRST_MULTIPLIER, INPUTS, SECOND_MULTIPLIER, STEP
from mlplab.shuffling import mix
from mlplab.streams import GOLDEN

Bits = NDArray[np.uint32]
Float64 = NDArray[np.float64]
Keys = NDArray[np.uint64]

_STEP, _FIRST, _SECOND = np.uint32(STEP), np.uint32(FIRST_MULTIPLIER), np.uint32(SECOND_MULTIPLIER)
_15, _16, _32 = np.uint32(15), np.uint32(16), np.uint64(32)


@kernel
def fill_words(
    keys: Keys, networks: int, epoch: int, level: int, first: int, low: Bits, high: Bits
) -> None:
    """Write the lower and the upper half of the words of samples; shape (samples · networks,)."""
    n = len(low)
    words = np.empty(n, np.uint64)
    for network in range(networks):
        of_epoch = mix(keys[network] + np.uint64(epoch + 1) * GOLDEN)
        state = mix(of_epoch + np.uint64(level + 1) * GOLDEN) + np.uint64(first) * GOLDEN
        for q in range(network, n, networks):
            state += GOLDEN
            words[q] = state
    for q in range(n):  # a loop of its own, of which LLVM makes vector instructions
        words[q] = mix(words[q])
    for q in range(n):
        low[q] = np.uint32(words[q])
        high[q] = np.uint32(words[q] >> _32)


@kernel
def neuron_bits(low: np.uint32, high: np.uint32, number: np.uint32) -> np.uint32:
    """Return the 32 bits of a neuron, counted from 1, from the two halves of its sample's word."""
    u = np.uint32(low + np.uint32(number * _STEP))
    u = np.uint32(np.uint32(np.uint32(u ^ np.uint32(u >> _16)) * _FIRST) + high)
    u = np.uint32(np.uint32(u ^ np.uint32(u >> _15)) * _SECOND)
    return np.uint32(u ^ np.uint32(u >> _16))


@compile_and_keep
def multiply_by_masks(
    settings: Float64,
    keys: Keys,
    networks: int,
    epoch: int,
    first: int,
    layer: int,
    neurons: int,
    count: int,
    stride: int,
    h: Flat,
) -> None:
    """Multiply the numbers of a hidden layer by its dropout masks, h or δ, in place.

    Parameters
    ----------
    settings : pointer to float64
        Row by row, (settings, networks).
    keys : pointer to uint64
        Of each trial's noise.
    networks : int
    epoch, first : int
        The epoch, and the place of the first sample in its order.
    layer : int
        Hidden layer, counted from 0.
    neurons, count : int
        Of the layer, and samples.
    stride : int
        Numbers from a neuron to the next.
    h : ndarray
        The layer's numbers, from those of the first neuron on.
    """
    n = count * networks
    low, high, limit = np.empty(n, np.uint32), np.empty(n, np.uint32), np.empty(n, np.uint32)
    scale = np.empty(n, h.dtype)
    fill_words(keys, networks, epoch, layer + 1, first, low, high)
    for network in range(networks):
        rate = settings[(DROPOUT + layer) * networks + network]
        least, times = np.uint32(rate * 2.0**32), 1.0 / (1.0 - rate)
        for q in range(network, n, networks):
            limit[q], scale[q] = least, times
    nothing = h.dtype.type(0)
    for neuron in range(neurons):
        own = h[neuron * stride : neuron * stride + n]
        number = np.uint32(neuron + 1)
        for q in range(n):
            stays = neuron_bits(low[q], high[q], number) >= limit[q]
            own[q] *= scale[q] if stays else nothing


@compile_and_keep
def add_noise(
    settings: Float64,
    keys: Keys,
    networks: int,
    epoch: int,
    first: int,
    features: int,
    count: int,
    stride: int,
    h: Flat,
) -> None:
    """Add noise to the inputs of `count` samples, in place; arguments as `multiply_by_masks`."""
    n = count * networks
    low, high, u = np.empty(n, np.uint32), np.empty(n, np.uint32), np.empty(n)
    fill_words(keys, networks, epoch, INPUTS, first, low, high)
    for feature in range(features):
        for q in range(n):
            bits = neuron_bits(low[q], high[q], np.uint32(feature + 1))
            u[q] = (np.float64(np.int64(bits)) + 0.5) * 2.0**-32
        normal_quantile(u)
        for network in range(networks):
            stddev = settings[NOISE_STDDEV * networks + network]
            for q in range(network, n, networks):
                h[feature * stride + q] += h.dtype.type(stddev * u[q])


def masks_address(dtype: DTypeLike) -> int:
    """Return what kernels know `multiply_by_masks` by."""
    return address(multiply_by_masks, *_NETWORKS, *[types.int64] * 7, number_type(dtype)[::1])


def noise_address(dtype: DTypeLike) -> int:
    """Return what kernels know `add_noise` by."""
    return address(add_noise, *_NETWORKS, *[types.int64] * 6, number_type(dtype)[::1])


_NETWORKS = pointer_type(types.float64), pointer_type(types.uint64)
