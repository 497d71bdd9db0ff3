"""The step of every update, worked out beforehand, is what the reference takes at that update."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from mlplab.engine.rates import SCHEDULES, learning_rates, step_sizes

from mlplab.reference import SCHEDULES as REFERENCE
from mlplab.reference import learning_rate
from mlplab.spec import (
    SGD,
    Adam,
    CosineDecay,
    CosineDecayRestarts,
    ExponentialDecay,
    InverseTimeDecay,
    PiecewiseConstantDecay,
    PolynomialDecay,
)

UPDATES = 300

RATES: dict[str, list[Any]] = {
    "number": [0.3, 0.0, 1],
    "exponential_decay": [
        ExponentialDecay(
            initial_learning_rate=0.3, decay_steps=7, decay_rate=rate, staircase=staircase
        )
        for rate in (0.7, 1.2)
        for staircase in (True, False)
    ],
    "piecewise_constant_decay": [
        PiecewiseConstantDecay(boundaries=(0, 7, 100), values=(0.4, 0.3, 0.2, 0.1)),
        PiecewiseConstantDecay(boundaries=(1000,), values=(0.4, 0.3)),
    ],
    "polynomial_decay": [
        PolynomialDecay(
            initial_learning_rate=0.3,
            decay_steps=7,
            end_learning_rate=0.05,
            power=power,
            cycle=cycle,
        )
        for power in (0.5, 1.0, 2.0)
        for cycle in (True, False)
    ],
    "inverse_time_decay": [
        InverseTimeDecay(
            initial_learning_rate=0.3, decay_steps=7, decay_rate=0.4, staircase=staircase
        )
        for staircase in (True, False)
    ],
    "cosine_decay": [
        CosineDecay(initial_learning_rate=0.3, decay_steps=50, alpha=0.1),
        CosineDecay(initial_learning_rate=0.1, decay_steps=50, warmup_target=0.4, warmup_steps=10),
    ],
    "cosine_decay_restarts": [
        CosineDecayRestarts(
            initial_learning_rate=0.3, first_decay_steps=7, t_mul=t_mul, m_mul=m_mul, alpha=0.1
        )
        for t_mul in (1.0, 1.7, 2.0)
        for m_mul in (0.8, 1.1)
    ],
}

CASES = [
    pytest.param(spec, id=f"{kind}-{i}") for kind in RATES for i, spec in enumerate(RATES[kind])
]

ROUNDING = 1e-15
"""A few roundings of 1e-16, relative; near where a cosine leaves nothing, of the largest rate."""


def test_every_schedule_is_known_and_tried():
    assert set(SCHEDULES) == set(REFERENCE) == set(RATES) - {"number"}


@pytest.mark.parametrize("spec", CASES)
def test_learning_rates_are_those_of_the_schedule_at_every_update(spec: Any):
    wanted = np.array([learning_rate(spec, step) for step in range(UPDATES)])
    rates = learning_rates(spec, UPDATES)
    assert rates.dtype == np.float64
    np.testing.assert_allclose(rates, wanted, rtol=ROUNDING, atol=ROUNDING * wanted.max())


@pytest.mark.parametrize("spec", CASES)
def test_learning_rates_at_some_updates_are_those_of_all(spec: Any):
    chosen = np.array([0, 1, 7, UPDATES // 2, UPDATES - 1])
    some = learning_rates(spec, chosen.astype(float))
    np.testing.assert_allclose(some, learning_rates(spec, UPDATES)[chosen], rtol=ROUNDING)


@pytest.mark.parametrize("spec", CASES)
def test_sgd_steps_by_its_learning_rate(spec: Any):
    for optimizer in (SGD(learning_rate=spec), SGD(learning_rate=spec, momentum=0.9)):
        np.testing.assert_array_equal(step_sizes(optimizer, 50), learning_rates(spec, 50))


@pytest.mark.parametrize("spec", CASES)
@pytest.mark.parametrize(("beta_1", "beta_2"), [(0.9, 0.999), (0.0, 0.5), (0.5, 0.0)])
def test_adam_steps_by_the_corrected_rate(spec: Any, beta_1: float, beta_2: float):
    # α = η √(1 - β₂ᵗ) / (1 - β₁ᵗ), t = 1, 2, …
    optimizer = Adam(learning_rate=spec, beta_1=beta_1, beta_2=beta_2)
    for t, rate in enumerate(learning_rates(spec, UPDATES).tolist(), 1):
        left_1, left_2 = 1 - beta_1**t, 1 - beta_2**t
        # Of 1 - β₂ᵗ, a thousandth at first, the roundings of β₂ᵗ are a larger part.
        rounding = ROUNDING * (1 / left_1 + 1 / left_2)
        wanted = rate * math.sqrt(left_2) / left_1
        assert step_sizes(optimizer, UPDATES)[t - 1] == pytest.approx(wanted, rel=rounding, abs=0)


def test_a_rate_that_outgrows_every_number_is_infinite():
    spec = ExponentialDecay(initial_learning_rate=1.0, decay_steps=1, decay_rate=1e200)
    with np.errstate(over="ignore"):
        assert learning_rates(spec, 3).tolist() == [1.0, 1e200, math.inf]
