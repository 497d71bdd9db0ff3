"""A target as a colour: one scale for what is true and what is predicted, and the bar that says it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize, to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from mlplab.data.dataset import Float, Float64
from mlplab.figures.heat_scale import colour_limits, value_colours
from mlplab.figures.plane import LegendEntry
from mlplab.figures.points import point_size
from mlplab.figures.style import INK, number, style_ticks
from mlplab.figures.targets import axis_name

BESIDE = 0.82
"""Inches that a bar with its numbers and its name takes at the right of the panels."""

_GAP, _WIDTH = 0.1, 0.11  # inches
_EDGE = 0.35


@dataclass(frozen=True)
class ValueScale:
    """The colours of a target from `low` to `high`; beyond, they are those of the ends."""

    low: float
    high: float

    @classmethod
    def of(cls, values: Float64) -> ValueScale:
        """Return the scale from the least to the greatest of some values."""
        return cls(*colour_limits(values))

    @property
    def ticks(self) -> list[float]:
        """Round numbers between both ends."""
        values = MaxNLocator(nbins=8, steps=[1, 2, 2.5, 5, 10]).tick_values(self.low, self.high)
        return [float(value) for value in values if self.low <= value <= self.high]

    @property
    def norm(self) -> Normalize:
        """Numbers to fractions of the scale."""
        return Normalize(self.low, self.high, clip=True)

    def colours(self, values: Float64) -> Float64:
        """Return the red, green and blue of each value, 0 to 1; shape (..., 3)."""
        share = np.clip((values - self.low) / (self.high - self.low), 0, 1)
        return np.asarray(value_colours()(share))[..., :3]


def plot_values(axes: Axes, x: Float, values: Float64, scale: ValueScale) -> None:
    """Draw samples as points of the plane, each in the colour of its value.

    Parameters
    ----------
    axes : Axes
        With its limits and its place in the figure set.
    x : ndarray, shape (samples, 2)
    values : ndarray, shape (samples,)
    scale : ValueScale
    """
    axes.scatter(
        x[:, 0],
        x[:, 1],
        c=values,
        cmap=value_colours(),
        norm=scale.norm,
        s=point_size(axes, len(x)),
        edgecolors=INK,
        linewidths=_EDGE,
        zorder=3,
        rasterized=True,
    )


def draw_bar(
    figure: Figure,
    axes: Axes,
    scale: ValueScale,
    target: str,
    beyond: tuple[bool, bool] = (False, False),
) -> None:
    """Draw the bar of a scale at the right of a panel.

    Parameters
    ----------
    figure : Figure
    axes : Axes
        The last panel of a row, in its place.
    scale : ValueScale
    target : str
    beyond : (bool, bool)
        Whether something in the panels lies below the scale's lower end, and above its upper one.
    """
    width, box = figure.get_figwidth(), axes.get_position()
    place = figure.add_axes((box.x1 + _GAP / width, box.y0, _WIDTH / width, box.height))
    ends = {(False, False): "neither", (True, False): "min", (False, True): "max"}
    bar = figure.colorbar(
        ScalarMappable(scale.norm, value_colours()),
        cax=place,
        extend=ends.get(beyond, "both"),
        extendfrac=0.04,
        ticks=scale.ticks,
        format=FuncFormatter(lambda value, _: number(value)),
    )
    style_ticks(bar.ax)
    bar.outline.set_linewidth(0.6)
    bar.ax.set_ylabel(axis_name("", target, box.height * figure.get_figheight()))


def sample_entry(scale: ValueScale) -> LegendEntry:
    """Return the legend's entry of a sample; its colour is that of the middle."""
    face = to_hex(scale.colours(np.array((scale.low + scale.high) / 2)).tolist())
    point = Line2D([], [], linestyle="none", marker="o", markersize=4.5, color=face)
    point.set(markeredgecolor=INK, markeredgewidth=0.5)
    return point, "a sample, in the colour of its target"


def beyond_scale(values: Float, scale: ValueScale) -> tuple[bool, bool]:
    """Tell whether some values lie below a scale, and whether some lie above it."""
    known = values[np.isfinite(values)]
    margin = 0.01 * (scale.high - scale.low)
    return bool((known < scale.low - margin).any()), bool((known > scale.high + margin).any())
