"""Learning rates that change: Keras's schedules by Keras's names.

A schedule is a formula η(t) of the update t, counted from 0, so that the first update has the rate η(0).
Its fields are the formula's parameters, by their names.

Source: Keras 3, `keras.optimizers.schedules`.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from mlplab.elementary import cos_sin
from mlplab.elementary import power as raised  # `power` is a field of PolynomialDecay
from mlplab.kernel import Kernel, entry, kernel
from mlplab.spec.family import Family
from mlplab.spec.part import ListAsTuple, Positive

Rate = Annotated[float, Field(ge=0)]
InitialRate = Annotated[Rate, Field(examples=[0.1])]
"""A field without a default carries an example: what a form begins with."""
Steps = Annotated[Positive, Field(examples=[400])]
Float64 = NDArray[np.float64]


class Schedule(Family):
    """A learning rate that depends on the update.

    Attributes
    ----------
    rate : Kernel
        The formula: `rate(step, *parameters)`, all float64, returns the learning rate of one update.
    """

    rate: ClassVar[Kernel[..., float]]

    @classmethod
    def from_value(cls, value: Any) -> Schedule:
        """Return the schedule that a value stands for, as `Family.from_value`."""
        if isinstance(value, str) and value.lstrip("+-")[:1] in set("0123456789."):
            came = {"came": repr(value)}
            raise PydanticCustomError(
                "unknown_kind", "expected a number or a name, received the text {came}", came
            )
        return super().from_value(value)


class ExponentialDecay(Schedule):
    """Multiply by `decay_rate` every `decay_steps` updates; in steps if `staircase`, else smoothly.

    Attributes
    ----------
    initial_learning_rate : float
        Rate of the first update.
    decay_steps : int
        Updates in which the rate is multiplied by `decay_rate`.
    decay_rate : float
        What the rate is multiplied by; above 1, it grows.
    staircase : bool
        Whether the rate stays for `decay_steps` updates and then changes at once.
    """

    kind: Literal["exponential_decay"] = "exponential_decay"
    initial_learning_rate: InitialRate
    decay_steps: Steps
    decay_rate: Annotated[float, Field(gt=0, examples=[0.9])]
    staircase: bool = False

    @staticmethod
    @kernel
    def rate(
        t: float,
        initial_learning_rate: float,
        decay_steps: float,
        decay_rate: float,
        staircase: float,
    ) -> float:
        """η = η₀ · rate^(t / decay_steps), the exponent floored if staircase.

        A rate above 1 grows beyond every number; then η is infinite, and the run diverges.
        """
        exponent = t / decay_steps
        return initial_learning_rate * raised(
            decay_rate, np.floor(exponent) if staircase else exponent
        )


class PiecewiseConstantDecay(Schedule):
    """`values[i]` up to and including update `boundaries[i]`, the last value after all of them.

    Attributes
    ----------
    boundaries : tuple of int
        The last update of each rate but the last one; they increase.
    values : tuple of float
        The rates, one more than there are boundaries.
    """

    kind: Literal["piecewise_constant_decay"] = "piecewise_constant_decay"
    boundaries: Annotated[
        tuple[Annotated[int, Field(ge=0)], ...],
        Field(min_length=1, examples=[(400, 800)]),
        ListAsTuple,
    ]
    values: Annotated[tuple[Rate, ...], Field(examples=[(0.1, 0.05, 0.01)]), ListAsTuple]

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

    @staticmethod
    @kernel
    def rate(t: float, boundaries: Float64, values: Float64) -> float:
        """η = values[i] for the first i with t ≤ boundaries[i], else the last value."""
        low, high = 0, len(boundaries)
        while low < high:  # in halves: `invscaling` has a boundary for each epoch
            middle = (low + high) // 2
            if t <= boundaries[middle]:
                high = middle
            else:
                low = middle + 1
        return float(values[low])


class PolynomialDecay(Schedule):
    """From the initial to the end rate as (1 - t/decay_steps)^power; `cycle` starts over.

    Attributes
    ----------
    initial_learning_rate : float
        Rate of the first update.
    decay_steps : int
        Updates until the end rate is reached.
    end_learning_rate : float
        Rate at the end.
    power : float
        Exponent of the fraction that is left; 1 is a line.
    cycle : bool
        Whether the decay starts over, more slowly, once the end rate is reached.
    """

    kind: Literal["polynomial_decay"] = "polynomial_decay"
    initial_learning_rate: InitialRate
    decay_steps: Steps
    end_learning_rate: Rate = 0.0001
    power: Annotated[float, Field(gt=0)] = 1.0
    cycle: bool = False

    @staticmethod
    @kernel
    def rate(
        t: float,
        initial_learning_rate: float,
        decay_steps: float,
        end_learning_rate: float,
        power: float,
        cycle: float,
    ) -> float:
        """η = (η₀ - η₁) (1 - min(t, D)/D)^power + η₁, with D = decay_steps and η₁ the end rate.

        With `cycle`, D grows to the first multiple of decay_steps that is not below t.
        """
        if cycle:
            decay_steps *= max(1.0, np.ceil(t / decay_steps))
        left = 1 - min(t, decay_steps) / decay_steps
        return (initial_learning_rate - end_learning_rate) * raised(left, power) + end_learning_rate


class InverseTimeDecay(Schedule):
    """Divide by 1 + decay_rate · t/decay_steps, the quotient floored if `staircase`.

    Attributes
    ----------
    initial_learning_rate : float
        Rate of the first update.
    decay_steps : int
        Updates in which the divisor grows by `decay_rate`.
    decay_rate : float
        What the divisor grows by; 0 leaves the rate as it is.
    staircase : bool
        Whether the rate stays for `decay_steps` updates and then changes at once.
    """

    kind: Literal["inverse_time_decay"] = "inverse_time_decay"
    initial_learning_rate: InitialRate
    decay_steps: Steps
    decay_rate: Annotated[float, Field(ge=0, examples=[0.9])]
    staircase: bool = False

    @staticmethod
    @kernel
    def rate(
        t: float,
        initial_learning_rate: float,
        decay_steps: float,
        decay_rate: float,
        staircase: float,
    ) -> float:
        """η = η₀ / (1 + rate · t/decay_steps), the quotient floored if staircase."""
        quotient = t / decay_steps
        return initial_learning_rate / (
            1 + decay_rate * (np.floor(quotient) if staircase else quotient)
        )


class CosineDecay(Schedule):
    """Half a cosine from the initial rate to `alpha` times it, after a linear warm-up if asked.

    Attributes
    ----------
    initial_learning_rate : float
        Rate of the first update.
    decay_steps : int
        Updates of the decay, after the warm-up.
    alpha : float
        The rate at the end, as a fraction of the highest.
    warmup_target : float, optional
        Rate at the end of the warm-up, with which the decay begins.
    warmup_steps : int
        Updates of the warm-up; 0 is none.
    """

    kind: Literal["cosine_decay"] = "cosine_decay"
    initial_learning_rate: InitialRate
    decay_steps: Steps
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

    @staticmethod
    @kernel
    def rate(
        t: float,
        initial_learning_rate: float,
        decay_steps: float,
        alpha: float,
        warmup_target: float,
        warmup_steps: float,
    ) -> float:
        """η = η₁ ((1 - α) ½ (1 + cos πs) + α), s = min(t, decay_steps) / decay_steps.

        η₁ is the initial rate. With a warm-up it is the target, to which η first grows along a line, and
        t counts from the warm-up's end.
        """
        top = initial_learning_rate
        if warmup_steps > 0:
            if t < warmup_steps:
                return (
                    initial_learning_rate
                    + (warmup_target - initial_learning_rate) * t / warmup_steps
                )
            top = warmup_target
        cosine, _ = cos_sin(min(t - warmup_steps, decay_steps) / decay_steps / 2)
        return top * ((1 - alpha) * 0.5 * (1 + cosine) + alpha)


class CosineDecayRestarts(Schedule):
    """Cosine decays one after the other, each `t_mul` times longer and from `m_mul` times the rate.

    Attributes
    ----------
    initial_learning_rate : float
        Rate of the first update.
    first_decay_steps : int
        Updates of the first decay.
    t_mul : float
        How many times longer each decay is than the one before.
    m_mul : float
        What the highest rate is multiplied by at each restart.
    alpha : float
        The rate at the end of a decay, as a fraction of its highest.
    """

    kind: Literal["cosine_decay_restarts"] = "cosine_decay_restarts"
    initial_learning_rate: InitialRate
    first_decay_steps: Steps
    t_mul: Annotated[float, Field(ge=1)] = 2.0
    m_mul: Annotated[float, Field(gt=0)] = 1.0
    alpha: Annotated[float, Field(ge=0)] = 0.0

    @staticmethod
    @kernel
    def rate(
        t: float,
        initial_learning_rate: float,
        first_decay_steps: float,
        t_mul: float,
        m_mul: float,
        alpha: float,
    ) -> float:
        """η = η₀ ((1 - α) mⁱ ½ (1 + cos πs) + α), s the part of period i that is over.

        Period i is t_mulⁱ times as long as the first, and m = m_mul.
        """
        begin, length, top = 0.0, first_decay_steps, 1.0
        if t_mul == 1:
            period = np.floor(t / length)
            begin, top = period * length, raised(m_mul, period)
        while begin + length <= t:
            begin, length, top = begin + length, length * t_mul, top * m_mul
        cosine, _ = cos_sin((t - begin) / length / 2)
        return initial_learning_rate * ((1 - alpha) * (top * 0.5 * (1 + cosine)) + alpha)


def _which(value: Any) -> str:
    """Tell a plain number from a schedule, so that an error speaks of the one that was meant."""
    return "schedule" if isinstance(value, str | dict | Schedule) else "number"


LearningRate = Annotated[
    Annotated[Rate, Tag("number")] | Annotated[Schedule, Tag("schedule")],
    Discriminator(_which),
]
"""A number of 0 or above, or a schedule."""


def learning_rates(rate: LearningRate, steps: Float64) -> Float64:
    """Return the learning rate of some updates.

    Parameters
    ----------
    rate : float or Schedule
    steps : ndarray of float64, shape (n,)
        How many updates were made before.

    Returns
    -------
    ndarray of float64, shape (n,)

    Examples
    --------
    Task 1.3 of the lab, whose rate falls by 15 % every 400 updates:

    >>> decay = ExponentialDecay(
    ...     initial_learning_rate=0.05, decay_steps=400, decay_rate=0.85, staircase=True
    ... )
    >>> learning_rates(decay, np.array([0.0, 399.0, 400.0, 800.0])).round(6).tolist()
    [0.05, 0.05, 0.0425, 0.036125]
    """
    out = np.empty(len(steps))
    if isinstance(rate, Schedule):
        entry(fill_rates, rate=type(rate).rate)(steps, rate.parameters, out)
    else:
        out[:] = rate
    return out


rate: Any = None
"""Stands for a schedule's formula; `entry` puts it in this place."""


def fill_rates(steps: Float64, parameters: tuple[Any, ...], out: Float64) -> None:
    """Write the rate at each step; steps and out (n,)."""
    for i in range(len(steps)):
        out[i] = rate(steps[i], *parameters)
