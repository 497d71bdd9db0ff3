"""An axis of a heat map: cells of one width side by side, and ticks where the setting's values lie."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from matplotlib.axis import Axis
from matplotlib.ticker import FixedFormatter, FixedLocator, MaxNLocator

from mlplab.figures.fonts import drawable
from mlplab.run import Float64

Scale = Literal["log", "lin", "list"]

LONGEST = 26
"""Characters of a name; of longer ones the end is left out."""

FARTHEST_DECADES = 7
"""Powers of ten that have a label at most, about."""

_ROUNDING = 1e-9

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, eq=False)
class Tick:
    """A label, and the place where it stands: 0 is the middle of the first cell."""

    place: float
    label: str


@dataclass(frozen=True, eq=False)
class HeatAxis:
    """What one axis shows.

    Attributes
    ----------
    label : str
        What the axis is called.
    positions : ndarray of float64, shape (values,)
        Rising: logarithms to base 10 for `log`, the values themselves for `lin`, places for `list`.
    scale : str
        `log`, `lin` or `list`.
    names : sequence of str
        Of the values; a list shows them.
    """

    label: str
    positions: Float64
    scale: Scale = "list"
    names: Sequence[str] = ()

    def __len__(self) -> int:
        return len(self.positions)

    @property
    def is_numeric(self) -> bool:
        """Whether places between the values mean something."""
        return self.scale != "list"

    @property
    def is_whole(self) -> bool:
        """Whether all values are whole numbers, so that ticks are."""
        numbers = 10**self.positions if self.scale == "log" else self.positions
        return bool((np.abs(numbers - np.rint(numbers)) < 1e-9 * np.abs(numbers)).all())

    def place(self, position: float) -> float | None:
        """Return where a position lies, in cells from the first one's middle; None outside.

        >>> HeatAxis("rate", np.array([-3.0, -2.0, -1.0]), "log").place(-1.5)
        1.5
        """
        low, high = float(self.positions[0]), float(self.positions[-1])
        # Powers and logarithms differ in their last digits.
        slack = _ROUNDING * (high - low)
        if not low - slack <= position <= high + slack:
            return None
        return float(np.interp(position, self.positions, np.arange(len(self))))

    def ticks(self, most: int) -> tuple[list[Tick], list[float]]:
        """Return the ticks with a label, and the places of those without.

        Parameters
        ----------
        most : int
            Labels that have room, for a list; the others of its values have no tick.
        """
        if not self.is_numeric:
            step = -(-len(self) // most)
            places = range(0, len(self), step)
            return [Tick(i, shortened(self.names[i])) for i in places], []
        low, high = float(self.positions[0]), float(self.positions[-1])
        if self.scale == "lin":
            major, minor = _linear_ticks(low, high, self.is_whole)
            labels = _numbers(major)
        else:
            major, minor, labels = _log_ticks(low, high, self.is_whole)
            major, minor = [math.log10(v) for v in major], [math.log10(v) for v in minor]
        ticks = [
            Tick(place, label)
            for position, label in zip(major, labels, strict=True)
            if (place := self.place(position)) is not None
        ]
        return ticks, [place for p in minor if (place := self.place(p)) is not None]

    def set_ticks(self, axis: Axis, most: int = 12) -> None:
        """Put the ticks on an axis of matplotlib whose unit is a cell."""
        major, minor = self.ticks(most)
        axis.set_major_locator(FixedLocator([tick.place for tick in major]))
        axis.set_major_formatter(FixedFormatter([tick.label for tick in major]))
        axis.set_minor_locator(FixedLocator(minor))


def shortened(name: str) -> str:
    """Return a name with at most `LONGEST` characters.

    >>> shortened("categorical_crossentropy_of_softmax")
    'categorical_crossentropy_…'
    """
    name = drawable(" ".join(name.split()))
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


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
