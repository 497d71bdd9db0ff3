"""Task 3 in pictures: the line that is wanted, and the regions of a network that should have it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mlplab.boundary import Extent, HasFeedforward, Line, SingleLayer, class_regions
from mlplab.data import Dataset, Split
from mlplab.errors import LineError
from mlplab.figures.plane import LegendEntry, plane_extent, plane_panels
from mlplab.figures.points import class_legend, plot_samples
from mlplab.figures.projection import check_labels
from mlplab.figures.regions import BORDER_LABEL, BORDER_LOOK, draw_regions
from mlplab.figures.style import INK, LineStyle, region_tint, style

PANEL_WIDTH = 3.7
"""Inches of a figure with one panel."""

WANTED_LABEL = "wanted: "

_LONGEST_EQUATION = 30
_NUMBER = re.compile(r"(?<!x)\d[\d./]*")

_DASHED: LineStyle = {"color": INK, "linewidth": 1.6, "dash_capstyle": "butt"}
_DASHES = ((3.0, 2.0), (1.0, 1.0), (5.0, 1.2, 1.0, 1.2))


def wanted_boundary_figure(line: Line, dataset: Dataset, title: str | None = None) -> Figure:
    """Draw the training points and a line that should part them.

    Each side is tinted by the class that has most training points there, and not where there is none.

    Parameters
    ----------
    line : Line
    dataset : Dataset
    title : str, optional
        Above the panel.

    Raises
    ------
    MlplabError
        If samples have targets.
    """
    check_labels(dataset, "a boundary's figure")
    look: LineStyle = {"color": INK, "linewidth": 1.4}
    with style():
        extent = plane_extent(dataset.train.x)
        legend = class_legend(dataset.label_names, regions=True)
        legend.append(_line_entry(equation(line), look))
        figure, (axes,) = plane_panels(1, extent, legend, title, width=PANEL_WIDTH, headings=False)
        _tint_sides(axes, line, extent, dataset.train)
        plot_samples(axes, dataset.train, dataset.label_names)
        _draw_line(axes, line, equation(line), look)
    return figure


def boundary_figure(
    model: HasFeedforward,
    lines: Line | Sequence[Line] = (),
    dataset: Dataset | None = None,
    title: str | None = None,
    resolution: int = 256,
) -> Figure:
    """Draw a model's class regions and, dashed, the line or lines that it should have.

    Parameters
    ----------
    model : HasFeedforward
    lines : Line or sequence of Line, optional
    dataset : Dataset, optional
        Its training points are drawn, and the panel shows all of them. Without it, the panel shows the
        unit square and what is needed to see each line cross the panel; also the line that the model
        draws, if it is a `SingleLayer` of two classes.
    title : str, optional
        Above the panel.
    resolution : int
        Grid points along each side of the regions.

    Raises
    ------
    MlplabError
        If the model has not one output for each of the dataset's classes, or predicts targets.

    Examples
    --------
    >>> from mlplab.boundary import EQUATION_11
    >>> figure = boundary_figure(EQUATION_11, Line.parse("x2 = 1 - x1"), title="Equation 11")
    >>> figure.axes[0].get_xlabel(), figure.get_suptitle()
    ('x₁', 'Equation 11')
    """
    if dataset is not None:
        check_labels(dataset, "a boundary's figure")
    wanted = [lines] if isinstance(lines, Line) else list(lines)
    looks = [_DASHED | {"dashes": _DASHES[i % len(_DASHES)]} for i in range(len(wanted))]
    labels = [WANTED_LABEL + equation(line) for line in wanted]
    with style():
        if dataset is None:
            extent = _extent_of([*wanted, *_lines_of(model)])
        else:
            extent = plane_extent(dataset.train.x)
        regions = class_regions(model, extent, resolution)
        outputs = regions.outputs.shape[-1]
        names = tuple(map(str, range(outputs))) if dataset is None else dataset.label_names
        legend = class_legend(names, regions=True)
        legend.append(_line_entry(BORDER_LABEL, BORDER_LOOK))
        legend += [_line_entry(label, look) for label, look in zip(labels, looks, strict=True)]
        figure, (axes,) = plane_panels(1, extent, legend, title, width=PANEL_WIDTH, headings=False)
        draw_regions(axes, regions, len(names))
        if dataset is not None:
            plot_samples(axes, dataset.train, names)
        for line, label, look in zip(wanted, labels, looks, strict=True):
            _draw_line(axes, line, label, look)
    return figure


def equation(line: Line) -> str:
    """Return a line's equation as one prints it, rounded where it would be too long.

    >>> equation(Line.parse("x2 = 1 - 2*x1"))
    'x₂ = 1 − 2 x₁'
    """
    text = str(line)
    if len(text) > _LONGEST_EQUATION:
        text = _NUMBER.sub(lambda found: f"{float(Fraction(found[0])):.3g}", text)
    for plain, printed in (("x1", "x₁"), ("x2", "x₂"), ("-", "−"), ("*", " ")):
        text = text.replace(plain, printed)
    return text


def _tint_sides(axes: Axes, line: Line, extent: Extent, split: Split) -> None:
    negative = line.side(split.x) < 0
    tints = [
        region_tint(int(np.bincount(members).argmax())) if len(members) else (1.0, 1.0, 1.0)
        for members in (split.y[negative], split.y[~negative])
    ]
    x1 = np.array([extent.x1_min, extent.x1_max])
    x2 = np.array([extent.x2_min, extent.x2_max])
    corners = np.stack(np.meshgrid(x1, x2), axis=-1)
    # The distance is linear, so that two by two points are enough for an exact edge.
    distance = line.side(corners.reshape(-1, 2)).reshape(2, 2)
    farthest = np.abs(distance).max() + 1
    axes.contourf(x1, x2, distance, levels=[-farthest, 0, farthest], colors=tints, zorder=0)


def _draw_line(axes: Axes, line: Line, label: str, look: LineStyle) -> None:
    """Draw a line from one edge of the panel to the opposite one, or to where that edge goes on."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    a, b, c = float(line.a), float(line.b), float(line.c)
    if abs(a) * (right - left) <= abs(b) * (top - bottom):
        x1 = np.array([left, right])
        x2 = (c - a * x1) / b
    else:
        x2 = np.array([bottom, top])
        x1 = (c - b * x2) / a
    axes.plot(x1, x2, label=label, zorder=4, scalex=False, scaley=False, **look)


def _line_entry(label: str, look: LineStyle) -> LegendEntry:
    return Line2D([], [], **look), label


def _lines_of(model: HasFeedforward) -> list[Line]:
    """Return the line that a network without hidden layers draws between two classes, if it is one."""
    if not isinstance(model, SingleLayer) or len(model.b) != 2:
        return []
    try:
        line = model.line_between(0, 1)
    except LineError:  # too far away for floats, and so for a picture
        return []
    return [] if line is None else [line]


def _extent_of(lines: Sequence[Line]) -> Extent:
    shown = [np.array([[0.0, 0.0], [1.0, 1.0]])]
    centre = np.array([[0.5, 0.5]])
    for line in lines:
        normal = np.array([float(line.a), float(line.b)])
        # Half as far again as the line is from the centre: enough of its other side.
        shown.append(centre - 1.5 * line.side(centre) * normal / np.linalg.norm(normal))
    return plane_extent(*shown)
