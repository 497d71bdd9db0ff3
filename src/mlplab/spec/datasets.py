"""Datasets that are drawn: a recipe of each kind places the samples of class k, with noise.

Every recipe gives three independent splits (training, validation, test). Counts are samples *per class*,
as in the lab; `test_per_class` counts for validation and test each. Those whose samples have targets, and
no classes, are in `regression_datasets`.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from mlplab.elementary import cos_sin, normal_quantile
from mlplab.kernel import Kernel, kernel
from mlplab.spec.family import Family
from mlplab.spec.part import LARGEST, Positive

Float64 = NDArray[np.float64]
Sigma = Annotated[float, Field(ge=0, le=LARGEST)]
Classes = Annotated[int, Field(ge=2)]


class DatasetSpec(Family):
    """Where the samples come from."""

    @property
    def has_targets(self) -> bool:
        """Whether samples have targets, numbers to approximate; else they have classes."""
        return False


class Recipe(DatasetSpec):
    """What all drawn datasets share: their noise, and how they are drawn.

    Attributes
    ----------
    sigma : float
        Standard deviation of the normal noise, in the units of what it is added to, 0 to 1e6.
    features : int
        Numbers of a sample.
    uniforms : int
        Uniform numbers that are drawn for a sample.
    place : Kernel
        The formula: `place(k, classes, u, x, *parameters)` writes n samples of class k to `x`, shape
        (n, features), given `uniforms` · n uniform numbers on (0, 1), which it may change; all float64.
        Targets, where there are any, are further columns of `x`. Each parameter is one number.
    """

    sigma: Sigma = 0.1

    features: ClassVar[int] = 2
    uniforms: ClassVar[int] = 2
    place: ClassVar[Kernel[..., None]]

    @property
    def class_count(self) -> int:
        """Number of classes K; 0 of targets."""
        return 0

    @property
    def label_names(self) -> tuple[str, ...]:
        """What the classes are called: their numbers, as text."""
        return tuple(map(str, range(self.class_count)))

    @property
    def target_names(self) -> tuple[str, ...]:
        """What the targets are called; none where there are classes."""
        return ()

    @property
    def counts(self) -> tuple[int, int, int]:
        """Samples in the training, validation and test split, of all classes together."""
        raise NotImplementedError


class ClassRecipe(Recipe):
    """What drawn datasets with classes share.

    Attributes
    ----------
    train_per_class : int
        Samples of each class in the training split.
    test_per_class : int
        Samples of each class in the validation split, and as many in the test split.
    classes : int
        Number of classes K, of those kinds that can have more than two.
    """

    train_per_class: Positive = 512
    test_per_class: Positive = 512

    apart: ClassVar[frozenset[str]] = frozenset({"train_per_class", "test_per_class", "classes"})

    @property
    def class_count(self) -> int:
        """Number of classes K."""
        return int(getattr(self, "classes", 2))

    @property
    def counts(self) -> tuple[int, int, int]:
        """Samples in the training, validation and test split, of all classes together."""
        train, test = (self.class_count * n for n in (self.train_per_class, self.test_per_class))
        return train, test, test


@kernel
def _add_noise(u: Float64, sigma: float, x: Float64) -> None:
    """x ← x + σ Φ⁻¹(u), two numbers a sample."""
    normal_quantile(u)
    for i in range(len(x)):
        x[i, 0] += sigma * u[2 * i]
        x[i, 1] += sigma * u[2 * i + 1]


class Linear(ClassRecipe):
    """Class k is a normal cloud around ((k+1)/(K+1), (k+1)/(K+1)); the lab's first dataset."""

    kind: Literal["linear"] = "linear"
    classes: Classes = 2

    @staticmethod
    @kernel
    def place(k: int, classes: int, u: Float64, x: Float64, sigma: float) -> None:
        """Both features normal of mean (k+1)/(K+1) and standard deviation σ."""
        x[:] = (k + 1) / (classes + 1)
        _add_noise(u, sigma, x)


class Polar(ClassRecipe):
    """Class k is a ring of radius about k/K around the origin; the lab's second dataset."""

    kind: Literal["polar"] = "polar"
    classes: Classes = 2

    @staticmethod
    @kernel
    def place(k: int, classes: int, u: Float64, x: Float64, sigma: float) -> None:
        """Radius |normal(k/K, σ)|, angle uniform on [0, 2π)."""
        n = len(x)
        normal_quantile(u[:n])
        for i in range(n):
            radius = abs(k / classes + sigma * u[i])
            cosine, sine = cos_sin(u[n + i])
            x[i, 0], x[i, 1] = radius * cosine, radius * sine


class Moons(ClassRecipe):
    """Two interleaving half circles, as scikit-learn's `make_moons`; `sigma` is its `noise`."""

    kind: Literal["moons"] = "moons"

    @staticmethod
    @kernel
    def place(k: int, classes: int, u: Float64, x: Float64, sigma: float) -> None:
        """Evenly on a half circle: (cos t, sin t), or (1 - cos t, 1/2 - sin t), t from 0 to π.

        Source: scikit-learn's `make_moons`, with n samples in each moon.
        """
        for i in range(len(x)):
            cosine, sine = cos_sin(i / max(len(x) - 1, 1) / 2)
            if k == 0:
                x[i, 0], x[i, 1] = cosine, sine
            else:
                x[i, 0], x[i, 1] = 1 - cosine, 0.5 - sine
        _add_noise(u, sigma, x)


class Circles(ClassRecipe):
    """A circle of radius `factor` inside one of radius 1, as scikit-learn's `make_circles`.

    Attributes
    ----------
    factor : float
        Radius of the inner circle.
    """

    kind: Literal["circles"] = "circles"
    factor: Annotated[float, Field(ge=0, lt=1)] = 0.8

    @staticmethod
    @kernel
    def place(k: int, classes: int, u: Float64, x: Float64, sigma: float, factor: float) -> None:
        """Evenly on a circle of radius 1 (class 0) or `factor` (class 1).

        Source: scikit-learn's `make_circles`, with n samples on each circle.
        """
        radius = 1.0 if k == 0 else factor
        for i in range(len(x)):
            cosine, sine = cos_sin(i / len(x))
            x[i, 0], x[i, 1] = radius * cosine, radius * sine
        _add_noise(u, sigma, x)


class Spirals(ClassRecipe):
    """K arms that wind outwards from the origin to radius 1, `turns` times around it.

    Attributes
    ----------
    turns : float
        Turns of an arm around the origin.
    """

    kind: Literal["spirals"] = "spirals"
    classes: Classes = 2
    turns: Annotated[float, Field(gt=0, le=LARGEST)] = 1.0

    uniforms: ClassVar[int] = 3

    @staticmethod
    @kernel
    def place(k: int, classes: int, u: Float64, x: Float64, sigma: float, turns: float) -> None:
        """Arm k: radius t, angle 2π (k/K + turns·t), t uniform on (0, 1).

        scikit-learn has no spirals in the plane; these are the usual Archimedean arms.
        """
        n = len(x)
        for i in range(n):
            cosine, sine = cos_sin(k / classes + turns * u[i])
            x[i, 0], x[i, 1] = u[i] * cosine, u[i] * sine
        _add_noise(u[n:], sigma, x)


class Xor(ClassRecipe):
    """Standard normal samples; class 1 where exactly one feature is positive (then the noise)."""

    kind: Literal["xor"] = "xor"

    uniforms: ClassVar[int] = 5

    @staticmethod
    @kernel
    def place(k: int, classes: int, u: Float64, x: Float64, sigma: float) -> None:
        """Standard normal samples of one class: equal signs for class 0, different ones for class 1.

        Source: scikit-learn's XOR example (`logical_xor(x1 > 0, x2 > 0)`), with n samples a class.
        """
        n = len(x)
        normal_quantile(u[: 2 * n])
        for i in range(n):
            first = abs(u[2 * i])
            sign = -1.0 if u[2 * n + i] < 0.5 else 1.0
            x[i, 0] = sign * first
            x[i, 1] = (sign if k == 0 else -sign) * abs(u[2 * i + 1])
        _add_noise(u[3 * n :], sigma, x)


def planar_recipes() -> dict[str, type[Recipe]]:
    """Return the kinds of datasets that are drawn on the plane, by their names.

    Their samples have two features, and classes or a target.

    >>> "polar" in planar_recipes(), "franke" in planar_recipes(), "noisy_sine" in planar_recipes()
    (True, True, False)
    """
    drawn = {name: kind for name, kind in DatasetSpec.kinds.items() if issubclass(kind, Recipe)}
    return {name: kind for name, kind in drawn.items() if kind.features == 2}


def recipes() -> dict[str, type[ClassRecipe]]:
    """Return the kinds of datasets with classes that are drawn, by their names."""
    return {name: kind for name, kind in DatasetSpec.kinds.items() if issubclass(kind, ClassRecipe)}
