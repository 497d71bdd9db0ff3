"""Datasets with a target: drawn features, and a known function of them with noise.

Every recipe gives three independent splits. A test loss can hardly be below σ², what the noise leaves of
the squared error to the best of networks.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from mlplab.elementary import cos_sin, exp, normal_quantile
from mlplab.kernel import kernel
from mlplab.spec.datasets import Recipe
from mlplab.spec.part import Positive

Float64 = NDArray[np.float64]


class TargetRecipe(Recipe):
    """What drawn datasets with a target share; `sigma` is the standard deviation of the target's noise.

    Attributes
    ----------
    train_samples : int
        Samples in the training split.
    test_samples : int
        Samples in the validation split, and as many in the test split.
    """

    train_samples: Positive = 512
    test_samples: Positive = 512

    apart: ClassVar[frozenset[str]] = frozenset({"train_samples", "test_samples", "n_features"})

    @property
    def has_targets(self) -> bool:
        """Samples have targets, and no classes."""
        return True

    @property
    def target_names(self) -> tuple[str, ...]:
        """What the target is called: y."""
        return ("y",)

    @property
    def counts(self) -> tuple[int, int, int]:
        """Samples in the training, validation and test split."""
        return self.train_samples, self.test_samples, self.test_samples


@kernel
def _with_noise(x: Float64, u: Float64, sigma: float) -> None:
    """y ← y + σ Φ⁻¹(u), y being the last column."""
    normal_quantile(u)
    y = x.shape[1] - 1
    for i in range(len(x)):
        x[i, y] += sigma * u[i]


class NoisySine(TargetRecipe):
    """One period of a sine with noise: y = sin(π x), x uniform on (-1, 1)."""

    kind: Literal["noisy_sine"] = "noisy_sine"

    features: ClassVar[int] = 1
    uniforms: ClassVar[int] = 2

    @staticmethod
    @kernel
    def place(k: int, classes: int, u: Float64, x: Float64, sigma: float) -> None:
        """Columns x and y, of two uniform numbers a sample."""
        n = len(x)
        for i in range(n):
            x[i, 0] = 2 * u[i] - 1
            _, sine = cos_sin(u[i])
            x[i, 1] = -sine  # sin(2πu - π)
        _with_noise(x, u[n:], sigma)


class Plane(TargetRecipe):
    """A plane with noise: y = (x1 + x2) / 2, both uniform on (-1, 1); one linear neuron learns it."""

    kind: Literal["plane"] = "plane"

    uniforms: ClassVar[int] = 3

    @staticmethod
    @kernel
    def place(k: int, classes: int, u: Float64, x: Float64, sigma: float) -> None:
        """Columns x1, x2 and y, of three uniform numbers a sample."""
        n = len(x)
        for i in range(n):
            x[i, 0], x[i, 1] = 2 * u[2 * i] - 1, 2 * u[2 * i + 1] - 1
            x[i, 2] = 0.5 * (x[i, 0] + x[i, 1])
        _with_noise(x, u[2 * n :], sigma)


@kernel
def _franke(a: float, b: float) -> float:
    """Franke's function of two numbers from 0 to 1; its values are between 0 and 1.22.

    Source: R. Franke, Scattered Data Interpolation: Tests of Some Methods, Mathematics of Computation 38
    (1982), 181-200.
    """
    a, b = 9 * a, 9 * b
    high = 0.75 * exp(-((a - 2) ** 2 + (b - 2) ** 2) / 4)
    ridge = 0.75 * exp(-((a + 1) ** 2) / 49 - (b + 1) / 10)
    low = 0.5 * exp(-((a - 7) ** 2 + (b - 3) ** 2) / 4)
    hollow = 0.2 * exp(-((a - 4) ** 2) - (b - 7) ** 2)
    return high + ridge + low - hollow


class Franke(TargetRecipe):
    """Franke's surface with noise: two hills and a hollow over the unit square."""

    kind: Literal["franke"] = "franke"

    uniforms: ClassVar[int] = 3

    @staticmethod
    @kernel
    def place(k: int, classes: int, u: Float64, x: Float64, sigma: float) -> None:
        """Columns x1, x2, uniform on (0, 1), and y, of three uniform numbers a sample."""
        n = len(x)
        for i in range(n):
            x[i, 0], x[i, 1] = u[2 * i], u[2 * i + 1]
            x[i, 2] = _franke(x[i, 0], x[i, 1])
        _with_noise(x, u[2 * n :], sigma)


class Friedman1(TargetRecipe):
    """Friedman's first problem, as scikit-learn's `make_friedman1`; `sigma` is its `noise`.

    y = 10 sin(π x1 x2) + 20 (x3 - 1/2)² + 10 x4 + 5 x5, the features uniform on (0, 1). Those from the
    sixth on have nothing to do with the target. Its standard deviation is about 4.9.

    Attributes
    ----------
    n_features : int
        Number of features, five at least.
    """

    kind: Literal["friedman_1"] = "friedman_1"
    n_features: Annotated[int, Field(ge=5)] = 10

    @property
    def features(self) -> int:  # type: ignore[override]  # of this kind, a field says it
        """Numbers of a sample."""
        return self.n_features

    @property
    def uniforms(self) -> int:  # type: ignore[override]
        """Uniform numbers that are drawn for a sample."""
        return self.n_features + 1

    @staticmethod
    @kernel
    def place(k: int, classes: int, u: Float64, x: Float64, sigma: float) -> None:
        """Columns of the features, and y, of as many uniform numbers a sample."""
        n, d = len(x), x.shape[1] - 1
        for i in range(n):
            for j in range(d):
                x[i, j] = u[d * i + j]
            _, sine = cos_sin(0.5 * x[i, 0] * x[i, 1])
            curved = 20 * (x[i, 2] - 0.5) ** 2
            x[i, d] = 10 * sine + curved + 10 * x[i, 3] + 5 * x[i, 4]
        _with_noise(x, u[d * n :], sigma)
