"""All runs of each experiment as points in a row, beside the one number that was published."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import ArrayLike

from mlplab.errors import MlplabError
from mlplab.figures.fonts import drawable
from mlplab.figures.style import (
    FAINT,
    INK,
    MUTED,
    SMALL,
    WIDTH,
    LineStyle,
    number,
    style,
    style_ticks,
    wrapped,
)
from mlplab.run import Float64

ScoreName = Literal["accuracy", "loss"]
"""The score whose spread is drawn."""

RUN_LABEL, MEDIAN_LABEL = "one run", "median"
PUBLISHED_LABEL, KERAS_LABEL, PREDICTED_LABEL = "published", "Keras, one run", "predicted"

_ROW, _AROUND = 0.54, 0.80
_HALF = 0.27
_COLUMNS = 84
_STEP = 0.085

_RUNS: LineStyle = {"color": "#0072B2", "marker": "o", "markersize": 3.2, "linestyle": "none"}
_RUNS |= {"markeredgewidth": 0, "alpha": 0.55}
_MEDIAN: LineStyle = {"color": INK, "linewidth": 1.2, "solid_capstyle": "butt"}
_PUBLISHED: LineStyle = {"color": "#E69F00", "marker": "D", "markersize": 5.6, "linestyle": "none"}
_PUBLISHED |= {"markeredgecolor": INK, "markeredgewidth": 0.8}
_KERAS: LineStyle = {"color": "#B9A3DC", "marker": "^", "markersize": 6.2, "linestyle": "none"}
_KERAS |= {"markeredgecolor": INK, "markeredgewidth": 0.8}
_PREDICTED: LineStyle = {"color": "#009E73", "marker": "v", "markersize": 6.2, "linestyle": "none"}
_PREDICTED |= {"markeredgecolor": INK, "markeredgewidth": 0.8}


@dataclass(frozen=True, eq=False)
class Spread:
    """One row: what the runs of an experiment reached.

    Attributes
    ----------
    label : str
        What the row is called.
    values : array, shape (runs,)
        One number a run: accuracies as fractions from 0 to 1, or losses. Not finite where a run diverged.
    published, keras, predicted : float, optional
        The published number, that of a single run of Keras, and what somebody expected, in the same unit.
    """

    label: str
    values: ArrayLike
    published: float | None = None
    keras: float | None = None
    predicted: float | None = None


def spread_figure(
    groups: Sequence[Spread],
    quantity: ScoreName = "accuracy",
    title: str | None = None,
    loss_name: str = "mean_squared_error",
) -> Figure:
    """Draw every run of every group as a point, a row for each group, the first on top.

    Above a row's points stand the published and the predicted number, below them that of Keras. At the
    right stands the median, and how many runs there are or how many of them diverged.

    Parameters
    ----------
    groups : sequence of Spread
    quantity : str
        `accuracy` is drawn in per cent, `loss` as it is.
    title : str, optional
        Above the rows.
    loss_name : str
        Of the loss, in Keras's words; says nothing for accuracies.

    Raises
    ------
    MlplabError
        If there is no group.

    Examples
    --------
    >>> accuracies = [0.96, 0.94, 0.78]
    >>> figure = spread_figure([Spread("task 1.3", accuracies, published=0.9609)])
    >>> figure.axes[0].get_xlabel()
    'test accuracy (%)'
    """
    if not groups:
        raise MlplabError("a figure of spreads needs one group at least, received none")
    scale = 100.0 if quantity == "accuracy" else 1.0
    values = [scale * np.asarray(group.values, dtype=np.float64).ravel() for group in groups]
    low, high = _limits(groups, values, scale, quantity)
    with style():
        height = _AROUND + _ROW * len(groups) + (0.25 if title else 0.0)
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        if title:
            figure.suptitle(wrapped(title, WIDTH), x=0.01, ha="left")
        axes = figure.add_subplot()
        for row, (group, numbers) in enumerate(zip(groups, values, strict=True)):
            finite = numbers[np.isfinite(numbers)]
            offsets = swarm(finite, (high - low) / _COLUMNS)
            axes.plot(finite, row + offsets, label=RUN_LABEL, zorder=2, **_RUNS)
            if len(finite) > 1:
                middle = float(np.median(finite))
                axes.plot([middle] * 2, [row - 0.33, row + 0.33], zorder=3, **_MEDIAN)
            for single, where, look in (
                (group.published, row - 0.38, _PUBLISHED),
                (group.predicted, row - 0.38, _PREDICTED),
                (group.keras, row + 0.38, _KERAS),
            ):
                if single is not None:
                    axes.plot([scale * single], [where], zorder=4, **look)
            _write_beside(axes, row, numbers, quantity)
        axes.set_xlim(low, high)
        axes.set_ylim(len(groups) - 0.4, -0.6)
        names = [textwrap.fill(drawable(group.label), 24) for group in groups]
        axes.set_yticks(range(len(groups)), names)
        _dress(axes, quantity, loss_name)
        _add_legend(figure, groups, values)
    return figure


def swarm(values: Float64, width: float) -> Float64:
    """Return how far above or below its row each point stands, so that equal values lie side by side.

    Values are taken in bins of a point's width; the points of a bin spread evenly around the row's
    middle, closer where there are many. Nothing is random.

    Parameters
    ----------
    values : ndarray, shape (runs,)
        Finite.
    width : float
        Of a bin, above zero.

    Returns
    -------
    ndarray, shape (runs,)
        In units of a row, -0.27 to 0.27.

    Examples
    --------
    >>> swarm(np.array([0.5, 0.9, 0.5, 0.5]), width=0.1).tolist()
    [-0.085, 0.0, 0.0, 0.085]
    """
    bins = np.floor(values / width)
    offsets = np.zeros(len(values))
    for one in np.unique(bins):
        members = np.flatnonzero(bins == one)
        n = len(members)
        step = min(_STEP, 2 * _HALF / max(n - 1, 1))
        offsets[members] = step * (np.arange(n) - (n - 1) / 2)
    return offsets


def _limits(
    groups: Sequence[Spread], values: Sequence[Float64], scale: float, quantity: ScoreName
) -> tuple[float, float]:
    singles = [
        scale * v for g in groups for v in (g.published, g.predicted, g.keras) if v is not None
    ]
    every = np.concatenate([*values, np.array(singles)])
    every = every[np.isfinite(every)]
    if not len(every):
        return 0.0, scale
    low, high = float(every.min()), float(every.max())
    least = 2.0 if quantity == "accuracy" else max(0.1 * abs(high), 1e-9)
    lacking = max(0.0, least - (high - low)) / 2
    low, high = low - lacking, high + lacking
    if quantity == "accuracy":
        low, high = max(low, 0.0), min(high, 100.0)
    pad = 0.03 * (high - low)
    return low - pad, high + pad


def _written(value: float, quantity: ScoreName) -> str:
    return f"{value:.2f} %" if quantity == "accuracy" else f"{value:.4g}"


def _write_beside(axes: Axes, row: int, numbers: Float64, quantity: ScoreName) -> None:
    finite = numbers[np.isfinite(numbers)]
    runs, diverged = len(numbers), len(numbers) - len(finite)
    median = f"median {_written(float(np.median(finite)), quantity)}" if len(finite) > 1 else ""
    if len(finite) == 1:
        median = _written(float(finite[0]), quantity)
    count = f"{diverged} of {runs} diverged" if diverged else f"{runs} run{'s' * (runs != 1)}"
    apart = 5.5 if median else 0.0
    for text, ink, up in ((median, INK, apart), (count, MUTED, -apart)):
        axes.annotate(
            text,
            (1, row),
            xytext=(8, up),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            color=ink,
            fontsize=SMALL,
            annotation_clip=False,
        )


def _dress(axes: Axes, quantity: ScoreName, loss_name: str) -> None:
    words = "test accuracy (%)" if quantity == "accuracy" else f"test loss ({loss_name})"
    axes.set_xlabel(words.replace("_", " "))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
    axes.grid(axis="x", color=FAINT, linewidth=0.6)
    axes.spines[["top", "right", "left"]].set_visible(False)
    style_ticks(axes)
    axes.tick_params(axis="y", length=0, labelcolor=INK, pad=6)


def _add_legend(figure: Figure, groups: Sequence[Spread], values: Sequence[Float64]) -> None:
    entries = [(Line2D([], [], **_RUNS), RUN_LABEL)]
    if any(np.isfinite(numbers).sum() > 1 for numbers in values):
        tick: LineStyle = {
            "marker": "|",
            "markersize": 9,
            "markeredgewidth": 1.2,
            "linestyle": "none",
        }
        entries.append((Line2D([], [], color=INK, **tick), MEDIAN_LABEL))
    if any(group.published is not None for group in groups):
        entries.append((Line2D([], [], **_PUBLISHED), PUBLISHED_LABEL))
    if any(group.predicted is not None for group in groups):
        entries.append((Line2D([], [], **_PREDICTED), PREDICTED_LABEL))
    if any(group.keras is not None for group in groups):
        entries.append((Line2D([], [], **_KERAS), KERAS_LABEL))
    figure.legend(
        *zip(*entries, strict=True),
        loc="outside lower center",
        ncols=len(entries),
        borderaxespad=0.5,
    )
