"""Panels that show the plane: their common extent, their places, their legend.

Places are computed, not left to a layout engine: panels of one scale fill the width, and the figure is as
high as they need.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.ticker import FuncFormatter, MaxNLocator

from mlplab.boundary import Extent
from mlplab.data.dataset import Float
from mlplab.figures.style import WIDTH, number, style_ticks, wrapped

FLATTEST, TALLEST = 0.5, 1.25
"""Height by width of a plane, between which both axes have one scale."""

INCOMPARABLE = 5.0
"""Ranges of the axes that differ by more than this factor get a scale each, in a square."""

# Inches.
_RIGHT, _GAP, _TOP, _HEADING, _BELOW = 0.06, 0.16, 0.06, 0.40, 0.40
_LEGEND_GAP, _TITLE_GAP, _LINE = 0.06, 0.06, 0.17

LegendEntry = tuple[Any, str]
"""What is shown, an artist or a tuple of artists one on the other, and what is said."""


def plane_extent(*points: Float) -> Extent:
    """Return the part of the plane that shows all points, neither too flat nor too tall for a panel.

    Parameters
    ----------
    *points : ndarray, shape (samples, 2)

    Examples
    --------
    >>> import numpy as np
    >>> plane_extent(np.array([[0.0, 0.0], [20.0, 0.0], [20.0, 5.0]]))
    Extent(x1_min=-1.0, x1_max=21.0, x2_min=-3.0, x2_max=8.0)
    """
    extent = Extent.around(*points)
    width, height = extent.x1_max - extent.x1_min, extent.x2_max - extent.x2_min
    if not 1 / INCOMPARABLE <= height / width <= INCOMPARABLE:
        return extent
    wider = max(0.0, height / TALLEST - width) / 2
    higher = max(0.0, width * FLATTEST - height) / 2
    return Extent(
        extent.x1_min - wider, extent.x1_max + wider, extent.x2_min - higher, extent.x2_max + higher
    )


def plane_panels(
    count: int,
    extent: Extent,
    legend: Sequence[LegendEntry],
    title: str | None = None,
    *,
    width: float = WIDTH,
    headings: bool = True,
    labels: tuple[str, str] = ("x₁", "x₂"),
    ticks_up: bool = True,
    rows: int = 1,
    beside: float = 0.0,
) -> tuple[Figure, list[Axes]]:
    """Return a figure with equal panels of the plane, row by row, ready to draw in.

    Parameters
    ----------
    count : int
        Of panels in a row.
    extent : Extent
        Of every panel.
    legend : sequence of LegendEntry
        Below the panels, in as many rows as it needs.
    title : str, optional
        Above all.
    width : float
        Of the figure, in inches.
    headings : bool
        Whether to leave room for `set_heading` above each panel.
    labels : (str, str)
        Of the horizontal axis and of the vertical one.
    ticks_up : bool
        Whether heights are numbers, and the vertical axis has ticks.
    rows : int
    beside : float
        Room at the right of the panels, in inches.
    """
    figure = Figure(figsize=(width, width))
    panels = [figure.add_axes((0, 0, 1, 1)) for _ in range(rows * count)]
    for i, axes in enumerate(panels):
        axes.set_xlim(extent.x1_min, extent.x1_max)
        axes.set_ylim(extent.x2_min, extent.x2_max)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
            axis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
        style_ticks(axes)
        is_first, is_lowest = i % count == 0, i >= (rows - 1) * count
        axes.tick_params(labelleft=is_first, labelbottom=is_lowest)
        axes.set_ylabel(labels[1] if is_first else "")
        axes.set_xlabel(labels[0] if is_lowest else "")
        if not ticks_up:
            axes.set_yticks([])
    head = _HEADING if headings else _TOP
    if title:
        text = wrapped(title, width)
        figure.suptitle(text, x=0.06 / width, y=0.985, ha="left", va="top")
        head += _TITLE_GAP + _LINE * len(text.splitlines())
    lines = _add_legend(figure, legend)
    room: Any = {"head": head, "legend_rows": lines, "columns": count}

    # Once for the ticks, which depend on the panels' size, and once more for the room they take.
    _place(figure, panels, extent, left=0.55, right=_RIGHT + beside, **room)
    figure.draw_without_rendering()
    left, right = _overhangs(panels)
    right = max(_RIGHT, right + 0.03) + beside
    _place(figure, panels, extent, left=left + 0.06, right=right, **room)
    return figure, panels


def _overhangs(panels: Sequence[Axes]) -> tuple[float, float]:
    """Return how far ticks and labels reach beyond the panels at the left and at the right, in inches."""
    first, last = panels[0], panels[-1]
    beside, below = first.yaxis.get_tightbbox(), last.xaxis.get_tightbbox()
    left = 0.0 if beside is None else (first.bbox.x0 - beside.x0) / first.figure.dpi
    right = 0.0 if below is None else (below.x1 - last.bbox.x1) / last.figure.dpi
    return left, right


def _add_legend(figure: Figure, entries: Sequence[LegendEntry]) -> int:
    """Put a legend at the foot in as few rows as fit the width; return their number."""
    if not entries:
        return 0
    # Text is a little wider at other resolutions than at the figure's own.
    room = 0.94 * figure.get_figwidth() * figure.dpi
    for rows in range(1, len(entries) + 1):
        columns = -(-len(entries) // rows)
        # A legend fills column by column; we read row by row.
        order = [i for column in range(columns) for i in range(column, len(entries), columns)]
        legend: Legend = figure.legend(
            [entries[i][0] for i in order],
            [entries[i][1] for i in order],
            loc="lower center",
            ncols=columns,
            bbox_to_anchor=(0.5, 0.0),
            borderaxespad=0.4,
        )
        if legend.get_window_extent().width <= room or columns == 1:
            break
        legend.remove()
    return rows


def _place(
    figure: Figure,
    panels: Sequence[Axes],
    extent: Extent,
    *,
    left: float,
    right: float,
    head: float,
    legend_rows: int,
    columns: int,
) -> None:
    width, rows = figure.get_figwidth(), len(panels) // columns
    across = (width - left - right - _GAP * (columns - 1)) / columns
    shape = (extent.x2_max - extent.x2_min) / (extent.x1_max - extent.x1_min)
    # A hair of tolerance: an extent widened to the limit may miss it by rounding.
    one_scale = FLATTEST * 0.999 <= shape <= TALLEST * 1.001
    up = across * (shape if one_scale else 1.0)
    foot = _BELOW + (_LEGEND_GAP + _LINE * legend_rows if legend_rows else 0.0)
    pitch = up + _HEADING + _GAP
    height = foot + up + (rows - 1) * pitch + head
    figure.set_figheight(height)
    for i, axes in enumerate(panels):
        axes.set_aspect("equal" if one_scale else "auto")
        start = left + i % columns * (across + _GAP)
        below = foot + (rows - 1 - i // columns) * pitch
        axes.set_position((start / width, below / height, across / width, up / height))
