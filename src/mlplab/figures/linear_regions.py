"""Linear regions as polygons, and decision boundaries as lines: of one network, or of many."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mlplab.boundary import LinearRegions, PopulationRegions
from mlplab.data import Dataset
from mlplab.data.dataset import Float
from mlplab.errors import MlplabError
from mlplab.figures.plane import LegendEntry, plane_panels
from mlplab.figures.points import class_legend, plot_samples
from mlplab.figures.projection import check_labels
from mlplab.figures.style import INK, MUTED, LineStyle, region_tint, set_heading, style, tint

PANEL_WIDTH = 3.7
"""Inches."""

BOUNDARY_LABEL = "decision boundary"
EDGE_LABEL = "edge of a linear region"

BOUNDARY_LOOK: LineStyle = {"color": INK, "linewidth": 1.3}
EDGE_LOOK: LineStyle = {"color": MUTED, "linewidth": 0.45}

PALEST = 0.45
"""Share of its class's tint that the palest region has."""

TARGET_TINT = tint(MUTED, 0.35)
"""Of regions where no class is predicted."""

VECTORS = 2000
"""Regions or segments beyond which an SVG has a picture of them: it would be megabytes."""

DENSE = 600
"""Regions beyond which their edges become thinner, so that the colours between are seen."""

_GOLDEN = 0.6180339887498949
_FAINTEST, _STRONGEST = 0.06, 0.9
_INKED = 14.0  # networks that lie upon each other until their lines are black


def linear_regions_figure(
    found: LinearRegions | PopulationRegions,
    dataset: Dataset | None = None,
    title: str | None = None,
    label_names: Sequence[str] | None = None,
) -> Figure:
    """Draw linear regions and decision boundaries.

    Of one network, each linear region is a polygon in the tint of the class that is predicted there;
    paler and darker ones only tell neighbours apart. Of many networks, their decision boundaries lie
    upon each other: the darker a place, the more of them run there.

    Parameters
    ----------
    found : LinearRegions or PopulationRegions
        What `mlplab.boundary.exact` returns.
    dataset : Dataset, optional
        Its training samples are drawn.
    title : str, optional
        Above the panel.
    label_names : sequence of str, optional
        Names of the classes; by default the dataset's, and without one their numbers.

    Raises
    ------
    MlplabError
        If there is not one name for each class, or if many networks predict targets.

    Examples
    --------
    >>> from mlplab.boundary import EQUATION_11, Extent, exact
    >>> figure = linear_regions_figure(exact(EQUATION_11, Extent(0, 1, 0, 1)), title="Equation 11")
    >>> figure.axes[0].get_title("left"), figure.get_suptitle()
    ('1 linear region', 'Equation 11')
    """
    classes = found.network.classes
    if dataset is not None and classes:
        check_labels(dataset, "a figure of decision boundaries")
    if isinstance(found, PopulationRegions) and not classes:
        raise MlplabError("decision boundaries are of classes, and these networks predict targets")
    if label_names is None:
        label_names = tuple(map(str, range(classes))) if dataset is None else dataset.label_names
    if len(label_names) != classes:
        raise MlplabError(
            f"each of the {classes} classes that are predicted needs a name, received "
            f"{len(label_names)} names"
        )
    with style():
        is_one = isinstance(found, LinearRegions)
        legend = class_legend(label_names, regions=True) if is_one or dataset is not None else []
        if classes:
            legend.append(_line_entry(BOUNDARY_LABEL, BOUNDARY_LOOK))
        if is_one:
            legend.append(_line_entry(EDGE_LABEL, EDGE_LOOK))
        figure, (axes,) = plane_panels(1, found.box, legend, title, width=PANEL_WIDTH)
        if isinstance(found, LinearRegions):
            _draw_one(axes, found)
        else:
            _draw_many(axes, found)
        if dataset is not None and classes:
            plot_samples(axes, dataset.train, label_names)
    return figure


def _draw_one(axes: Axes, found: LinearRegions) -> None:
    count = found.region_count
    crowd = np.sqrt(min(1.0, DENSE / count))
    axes.add_collection(
        PolyCollection(
            list(found.pieces),
            facecolors=_tints(found).tolist(),
            edgecolors="face",  # else white shows between neighbours
            linewidths=0.25,
            rasterized=count > VECTORS,
            zorder=0,
        ),
        autolim=False,
    )
    inner = found.edges[found.edge_neurons >= 0]
    edges = found.regions.vertices[inner]
    _draw_segments(
        axes, edges, {**EDGE_LOOK, "linewidth": EDGE_LOOK["linewidth"] * crowd}, zorder=1
    )
    _draw_segments(axes, found.boundary, BOUNDARY_LOOK, zorder=2)
    noun = "linear region" if count == 1 else "linear regions"
    length = f"decision boundary {found.boundary_length:.3g} long" if found.network.classes else ""
    set_heading(axes, f"{count:,} {noun}", length)


def _draw_many(axes: Axes, found: PopulationRegions) -> None:
    strength = float(np.clip(_INKED / len(found) / 2, _FAINTEST, _STRONGEST))
    _draw_segments(
        axes, found.boundary, {"color": INK, "linewidth": 0.9, "alpha": strength}, zorder=2
    )
    noun = "network" if len(found) == 1 else "networks"
    low, middle, high = np.quantile(found.region_count, (0, 0.5, 1))
    set_heading(
        axes,
        f"Decision boundaries of {len(found):,} {noun}",
        f"each {low:,.0f} to {high:,.0f} linear regions, median {middle:,.0f}",
    )


def _draw_segments(axes: Axes, segments: Float, look: LineStyle, zorder: int) -> None:
    lines = LineCollection(
        list(segments), rasterized=len(segments) > 3 * VECTORS, zorder=zorder, **look
    )
    lines.set_capstyle("round")
    axes.add_collection(lines, autolim=False)


def _tints(found: LinearRegions) -> Float:
    """Return the colour of each piece, shape (pieces, 3): its class's tint, in a strength of its region.

    The golden ratio's multiples give regions that were cut one after the other strengths far apart.
    """
    of_classes = np.array([region_tint(k) for k in range(found.network.classes)] or [TARGET_TINT])
    classes = found.piece_classes if found.network.classes else np.zeros(len(found.pieces), int)
    strength = PALEST + (1 - PALEST) * (found.piece_regions * _GOLDEN % 1)
    tints: Float = 1 - strength[:, None] * (1 - of_classes[classes])
    return tints


def _line_entry(label: str, look: LineStyle) -> LegendEntry:
    return Line2D([], [], **look), label
