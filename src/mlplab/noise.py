"""The noise of a training: which neurons are left out of an update, and what is added to the inputs.

Every number is a function of a trial's key, the epoch, the layer, the sample's place in the epoch's order
and the neuron. So it does not matter how an epoch is divided into batches, and which networks are trained
together. All of it is arithmetic with integers, which kernels repeat bit for bit (`engine.noise`); only
normal numbers are made by `elementary.normal_quantile`.

SplitMix64 leads from the key to an epoch, from there to a level of the network (0 are its inputs, l the
outputs of layer l), and from there to a sample's word of 64 bits, of which a is the lower half and b the
upper one. Of each neuron j it takes 32 bits by two rounds of multiplication (all modulo 2^32):

    u = a + (j + 1) · 0x9E3779B9
    u = (u ^ u >> 16) · 0x7FEB352D + b
    u = (u ^ u >> 15) · 0x846CA68B
    u = u ^ u >> 16

Source: Steele, Lea & Flood 2014 (SplitMix64); Wellons 2018, "Prospecting for Hash Functions"
(lowbias32), between whose rounds b is added.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from mlplab.elementary import normal_quantile
from mlplab.kernel import entry
from mlplab.streams import GOLDEN, mix

Float = NDArray[np.floating[Any]]
Places = NDArray[np.integer[Any]]
Bits = NDArray[np.uint32]
Keys = NDArray[np.uint64]

STEP = 0x9E3779B9
"""Between the neurons of a sample: 2^32 over the golden ratio, odd."""

FIRST_MULTIPLIER, SECOND_MULTIPLIER = 0x7FEB352D, 0x846CA68B

INPUTS = 0
"""The level of the inputs; hidden layers, counted from 0, have the next ones."""


def noise_bits(key: int, epoch: int, level: int, places: Places, neurons: int) -> Bits:
    """Return 32 random bits of each sample and neuron, shape (places, neurons).

    Parameters
    ----------
    key : int
        From 0 to 2^64 - 1.
    epoch, level : int
        Counted from 0.
    places : ndarray of int, shape (places,)
        Of samples in the epoch's order, counted from 0.
    neurons : int

    Examples
    --------
    >>> noise_bits(key=1, epoch=0, level=1, places=np.array([0, 5]), neurons=2).tolist()
    [[577435522, 1591862829], [3447690260, 310251300]]
    """
    of_epoch = epoch_key(np.array([key], np.uint64), np.array([epoch], np.uint64))
    return bits_of_neurons(of_epoch, level, places.astype(np.uint64), neurons)


def epoch_key(key: Keys, epoch: Keys) -> Keys:
    """Return the key of an epoch's noise, shape (1,), as a trial's key and the epoch."""
    return mix(key + (epoch + np.uint64(1)) * GOLDEN)


def bits_of_neurons(of_epoch: Keys, level: int, places: Keys, neurons: int) -> Bits:
    """Return what `noise_bits` does, by the key of the epoch; places are uint64."""
    state = mix(of_epoch + np.array([level + 1], np.uint64) * GOLDEN)
    words = mix(state + (places + np.uint64(1)) * GOLDEN)
    a, b = words.astype(np.uint32)[:, None], (words >> np.uint64(32)).astype(np.uint32)[:, None]
    u = a + np.arange(1, neurons + 1, dtype=np.uint32) * np.uint32(STEP)
    u = (u ^ (u >> np.uint32(16))) * np.uint32(FIRST_MULTIPLIER) + b
    u = (u ^ (u >> np.uint32(15))) * np.uint32(SECOND_MULTIPLIER)
    bits: Bits = u ^ (u >> np.uint32(16))
    return bits


def dropout_threshold(rate: float) -> int:
    """Return the number of 32 bits from which on a neuron stays: ⌊rate · 2^32⌋."""
    return int(rate * 2.0**32)


def dropout_scale(rate: float) -> float:
    """Return what the output of a neuron that stays is multiplied by: 1 / (1 - rate)."""
    return 1 / (1 - rate)


def dropout_mask(bits: Bits, rate: float, dtype: DTypeLike) -> Float:
    """Return what outputs of neurons are multiplied by, 0 or 1 / (1 - rate); of the shape of bits."""
    stays = bits >= np.uint32(dropout_threshold(rate))
    return np.where(stays, dropout_scale(rate), 0).astype(dtype)


def normal_noise(bits: Bits, stddev: float, dtype: DTypeLike) -> Float:
    """Return normal numbers of mean 0 and a standard deviation, one of 32 bits each: stddev · Φ⁻¹(u).

    u = (bits + 1/2) / 2^32, so that none is farther out than 6.4 standard deviations.
    """
    u = ((bits.astype(np.float64) + 0.5) * 2.0**-32).ravel()
    entry(fill_normal)(u)
    return (stddev * u).reshape(bits.shape).astype(dtype)


def fill_normal(u: NDArray[np.float64]) -> None:
    """Turn uniform numbers into normal ones, in place; shape (n,)."""
    normal_quantile(u)
