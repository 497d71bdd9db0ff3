"""What one epoch of one network costs, against a size: a panel for each size, on logarithmic axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from mlplab.errors import MlplabError
from mlplab.figures.style import FAINT, WIDTH, colour, marker, style, style_ticks, wrapped

_PANEL_HEIGHT = 2.35
_COLUMNS = 2
_MOST_TICKS = 7


@dataclass(frozen=True)
class CostLine:
    """One line.

    Attributes
    ----------
    label : str
    sizes : sequence of int
        From small to large.
    seconds : sequence of sequence of float
        For each size, those of all rounds; the line goes through their medians.
    """

    label: str
    sizes: Sequence[int]
    seconds: Sequence[Sequence[float]]


@dataclass(frozen=True)
class CostPanel:
    """The lines that have one size on their axis.

    Attributes
    ----------
    quantity : str
        What the size is of.
    lines : tuple of CostLine
    """

    quantity: str
    lines: tuple[CostLine, ...]


def cost_figure(
    panels: Sequence[CostPanel], title: str = "Time for one epoch of one network"
) -> Figure:
    """Draw the panels, two in a row; the band around a line holds all rounds.

    Parameters
    ----------
    panels : sequence of CostPanel
    title : str
        Above the panels: of what the time is.

    Raises
    ------
    MlplabError
        If there is no panel.

    Examples
    --------
    >>> line = CostLine("one network", (1, 2, 4), ((1e-3, 2e-3), (2e-3, 2e-3), (4e-3, 5e-3)))
    >>> figure = cost_figure([CostPanel("layer width", (line,))])
    >>> figure.axes[0].get_xlabel(), figure.axes[0].lines[0].get_ydata().tolist()
    ('layer width', [1.5, 2.0, 4.5])
    """
    if not panels:
        raise MlplabError("a figure of costs needs one panel at least, received none")
    rows = -(-len(panels) // _COLUMNS)
    with style():
        figure = Figure(figsize=(WIDTH, _PANEL_HEIGHT * rows + 0.25), layout="constrained")
        figure.suptitle(wrapped(title, WIDTH), x=0.01, ha="left")
        for number, panel in enumerate(panels):
            axes = figure.add_subplot(rows, min(_COLUMNS, len(panels)), number + 1)
            _draw_panel(axes, panel)
    return figure


def _draw_panel(axes: Axes, panel: CostPanel) -> None:
    for k, line in enumerate(panel.lines):
        milliseconds = [1e3 * np.asarray(rounds) for rounds in line.seconds]
        fastest, slowest = ([of(rounds) for rounds in milliseconds] for of in (np.min, np.max))
        middle = [float(np.median(rounds)) for rounds in milliseconds]
        axes.fill_between(
            line.sizes, fastest, slowest, color=colour(k), alpha=0.2, linewidth=0, zorder=2
        )
        axes.plot(
            line.sizes,
            middle,
            color=colour(k),
            marker=marker(k),
            markersize=3.2,
            markeredgewidth=0,
            linewidth=1.2,
            label=line.label,
            zorder=3,
        )
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.set_xlabel(panel.quantity)
    axes.set_ylabel("time (ms)")
    axes.xaxis.set_major_locator(LogLocator(base=2, numticks=_MOST_TICKS))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    low, high = _a_decade_at_least(*axes.get_ylim())
    axes.set_ylim(low, high)
    # The fewer powers of ten are in sight, the more of their multiples have a tick.
    axes.yaxis.set_major_locator(LogLocator(subs=(1,) if high > 100 * low else (1, 2, 5)))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.grid(color=FAINT, linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="best", borderaxespad=0.6)
    style_ticks(axes)


def _a_decade_at_least(low: float, high: float) -> tuple[float, float]:
    """Widen limits so that what hardly varies looks it.

    >>> [round(limit, 1) for limit in _a_decade_at_least(2.5, 10.0)]
    [1.6, 15.8]
    """
    more = max(1.0, 10 * low / high) ** 0.5
    return low / more, high * more
