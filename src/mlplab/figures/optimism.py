"""The winner's curse: by how much the best of many candidates overstates what it can do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator
from numpy.typing import ArrayLike

from mlplab.errors import MlplabError
from mlplab.figures.direct_labels import DirectLabel, write_beside
from mlplab.figures.foot import LINE, add_foot, foot_height
from mlplab.figures.style import (
    FAINT,
    MUTED,
    WIDTH,
    colour,
    marker,
    number,
    shade,
    style,
    style_ticks,
    wrapped,
)
from mlplab.run import Float64

_HEIGHT = 2.7  # inches
_MOST_TICKS = 9
_FEW_COUNTS = 24


@dataclass(frozen=True, eq=False)
class OptimismLine:
    """One line: the optimism of the best of n candidates with so many replications each.

    Attributes
    ----------
    replications : int
    optimism : array, shape (counts,)
        The winner's score in the search minus its score on fresh seeds, the better the search looks the
        greater, means over many searches; NaN where it is not known.
    """

    replications: int
    optimism: ArrayLike


def optimism_figure(
    counts: Sequence[int],
    lines: Sequence[OptimismLine],
    unit: str = "percentage points",
    title: str | None = None,
    note: str = "",
) -> Figure:
    """Draw by how much the best of n candidates overstates, against n, a line per number of replications.

    Parameters
    ----------
    counts : sequence of int
        Numbers of candidates, rising; their axis is logarithmic to base 2.
    lines : sequence of OptimismLine
    unit : str
        Of the optimism; may be empty.
    title : str, optional
        Above the panel.
    note : str
        In small type at the foot.

    Raises
    ------
    MlplabError
        If there is no line or no count, the counts do not rise from 1 or more, or a line has not one
        value for each.

    Examples
    --------
    >>> single = OptimismLine(1, [0.0, 1.1, 1.9])
    >>> four = OptimismLine(4, [0.0, 0.5, 0.9])
    >>> (axes,) = optimism_figure([1, 2, 4], [single, four]).axes
    >>> [text.get_text() for text in axes.texts]
    ['1 replication', '4 replications']
    """
    x = np.asarray(counts, dtype=np.float64)
    if not lines or not len(x) or x[0] < 1 or (np.diff(x) <= 0).any():
        raise MlplabError(
            "a figure of optimism needs one line at least, and numbers of candidates that rise from 1 "
            f"or more, received {len(lines)} lines and {list(counts)[:8]}"
        )
    rows = [np.asarray(line.optimism, np.float64) for line in lines]
    for line, values in zip(lines, rows, strict=True):
        if values.shape != x.shape:
            raise MlplabError(
                f"the line of {line.replications} replications needs {len(x)} values, received "
                f"{values.size}"
            )
    with style():
        title = wrapped(title, WIDTH) if title else ""
        height = _HEIGHT + LINE * len(title.splitlines()) + foot_height(WIDTH, [], note)
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        if title:
            figure.suptitle(title, x=0.01, ha="left")
        axes = figure.add_subplot()
        axes.axhline(0, color=MUTED, linewidth=0.9, zorder=1.5)
        for k, values in enumerate(rows):
            _draw_line(axes, k, x, values)
        _dress(axes, x, rows, unit)
        add_foot(figure, [], note)
        labels = []
        for k, (line, values) in enumerate(zip(lines, rows, strict=True)):
            known = values[np.isfinite(values)]
            word = f"{line.replications:,} replication{'s' * (line.replications != 1)}"
            if len(known):
                labels.append(DirectLabel(float(known[-1]), word, shade(colour(k), 0.4)))
        write_beside(figure, axes, labels)
    return figure


def _draw_line(axes: Axes, k: int, x: Float64, values: Float64) -> None:
    axes.plot(
        x,
        values,
        color=colour(k),
        linewidth=1.4,
        marker=marker(k) if len(x) <= _FEW_COUNTS else None,
        markersize=3.6,
        markeredgewidth=0,
        zorder=3,
    )


def _dress(axes: Axes, x: Float64, rows: Sequence[Float64], unit: str) -> None:
    axes.set_xscale("log", base=2)
    first, last = np.floor(np.log2(x[0])), np.ceil(np.log2(x[-1]))
    powers = np.arange(first, last + 1)
    step = -(-len(powers) // _MOST_TICKS)
    axes.xaxis.set_major_locator(FixedLocator([float(v) for v in 2.0 ** powers[::step]]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    margin = max((x[-1] / x[0]) ** 0.02, 1.02)
    axes.set_xlim(x[0] / margin, x[-1] * margin)
    every = np.concatenate([[0.0], *rows])
    every = every[np.isfinite(every)]
    low, high = float(every.min()), float(every.max())
    pad = 0.05 * (high - low) or 0.5
    axes.set_ylim(low - pad, high + pad)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
    axes.set_xlabel("candidates that the winner is picked from")
    axes.set_ylabel(f"overstated by{f' ({unit})' if unit else ''}")
    axes.grid(axis="y", color=FAINT, linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    style_ticks(axes)
