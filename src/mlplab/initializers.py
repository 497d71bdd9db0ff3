"""How weights begin: Keras's initializers, each as the inverse of its distribution.

An initializer gives each layer a distribution that may depend on the layer's size. It is drawn here by
inversion: a uniform number u on (0, 1) becomes the value below which a share u of the distribution
lies. Only the draw of a trial needs this; every trainer starts from the trial's weights.

fan_in and fan_out are the layer's numbers of inputs and outputs.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

from mlplab.spec import InitializerSpec, RandomNormal, RandomUniform, TruncatedNormal
from mlplab.streams import Float, uniform

TRUNCATED_STDDEV = 0.87962566103423978
"""Standard deviation of a standard normal cut off at ±2; scaled normals are divided by it."""


def _normal(u: Float, mean: float, stddev: float) -> Float:
    """x = mean + stddev · Φ⁻¹(u)."""
    return mean + stddev * np.asarray(ndtri(u))


def _truncated(u: Float, mean: float, stddev: float) -> Float:
    """x = mean + stddev · Φ⁻¹(Φ(-2) + u (Φ(2) - Φ(-2)))."""
    low, high = ndtr(-2.0), ndtr(2.0)
    return mean + stddev * np.asarray(ndtri(low + u * (high - low)))


def _scaled_normal(u: Float, variance: float) -> Float:
    """Truncated normal that has the variance *after* the cut (Keras's `VarianceScaling`)."""
    return _truncated(u, 0.0, math.sqrt(variance) / TRUNCATED_STDDEV)


def _scaled_uniform(u: Float, variance: float) -> Float:
    """Uniform on [-√(3 variance), √(3 variance)], whose variance is the one wanted."""
    return math.sqrt(3 * variance) * (2 * u - 1)


def _random_normal(u: Float, spec: RandomNormal, fan_in: int, fan_out: int) -> Float:
    return _normal(u, spec.mean, spec.stddev)


def _random_uniform(u: Float, spec: RandomUniform, fan_in: int, fan_out: int) -> Float:
    return spec.minval + (spec.maxval - spec.minval) * u


def _truncated_normal(u: Float, spec: TruncatedNormal, fan_in: int, fan_out: int) -> Float:
    return _truncated(u, spec.mean, spec.stddev)


INITIALIZERS: dict[str, Callable[[Float, Any, int, int], Float]] = {
    "random_normal": _random_normal,
    "random_uniform": _random_uniform,
    "truncated_normal": _truncated_normal,
    "glorot_normal": lambda u, _, fan_in, fan_out: _scaled_normal(u, 2 / (fan_in + fan_out)),
    "glorot_uniform": lambda u, _, fan_in, fan_out: _scaled_uniform(u, 2 / (fan_in + fan_out)),
    "he_normal": lambda u, _, fan_in, fan_out: _scaled_normal(u, 2 / fan_in),
    "he_uniform": lambda u, _, fan_in, fan_out: _scaled_uniform(u, 2 / fan_in),
    "lecun_normal": lambda u, _, fan_in, fan_out: _scaled_normal(u, 1 / fan_in),
    "lecun_uniform": lambda u, _, fan_in, fan_out: _scaled_uniform(u, 1 / fan_in),
    "zeros": lambda u, _, fan_in, fan_out: np.zeros_like(u),
}


def initial_weights(
    spec: InitializerSpec, shape: tuple[int, int], generator: np.random.Generator
) -> Float:
    """Draw one layer's weights.

    Parameters
    ----------
    shape : (outputs, inputs)
        Of the weight matrix W: fan_out and fan_in.

    Returns
    -------
    ndarray of float64, shape (outputs, inputs)

    Source: Keras 3, `keras.initializers`.
    """
    fan_out, fan_in = shape
    return INITIALIZERS[spec.kind](uniform(generator, shape), spec, fan_in, fan_out)
