"""What the figures of a search show: candidates with their settings and their scores."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from mlplab.errors import MlplabError
from mlplab.figures.heat_scale import colour_limits
from mlplab.figures.names import short_labels, short_names
from mlplab.figures.ticks import Scale, Tick, are_whole, numeric_ticks
from mlplab.run import Float64

WINNER_LABEL = "winner"
RUNNER_UP_LABEL = "runner-up"
GIVEN_LABEL = "given setting"
DIVERGED_LABEL = "every run diverged"

_ARRAYS = ("score", "low", "high", "failed", "round")


@dataclass(frozen=True, eq=False)
class SearchSetting:
    """One setting, and where each candidate's value of it lies.

    Attributes
    ----------
    name : str
        Its path, such as `training.optimizer.learning_rate`.
    positions : ndarray of float64, shape (candidates,)
        Logarithms to base 10 for `log`, the values themselves for `lin`, places in `labels` for `list`;
        NaN where a candidate has no such setting.
    scale : str
        `log`, `lin` or `list`.
    labels : sequence of str
        The values of a `list`.
    given : float
        The position of the value that was there before the search; NaN where the axis has none such.
    """

    name: str
    positions: Float64
    scale: Scale = "lin"
    labels: Sequence[str] = ()
    given: float = math.nan

    def __post_init__(self) -> None:
        known = self.positions[np.isfinite(self.positions)]
        if self.scale == "list" and (~np.isin(known, np.arange(len(self.labels)))).any():
            raise MlplabError(
                f"{self.name}: the positions of a list are places in its {len(self.labels)} labels, "
                f"received {known.min():g} to {known.max():g}"
            )

    @cached_property
    def limits(self) -> tuple[float, float]:
        """The least and the greatest position; of one value, a little below and above it."""
        if self.scale == "list":
            return -0.5, len(self.labels) - 0.5
        known = np.append(self.positions, self.given)
        known = known[np.isfinite(known)]
        if not len(known):
            return 0.0, 1.0
        low, high = float(known.min()), float(known.max())
        if high - low <= 1e-9 * max(abs(low), abs(high)):
            pad = 0.05 if self.scale == "log" else 0.1 * abs(low) or 0.5
            return low - pad, high + pad
        return low, high

    def ticks(self, most: int, width: int) -> tuple[list[Tick], list[float]]:
        """Return the ticks with a label, and the positions of those without.

        Parameters
        ----------
        most : int
            Labels that have room; the others of a list's values have no tick.
        width : int
            Columns of type that a label has room for.
        """
        if self.scale == "list":
            step = -(-len(self.labels) // most)
            labels = short_labels(self.labels, width)
            return [Tick(float(i), labels[i]) for i in range(0, len(labels), step)], []
        known = np.append(self.positions, self.given)
        known = known[np.isfinite(known)]
        if not len(known):
            return [], []
        if known.min() == known.max():
            value = float(10 ** known[0] if self.scale == "log" else known[0])
            return [Tick(float(known[0]), f"{value:.4g}".replace("-", "−"))], []
        return numeric_ticks(*self.limits, self.scale, are_whole(known, self.scale))


@dataclass(frozen=True, eq=False)
class SearchPoints:
    """The candidates of a search, in the order in which they were trained.

    Attributes
    ----------
    settings : sequence of SearchSetting
        One at least, with different names.
    score : ndarray of float64, shape (candidates,)
        Means of a measure over a candidate's runs; NaN where every run diverged.
    low, high : ndarray of float64, shape (candidates,)
        Intervals of these means; not finite where there is none.
    failed : ndarray of float64, shape (candidates,)
        Fractions of runs that failed, 0 to 1.
    round : ndarray of int, shape (candidates,)
        The round of successive halving that a candidate reached, 1 for the first; all alike without
        halving.
    measure : str
        What the scores are, with their unit: `validation accuracy (%)`.
    lower_is_better : bool
        As of losses.
    winner, runner_up : int, optional
        Their places among the candidates; both have a score.
    given_score : float, optional
        The score of the setting that was there before the search.
    """

    settings: Sequence[SearchSetting]
    score: Float64
    low: Float64
    high: Float64
    failed: Float64
    round: NDArray[np.int64]
    measure: str
    lower_is_better: bool = False
    winner: int | None = None
    runner_up: int | None = None
    given_score: float | None = None

    def __post_init__(self) -> None:
        if not self.settings or not len(self.score):
            raise MlplabError(
                "figures of a search need one setting and one candidate at least, received "
                f"{len(self.settings)} settings and {len(self.score)} candidates"
            )
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        arrays |= {f"the positions of {each.name}": each.positions for each in self.settings}
        for name, array in arrays.items():
            if array.shape != self.score.shape[:1]:
                raise MlplabError(
                    f"figures of a search with {len(self.score)} candidates need {name} of that "
                    f"length, received an array of shape {array.shape}"
                )
        for name in ("winner", "runner_up"):
            place = getattr(self, name)
            if place is not None and not 0 <= place < len(self):
                raise MlplabError(
                    f"{name} is a candidate's place, 0 to {len(self) - 1}, received {place}"
                )
            if place is not None and not np.isfinite(self.score[place]):
                raise MlplabError(
                    f"{name} is a candidate with a score, received {place}, of which every run diverged"
                )

    def __len__(self) -> int:
        return len(self.score)

    @cached_property
    def names(self) -> list[str]:
        """The settings' names, each as short as it can be told from the others."""
        return short_names([setting.name for setting in self.settings])

    @cached_property
    def from_worst(self) -> NDArray[np.intp]:
        """The places of the candidates with a score, the worst first."""
        places = np.flatnonzero(np.isfinite(self.score))
        keys = -self.score[places] if self.lower_is_better else self.score[places]
        return places[np.argsort(keys, kind="stable")]

    @property
    def diverged(self) -> NDArray[np.intp]:
        """The places of the candidates without a score."""
        return np.flatnonzero(~np.isfinite(self.score))

    def write(self, value: float) -> str:
        """Write a score: percentages with two digits after the point."""
        text = f"{value:.2f} %" if "%" in self.measure else f"{value:.4g}"
        return text.replace("-", "−")

    def score_limits(self, *more: float) -> tuple[float, float]:
        """Return the scores between which an axis runs, and more values with them.

        Where the worst twentieth of the candidates lies more than three times as far from the best as
        the rest, the axis does not reach to it, or all others would share one place.
        """
        sign = 1.0 if self.lower_is_better else -1.0
        wanted = [value for value in more if math.isfinite(value)]
        if np.isfinite(self.score).any():
            wanted += [sign * v for v in colour_limits(sign * self.score, lower_is_better=True)]
        if not wanted:
            return 0.0, 1.0
        low, high = min(wanted), max(wanted)
        return colour_limits(np.array([low, high])) if low == high else (low, high)


def score_ticks(low: float, high: float, measure: str) -> list[float]:
    """Return round scores between two; none is above 100 %.

    >>> score_ticks(90.0, 100.5, "accuracy (%)")
    [90.0, 92.0, 94.0, 96.0, 98.0, 100.0]
    """
    locator = MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10])
    most = min(high, 100.0) if "%" in measure else high
    return [float(v) for v in locator.tick_values(low, high) if low <= v <= most]


def side_by_side(count: int) -> Float64:
    """Return offsets from -0.5 to 0.5 that spread things of one place; nothing is random.

    Multiples of the golden ratio's fraction fill an interval evenly, however many there are.

    >>> side_by_side(3).round(2).tolist()
    [0.0, -0.38, 0.24]
    """
    return np.asarray((0.5 + np.arange(count) * 0.6180339887498949) % 1 - 0.5, np.float64)
