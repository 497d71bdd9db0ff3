"""The size of every update's step, for a whole training at once; twin of `reference.schedules`.

Kernels know no schedules: they take an array with a rate for each update. For Adam its bias correction
is worked into it, since it depends on the update alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.spec import (
    Adam,
    CosineDecay,
    CosineDecayRestarts,
    ExponentialDecay,
    InverseTimeDecay,
    LearningRate,
    OptimizerSpec,
    PiecewiseConstantDecay,
    PolynomialDecay,
)

Float64 = NDArray[np.float64]


def _exponential_decay(spec: ExponentialDecay, step: Float64) -> Float64:
    exponent = step / spec.decay_steps
    return spec.initial_learning_rate * np.power(
        spec.decay_rate, np.floor(exponent) if spec.staircase else exponent
    )


def _piecewise_constant_decay(spec: PiecewiseConstantDecay, step: Float64) -> Float64:
    values: Float64 = np.array(spec.values, dtype=np.float64)
    return values[np.searchsorted(spec.boundaries, step, side="left")]


def _polynomial_decay(spec: PolynomialDecay, step: Float64) -> Float64:
    decay_steps = np.full_like(step, spec.decay_steps)
    if spec.cycle:
        decay_steps *= np.maximum(1, np.ceil(step / spec.decay_steps))
    left = 1 - np.minimum(step, decay_steps) / decay_steps
    span = spec.initial_learning_rate - spec.end_learning_rate
    return span * np.power(left, spec.power) + spec.end_learning_rate


def _inverse_time_decay(spec: InverseTimeDecay, step: Float64) -> Float64:
    quotient = step / spec.decay_steps
    return spec.initial_learning_rate / (
        1 + spec.decay_rate * (np.floor(quotient) if spec.staircase else quotient)
    )


def _cosine_decay(spec: CosineDecay, step: Float64) -> Float64:
    first, target = spec.initial_learning_rate, spec.warmup_target
    top = first if target is None else target
    share = np.minimum(step - spec.warmup_steps, spec.decay_steps) / spec.decay_steps
    decayed = top * ((1 - spec.alpha) * 0.5 * (1 + np.cos(np.pi * share)) + spec.alpha)
    if target is None:
        return decayed
    warm = first + (target - first) * step / spec.warmup_steps
    return np.where(step < spec.warmup_steps, warm, decayed)


def _cosine_decay_restarts(spec: CosineDecayRestarts, step: Float64) -> Float64:
    begins, lengths, tops = [0.0], [float(spec.first_decay_steps)], [1.0]
    while begins[-1] + lengths[-1] <= step[-1]:
        begins.append(begins[-1] + lengths[-1])
        lengths.append(lengths[-1] * spec.t_mul)
        tops.append(tops[-1] * spec.m_mul)
    period = np.searchsorted(begins, step, side="right") - 1
    share = (step - np.array(begins)[period]) / np.array(lengths)[period]
    cosine: Float64 = np.array(tops)[period] * 0.5 * (1 + np.cos(np.pi * share))
    return spec.initial_learning_rate * ((1 - spec.alpha) * cosine + spec.alpha)


SCHEDULES: dict[str, Callable[[Any, Float64], Float64]] = {
    "exponential_decay": _exponential_decay,
    "piecewise_constant_decay": _piecewise_constant_decay,
    "polynomial_decay": _polynomial_decay,
    "inverse_time_decay": _inverse_time_decay,
    "cosine_decay": _cosine_decay,
    "cosine_decay_restarts": _cosine_decay_restarts,
}


def learning_rates(spec: LearningRate, updates: int) -> Float64:
    """Return the learning rate of every update, shape (updates,)."""
    return learning_rates_at(spec, np.arange(updates, dtype=np.float64))


def learning_rates_at(spec: LearningRate, steps: Float64) -> Float64:
    """Return the learning rate of some updates, by how many were made before; steps ascend."""
    if isinstance(spec, float | int):
        return np.full(len(steps), float(spec))
    return SCHEDULES[spec.kind](spec, steps)


def step_sizes(optimizer: OptimizerSpec, updates: int) -> Float64:
    """Return what each update multiplies its direction by, shape (updates,).

    For SGD the learning rate η; for Adam α = η √(1 - β₂ᵗ) / (1 - β₁ᵗ), t = 1, 2, …
    """
    rates = learning_rates(optimizer.learning_rate, updates)
    if isinstance(optimizer, Adam):
        t = np.arange(1, updates + 1)
        rates *= np.sqrt(1 - np.power(optimizer.beta_2, t)) / (1 - np.power(optimizer.beta_1, t))
    return rates
