"""Learning rates that change: Keras's schedules by Keras's names.

`mlplab.reference.schedules` has their formulas.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from mlplab.spec.part import KindShorthand, ListAsTuple, Part, Positive

Rate = Annotated[float, Field(ge=0)]


class ExponentialDecay(Part):
    """Multiply by `decay_rate` every `decay_steps` updates; in steps if `staircase`, else smoothly."""

    kind: Literal["exponential_decay"] = "exponential_decay"
    initial_learning_rate: Rate
    decay_steps: Positive
    decay_rate: Annotated[float, Field(gt=0)]
    staircase: bool = False


class PiecewiseConstantDecay(Part):
    """`values[i]` up to and including update `boundaries[i]`, the last value after all of them."""

    kind: Literal["piecewise_constant_decay"] = "piecewise_constant_decay"
    boundaries: Annotated[tuple[Annotated[int, Field(ge=0)], ...], Field(min_length=1), ListAsTuple]
    values: Annotated[tuple[Rate, ...], ListAsTuple]

    @model_validator(mode="after")
    def _one_value_more(self) -> PiecewiseConstantDecay:
        if len(self.values) != len(self.boundaries) + 1:
            raise ValueError(
                "values must be one more than boundaries, "
                f"received {len(self.values)} values and {len(self.boundaries)} boundaries"
            )
        if any(low >= high for low, high in pairwise(self.boundaries)):
            raise ValueError(f"boundaries must increase, received {list(self.boundaries)}")
        return self


class PolynomialDecay(Part):
    """From the initial to the end rate as (1 - step/decay_steps)^power; `cycle` starts over."""

    kind: Literal["polynomial_decay"] = "polynomial_decay"
    initial_learning_rate: Rate
    decay_steps: Positive
    end_learning_rate: Rate = 0.0001
    power: Annotated[float, Field(gt=0)] = 1.0
    cycle: bool = False


class InverseTimeDecay(Part):
    """Divide by 1 + decay_rate · step/decay_steps, the quotient floored if `staircase`."""

    kind: Literal["inverse_time_decay"] = "inverse_time_decay"
    initial_learning_rate: Rate
    decay_steps: Positive
    decay_rate: Annotated[float, Field(ge=0)]
    staircase: bool = False


class CosineDecay(Part):
    """Half a cosine from the initial rate to `alpha` times it, after a linear warm-up if asked."""

    kind: Literal["cosine_decay"] = "cosine_decay"
    initial_learning_rate: Rate
    decay_steps: Positive
    alpha: Annotated[float, Field(ge=0)] = 0.0
    warmup_target: Rate | None = None
    warmup_steps: Annotated[int, Field(ge=0)] = 0

    @model_validator(mode="after")
    def _warm_up_is_whole(self) -> CosineDecay:
        if (self.warmup_target is None) != (self.warmup_steps == 0):
            raise ValueError(
                "a warm-up needs both warmup_target and warmup_steps, "
                f"received {self.warmup_target} and {self.warmup_steps}"
            )
        return self


class CosineDecayRestarts(Part):
    """Cosine decays one after the other, each `t_mul` times longer and from `m_mul` times the rate."""

    kind: Literal["cosine_decay_restarts"] = "cosine_decay_restarts"
    initial_learning_rate: Rate
    first_decay_steps: Positive
    t_mul: Annotated[float, Field(ge=1)] = 2.0
    m_mul: Annotated[float, Field(gt=0)] = 1.0
    alpha: Annotated[float, Field(ge=0)] = 0.0


def _which(value: Any) -> Any:
    """Tell a plain number from a schedule, so that an error speaks of the one that was meant."""
    if isinstance(value, dict):
        return value.get("kind")
    return getattr(value, "kind", "number")


Schedule = (
    ExponentialDecay
    | PiecewiseConstantDecay
    | PolynomialDecay
    | InverseTimeDecay
    | CosineDecay
    | CosineDecayRestarts
)

LearningRate = Annotated[
    Annotated[Rate, Tag("number")]
    | Annotated[ExponentialDecay, Tag("exponential_decay")]
    | Annotated[PiecewiseConstantDecay, Tag("piecewise_constant_decay")]
    | Annotated[PolynomialDecay, Tag("polynomial_decay")]
    | Annotated[InverseTimeDecay, Tag("inverse_time_decay")]
    | Annotated[CosineDecay, Tag("cosine_decay")]
    | Annotated[CosineDecayRestarts, Tag("cosine_decay_restarts")],
    Discriminator(_which),
    KindShorthand,
]
