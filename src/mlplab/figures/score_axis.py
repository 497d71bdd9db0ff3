"""The axis of scores that slices and history share, and the candidates that it cannot show."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter
from numpy.typing import NDArray

from mlplab.figures.names import broken
from mlplab.figures.plane import LegendEntry
from mlplab.figures.search_points import DIVERGED_LABEL, SearchPoints, score_ticks
from mlplab.figures.style import FAINT, LineStyle, number, style_ticks
from mlplab.run import Float64

CUT_OFF_LABEL = "score beyond the axis"

_PAD, _ROW = 0.05, 0.09  # of the axis's height

_DIVERGED: LineStyle = {"marker": "x", "markersize": 3.4, "markeredgewidth": 0.8}
_DIVERGED |= {"color": "#7B838C", "linestyle": "none"}
_CUT_OFF: LineStyle = {"markersize": 3.4, "markeredgewidth": 0, "color": "#0072B2"}
_CUT_OFF |= {"linestyle": "none"}


class ScoreAxis:
    """Where scores lie; beyond the worse end is a row for what has no score.

    Parameters
    ----------
    points : SearchPoints
    *more : float
        Scores that must be seen as well; those that are not finite say nothing.
    """

    def __init__(self, points: SearchPoints, *more: float) -> None:
        self.points = points
        winner = float("nan") if points.winner is None else float(points.score[points.winner])
        self.low, self.high = points.score_limits(winner, *more)
        self.has_scores = bool(np.isfinite([winner, *points.score, *more]).any())
        self.shown: NDArray[np.bool_] = (points.score >= self.low) & (points.score <= self.high)
        self.cut_off: NDArray[np.bool_] = np.isfinite(points.score) & ~self.shown

    @property
    def limits(self) -> tuple[float, float]:
        """The ends of the axis."""
        height = self.high - self.low
        low, high = self.low - _PAD * height, self.high + _PAD * height
        if not len(self.points.diverged):
            return low, high
        more = (_ROW + _PAD / 2) * height
        return (low, high + more) if self.points.lower_is_better else (low - more, high)

    @property
    def row(self) -> float:
        """Where the candidates stand of which every run diverged."""
        beyond = _ROW * (self.high - self.low)
        return self.high + beyond if self.points.lower_is_better else self.low - beyond

    def place(self, score: float) -> float:
        """Return where a score is drawn: at the axis's end where it lies beyond."""
        return float(np.clip(score, self.low, self.high))

    def draw_beyond(self, axes: Axes, x: Float64, is_many: bool) -> None:
        """Draw the candidates that have no score, or one that the axis does not reach."""
        look: LineStyle = {"zorder": 2, "clip_on": False, "rasterized": is_many}
        diverged = self.points.diverged
        if len(diverged):
            axes.axhline(self.row, color=FAINT, linewidth=0.6, zorder=1)
            places = np.full(len(diverged), self.row)
            axes.plot(x[diverged], places, label=DIVERGED_LABEL, **_DIVERGED, **look)
        if self.cut_off.any():
            end = self.high if self.points.lower_is_better else self.low
            places = np.full(int(self.cut_off.sum()), end)
            axes.plot(
                x[self.cut_off],
                places,
                label=CUT_OFF_LABEL,
                marker=self._arrow,
                **_CUT_OFF,
                **look,
            )

    @property
    def _arrow(self) -> str:
        return "^" if self.points.lower_is_better else "v"

    def dress(self, axes: Axes, room: int, is_first: bool = True) -> None:
        """Set limits, ticks and grid; only the first panel of a row has numbers and words.

        Parameters
        ----------
        axes : Axes
        room : int
            Columns of type that a line of the measure's name has.
        is_first : bool
        """
        axes.set_ylim(*self.limits)
        ticks = score_ticks(self.low, self.high, self.points.measure) if self.has_scores else []
        axes.yaxis.set_major_locator(FixedLocator(ticks))
        axes.yaxis.set_major_formatter(
            FuncFormatter(lambda value, _: number(value)) if is_first else NullFormatter()
        )
        if is_first:
            axes.set_ylabel("\n".join(broken(self.points.measure, room)))
        axes.grid(axis="y", color=FAINT, linewidth=0.6)
        axes.spines[["top", "right"]].set_visible(False)
        style_ticks(axes)

    def legend(self) -> list[LegendEntry]:
        """Return what the marks beyond the axis mean."""
        entries: list[LegendEntry] = []
        if self.cut_off.any():
            entries.append((Line2D([], [], marker=self._arrow, **_CUT_OFF), CUT_OFF_LABEL))
        if len(self.points.diverged):
            entries.append((Line2D([], [], **_DIVERGED), DIVERGED_LABEL))
        return entries
