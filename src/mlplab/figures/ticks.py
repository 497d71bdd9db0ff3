"""Ticks of a numeric axis: round numbers, where a setting's values or their logarithms lie."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from matplotlib.ticker import MaxNLocator

from mlplab.run import Float64

Scale = Literal["log", "lin", "list"]

FARTHEST_DECADES = 7
"""Powers of ten that have a label at most, about."""

_ROUNDING = 1e-9

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Tick:
    """A label, and the place where it stands, in the unit of its axis."""

    place: float
    label: str


def are_whole(positions: Float64, scale: Scale) -> bool:
    """Tell whether all values are whole numbers, so that ticks are.

    >>> are_whole(np.log10([16, 17, 18]), "log")
    True
    """
    numbers = 10**positions if scale == "log" else positions
    return bool((np.abs(numbers - np.rint(numbers)) <= 1e-9 * np.abs(numbers)).all())


def numeric_ticks(
    low: float, high: float, scale: Scale, is_whole: bool = False
) -> tuple[list[Tick], list[float]]:
    """Return the ticks with a label between two positions, and the positions of those without.

    Parameters
    ----------
    low, high : float
        Rising: logarithms to base 10 for `log`, the values themselves for `lin`.
    scale : str
        `log` or `lin`.
    is_whole : bool
        Whether only whole numbers have ticks.

    Examples
    --------
    >>> ticks, _ = numeric_ticks(-2.0, 0.0, "log")
    >>> [(tick.place, tick.label) for tick in ticks]
    [(-2.0, '10⁻²'), (-1.0, '10⁻¹'), (0.0, '10⁰')]
    """
    if scale == "lin":
        major, minor = _linear_ticks(low, high, is_whole)
        labels = _numbers(major)
    else:
        major, minor, labels = _log_ticks(low, high, is_whole)
        major, minor = [math.log10(v) for v in major], [math.log10(v) for v in minor]
    return [Tick(place, label) for place, label in zip(major, labels, strict=True)], minor


def power_of_ten(exponent: int) -> str:
    """Write a power of ten.

    >>> power_of_ten(-3)
    '10⁻³'
    """
    return f"10{str(exponent).translate(_SUPERSCRIPTS)}"


def _linear_ticks(low: float, high: float, is_whole: bool) -> tuple[list[float], list[float]]:
    """Return values with and without a label between two."""
    steps = [1, 2, 5, 10]
    locator = MaxNLocator(nbins=6, steps=steps, integer=is_whole)
    coarse = np.asarray(locator.tick_values(low, high))
    fine = MaxNLocator(nbins=30, steps=steps, integer=is_whole).tick_values(low, high)
    slack = _ROUNDING * (high - low)
    major = [float(v) for v in coarse if low - slack <= v <= high + slack]
    gap = (coarse[1] - coarse[0]) / 100
    minor = [float(v) for v in fine if low <= v <= high and np.abs(coarse - v).min() > gap]
    return major, minor


def _log_ticks(
    low: float, high: float, is_whole: bool
) -> tuple[list[float], list[float], list[str]]:
    """Return values with a label, values without, and the labels, between two logarithms."""
    first, last = math.ceil(low - 1e-9), math.floor(high + 1e-9)
    decades = last - first + 1
    between = [
        m * 10.0**k
        for k in range(first - 1, last + 1)
        for m in range(2, 10)
        if low <= math.log10(m * 10.0**k) <= high
    ]
    if decades >= 2:
        step = -(-decades // FARTHEST_DECADES)
        exponents = [k for k in range(first, last + 1) if k % step == 0]
        rest = [10.0**k for k in range(first, last + 1) if k % step]
        labels = [power_of_ten(k) for k in exponents]
        return [10.0**k for k in exponents], rest or between, labels
    round_ones = [10.0**k for k in range(first, last + 1)]
    short = sorted([*round_ones, *(v for v in between if f"{v:e}"[0] in "25")])
    if len(short) >= 3:
        return short, [v for v in between if v not in short], _numbers(short)
    major, minor = _linear_ticks(10.0**low, 10.0**high, is_whole)
    return major, minor, _numbers(major)


def _numbers(values: Sequence[float]) -> list[str]:
    """Write numbers with as many digits as tell them apart."""
    for digits in range(3, 17):
        texts = [f"{value:.{digits}g}" for value in values]
        if all(abs(float(t) - v) <= 1e-9 * abs(v) for t, v in zip(texts, values, strict=True)):
            break
    return [text.replace("-", "−") for text in texts]
