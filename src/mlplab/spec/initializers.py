"""How the weights begin: Keras's initializers by Keras's names. Biases begin at zero.

`mlplab.initializers` draws them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from mlplab.spec.part import LARGEST, KindShorthand, Part

Weight = Annotated[float, Field(ge=-LARGEST, le=LARGEST)]
Deviation = Annotated[float, Field(ge=0, le=LARGEST)]


class RandomNormal(Part):
    """Normal with the given mean and standard deviation."""

    kind: Literal["random_normal"] = "random_normal"
    mean: Weight = 0.0
    stddev: Deviation = 0.05


class RandomUniform(Part):
    """Uniform on [minval, maxval)."""

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


class TruncatedNormal(Part):
    """Normal cut off at two standard deviations; `stddev` is the one before the cut, as in Keras."""

    kind: Literal["truncated_normal"] = "truncated_normal"
    mean: Weight = 0.0
    stddev: Deviation = 0.05


class GlorotNormal(Part):
    """Truncated normal of variance 2 / (fan_in + fan_out) (Glorot & Bengio 2010)."""

    kind: Literal["glorot_normal"] = "glorot_normal"


class GlorotUniform(Part):
    """Uniform of variance 2 / (fan_in + fan_out); Keras's default for a dense layer."""

    kind: Literal["glorot_uniform"] = "glorot_uniform"


class HeNormal(Part):
    """Truncated normal of variance 2 / fan_in (He et al. 2015)."""

    kind: Literal["he_normal"] = "he_normal"


class HeUniform(Part):
    """Uniform of variance 2 / fan_in (He et al. 2015)."""

    kind: Literal["he_uniform"] = "he_uniform"


class LecunNormal(Part):
    """Truncated normal of variance 1 / fan_in (LeCun et al. 1998)."""

    kind: Literal["lecun_normal"] = "lecun_normal"


class LecunUniform(Part):
    """Uniform of variance 1 / fan_in (LeCun et al. 1998)."""

    kind: Literal["lecun_uniform"] = "lecun_uniform"


class Zeros(Part):
    """All weights zero: with hidden layers, the neurons of a layer never become different."""

    kind: Literal["zeros"] = "zeros"


InitializerSpec = Annotated[
    RandomNormal
    | RandomUniform
    | TruncatedNormal
    | GlorotNormal
    | GlorotUniform
    | HeNormal
    | HeUniform
    | LecunNormal
    | LecunUniform
    | Zeros,
    Field(discriminator="kind"),
    KindShorthand,
]
