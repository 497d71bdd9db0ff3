"""Where many networks agree: the plane coloured by what most of them predict, paler where fewer do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from contourpy import contour_generator
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from scipy.ndimage import distance_transform_edt, label

from mlplab.boundary import Agreement, Regions
from mlplab.data import Dataset, Split
from mlplab.data.dataset import Float
from mlplab.errors import MlplabError
from mlplab.figures.agreement_scale import LEVELS, WIDELY, add_scale, fraction_tints, level_label
from mlplab.figures.plane import LegendEntry, plane_panels
from mlplab.figures.points import class_legend, plot_samples
from mlplab.figures.regions import (
    BORDER_LABEL,
    SILENT,
    SILENT_LABEL,
    class_borders,
    draw_image,
    draw_lines,
)
from mlplab.figures.style import INK, MUTED, LineStyle, colour, marker, set_heading, shade, style

PANEL_WIDTH = 3.5
"""Inches of the panel with its ticks; the scale at its right takes about one more."""

POINTS = 250
"""Training points beyond which only some are shown: so few do not hide the map."""

POINTS_LABEL, SOME_POINTS_LABEL = "training samples", "some training samples"

BORDER_LOOK: LineStyle = {"color": INK, "linewidth": 0.9}

_CROWD = 3000  # so many points would be drawn as small
_SMALLEST_REGION = 0.03  # of the panel's side: what has room for a marker


def agreement_figure(
    agreement: Agreement,
    dataset: Dataset | None = None,
    title: str | None = None,
    label_names: Sequence[str] | None = None,
) -> Figure:
    """Draw what class most networks predict at each place, and how many of them do.

    The fewer agree, the paler the class's tint; the scale at the right says how pale. A solid line runs
    where the most-called class changes, a dashed and a dotted one round the places where at least 90 % of
    the networks agree, and half of them. Each region has its class's marker, because pale tints are hard
    to tell apart. Where more networks predict nothing than any one class, the panel is grey.

    Parameters
    ----------
    agreement : Agreement
    dataset : Dataset, optional
        Some of its training samples are drawn, of each class in proportion.
    title : str, optional
        Above the panel.
    label_names : sequence of str, optional
        Names of the classes; by default the dataset's, and without one their numbers.

    Raises
    ------
    MlplabError
        If there is not one name for each class.
    """
    classes = agreement.fractions.shape[-1]
    if label_names is None:
        label_names = tuple(map(str, range(classes))) if dataset is None else dataset.label_names
    if len(label_names) != classes:
        raise MlplabError(
            f"each of the {classes} classes that the networks predict needs a name, "
            f"received {len(label_names)} names"
        )
    with style():
        legend = class_legend(label_names)
        if np.isnan(as_regions(agreement).outputs).any():
            legend.append((Patch(facecolor=SILENT, edgecolor="none"), SILENT_LABEL))
        if dataset is not None:
            legend.append(_points_entry(dataset.train))
        figure, (axes,) = plane_panels(1, agreement.extent, legend, title, width=PANEL_WIDTH)
        levels = levels_within(agreement)
        add_scale(figure, axes, classes, levels)
        draw_image(axes, as_regions(agreement), _tints(agreement))
        for level in levels:
            draw_lines(axes, level_lines(agreement, level), level_label(level), LEVELS[level])
        draw_lines(axes, borders(agreement), BORDER_LABEL, BORDER_LOOK)
        if dataset is not None:
            plot_samples(axes, few(dataset.train), label_names, among=_CROWD)
        for k, x1, x2 in region_places(agreement):
            _draw_marker(axes, k, x1, x2)
        heading = f"What most of {agreement.models:,} networks predict"
        set_heading(axes, heading, how_widely(agreement))
    return figure


def how_widely(agreement: Agreement) -> str:
    """Say on what part of the grid the networks agree, and how many predict nothing.

    >>> from mlplab.boundary import EQUATION_11, EQUATION_12, Extent, class_agreement
    >>> how_widely(class_agreement([EQUATION_11, EQUATION_12], Extent(0, 1, 0, 1), resolution=4))
    '≥ 90 % agree on 100 % of the area'
    """
    widely = 100 * (agreement.fraction >= WIDELY).mean()
    text = f"≥ {100 * WIDELY:.0f} % agree on {widely:.0f} % of the area"
    silent = 100 * agreement.no_prediction.max()
    return f"{text}, up to {silent:.0f} % are silent" if silent else text


def as_regions(agreement: Agreement) -> Regions:
    """Return the fractions as outputs, NaN where more networks predict nothing than any one class."""
    fractions = agreement.fractions.copy()
    fractions[agreement.no_prediction > agreement.fraction] = np.nan
    return Regions(agreement.extent, agreement.x1, agreement.x2, fractions)


def borders(agreement: Agreement) -> list[Float]:
    """Return the lines where the most-called class changes, each of shape (vertices, 2).

    Of classes that tie, the first leads by part of a network, or else a line would run round each place
    where they do.
    """
    regions = as_regions(agreement)
    count = regions.outputs.shape[-1]
    ranked = regions.outputs - np.arange(count) / (2 * count * agreement.models)
    return class_borders(replace(regions, outputs=ranked))


def levels_within(agreement: Agreement) -> list[float]:
    """Return those of `LEVELS` that are reached at some places and missed at others."""
    fraction = as_regions(agreement).confidence
    return [level for level in LEVELS if (fraction >= level).any() and (fraction < level).any()]


def level_lines(agreement: Agreement, level: float) -> list[Float]:
    """Return the lines round the places where a fraction of the networks agrees, or more.

    They run halfway between the smallest number of networks that is enough and the one below.

    Returns
    -------
    list of ndarray, shape (vertices, 2)
    """
    enough = np.ceil(level * agreement.models)
    fraction = np.ma.masked_invalid(as_regions(agreement).confidence)
    contours = contour_generator(agreement.x1, agreement.x2, fraction)
    lines: Any = contours.lines((enough - 0.5) / agreement.models)
    return list(lines)


def region_places(agreement: Agreement) -> list[tuple[int, float, float]]:
    """Return for each region that has room for a marker its class and its inmost place, x1 and x2.

    A region is what hangs together of one class. Of equally deep places, as in a ring, one near the
    middle of the top is taken.
    """
    regions = as_regions(agreement)
    silent = np.isnan(regions.confidence)
    # The panel's edge bounds a region too.
    classes = np.pad(np.where(silent, -1, regions.classes), 1, constant_values=-1)
    side = len(regions.x1)
    places = []
    for k in range(regions.outputs.shape[-1]):
        parts, count = label(classes == k)
        for part in range(1, count + 1):
            depth = distance_transform_edt(parts == part)[1:-1, 1:-1]
            if depth.max() < _SMALLEST_REGION * side:
                continue
            rows, columns = np.nonzero(depth > depth.max() - 1)
            best = np.argmax(rows - np.abs(columns - (side - 1) / 2) / 2)
            places.append((k, float(regions.x1[columns[best]]), float(regions.x2[rows[best]])))
    return places


def few(split: Split) -> Split:
    """Return all points of a split, or if it has more than `POINTS` every n-th of each class."""
    step = -(-len(split) // POINTS)
    chosen = np.concatenate([np.flatnonzero(split.y == k)[::step] for k in np.unique(split.y)])
    return Split(split.x[chosen], split.y[chosen])


def _tints(agreement: Agreement) -> Float:
    """Return the colour of each grid point, shape (G, G, 3), 0 to 1."""
    image = fraction_tints(agreement.classes, agreement.fraction, agreement.fractions.shape[-1])
    image[np.isnan(as_regions(agreement).confidence)] = to_rgb(SILENT)
    return image


def _draw_marker(axes: Axes, k: int, x1: float, x2: float) -> None:
    """Draw the marker of class k, larger than the points and with a white rim."""
    for size, face, edge, width in (
        (6.5, "white", "white", 2.2),
        (6.0, colour(k), shade(colour(k), 0.45), 0.5),
    ):
        axes.plot(
            [x1],
            [x2],
            marker=marker(k),
            markersize=size,
            markerfacecolor=face,
            markeredgecolor=edge,
            markeredgewidth=width,
            zorder=5,
        )


def _points_entry(split: Split) -> LegendEntry:
    point = Line2D([], [], linestyle="none", marker="o", markersize=2.5, color=MUTED)
    return point, POINTS_LABEL if len(split) <= POINTS else SOME_POINTS_LABEL
