"""Each schedule has the rates of its formula, update by update, and they are Keras's."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from math import ceil, cos, floor, inf, pi, sqrt
from typing import Any

import numpy as np
import pytest

from mlplab.frameworks.keras import keras, keras_learning_rate, precision
from mlplab.spec import (
    CosineDecay,
    CosineDecayRestarts,
    ExponentialDecay,
    InverseTimeDecay,
    PiecewiseConstantDecay,
    PolynomialDecay,
    Schedule,
    learning_rates,
)

DECAY = 7
"""Updates in which each schedule of `CASES` decays; not a power of two, whose quotients are exact."""

CASES: dict[str, list[dict[str, Any]]] = {
    "exponential_decay": [
        {"initial_learning_rate": 0.05, "decay_steps": DECAY, "decay_rate": 0.85},
        {
            "initial_learning_rate": 0.05,
            "decay_steps": DECAY,
            "decay_rate": 0.85,
            "staircase": True,
        },
    ],
    "piecewise_constant_decay": [
        {"boundaries": (DECAY,), "values": (0.5, 0.1)},
        {"boundaries": (0, DECAY, 2 * DECAY), "values": (0.5, 0.1, 0.2, 0.01)},
    ],
    "polynomial_decay": [
        {"initial_learning_rate": 0.05, "decay_steps": DECAY},
        {"initial_learning_rate": 0.05, "decay_steps": DECAY, "power": 0.5, "cycle": True},
        {
            "initial_learning_rate": 0.05,
            "decay_steps": DECAY,
            "end_learning_rate": 0.01,
            "power": 2.0,
        },
    ],
    "inverse_time_decay": [
        {"initial_learning_rate": 0.05, "decay_steps": DECAY, "decay_rate": 0.5},
        {"initial_learning_rate": 0.05, "decay_steps": DECAY, "decay_rate": 0.5, "staircase": True},
    ],
    "cosine_decay": [
        {"initial_learning_rate": 0.05, "decay_steps": DECAY},
        {"initial_learning_rate": 0.05, "decay_steps": DECAY, "alpha": 0.1},
        {
            "initial_learning_rate": 0.01,
            "decay_steps": DECAY,
            "warmup_target": 0.05,
            "warmup_steps": 4,
        },
    ],
    "cosine_decay_restarts": [
        {"initial_learning_rate": 0.05, "first_decay_steps": DECAY},
        {"initial_learning_rate": 0.05, "first_decay_steps": DECAY, "t_mul": 1.0, "m_mul": 0.8},
        {"initial_learning_rate": 0.05, "first_decay_steps": DECAY, "t_mul": 1.5, "alpha": 0.1},
    ],
}

KINDS = Schedule.kinds

every_case = pytest.mark.parametrize(
    "spec", [KINDS[kind](**case) for kind in KINDS for case in CASES[kind]], ids=repr
)


def rates(spec: Schedule, steps: int) -> np.ndarray:
    """The rates of the first updates."""
    return learning_rates(spec, np.arange(steps, dtype=np.float64))


@pytest.mark.parametrize("rate", [0.25, 1, 0])
def test_a_plain_number_is_itself(rate: float):
    found = learning_rates(rate, np.array([0.0, 1000.0]))
    assert found.dtype == np.float64
    assert found.tolist() == [rate, rate]


# ---- Worked by hand ------------------------------------------------------------------------------

HALF = sqrt(1 / 2)

BY_HAND = [
    # 8 · (1/4)^(step/2).
    (
        ExponentialDecay(initial_learning_rate=8.0, decay_steps=2, decay_rate=0.25),
        [8, 4, 2, 1, 1 / 2],
    ),
    (
        ExponentialDecay(initial_learning_rate=8.0, decay_steps=2, decay_rate=0.25, staircase=True),
        [8, 8, 2, 2, 1 / 2],
    ),
    # A boundary still belongs to the value before it.
    (PiecewiseConstantDecay(boundaries=(1, 3), values=(3.0, 2.0, 1.0)), [3, 3, 2, 2, 1, 1]),
    # 1 + 4 (1 - step/4)², then 1 for good.
    (
        PolynomialDecay(initial_learning_rate=5.0, decay_steps=4, end_learning_rate=1.0, power=2.0),
        [5, 1 + 9 / 4, 2, 1 + 1 / 4, 1, 1],
    ),
    # 1 - step/2, then 1 - step/4, then 1 - step/6.
    (
        PolynomialDecay(
            initial_learning_rate=1.0, decay_steps=2, end_learning_rate=0.0, cycle=True
        ),
        [1, 1 / 2, 0, 1 / 4, 0, 1 / 6, 0],
    ),
    # 6 / (1 + step/2).
    (
        InverseTimeDecay(initial_learning_rate=6.0, decay_steps=2, decay_rate=1.0),
        [6, 4, 3, 6 / 2.5, 2],
    ),
    (
        InverseTimeDecay(initial_learning_rate=6.0, decay_steps=2, decay_rate=1.0, staircase=True),
        [6, 6, 3, 3, 2],
    ),
    # (1 + cos(π step/4)) / 2; the cosines are 1, √½, 0, -√½, -1.
    (
        CosineDecay(initial_learning_rate=1.0, decay_steps=4),
        [1, (1 + HALF) / 2, 1 / 2, (1 - HALF) / 2, 0, 0],
    ),
    # Two steps up from 1 to 3, then down to a third of it: 3 · (2/3 · ½(1 + cos) + 1/3).
    (
        CosineDecay(
            initial_learning_rate=1.0,
            decay_steps=2,
            alpha=1 / 3,
            warmup_target=3.0,
            warmup_steps=2,
        ),
        [1, 2, 3, 2, 1, 1],
    ),
    # Periods of 2 and 4 updates from 1 and 1/2.
    (
        CosineDecayRestarts(initial_learning_rate=1.0, first_decay_steps=2, m_mul=0.5),
        [1, 1 / 2, 1 / 2, (1 + HALF) / 4, 1 / 4, (1 - HALF) / 4, 1 / 4],
    ),
    (
        CosineDecayRestarts(initial_learning_rate=1.0, first_decay_steps=2, t_mul=1.0),
        [1, 1 / 2, 1, 1 / 2, 1, 1 / 2],
    ),
]


@pytest.mark.parametrize(("spec", "wanted"), BY_HAND, ids=repr)
def test_rates_are_those_worked_by_hand(spec: Schedule, wanted: list[float], tolerance: Any):
    np.testing.assert_allclose(rates(spec, len(wanted)), wanted, rtol=0, atol=tolerance.by_hand)


def test_every_schedule_is_worked_by_hand():
    assert {spec.kind for spec, _ in BY_HAND} == set(KINDS)


def test_a_rate_that_outgrows_its_type_is_infinite_and_no_error():
    spec = ExponentialDecay(initial_learning_rate=1.0, decay_steps=1, decay_rate=1e200)
    assert rates(spec, 3).tolist() == [1.0, 1e200, inf]


# ---- The formulas, by Python's own functions -----------------------------------------------------


def whole_or_not(spec: Any, quotient: float) -> float:
    return floor(quotient) if spec.staircase else quotient


def cosine(fraction: float) -> float:
    return (1 + cos(pi * fraction)) / 2


def polynomial(spec: PolynomialDecay, t: int) -> float:
    length = spec.decay_steps * (max(1, ceil(t / spec.decay_steps)) if spec.cycle else 1)
    left = 1 - min(t, length) / length
    top, end = spec.initial_learning_rate, spec.end_learning_rate
    return (top - end) * left**spec.power + end


def with_warm_up(spec: CosineDecay, t: int) -> float:
    bottom, top = spec.initial_learning_rate, spec.warmup_target
    if t < spec.warmup_steps:
        return bottom + (top - bottom) * t / spec.warmup_steps
    fraction = min(1, (t - spec.warmup_steps) / spec.decay_steps)
    top = bottom if top is None else top
    return top * ((1 - spec.alpha) * cosine(fraction) + spec.alpha)


def restarted(spec: CosineDecayRestarts, t: int) -> float:
    length, top = spec.first_decay_steps, 1.0
    while t >= length:
        t, length, top = t - length, length * spec.t_mul, top * spec.m_mul
    decayed = (1 - spec.alpha) * top * cosine(t / length) + spec.alpha
    return spec.initial_learning_rate * decayed


FORMULAS: dict[str, Callable[[Any, int], float]] = {
    "exponential_decay": lambda s, t: (
        s.initial_learning_rate * s.decay_rate ** whole_or_not(s, t / s.decay_steps)
    ),
    "piecewise_constant_decay": lambda s, t: s.values[sum(t > end for end in s.boundaries)],
    "polynomial_decay": polynomial,
    "inverse_time_decay": lambda s, t: (
        s.initial_learning_rate / (1 + s.decay_rate * whole_or_not(s, t / s.decay_steps))
    ),
    "cosine_decay": with_warm_up,
    "cosine_decay_restarts": restarted,
}

UPDATES = 300


@every_case
def test_rates_are_those_of_the_formula_at_every_update(spec: Schedule, tolerance: Any):
    wanted = [FORMULAS[spec.kind](spec, t) for t in range(UPDATES)]
    np.testing.assert_allclose(
        rates(spec, UPDATES), wanted, rtol=tolerance.float64, atol=tolerance.by_hand * max(wanted)
    )


@every_case
def test_rates_of_some_updates_are_those_of_all(spec: Schedule):
    chosen = [0, 1, DECAY, UPDATES // 2, UPDATES - 1]
    some = learning_rates(spec, np.array(chosen, dtype=np.float64))
    np.testing.assert_array_equal(some, rates(spec, UPDATES)[chosen])


# ---- Keras ---------------------------------------------------------------------------------------


def keras_rates(spec: Schedule, steps: np.ndarray, dtype: str) -> np.ndarray:
    """Keras's own rates at some steps."""
    with precision(dtype):
        return keras.ops.convert_to_numpy(
            keras.ops.vectorized_map(keras_learning_rate(spec), keras.ops.convert_to_tensor(steps))
        )


@every_case
def test_rates_are_keras_s(spec: Schedule, tolerance: Any):
    wanted = keras_rates(spec, np.arange(3 * DECAY + 1), "float64")
    rounded = tolerance.keras_float32 if "cosine" in spec.kind else tolerance.float64
    np.testing.assert_allclose(
        rates(spec, len(wanted)), wanted, rtol=0, atol=rounded * wanted.max()
    )


def test_keras_s_rounding_delays_some_restarts_by_an_update_and_ours_does_not(tolerance: Any):
    delays = 0
    for t_mul in (6, 7, 10):
        spec = CosineDecayRestarts(
            initial_learning_rate=1.0, first_decay_steps=10, t_mul=float(t_mul)
        )
        begins = np.array([10 * (t_mul**i - 1) // (t_mul - 1) for i in range(1, 5)])
        assert learning_rates(spec, begins.astype(float)).tolist() == [1, 1, 1, 1]
        theirs, after = keras_rates(
            spec, np.stack([begins, begins + 1]).ravel(), "float32"
        ).reshape(2, -1)
        # A late restart is still at the end of the period before; an update later all is well again.
        late = theirs < 0.5
        np.testing.assert_allclose(theirs, np.where(late, 0, 1), rtol=0, atol=tolerance.float32)
        wanted = learning_rates(spec, begins + 1.0)
        np.testing.assert_allclose(after, wanted, rtol=0, atol=tolerance.float32)
        delays += late.sum()
    assert delays > 0


@pytest.mark.parametrize("kind", Schedule.kinds)
def test_a_formula_and_keras_call_its_parameters_as_the_schedule_does(kind: str):
    schedule = Schedule.kinds[kind]
    fields = [name for name in schedule.model_fields if name != "kind"]
    _, *parameters = inspect.signature(schedule.rate.py_func).parameters
    assert parameters == fields
    theirs = getattr(keras.optimizers.schedules, schedule.__name__)
    assert set(inspect.signature(theirs).parameters) - {"name"} == set(fields)


class Counted:
    """Boundaries that count how often one is read."""

    def __init__(self, boundaries: np.ndarray) -> None:
        self.boundaries, self.reads = boundaries, 0

    def __len__(self) -> int:
        return len(self.boundaries)

    def __getitem__(self, i: int) -> float:
        self.reads += 1
        return float(self.boundaries[i])


def test_a_rate_among_very_many_is_found_in_few_steps():
    boundaries = np.cumsum(np.random.default_rng(0).integers(1, 9, 100_000)).astype(float)
    values = np.arange(100_001.0)
    rate = PiecewiseConstantDecay.rate.py_func
    for i in (0, 1, 49_999, 99_998, 99_999):
        for t, expected in ((boundaries[i], i), (boundaries[i] + 0.5, i + 1)):
            counted = Counted(boundaries)
            assert rate(t, counted, values) == expected
            assert counted.reads <= 17
    assert rate(0.0, boundaries, values) == 0
