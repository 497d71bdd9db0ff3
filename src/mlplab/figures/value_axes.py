"""Panels in which heights are the values of a target: a row for each target."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from mlplab.data.dataset import Float
from mlplab.figures.plane import LegendEntry
from mlplab.figures.points import point_size
from mlplab.figures.style import FAINT, WIDTH, LineStyle, number, style_ticks, wrapped

SAMPLE_COLOUR = "#0072B2"

_TITLE_LINE, _FOOT, _HEADING = 0.17, 0.34, 0.42  # inches
_MARGIN = 0.06


def value_panels(
    rows: int, columns: int, legend: Sequence[LegendEntry], title: str | None, height: float
) -> tuple[Figure, list[list[Axes]]]:
    """Return a figure with rows of panels, of so many inches each, ready to draw in."""
    text = wrapped(title, WIDTH) if title else ""
    foot = _FOOT if legend else 0.0
    above = _TITLE_LINE * (1 + len(text.splitlines())) if text else 0.0
    figure = Figure(
        figsize=(WIDTH, rows * (height + _HEADING) + foot + above), layout="constrained"
    )
    if text:
        figure.suptitle(text, x=0.01, ha="left")
    panels = figure.subplots(rows, columns, squeeze=False)
    if legend:
        figure.legend(
            *zip(*legend, strict=True),
            loc="outside lower center",
            ncols=len(legend),
            borderaxespad=0.5,
        )
    for axes in panels.ravel():
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
            axis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
        axes.grid(color=FAINT, linewidth=0.6)
        axes.spines[["top", "right"]].set_visible(False)
        style_ticks(axes)
    return figure, [list(row) for row in panels]


def plot_pairs(axes: Axes, x: Float, y: Float, label: str) -> None:
    """Draw samples as points; they are smaller and paler the more there are.

    Parameters
    ----------
    axes : Axes
    x, y : ndarray, shape (samples,)
    label : str
    """
    axes.scatter(
        x,
        y,
        s=point_size(axes, len(x)),
        color=SAMPLE_COLOUR,
        alpha=paleness(len(x)),
        linewidths=0,
        label=label,
        zorder=3,
        rasterized=True,
    )


def pair_entry(label: str, count: int) -> LegendEntry:
    """Return the legend's entry of such a point."""
    look: LineStyle = {"linestyle": "none", "marker": "o", "markersize": 4.5, "markeredgewidth": 0}
    return Line2D([], [], color=SAMPLE_COLOUR, alpha=max(0.5, paleness(count)), **look), label


def paleness(count: int) -> float:
    """Return how opaque a point among so many is, 0 to 1."""
    return float(np.clip(16 / np.sqrt(max(count, 1)), 0.25, 0.8))


def padded(*values: Float) -> tuple[float, float]:
    """Return the limits of an axis on which all finite values lie, with a margin.

    >>> padded(np.array([0.0, 10.0]))
    (-0.6, 10.6)
    """
    together = np.concatenate([array[np.isfinite(array)] for array in values])
    if not len(together):
        return -1.0, 1.0
    low, high = float(together.min()), float(together.max())
    pad = _MARGIN * (high - low) or 0.1 * abs(low) or 1.0
    return low - pad, high + pad
