"""How far the weights of libraries are apart, update by update."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

from mlplab.errors import MlplabError
from mlplab.figures.direct_labels import DirectLabel, write_beside
from mlplab.figures.style import (
    COLOURS,
    FAINT,
    INK,
    MARKERS,
    MUTED,
    WIDTH,
    style,
    style_ticks,
    wrapped,
)
from mlplab.run import Float64

SMALLEST = 1e-19
"""Differences are drawn from here on: none at all cannot stand on this axis."""

_POINTS = 400


def parity_figure(largest: Mapping[str, Float64], tolerance: float, title: str) -> Figure:
    """Draw the largest difference from the reference after each update, a line for each library.

    Parameters
    ----------
    largest : mapping of str to ndarray, shape (updates,)
        By library; inf where a weight is not a number.
    tolerance : float
        Drawn as a line; where a library first exceeds it, there is a mark.
    title : str

    Raises
    ------
    MlplabError
        If there is no library.

    Examples
    --------
    >>> figure = parity_figure({"engine": np.array([1e-17, 1e-16])}, 1e-9, "1.3, seed 0")
    >>> figure.axes[0].get_xlabel()
    'update'
    """
    if not largest:
        raise MlplabError("a figure of parity needs one library at least, received none")
    with style():
        figure = Figure(figsize=(WIDTH, 3.4), layout="constrained")
        figure.suptitle(wrapped(title, WIDTH), x=0.01, ha="left")
        axes = figure.add_subplot()
        finite = [v[np.isfinite(v)] for v in largest.values()]
        top = max([tolerance, *(float(v.max()) for v in finite if len(v))])
        floor = max(
            min([tolerance, *(float(v[v > 0].min(initial=np.inf)) for v in finite)]), SMALLEST
        )
        labels = []
        for place, (name, values) in enumerate(largest.items()):
            colour, marker = COLOURS[place % len(COLOURS)], MARKERS[place % len(MARKERS)]
            # Their logarithms, on a plain axis: there names can be set beside the ends of lines.
            drawn = np.log10(np.clip(values, floor / 3, 10 * top))
            at = _some(len(values))
            axes.plot(at + 1, drawn[at], color=colour, linewidth=1.2, solid_joinstyle="round")
            above = np.flatnonzero(values > tolerance)
            mark = int(above[0]) if len(above) else len(values) - 1
            axes.plot(
                mark + 1,
                drawn[mark],
                marker=marker,
                color=colour,
                markersize=6,
                markeredgecolor=INK if len(above) else colour,
            )
            labels.append(DirectLabel(float(drawn[-1]), name, colour))
        axes.axhline(np.log10(tolerance), color=MUTED, linewidth=0.9, linestyle=(0, (4, 3)))
        labels.append(DirectLabel(float(np.log10(tolerance)), f"tolerance {tolerance:.0e}", MUTED))
        axes.set_xscale("log")
        updates = max(map(len, largest.values()))
        axes.set_xlim(0.9, 1.15 * max(updates, 2))
        axes.set_ylim(np.log10(floor / 10), np.log10(30 * top))
        axes.yaxis.set_major_locator(MaxNLocator(nbins=8, integer=True))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{10.0**value:.0e}"))
        axes.xaxis.set_major_formatter(FuncFormatter(_write_update))
        # Between 1 and 10 updates there is no other place for a number.
        between = FuncFormatter(_write_update) if updates < 10 else NullFormatter()
        axes.xaxis.set_minor_formatter(between)
        axes.set_xlabel("update")
        axes.set_ylabel("largest difference of a weight\nfrom the reference")
        axes.grid(axis="y", color=FAINT, linewidth=0.6)
        axes.spines[["top", "right"]].set_visible(False)
        style_ticks(axes)
        write_beside(figure, axes, labels)
    return figure


def _write_update(update: float, _: int | None = None) -> str:
    return f"{update:,.0f}" if update >= 1 else ""


def _some(count: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return places spread evenly on a logarithmic axis, the first and the last among them."""
    return np.unique(np.geomspace(1, count, min(count, _POINTS)).round().astype(np.int64)) - 1
