"""How the weights begin: Keras's initializers by Keras's names. Biases begin at zero.

An initializer is the inverse of a distribution, which may depend on a layer's size: a uniform number u on
(0, 1) becomes the value below which a fraction u of the distribution lies. Two experiments that differ in
the initializer then share the uniform numbers behind their weights, which makes paired comparisons
sharper.

fan_in and fan_out are a layer's numbers of inputs and outputs.

Source: Keras 3, `keras.initializers`.
"""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from mlplab.elementary import normal_quantile
from mlplab.kernel import Kernel, kernel
from mlplab.spec.family import Family
from mlplab.spec.part import LARGEST

Float64 = NDArray[np.float64]
Weight = Annotated[float, Field(ge=-LARGEST, le=LARGEST)]
Deviation = Annotated[float, Field(ge=0, le=LARGEST)]

TRUNCATED_STDDEV = 0.87962566103423978
"""Standard deviation of a standard normal cut off at ±2; scaled normals are divided by it."""

_BELOW = 0.022750131948179207
"""Φ(-2): what a normal cut off at ±2 leaves out on either side."""


class InitializerSpec(Family):
    """A distribution of a layer's initial weights.

    Attributes
    ----------
    shared : bool
        Whether all layers are handed one and the same initializer, as when one Keras object without a
        seed is given to them: layers of one shape then begin with *equal* weights.
    weights : Kernel
        The formula: weights(u, fan_in, fan_out, *parameters) turns the uniform numbers `u`, shape
        (fan_out · fan_in,), into a layer's weights, row by row of W, in place; all float64. Each
        parameter is one number.
    """

    shared: bool = False

    weights: ClassVar[Kernel[..., None]]
    apart: ClassVar[frozenset[str]] = frozenset({"shared"})


@kernel
def _truncated_normal(u: Float64, mean: float, stddev: float) -> None:
    """u ← mean + stddev · Φ⁻¹(Φ(-2) + u (Φ(2) - Φ(-2)))."""
    for i in range(len(u)):
        u[i] = _BELOW + u[i] * (1 - 2 * _BELOW)
    normal_quantile(u)
    for i in range(len(u)):
        u[i] = mean + stddev * u[i]


@kernel
def _scaled_normal(u: Float64, variance: float) -> None:
    """Truncated normal that has the variance *after* the cut (Keras's `VarianceScaling`)."""
    _truncated_normal(u, 0.0, math.sqrt(variance) / TRUNCATED_STDDEV)


@kernel
def _scaled_uniform(u: Float64, variance: float) -> None:
    """Uniform on [-√(3 variance), √(3 variance)], whose variance is the one wanted."""
    for i in range(len(u)):
        u[i] = math.sqrt(3 * variance) * (2 * u[i] - 1)


class RandomNormal(InitializerSpec):
    """Normal with the given mean and standard deviation.

    Attributes
    ----------
    mean : float
        Mean of the weights.
    stddev : float
        Standard deviation of the weights.
    """

    kind: Literal["random_normal"] = "random_normal"
    mean: Weight = 0.0
    stddev: Deviation = 0.05

    @staticmethod
    @kernel
    def weights(u: Float64, fan_in: int, fan_out: int, mean: float, stddev: float) -> None:
        """u ← mean + stddev · Φ⁻¹(u)."""
        normal_quantile(u)
        for i in range(len(u)):
            u[i] = mean + stddev * u[i]


class RandomUniform(InitializerSpec):
    """Uniform on [minval, maxval).

    Attributes
    ----------
    minval : float
        Lowest weight.
    maxval : float
        Upper end, which no weight reaches.
    """

    kind: Literal["random_uniform"] = "random_uniform"
    minval: Weight = -0.05
    maxval: Weight = 0.05

    @model_validator(mode="after")
    def _is_an_interval(self) -> RandomUniform:
        if self.minval > self.maxval:
            raise ValueError(
                f"minval must not exceed maxval, received {self.minval} and {self.maxval}"
            )
        return self

    @staticmethod
    @kernel
    def weights(u: Float64, fan_in: int, fan_out: int, minval: float, maxval: float) -> None:
        """u ← minval + (maxval - minval) u."""
        for i in range(len(u)):
            u[i] = minval + (maxval - minval) * u[i]


class TruncatedNormal(InitializerSpec):
    """Normal cut off at two standard deviations; `stddev` is the one before the cut, as in Keras.

    Attributes
    ----------
    mean : float
        Mean of the weights.
    stddev : float
        Standard deviation before the cut.
    """

    kind: Literal["truncated_normal"] = "truncated_normal"
    mean: Weight = 0.0
    stddev: Deviation = 0.05

    @staticmethod
    @kernel
    def weights(u: Float64, fan_in: int, fan_out: int, mean: float, stddev: float) -> None:
        """u ← mean + stddev · Φ⁻¹(Φ(-2) + u (Φ(2) - Φ(-2)))."""
        _truncated_normal(u, mean, stddev)


class GlorotNormal(InitializerSpec):
    """Truncated normal of variance 2 / (fan_in + fan_out) (Glorot & Bengio 2010)."""

    kind: Literal["glorot_normal"] = "glorot_normal"

    @staticmethod
    @kernel
    def weights(u: Float64, fan_in: int, fan_out: int) -> None:
        """Truncated normal of variance 2 / (fan_in + fan_out)."""
        _scaled_normal(u, 2 / (fan_in + fan_out))


class GlorotUniform(InitializerSpec):
    """Uniform of variance 2 / (fan_in + fan_out); Keras's default for a dense layer."""

    kind: Literal["glorot_uniform"] = "glorot_uniform"

    @staticmethod
    @kernel
    def weights(u: Float64, fan_in: int, fan_out: int) -> None:
        """Uniform of variance 2 / (fan_in + fan_out)."""
        _scaled_uniform(u, 2 / (fan_in + fan_out))


class HeNormal(InitializerSpec):
    """Truncated normal of variance 2 / fan_in (He et al. 2015)."""

    kind: Literal["he_normal"] = "he_normal"

    @staticmethod
    @kernel
    def weights(u: Float64, fan_in: int, fan_out: int) -> None:
        """Truncated normal of variance 2 / fan_in."""
        _scaled_normal(u, 2 / fan_in)


class HeUniform(InitializerSpec):
    """Uniform of variance 2 / fan_in (He et al. 2015)."""

    kind: Literal["he_uniform"] = "he_uniform"

    @staticmethod
    @kernel
    def weights(u: Float64, fan_in: int, fan_out: int) -> None:
        """Uniform of variance 2 / fan_in."""
        _scaled_uniform(u, 2 / fan_in)


class LecunNormal(InitializerSpec):
    """Truncated normal of variance 1 / fan_in (LeCun et al. 1998)."""

    kind: Literal["lecun_normal"] = "lecun_normal"

    @staticmethod
    @kernel
    def weights(u: Float64, fan_in: int, fan_out: int) -> None:
        """Truncated normal of variance 1 / fan_in."""
        _scaled_normal(u, 1 / fan_in)


class LecunUniform(InitializerSpec):
    """Uniform of variance 1 / fan_in (LeCun et al. 1998)."""

    kind: Literal["lecun_uniform"] = "lecun_uniform"

    @staticmethod
    @kernel
    def weights(u: Float64, fan_in: int, fan_out: int) -> None:
        """Uniform of variance 1 / fan_in."""
        _scaled_uniform(u, 1 / fan_in)


class Zeros(InitializerSpec):
    """All weights zero: with hidden layers, the neurons of a layer never become different."""

    kind: Literal["zeros"] = "zeros"

    @staticmethod
    @kernel
    def weights(u: Float64, fan_in: int, fan_out: int) -> None:
        """u ← 0."""
        u[:] = 0.0
