"""How many networks agree, as a tint of their class, paler where fewer do; and the tint's scale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter
from numpy.typing import NDArray

from mlplab.data.dataset import Float
from mlplab.figures.style import (
    INK,
    MUTED,
    SMALL,
    LineStyle,
    colour,
    marker,
    shade,
    style_ticks,
    tint,
)

WIDELY = 0.9
"""Fraction of the networks from which on they agree widely."""

LEVELS: dict[float, LineStyle] = {
    WIDELY: {"color": INK, "linewidth": 0.6, "dashes": (6.0, 3.0)},
    0.5: {"color": INK, "linewidth": 0.9, "dashes": (1.0, 1.5)},
}
"""Fractions of the networks at which map and scale have a line, and its look."""

PALEST = 0.1
"""Fraction of a class's tint that is left where the networks predict all classes alike."""

FADING = 1.5
"""Power by which the tint fades towards it: above 1, so that the first dissenters are seen best."""

SCALE_LABEL = "networks\nthat agree"

# Inches: before the bar, its columns, all of them at least and at most, and its labels.
_GAP, _COLUMN, _NARROWEST, _WIDEST, _LABELS = 0.14, 0.085, 0.42, 0.65, 0.34
_BELOW = 0.09
_STEPS = 256


def fraction_tints(classes: NDArray[np.int64], fraction: Float, count: int) -> Float:
    """Return the colours of classes that are predicted by fractions of the networks.

    The tint of class k is white at strength 0 and strongest at 1, and for the fraction s

        strength = PALEST + (1 - PALEST) · ((s - 1/K) / (1 - 1/K))^FADING

    Parameters
    ----------
    classes : ndarray, shape (...)
        0..K-1.
    fraction : ndarray, shape (...)
        Below 1/K, which happens where some networks predict nothing, it is taken for that.
    count : int
        Number of classes K.

    Returns
    -------
    ndarray, shape (..., 3)
        0 to 1.
    """
    strongest = np.array([_strongest(k) for k in range(count)])[classes]
    least = _least(count)
    strength = PALEST + (1 - PALEST) * np.clip((fraction - least) / (1 - least), 0, 1) ** FADING
    tints: Float = 1 - strength[..., None] * (1 - strongest)
    return tints


def _least(count: int) -> float:
    """Return the fraction 1/K, which the most-called class has at least; 1/2 for a class alone."""
    return min(1 / count, 0.5)


def _strongest(k: int) -> tuple[float, float, float]:
    """Return the tint of class k where all networks agree: for all classes nearly as dark."""
    red, green, blue = to_rgb(colour(k))
    darkness = 1 - (0.299 * red + 0.587 * green + 0.114 * blue)
    return tint(colour(k), min(0.65, 0.38 / darkness**0.6))


def level_label(level: float) -> str:
    """Return what the line at a fraction of the networks is called.

    >>> level_label(0.9)
    '90 % agree'
    """
    return f"{100 * level:.0f} % agree"


def add_scale(figure: Figure, panel: Axes, classes: int, levels: Sequence[float]) -> Axes:
    """Widen a figure of one panel, and draw at its right how each class's tint fades.

    Parameters
    ----------
    figure : Figure
    panel : Axes
        The scale is as high.
    classes : int
        Number of classes K: each has a column above its marker.
    levels : sequence of float
        Those of `LEVELS` that are marked.
    """
    box = panel.get_position()  # before the figure changes: one scale for x₁ and x₂ would shrink it
    narrow, height = figure.get_size_inches()
    left, right = box.x0 * narrow, box.x1 * narrow
    bar = float(np.clip(_COLUMN * classes, _NARROWEST, _WIDEST))
    wide = narrow + _GAP + bar + _LABELS
    figure.set_figwidth(wide)
    panel.set_position((left / wide, box.y0, (right - left) / wide, box.height))
    axes = figure.add_axes(((right + _GAP) / wide, box.y0, bar / wide, box.height), label="scale")
    _draw_columns(axes, classes)
    _draw_markers(axes, classes, bar / classes, _BELOW / (box.height * height))
    for level in levels:
        axes.axhline(level, label=level_label(level), **LEVELS[level])
    style_ticks(axes)
    axes.set_xticks([])
    axes.yaxis.tick_right()
    ticks = sorted({_least(classes), 0.5, 0.75, WIDELY, 1.0})
    axes.yaxis.set_major_locator(FixedLocator(ticks))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.0f} %"))
    axes.annotate(
        SCALE_LABEL,
        (0, 1),
        xytext=(0, 7),
        xycoords="axes fraction",
        textcoords="offset points",
        color=MUTED,
        fontsize=SMALL,
        annotation_clip=False,
    )
    return axes


def _draw_columns(axes: Axes, classes: int) -> None:
    least = _least(classes)
    fraction, k = np.meshgrid(np.linspace(least, 1, _STEPS), np.arange(classes), indexing="ij")
    axes.imshow(
        fraction_tints(k, fraction, classes),
        origin="lower",
        extent=(0, classes, least, 1),
        aspect="auto",
        interpolation="nearest",
        rasterized=True,
    )


def _draw_markers(axes: Axes, classes: int, column: float, below: float) -> None:
    """Draw each class's marker below its column, whose width is in inches."""
    for k in range(classes):
        axes.plot(
            [(k + 0.5) / classes],
            [-below],
            transform=axes.transAxes,
            marker=marker(k),
            markersize=min(4.5, 0.75 * 72 * column),
            markerfacecolor=colour(k),
            markeredgecolor=shade(colour(k), 0.45),
            markeredgewidth=0.4,
            clip_on=False,
        )
