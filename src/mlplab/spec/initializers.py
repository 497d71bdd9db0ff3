"""How weights and biases begin: Keras's initializers by Keras's names.

An initializer of random numbers is the inverse of a distribution, which may depend on a layer's size: a
uniform number u on (0, 1) becomes the value below which a fraction u of the distribution lies. Two
experiments that differ in the initializer then share the uniform numbers behind their weights, which
makes paired comparisons sharper. `Orthogonal` makes a matrix of them together.

fan_in and fan_out are a layer's numbers of inputs and outputs; of biases both are their number, as in
Keras.

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
    """How a layer's weights, or its biases, begin.

    Attributes
    ----------
    shared : bool
        Whether all layers are handed one and the same initializer, as when one Keras object without a
        seed is given to them: layers of one shape then begin with *equal* weights.
    weights : Kernel
        The formula: `weights(u, fan_in, fan_out, *parameters)` turns the uniform numbers `u`, shape
        (fan_out · fan_in,), into a layer's weights, row by row of W, in place; all float64. Of biases
        `u` has shape (fan_out,). Each parameter is one number.
    of_matrices : bool
        Whether there must be rows and columns: biases cannot begin so.
    """

    shared: bool = False

    weights: ClassVar[Kernel[..., None]]
    of_matrices: ClassVar[bool] = False
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


class Orthogonal(InitializerSpec):
    """Rows, or columns where W has more rows, that are orthonormal but for `gain` (Saxe et al. 2014).

    Attributes
    ----------
    gain : float
        Length of each row or column.
    """

    kind: Literal["orthogonal"] = "orthogonal"
    gain: Weight = 1.0

    of_matrices: ClassVar[bool] = True

    @staticmethod
    @kernel
    def weights(u: Float64, fan_in: int, fan_out: int, gain: float) -> None:
        """u ← gain · Q of normal numbers Φ⁻¹(u), Q R being their decomposition with R's diagonal above 0.

        That Q is one only: the one that Keras has once it has turned the signs. Gram and Schmidt's
        method finds it; applied twice, no vector keeps a part of another that a rounding left.
        """
        normal_quantile(u)
        rows = fan_out <= fan_in
        count, length = (fan_out, fan_in) if rows else (fan_in, fan_out)
        step, stride = (fan_in, 1) if rows else (1, fan_in)
        for j in range(count):
            for _ in range(2):
                for i in range(j):
                    inner = 0.0
                    for k in range(length):
                        inner += u[i * step + k * stride] * u[j * step + k * stride]
                    for k in range(length):
                        u[j * step + k * stride] -= inner * u[i * step + k * stride]
                square = 0.0
                for k in range(length):
                    square += u[j * step + k * stride] * u[j * step + k * stride]
                for k in range(length):
                    u[j * step + k * stride] /= math.sqrt(square)
        for i in range(len(u)):
            u[i] *= gain


class Identity(InitializerSpec):
    """`gain` on the diagonal of W and zeros elsewhere: output k begins as input k.

    Attributes
    ----------
    gain : float
        What an input is multiplied by.
    """

    kind: Literal["identity"] = "identity"
    gain: Weight = 1.0

    of_matrices: ClassVar[bool] = True

    @staticmethod
    @kernel
    def weights(u: Float64, fan_in: int, fan_out: int, gain: float) -> None:
        """W[o, k] ← gain for o = k, else 0; W need not be square."""
        u[:] = 0.0
        for k in range(min(fan_in, fan_out)):
            u[k * fan_in + k] = gain


class Constant(InitializerSpec):
    """All alike: with hidden layers, the neurons of a layer never become different.

    Attributes
    ----------
    value : float
        Each weight.
    """

    kind: Literal["constant"] = "constant"
    value: Weight = 0.0

    @staticmethod
    @kernel
    def weights(u: Float64, fan_in: int, fan_out: int, value: float) -> None:
        """u ← value."""
        u[:] = value


class Ones(InitializerSpec):
    """All weights one: with hidden layers, the neurons of a layer never become different."""

    kind: Literal["ones"] = "ones"

    @staticmethod
    @kernel
    def weights(u: Float64, fan_in: int, fan_out: int) -> None:
        """u ← 1."""
        u[:] = 1.0


class Zeros(InitializerSpec):
    """All weights zero: with hidden layers, the neurons of a layer never become different."""

    kind: Literal["zeros"] = "zeros"

    @staticmethod
    @kernel
    def weights(u: Float64, fan_in: int, fan_out: int) -> None:
        """u ← 0."""
        u[:] = 0.0
