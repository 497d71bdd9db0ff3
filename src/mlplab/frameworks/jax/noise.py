"""Dropout and noise on inputs, made where JAX computes: the numbers of `mlplab.noise`."""

from __future__ import annotations

import numpy as np

from mlplab.frameworks.jax.backend import Array, jax
from mlplab.frameworks.jax.formulas import FormulaArray, by_jax
from mlplab.noise import INPUTS, bits_of_neurons, dropout_mask, epoch_key
from mlplab.spec import Network


def epoch_key_of(key: Array, epoch: Array) -> Array:
    """Return the key of an epoch's noise, shape (1,), of a trial's key and the epoch; both uint64."""
    return by_jax(epoch_key)(key[None], epoch)


def masks_of(
    network: Network, of_epoch: Array, places: Array, widths: tuple[int, ...], dtype: str
) -> list[Array] | None:
    """Return what the outputs of each hidden layer are multiplied by; None without dropout.

    `places`, uint64, are those of the samples in the epoch's order, and `widths` the layers' neurons.
    """
    if not network.dropout:
        return None

    def mask(layer: int, rate: float) -> Array:
        bits = _bits(of_epoch, layer + 1, places, widths[layer])
        masks: Array = dropout_mask(bits, rate, dtype)
        return masks.array

    return [mask(layer, rate) for layer, rate in enumerate(network.dropout_rates)]


def input_noise_of(
    network: Network, of_epoch: Array, places: Array, features: int, dtype: str
) -> Array:
    """Return what is added to the inputs, shape (samples, features): stddev · Φ⁻¹ of uniform numbers.

    Φ⁻¹ is JAX's, which differs from `mlplab.elementary`'s by rounding only.
    """
    bits = _bits(of_epoch, INPUTS, places, features).array
    u = (bits.astype(np.float64) + 0.5) * 2.0**-32
    return (network.input_noise * jax.scipy.special.ndtri(u)).astype(dtype)


def _bits(of_epoch: Array, level: int, places: Array, neurons: int) -> Array:
    return bits_of_neurons(FormulaArray(of_epoch), level, FormulaArray(places), neurons)  # type: ignore[arg-type]  # as arrays of NumPy
