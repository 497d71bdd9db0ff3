"""Elementary functions are as near to the true values as they say, at the ends of their ranges too."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf

from mlplab.elementary import cos_sin, exp, log, normal_quantile, power

COUNT = 1_000
"""Numbers of each kind that are tried."""

LARGEST, SMALLEST = np.finfo(np.float64).max.item(), np.finfo(np.float64).tiny.item()
NEAR_1 = [1 + sign * 2.0**-k for k in range(1, 53) for sign in (1, -1)]


@pytest.fixture(autouse=True)
def precise() -> Any:
    """Let mpmath compute with 160 bits, three times as many as float64 has."""
    with mpmath.workprec(160):
        yield


def random(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def relative(value: float, wanted: Any) -> float:
    return float(abs(mpf(value) / wanted - 1))


def largest(error: Callable[[float], float], numbers: Any) -> float:
    return max(map(error, np.asarray(numbers, dtype=np.float64).tolist()))


# ---- Logarithm and exponential -------------------------------------------------------------------


def test_log_is_within_a_unit_in_the_last_place():
    def error(x: float) -> float:
        return float(abs(log(x) - mpmath.log(x)) / np.spacing(abs(log(x))))

    far = 10.0 ** random(1).uniform(-307, 308, COUNT)
    near = random(2).uniform(0.5, 2, COUNT)
    ends = [SMALLEST, LARGEST, math.sqrt(2), math.sqrt(0.5), 2.0, math.e]
    assert largest(error, [*far, *near, *NEAR_1, *ends]) < 1
    assert log(1.0) == 0


def test_exp_is_within_3e_16():
    def error(x: float) -> float:
        return relative(exp(x), mpmath.exp(x))

    far, near = random(1).uniform(-708, 709.78, COUNT), random(2).uniform(-1, 1, COUNT)
    # Where r changes over from one multiple of ln 2 to the next.
    seams = (np.arange(-20, 20) + 0.5) * math.log(2)
    assert largest(error, [*far, *near, *seams]) < 3e-16
    assert exp(0.0) == 1


def test_exp_leaves_the_numbers_where_the_true_one_does():
    top = math.log(LARGEST)
    assert exp(top) == pytest.approx(LARGEST, rel=1e-12)
    assert exp(np.nextafter(top, np.inf)) == exp(1e300) == exp(math.inf) == math.inf
    # Below the normal numbers they lie 2⁻¹⁰⁷⁴ apart.
    for x in (-708.5, -720.0, -740.3, -744.0, -745.1):
        assert abs(exp(x) - mpmath.exp(x)) < 2.0**-1074
    assert exp(-745.2) == exp(-1e300) == exp(-math.inf) == 0
    assert math.isnan(exp(math.nan))


@pytest.mark.parametrize(("function", "low", "high"), [(log, 0.25, 4.0), (exp, -2.0, 2.0)])
def test_log_and_exp_never_fall(function: Any, low: float, high: float):
    values = [function(x) for x in np.linspace(low, high, 20_001).tolist()]
    assert (np.diff(values) > 0).all()


# ---- Power ---------------------------------------------------------------------------------------


def test_whole_powers_are_within_the_exponent_s_roundings():
    random_pairs = zip(
        random(1).uniform(0.5, 2, COUNT), random(2).integers(-600, 600, COUNT), strict=True
    )
    of_adam = [(beta, 10**k) for beta in (0.9, 0.99) for k in range(5)]
    for x, n in [*random_pairs, *of_adam]:
        wanted = mpf(float(x)) ** int(n)
        if n != 0 and 1e-290 < wanted < 1e290:
            assert relative(power(float(x), float(n)), wanted) < abs(n) * 1.2e-16, (x, n)


def test_other_powers_are_within_1e_14_up_to_e_40():
    for x, y in zip(random(1).uniform(0, 5, COUNT), random(2).uniform(-20, 20, COUNT), strict=True):
        if abs(y * math.log(x)) < 40:
            assert relative(power(float(x), float(y)), mpf(float(x)) ** mpf(float(y))) < 1e-14
    # Numbers below the normal ones have a logarithm, too.
    assert relative(power(5e-324, 0.05), mpf(5e-324) ** mpf(0.05)) < 1e-14


@pytest.mark.parametrize(
    ("x", "y", "wanted"),
    [
        (0.0, 0.0, 1.0),
        (0.0, 2.0, 0.0),
        (0.0, 0.5, 0.0),
        (0.0, -2.0, math.inf),
        (0.0, -0.5, math.inf),
        (3.0, 0.0, 1.0),
        (3.0, 4.0, 81.0),
        (2.0, -2.0, 0.25),
        (2.0, 1023.0, 2.0**1023),
        (2.0, 1024.0, math.inf),
        (10.0, 1e6, math.inf),
        (10.0, -1e6, 0.0),
        (0.5, 1e6, 0.0),
        (0.5, -1e6, math.inf),
        (10.0, 3e9 + 0.5, math.inf),
        (0.9, 1e12, 0.0),
    ],
)
def test_powers_at_the_ends(x: float, y: float, wanted: float):
    assert power(x, y) == wanted


# ---- Sine and cosine -----------------------------------------------------------------------------


def test_cosine_and_sine_are_within_2_to_the_minus_52():
    def error(turns: float) -> float:
        cosine, sine = cos_sin(turns)
        angle = 2 * mpmath.pi * mpf(turns)
        return float(max(abs(cosine - mpmath.cos(angle)), abs(sine - mpmath.sin(angle))))

    once, often = random(1).uniform(0, 1, 2 * COUNT), random(2).uniform(-50, 50, COUNT)
    # At odd eighths one quarter hands over to the next.
    seams = [k / 8 + sign * 2.0**-e for k in range(8) for e in (30, 45) for sign in (1, -1)]
    assert largest(error, [*once, *often, *seams, -1e-20]) < 2.0**-52


def test_quarters_of_a_turn_are_exact_and_turns_repeat():
    wanted = [(1, 0), (0, 1), (-1, 0), (0, -1)]
    for quarter in range(-8, 9):
        assert cos_sin(quarter / 4) == wanted[quarter % 4]
    for k in range(64):
        cosine, sine = cos_sin(k / 64)
        assert cos_sin(k / 64 + 3) == cos_sin(k / 64 - 2) == (cosine, sine)
        if k % 16 != 8:  # at odd eighths the sine of one quarter stands for the cosine of the next
            assert cos_sin(-k / 64) == (cosine, -sine)


# ---- The normal quantile -------------------------------------------------------------------------

FAR = math.exp(-25)
"""Below it the last of the three approximations holds; from 0.075 down the second."""

ENDS = [2.0**-53, 1 - 2.0**-53, 0.075, 0.925, FAR, 1 - FAR]


def quantile(u: Any) -> np.ndarray:
    values = np.array(u, dtype=np.float64)
    normal_quantile(values)
    return values


def test_normal_quantile_is_within_1e_15():
    low = 10.0 ** random(1).uniform(-15.9, -1, COUNT)
    seams = [end * (1 + sign * 1e-9) for end in (0.075, FAR) for sign in (1, -1)]
    u = [*random(2).uniform(0, 1, COUNT), *low, *(1 - low), *ENDS, *seams, 0.925 + 1e-9]
    for p, x in zip(u, quantile(u).tolist(), strict=True):
        # x is off by (Φ(x) - p) / φ(x), to first order.
        error = (mpmath.ncdf(x) - mpf(float(p))) / mpmath.npdf(x)
        assert abs(error / x) < 1e-15, p


def test_normal_quantile_is_odd_and_never_falls():
    i = random(3).integers(0, 2**52, 20 * COUNT)
    u = np.sort((i + 0.5) * 2.0**-52)
    np.testing.assert_array_equal(quantile(u), -quantile(1 - u))
    assert quantile([0.5]) == 0
    for end in (0.075, 0.925, 0.5, FAR):
        around = np.sort(end * (1 + np.arange(-500, 501) * 1e-12))
        assert (np.diff(quantile(around)) >= 0).all(), end
    assert (np.diff(quantile(u)) >= 0).all()


def test_a_number_has_the_same_quantile_in_company_and_alone():
    u = np.concatenate([random(4).uniform(0, 1, 67), ENDS])
    alone = [quantile([p]).item() for p in u]
    assert quantile(u).tolist() == alone
    assert quantile([]).size == 0
