"""The points that an experiment draws: one class of description for each kind of dataset.

Every kind gives three independent splits (training, validation, test). Counts are points *per class*,
as in the lab; `test_per_class` counts for validation and test each. `mlplab.data` draws them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from mlplab.spec.finite import Arrays, SamplesFile
from mlplab.spec.part import LARGEST, KindShorthand, Part, Positive

Sigma = Annotated[float, Field(ge=0, le=LARGEST)]
Classes = Annotated[int, Field(ge=2)]


class Synthetic(Part):
    """What all drawn datasets share: their sizes and their noise.

    Attributes
    ----------
    sigma : float
        Standard deviation of the normal noise, in the units of the coordinates, 0 to 1e6.
    train_per_class, test_per_class : int
        Points of each class in the training split, and in validation and test each.
    """

    sigma: Sigma = 0.1
    train_per_class: Positive = 512
    test_per_class: Positive = 512


class Linear(Synthetic):
    """Class k is a normal cloud around ((k+1)/(K+1), (k+1)/(K+1)); the lab's first dataset."""

    kind: Literal["linear"] = "linear"
    classes: Classes = 2


class Polar(Synthetic):
    """Class k is a ring of radius about k/K around the origin; the lab's second dataset."""

    kind: Literal["polar"] = "polar"
    classes: Classes = 2


class Moons(Synthetic):
    """Two interleaving half circles, as scikit-learn's `make_moons`; `sigma` is its `noise`."""

    kind: Literal["moons"] = "moons"


class Circles(Synthetic):
    """A circle of radius `factor` inside one of radius 1, as scikit-learn's `make_circles`."""

    kind: Literal["circles"] = "circles"
    factor: Annotated[float, Field(ge=0, lt=1)] = 0.8


class Spirals(Synthetic):
    """K arms that wind outwards from the origin to radius 1, `turns` times around it."""

    kind: Literal["spirals"] = "spirals"
    classes: Classes = 2
    turns: Annotated[float, Field(gt=0, le=LARGEST)] = 1.0


class Xor(Synthetic):
    """Standard normal points; class 1 where exactly one coordinate is positive (then the noise)."""

    kind: Literal["xor"] = "xor"


DatasetSpec = Annotated[
    Linear | Polar | Moons | Circles | Spirals | Xor | SamplesFile | Arrays,
    Field(discriminator="kind"),
    KindShorthand,
]
