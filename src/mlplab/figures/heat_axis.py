"""An axis of a heat map: cells of one width side by side, and ticks where the setting's values lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axis import Axis
from matplotlib.ticker import FixedFormatter, FixedLocator

from mlplab.figures.names import short_labels
from mlplab.figures.ticks import Scale, Tick, are_whole, numeric_ticks
from mlplab.run import Float64

LONGEST = 26
"""Columns of type that a name takes at most."""

_ROUNDING = 1e-9


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
        return are_whole(self.positions, self.scale)

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
            labels = short_labels(self.names, LONGEST)
            return [Tick(i, labels[i]) for i in range(0, len(self), step)], []
        low, high = float(self.positions[0]), float(self.positions[-1])
        major, minor = numeric_ticks(low, high, self.scale, self.is_whole)
        ticks = [
            Tick(place, tick.label)
            for tick in major
            if (place := self.place(tick.place)) is not None
        ]
        return ticks, [place for p in minor if (place := self.place(p)) is not None]

    def set_ticks(self, axis: Axis, most: int = 12) -> None:
        """Put the ticks on an axis of matplotlib whose unit is a cell."""
        major, minor = self.ticks(most)
        axis.set_major_locator(FixedLocator([tick.place for tick in major]))
        axis.set_major_formatter(FixedFormatter([tick.label for tick in major]))
        axis.set_minor_locator(FixedLocator(minor))
