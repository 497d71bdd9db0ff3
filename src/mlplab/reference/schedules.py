"""Schedules: a learning rate that depends on the update.

Updates are counted from 0, so the first update uses the rate at step 0. A schedule is a function of
its description and the step.

Source: Keras 3, `keras.optimizers.schedules`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from mlplab.spec import (
    CosineDecay,
    CosineDecayRestarts,
    ExponentialDecay,
    InverseTimeDecay,
    LearningRate,
    PiecewiseConstantDecay,
    PolynomialDecay,
)


def exponential_decay(spec: ExponentialDecay, step: int) -> float:
    """η = η₀ · rate^(step / decay_steps), the exponent floored if staircase.

    A rate above 1 grows beyond every number; then η is infinite, and the run diverges.
    """
    exponent = step / spec.decay_steps
    if spec.staircase:
        exponent = math.floor(exponent)
    # Python's own power raises an error where NumPy's gives infinity.
    return spec.initial_learning_rate * float(np.float64(spec.decay_rate) ** exponent)


def piecewise_constant_decay(spec: PiecewiseConstantDecay, step: int) -> float:
    """η = values[i] for the first i with step ≤ boundaries[i], else the last value."""
    for boundary, value in zip(spec.boundaries, spec.values, strict=False):
        if step <= boundary:
            return value
    return spec.values[-1]


def polynomial_decay(spec: PolynomialDecay, step: int) -> float:
    """η = (η₀ - η₁) (1 - min(step, D)/D)^power + η₁, with D = decay_steps and η₁ the end rate.

    With `cycle`, D grows to the first multiple of decay_steps that is not below the step.
    """
    decay_steps = spec.decay_steps
    if spec.cycle:
        decay_steps *= max(1, math.ceil(step / spec.decay_steps))
    share = min(step, decay_steps) / decay_steps
    span = spec.initial_learning_rate - spec.end_learning_rate
    left: float = (1 - share) ** spec.power
    return span * left + spec.end_learning_rate


def inverse_time_decay(spec: InverseTimeDecay, step: int) -> float:
    """η = η₀ / (1 + rate · step / decay_steps), the quotient floored if staircase."""
    quotient = step / spec.decay_steps
    return spec.initial_learning_rate / (
        1 + spec.decay_rate * (math.floor(quotient) if spec.staircase else quotient)
    )


def cosine_decay(spec: CosineDecay, step: int) -> float:
    """η = top · ((1 - α) · ½(1 + cos(π s/decay_steps)) + α), with s the steps after the warm-up.

    The warm-up goes straight from η₀ to `warmup_target` in `warmup_steps`; the top is the target, or η₀
    where there is no warm-up.
    """
    if spec.warmup_target is None:
        top = spec.initial_learning_rate
    elif step < spec.warmup_steps:
        rise = spec.warmup_target - spec.initial_learning_rate
        return spec.initial_learning_rate + rise * step / spec.warmup_steps
    else:
        top = spec.warmup_target
    share = min(step - spec.warmup_steps, spec.decay_steps) / spec.decay_steps
    return top * ((1 - spec.alpha) * _half_cosine(share) + spec.alpha)


def cosine_decay_restarts(spec: CosineDecayRestarts, step: int) -> float:
    """η = η₀ · ((1 - α) · m_mulⁱ · ½(1 + cos(π s)) + α), s the share done of period i.

    Period i = 0, 1, … is first_decay_steps · t_mulⁱ updates long (Loshchilov & Hutter 2017). Keras finds
    i by a logarithm, whose rounding delays some restarts by an update (in float32, with t_mul of 6, 7
    or 10 among others); here the periods are counted.
    """
    begin, length, top = 0.0, float(spec.first_decay_steps), 1.0
    while step >= begin + length:
        begin += length
        length *= spec.t_mul
        top *= spec.m_mul
    share = (step - begin) / length
    cosine = (1 - spec.alpha) * top * _half_cosine(share) + spec.alpha
    return spec.initial_learning_rate * cosine


def _half_cosine(share: float) -> float:
    return 0.5 * (1 + math.cos(math.pi * share))


SCHEDULES: dict[str, Callable[[Any, int], float]] = {
    "exponential_decay": exponential_decay,
    "piecewise_constant_decay": piecewise_constant_decay,
    "polynomial_decay": polynomial_decay,
    "inverse_time_decay": inverse_time_decay,
    "cosine_decay": cosine_decay,
    "cosine_decay_restarts": cosine_decay_restarts,
}


def learning_rate(spec: LearningRate, step: int) -> float:
    """Return the learning rate at an update, counted from 0; a plain number is itself.

    Examples
    --------
    Task 1.3 of the lab, whose rate falls by 15 % every 400 updates:

    >>> decay = ExponentialDecay(
    ...     initial_learning_rate=0.05, decay_steps=400, decay_rate=0.85, staircase=True
    ... )
    >>> [round(learning_rate(decay, step), 6) for step in (0, 399, 400, 800)]
    [0.05, 0.05, 0.0425, 0.036125]
    """
    return spec if isinstance(spec, float | int) else SCHEDULES[spec.kind](spec, step)
