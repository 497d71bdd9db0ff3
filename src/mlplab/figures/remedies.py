"""What single changes of an experiment do: runs that fail, and the metric, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mlplab.figures.foot import LINE, add_foot, foot_height
from mlplab.figures.names import broken
from mlplab.figures.style import FAINT, INK, MUTED, WIDTH, LineStyle, style, style_ticks, wrapped
from mlplab.statistics import PERCENTAGE_POINTS

if TYPE_CHECKING:
    from mlplab.explain import Remedies, Remedy

_ROW, _AROUND = 0.2, 0.9  # inches
_NAME = 42  # columns of type

EFFECT_COLOURS = {
    "rescues": "#0072B2",
    "better": "#0072B2",
    "same": MUTED,
    "unclear": MUTED,
    "worse": "#E69F00",
}
"""Filled where a change clearly helps or harms; else the mark is hollow."""


def remedies_figure(remedies: Remedies, title: str | None = None) -> Figure:
    """Draw the runs that fail with each change, and by how much the metric differs.

    Parameters
    ----------
    remedies : Remedies
    title : str, optional
        By default what helps, in a sentence.

    Examples
    --------
    >>> from mlplab import Experiment
    >>> from mlplab.explain import remedies
    >>> tried = remedies(Experiment(dataset="linear", training={"batch_size": 512}), replications=2)
    >>> figure = remedies_figure(tried)
    >>> [axes.get_xlabel().splitlines()[0] for axes in figure.axes]
    ['runs that fail [%]', 'difference of test accuracy']
    """
    tried = remedies.tried
    lines = [broken(each.change.short, _NAME) for each in tried]
    rows = sum(max(1.0, 0.75 * len(each)) for each in lines)
    note = (
        "Bars are 95 % intervals; lines show the experiment as it is. A mark is filled where a change "
        "clearly helps (blue) or harms (orange), corrected for all changes."
    )
    with style():
        heading = wrapped(remedies.headline if title is None else title, WIDTH)
        height = _AROUND + _ROW * max(rows, 2) + LINE * len(heading.splitlines())
        size = (WIDTH, height + foot_height(WIDTH, [], note))
        figure = Figure(figsize=size, layout="constrained")
        figure.suptitle(heading, x=0.01, ha="left")
        left, right = figure.subplots(1, 2, sharey=True)
        _draw_failures(left, remedies)
        _draw_differences(right, tried)
        left.set_yticks(range(len(tried)), ["\n".join(each) for each in lines])
        left.set_ylim(len(tried) - 0.5, -0.5)
        for axes in (left, right):
            axes.grid(axis="x", color=FAINT, linewidth=0.6)
            axes.spines[["top", "right", "left"]].set_visible(False)
            style_ticks(axes)
            axes.tick_params(axis="y", length=0, labelcolor=INK)
        add_foot(figure, [], note)
    return figure


def _draw_failures(axes: Axes, remedies: Remedies) -> None:
    """Draw the fraction of runs that fail."""
    axes.axvline(100 * remedies.failures.fraction.value, color=INK, linewidth=0.9, zorder=1)
    for row, each in enumerate(remedies.tried):
        of = each.failures.fraction
        _mark(axes, row, (100 * of.low, 100 * of.value, 100 * of.high), each)
    axes.set_xlim(-3, 103)
    axes.set_xlabel("runs that fail [%]")


def _draw_differences(axes: Axes, tried: tuple[Remedy, ...]) -> None:
    """Draw by how much the metric changes."""
    axes.axvline(0, color=INK, linewidth=0.9, zorder=1)
    for row, each in enumerate(tried):
        difference = each.comparison.difference
        if difference is not None:
            factor = 100.0 if each.comparison.measure.unit == PERCENTAGE_POINTS else 1.0
            ends = (difference.low, difference.value, difference.high)
            _mark(axes, row, tuple(factor * end for end in ends), each)
    if tried:
        measure = tried[0].comparison.measure
        of = f"difference of {measure.title}"
        axes.set_xlabel(f"{of}\n[{measure.unit}]" if measure.unit else of)


def _mark(axes: Axes, row: int, ends: tuple[float, ...], remedy: Remedy) -> None:
    low, value, high = ends
    colour = EFFECT_COLOURS[remedy.effect]
    if np.isfinite([low, high]).all():
        axes.plot([low, high], [row, row], color=colour, linewidth=1.4, zorder=2)
    filled = colour if remedy.effect in ("rescues", "better", "worse") else "white"
    look: LineStyle = {"markerfacecolor": filled, "markeredgecolor": colour, "zorder": 3}
    axes.plot([value], [row], marker="o", markersize=4.2, linestyle="none", **look)
