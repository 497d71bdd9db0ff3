"""The loss on a plane of weight space, the paths of trainings on it, and what the projection hides."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LogNorm, Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from mlplab.data import SPLIT_WORDS
from mlplab.errors import MlplabError
from mlplab.figures.foot import LINE, add_foot, foot_height
from mlplab.figures.heat_scale import ALL_DIVERGED, colour_limits, value_colours
from mlplab.figures.plane import LegendEntry
from mlplab.figures.style import (
    FAINT,
    INK,
    WIDTH,
    LineStyle,
    colour,
    number,
    style,
    style_ticks,
    wrapped,
)
from mlplab.run import Float64

if TYPE_CHECKING:
    from mlplab.explain import Landscape

_PLANE, _CURVES = 3.9, 1.45  # inches
_LEVELS = 24
_LOWEST = 1e-4
"""Of the greatest loss that is drawn: smaller ones share a colour, since a loss of 0 has no logarithm."""

_NARROW = 1.5
"""Losses whose greatest is less than so many times their least have colours in even steps."""

_MOST_MARKS = 25
_FEWEST_TICKS = 4

_PATH: LineStyle = {"color": "white", "linewidth": 1.6, "zorder": 4}
_OUTLINE: LineStyle = {"color": INK, "linewidth": 2.8, "zorder": 3.9}
_EPOCH: LineStyle = {"marker": "o", "markersize": 3.2, "linestyle": "none", "color": "white"}
_EPOCH |= {"markeredgecolor": INK, "markeredgewidth": 0.6}
_START: LineStyle = {"marker": "s", "markersize": 7, "linestyle": "none", "color": "white"}
_START |= {"markeredgecolor": INK, "markeredgewidth": 1.1}
_END: LineStyle = {"marker": "*", "markersize": 12, "linestyle": "none", "color": "white"}
_END |= {"markeredgecolor": INK, "markeredgewidth": 0.9}

_ENDINGS = {"finished": "o", "stuck": "X", "diverged": "^"}
"""Markers of the ends of many runs."""

_AXES = {
    "path": (
        "from the start towards the end (distance between weights)",
        "at right angles to it (distance between weights)",
    ),
    "principal": (
        "first principal direction (distance between weights)",
        "second principal direction (distance)",
    ),
    "random": (
        "first random direction (1: as long as each neuron's weights)",
        "second random direction",
    ),
}


def landscape_figure(
    landscape: Landscape, title: str | None = None, with_penalty: bool = False
) -> Figure:
    """Draw a loss landscape with the paths on it, and below it the loss along them.

    Colours are of the loss, brighter where it is lower, in logarithmic steps where it varies much. Of
    one run the start, the end and epochs are marked; of many, each end has the colour of its own loss,
    which the plane below it need not have, and a marker for how the run ended.

    Parameters
    ----------
    landscape : Landscape
    title : str, optional
    with_penalty : bool
        Whether the penalty of the regularizer is added to all losses.

    Raises
    ------
    MlplabError
        If the penalty is asked for and there is no regularizer.

    Examples
    --------
    >>> from mlplab import Experiment
    >>> from mlplab.explain import landscape
    >>> experiment = Experiment(dataset="linear", training={"epochs": 2, "batch_size": 16})
    >>> plane, curves, bar = landscape_figure(landscape(experiment, grid=11)).axes
    >>> plane.get_xlabel()
    'from the start towards the end (distance between weights)'
    """
    penalty, path_penalty = landscape.penalty, landscape.path_penalty
    if with_penalty and (penalty is None or path_penalty is None):
        raise MlplabError(
            "with_penalty needs an experiment with a kernel_regularizer, and it has none"
        )
    loss, path_loss = landscape.loss, landscape.path_loss
    if with_penalty and penalty is not None and path_penalty is not None:
        loss, path_loss = loss + penalty, path_loss + path_penalty
    name = f"{SPLIT_WORDS[landscape.split]} loss" + (" with penalty" if with_penalty else "")
    norm = _norm(loss)
    legend = _legend(landscape)
    note = _note(landscape, penalty is not None and not with_penalty)
    with style():
        title = wrapped(title, WIDTH) if title else ""
        height = _PLANE + _CURVES + LINE * len(title.splitlines())
        height += foot_height(WIDTH, legend, note)
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        if title:
            figure.suptitle(title, x=0.01, ha="left")
        plane, curves = figure.subplots(2, 1, height_ratios=[_PLANE, _CURVES])
        _draw_loss(plane, landscape, loss, norm)
        if len(landscape) == 1:
            _draw_path(plane, landscape)
        else:
            _draw_paths(plane, landscape, path_loss, norm)
        _dress_plane(plane, landscape)
        _draw_curves(curves, landscape, path_loss, name, with_penalty)
        _draw_bar(figure, plane, norm, loss, name)
        add_foot(figure, legend, note)
    return figure


def _norm(loss: Float64) -> Normalize:
    """Return from where to where the colours run, and in which steps."""
    low, high = colour_limits(loss, lower_is_better=True)
    low = max(low, _LOWEST * high)
    if low <= 0 or high < _NARROW * low:
        return Normalize(low, high, clip=True)
    return LogNorm(low, high, clip=True)


def _levels(norm: Normalize) -> Float64:
    low, high = float(norm.vmin or 0), float(norm.vmax or 1)
    if isinstance(norm, LogNorm):
        return np.geomspace(low, high, _LEVELS + 1)
    return np.linspace(low, high, _LEVELS + 1)


def _draw_loss(axes: Axes, landscape: Landscape, loss: Float64, norm: Normalize) -> None:
    axes.set_facecolor(ALL_DIVERGED)  # what is not finite stays grey
    levels = _levels(norm)
    # Losses below the lowest level share its colour.
    known = np.ma.masked_invalid(np.maximum(loss, levels[0]))
    place = landscape.x, landscape.y, known
    axes.contourf(*place, levels, cmap=value_colours(lower_is_better=True), norm=norm, extend="max")
    axes.contour(*place, levels[::4], colors=INK, linewidths=0.35, alpha=0.55)


def _draw_path(axes: Axes, landscape: Landscape) -> None:
    x, y = landscape.path[0, : landscape.last[0] + 1].T
    axes.plot(x, y, **_OUTLINE)
    axes.plot(x, y, **_PATH)
    marked, _ = _marked_points(landscape)
    axes.plot(x[marked], y[marked], **_EPOCH, zorder=5)
    axes.plot(x[:1], y[:1], **_START, zorder=6)
    axes.plot(x[-1:], y[-1:], **_END, zorder=6)


def _marked_points(landscape: Landscape) -> tuple[list[int], int]:
    """Return which points of the first path are ends of epochs, and every how many epochs one is."""
    trial = landscape.trial
    epochs = trial.experiment.training.epochs
    every = next(
        n for n in (1, 2, 5, 10, 20, 50, 100, epochs) if epochs <= n * _MOST_MARKS or n >= epochs
    )
    updates = every * (trial.updates // epochs)
    points = landscape.step[1 : landscape.last[0]]
    return [i for i, step in enumerate(points.tolist(), start=1) if step % updates == 0], every


def _draw_paths(axes: Axes, landscape: Landscape, path_loss: Float64, norm: Normalize) -> None:
    for run, last in enumerate(landscape.last.tolist()):
        x, y = landscape.path[run, : last + 1].T
        axes.plot(x, y, color=INK, linewidth=1.1, alpha=0.18, zorder=3)
        axes.plot(x, y, color="white", linewidth=0.5, alpha=0.7, zorder=3.1)
    ends = landscape.path[np.arange(len(landscape)), landscape.last]
    losses = path_loss[np.arange(len(landscape)), landscape.last]
    for ending, mark in _ENDINGS.items():
        of = (landscape.ending == ending) & np.isfinite(ends).all(axis=1)
        if of.any():
            x, y = ends[of].T
            axes.scatter(x, y, color=INK, marker=mark, s=46, linewidths=0, zorder=5)
            axes.scatter(
                x,
                y,
                c=losses[of],
                marker=mark,
                s=26,
                cmap=value_colours(lower_is_better=True),
                norm=norm,
                edgecolors="white",  # on a dark edge: a dark end stands out of a dark plane
                linewidths=0.7,
                zorder=5,
            )
    axes.plot(*landscape.path[0, :1].T, **_START, zorder=6)


def _dress_plane(axes: Axes, landscape: Landscape) -> None:
    axes.set_xlim(landscape.x[0], landscape.x[-1])
    axes.set_ylim(landscape.y[0], landscape.y[-1])
    across, up = _AXES[landscape.kind]
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 2.5, 5, 10]))
        axis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
    style_ticks(axes)


def _draw_curves(
    axes: Axes, landscape: Landscape, path_loss: Float64, name: str, with_penalty: bool
) -> None:
    """Draw the loss of the weights, and of one run that of their places on the plane, by updates."""
    one = len(landscape) == 1
    for run, last in enumerate(landscape.last.tolist()):
        how: LineStyle = {"linewidth": 1.4} if one else {"linewidth": 0.5, "alpha": 0.5}
        axes.plot(landscape.step[: last + 1], path_loss[run, : last + 1], color=INK, **how)
    if one and not with_penalty:
        last = int(landscape.last[0])
        beside = landscape.plane_loss[0, : last + 1]
        how = {"color": colour(0), "linewidth": 1.2, "linestyle": (0, (4, 2))}
        axes.plot(landscape.step[: last + 1], beside, **how)
    finite = path_loss[np.isfinite(path_loss) & (path_loss > 0)]
    if len(finite) and finite.max() > 2 * _NARROW * finite.min():
        axes.set_yscale("log")
        low, high = (math.log10(v) for v in (finite.min(), finite.max()))
        ticks = [
            d * 10.0**e for e in range(math.floor(low), math.ceil(high) + 1) for d in (1, 2, 5)
        ]
        inside = [tick for tick in ticks if finite.min() <= tick <= finite.max()]
        step = -(-len(inside) // 6)
        axes.yaxis.set_major_locator(FixedLocator(inside[::-1][::step][::-1]))
        axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.set_xlim(0, landscape.step[-1])
    axes.set_xlabel("updates")
    axes.set_ylabel(name.replace(" with", "\nwith"))
    axes.grid(axis="y", color=FAINT, linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    style_ticks(axes)


def _draw_bar(figure: Figure, axes: Axes, norm: Normalize, loss: Float64, name: str) -> None:
    low, high = float(norm.vmin or 0), float(norm.vmax or 1)
    extend = (
        "max" if np.nanmax(loss, initial=low, where=np.isfinite(loss)) > 1.001 * high else "neither"
    )
    shown = ScalarMappable(norm, value_colours(lower_is_better=True))
    bar = figure.colorbar(shown, ax=axes, pad=0.02, fraction=0.04, aspect=28, extend=extend)
    ticks = list(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high))
    if isinstance(norm, LogNorm):
        powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        round_ones = [d * 10.0**e for e in powers for d in (1, 2, 5)]
        if sum(low <= tick <= high for tick in round_ones) >= _FEWEST_TICKS:
            ticks = round_ones
    bar.set_ticks([tick for tick in ticks if low <= tick <= high])
    bar.ax.yaxis.set_minor_locator(NullLocator())
    bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
    style_ticks(bar.ax)
    bar.outline.set_linewidth(0.6)
    bar.ax.set_ylabel(name)


def _legend(landscape: Landscape) -> list[LegendEntry]:
    start = Line2D([], [], **{**_START, "markersize": 6})
    if len(landscape) == 1:
        marked, every = _marked_points(landscape)
        what = "the end of each epoch" if every == 1 else f"every {every} epochs"
        found: list[LegendEntry] = [
            (start, "start"),
            *([(Line2D([], [], **_EPOCH), what)] if marked else []),
            (Line2D([], [], **{**_END, "markersize": 9}), "end"),
            (Line2D([], [], color=INK, linewidth=1.4), "loss on the path"),
        ]
        dashed = Line2D([], [], color=colour(0), linewidth=1.2, linestyle=(0, (4, 2)))
        return [*found, (dashed, "loss where the path is drawn")]
    middle = value_colours(lower_is_better=True)(0.3)
    look: LineStyle = {"linestyle": "none", "color": middle, "markeredgecolor": INK}
    return [
        (start, "start of all"),
        *(
            (
                Line2D([], [], marker=mark, markersize=5, markeredgewidth=0.6, **look),
                f"{np.count_nonzero(landscape.ending == ending)} {ending}",
            )
            for ending, mark in _ENDINGS.items()
            if (landscape.ending == ending).any()
        ),
        (Line2D([], [], color=INK, linewidth=0.8), "loss on each path"),
    ]


def _note(landscape: Landscape, leaves_penalty: bool) -> str:
    """Say how much of the paths lies in the plane, and what is drawn."""
    length, variance = landscape.length_fraction, landscape.variance_fraction
    if len(landscape) == 1:
        of_it = f"{_percent(variance[0])} of its variance"
        how_much = f"{_percent(length[0])} of the path's length and {of_it}"
    else:
        how_much = (
            f"of a path in the median {_percent(np.nanmedian(length))} of the length and "
            f"{_percent(np.nanmedian(variance))} of the variance"
        )
    sentences = [
        f"In this plane: {how_much}. What is left runs at right angles to it and is not drawn."
    ]
    if len(landscape) > 1:
        sentences.append(
            f"{len(landscape)} runs from the same initial weights, on the same samples, in other orders. "
            "An end has the colour of its own loss."
        )
    if landscape.kind == "random":
        sentences.append("Biases are those of the end everywhere.")
    if leaves_penalty:
        sentences.append("Losses are without the penalty.")
    return " ".join(sentences)


def _percent(fraction: float) -> str:
    """Write a fraction in percent, not as 100 unless it is.

    >>> _percent(0.9999), _percent(0.551), _percent(1.0)
    ('99.9 %', '55.1 %', '100.0 %')
    """
    return f"{min(100 * fraction, 99.9) if fraction < 1 else 100.0:.1f} %"
