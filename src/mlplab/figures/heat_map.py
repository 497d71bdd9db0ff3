"""A map of two settings: what a measure is in each cell, and how many runs failed there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import Colormap, Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from mlplab.errors import MlplabError
from mlplab.figures.foot import LINE, add_foot, foot_height
from mlplab.figures.heat_axis import HeatAxis
from mlplab.figures.heat_lines import contours, outline
from mlplab.figures.heat_scale import (
    ALL_DIVERGED,
    NOT_TRAINED,
    colour_limits,
    failure_colours,
    field_image,
    value_colours,
)
from mlplab.figures.plane import LegendEntry
from mlplab.figures.style import (
    BEST_MARK,
    FAINT,
    GIVEN_MARK,
    INK,
    SMALL,
    WIDTH,
    LineStyle,
    number,
    slant_labels,
    style,
    style_ticks,
    wrapped,
)
from mlplab.run import Float64

BEST_LABEL = "best cell"
ALIKE_LABEL = "cannot be told from the best"
PUBLISHED_LABEL = "the experiment's own setting"
CONTOUR_LABEL = "contour lines"
ALL_DIVERGED_LABEL = "every run diverged"
NOT_TRAINED_LABEL = "not trained"

_ALIKE: LineStyle = {"color": INK, "linewidth": 1.3, "linestyle": (0, (3.0, 1.2))}
_CONTOUR: LineStyle = {"color": INK, "linewidth": 0.6}
_CASING = [withStroke(linewidth=2.6, foreground="white")]
_HALO = [withStroke(linewidth=1.5, foreground="white", alpha=0.7)]

# Cells up to which each one's number is written into it, x and y.
_MOST_WRITTEN = (9, 12)
_LABELS, _CHARACTERS = 12, 48  # of names below the map, side by side
_LOWEST, _HIGHEST, _ROW = 2.0, 3.15, 0.36  # inches, of the map
_BELOW, _SLANTED = 0.5, 0.75
_FINEST = 512  # pixels of a field's side, at least


@dataclass(frozen=True, eq=False)
class HeatMap:
    """What a map of two settings shows; arrays have the shape (y, x).

    Attributes
    ----------
    x, y : HeatAxis
    values : ndarray of float64
        Of a measure; NaN where no run has one.
    failed : ndarray of float64
        Fractions of runs that failed, 0 to 1; NaN where none has been trained.
    measure : str
        What the values are, with their unit: `validation accuracy (%)`.
    lower_is_better : bool
        As of losses.
    worst_is_open : bool
        Whether values may be worse without an end, as R² may; of losses it is so in any case.
    best : pair of int, optional
        The best cell's places on y and x.
    alike : ndarray of bool, optional
        The cells that cannot be told from the best one.
    published : pair of float, optional
        Where the experiment's own setting lies, in cells on x and y.
    """

    x: HeatAxis
    y: HeatAxis
    values: Float64
    failed: Float64
    measure: str
    lower_is_better: bool = False
    worst_is_open: bool = False
    best: tuple[int, int] | None = None
    alike: NDArray[np.bool_] | None = None
    published: tuple[float, float] | None = None
    limits: tuple[float, float] = field(init=False)

    def __post_init__(self) -> None:
        shape = len(self.y), len(self.x)
        for name in ("values", "failed", "alike"):
            given = getattr(self, name)
            if given is not None and given.shape != shape:
                raise MlplabError(
                    f"a heat map of {shape[0]} × {shape[1]} cells needs {name} of that shape, "
                    f"received {' × '.join(map(str, given.shape))}"
                )
        limits = colour_limits(self.values, self.lower_is_better, self.worst_is_open)
        object.__setattr__(self, "limits", limits)


def heat_map_figure(heat_map: HeatMap, title: str | None = None, note: str = "") -> Figure:
    """Draw a map of two settings, and beside it the fraction of failed runs.

    All cells are equally large; ticks stand where the values lie. Where cells have room, each has its
    value written into it. Contour lines have their value, and are drawn where both axes have numbers and
    at least eight cells; see `contours`. In SVG each field is one embedded picture.

    Parameters
    ----------
    heat_map : HeatMap
    title : str, optional
        Above the map.
    note : str
        In small type at the foot: how many runs a cell has, and their seeds.

    Examples
    --------
    >>> rate = HeatAxis("learning_rate", np.array([-2.0, -1.0, 0.0]), "log")
    >>> size = HeatAxis("batch_size", np.arange(2.0), "list", ["8", "16"])
    >>> accuracy = np.array([[81.0, 92.0, 96.0], [70.0, 88.0, 93.0]])
    >>> heat_map = HeatMap(rate, size, accuracy, np.zeros((2, 3)), "test accuracy (%)", best=(0, 2))
    >>> figure = heat_map_figure(heat_map)
    >>> [text.get_text() for text in figure.axes[0].get_xticklabels()]
    ['10⁻²', '10⁻¹', '10⁰']
    """
    with style():
        tall = len(heat_map.y) * _ROW
        if heat_map.y.is_numeric or len(heat_map.y) > _MOST_WRITTEN[1]:
            tall = _HIGHEST
        title = wrapped(title, WIDTH) if title else ""
        height = float(np.clip(tall, _LOWEST, _HIGHEST)) + _BELOW
        height += LINE * max(len(title.splitlines()), 1) + foot_height(WIDTH, [], note)
        if _is_slanted(heat_map.x):
            height += _SLANTED
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        if title:
            figure.suptitle(title, x=0.01, ha="left")
        grid = figure.add_gridspec(2, 2, width_ratios=[2.5, 1], height_ratios=[1.25, 1])
        main = figure.add_subplot(grid[:, 0])
        beside = figure.add_subplot(grid[0, 1])
        corner = figure.add_subplot(grid[1, 1])
        legend = _draw_values(main, heat_map)
        _draw_failures(beside, heat_map)
        _dress(main, heat_map)
        _add_scales(figure, main, beside, heat_map)
        corner.axis("off")
        if legend:
            corner.legend(*zip(*legend, strict=True), loc="upper left", borderaxespad=0.2)
        add_foot(figure, [], note)
    return figure


def _draw_values(axes: Axes, heat_map: HeatMap) -> list[LegendEntry]:
    """Draw the field of values with its marks, and return what they mean."""
    colours = value_colours(heat_map.lower_is_better)
    trained = np.isfinite(heat_map.failed)
    _draw_field(axes, field_image(heat_map.values, trained, heat_map.limits, colours))
    legend: list[LegendEntry] = []
    small = len(heat_map.x) <= _MOST_WRITTEN[0] and len(heat_map.y) <= _MOST_WRITTEN[1]
    if small:
        _write_values(axes, heat_map, colours)
    elif heat_map.x.is_numeric and heat_map.y.is_numeric and _draw_contours(axes, heat_map):
        legend.append((Line2D([], [], **_CONTOUR), CONTOUR_LABEL))
    if heat_map.alike is not None:
        lines = outline(heat_map.alike)
        axes.add_collection(LineCollection(lines, color="white", linewidth=2.6, zorder=3))
        axes.add_collection(LineCollection(lines, zorder=3.1, **_ALIKE))
        legend.append((Line2D([], [], **_ALIKE), ALIKE_LABEL))
    if heat_map.best is not None:
        y, x = heat_map.best
        # In a cell with a number the mark stands above it.
        axes.plot([x], [y + 0.3 * small], zorder=5, clip_on=False, **BEST_MARK)
        legend.insert(0, (Line2D([], [], **BEST_MARK), BEST_LABEL))
    if heat_map.published is not None:
        x_place, y_place = heat_map.published
        axes.plot([x_place], [y_place - 0.3 * small], zorder=4, clip_on=False, **GIVEN_MARK)
        legend.append((Line2D([], [], **GIVEN_MARK), PUBLISHED_LABEL))
    if (trained & np.isnan(heat_map.values)).any():
        legend.append((Patch(facecolor=ALL_DIVERGED), ALL_DIVERGED_LABEL))
    if not trained.all():
        patch = Patch(facecolor=NOT_TRAINED, edgecolor=FAINT, linewidth=0.6)
        legend.append((patch, NOT_TRAINED_LABEL))
    return legend


def _draw_failures(axes: Axes, heat_map: HeatMap) -> None:
    trained = np.isfinite(heat_map.failed)
    _draw_field(axes, field_image(heat_map.failed, trained, (0.0, 1.0), failure_colours()))
    for axis, heat_axis in ((axes.xaxis, heat_map.x), (axes.yaxis, heat_map.y)):
        heat_axis.set_ticks(axis)
    style_ticks(axes)
    axes.tick_params(which="both", labelbottom=False, labelleft=False)
    axes.set_title("Failed runs", loc="left")


def _draw_field(axes: Axes, image: NDArray[np.uint8]) -> None:
    rows, columns = image.shape[:2]
    # Where one axis has many cells and the other few, smoothing the many would blur the few.
    fine = image.repeat(-(-_FINEST // rows), axis=0).repeat(-(-_FINEST // columns), axis=1)
    axes.imshow(
        fine,
        origin="lower",
        extent=(-0.5, columns - 0.5, -0.5, rows - 0.5),
        aspect="auto",
        interpolation="antialiased",
        zorder=0,
    )


def _draw_contours(axes: Axes, heat_map: HeatMap) -> bool:
    """Draw contour lines, each level labelled once, and tell whether there are any."""
    taken: list[NDArray[np.float64]] = []
    cells = np.array([len(heat_map.x), len(heat_map.y)])
    found = contours(heat_map.values)
    for level, lines in found:
        axes.add_collection(LineCollection(lines, zorder=2, path_effects=_HALO, **_CONTOUR))
        longest = max(lines, key=len)
        inner = longest[len(longest) // 8 : max(len(longest) - len(longest) // 8, 1)] / cells
        # The place farthest from labels and from the edges.
        apart = np.minimum(np.minimum(inner, 1 - inner).min(axis=1) * 2, 0.25)
        for other in taken:
            apart = np.minimum(apart, np.hypot(*(inner - other).T))
        place = inner[apart.argmax()]
        taken.append(place)
        axes.text(
            float(place[0] * cells[0]),
            float(place[1] * cells[1]),
            number(level),
            ha="center",
            va="center",
            fontsize=SMALL,
            path_effects=[withStroke(linewidth=2.4, foreground="white")],
            zorder=2.5,
        )
    return bool(found)


def _write_values(axes: Axes, heat_map: HeatMap, colours: Colormap) -> None:
    low, high = heat_map.limits
    is_percentage = "%" in heat_map.measure
    for (y, x), value in np.ndenumerate(heat_map.values):
        if not np.isfinite(value):
            continue
        red, green, blue, _ = colours((value - low) / (high - low))
        is_dark = 0.299 * red + 0.587 * green + 0.114 * blue < 0.5
        text = f"{value:.1f}" if is_percentage else f"{value:.3g}"
        ink = "white" if is_dark else INK
        axes.text(x, y, text, ha="center", va="center", fontsize=SMALL, color=ink, zorder=4)


def _dress(axes: Axes, heat_map: HeatMap) -> None:
    axes.set_xlabel(heat_map.x.label)
    axes.set_ylabel(heat_map.y.label)
    heat_map.x.set_ticks(axes.xaxis, _LABELS)
    heat_map.y.set_ticks(axes.yaxis, 14)
    style_ticks(axes)
    if _is_slanted(heat_map.x):
        slant_labels(axes)


def _is_slanted(axis: HeatAxis) -> bool:
    """Tell whether an axis's words are too long to stand side by side."""
    if axis.is_numeric:
        return False
    ticks, _ = axis.ticks(_LABELS)
    return len(ticks) * (2 + max(len(tick.label) for tick in ticks)) > _CHARACTERS


def _add_scales(figure: Figure, main: Axes, beside: Axes, heat_map: HeatMap) -> None:
    low, high = heat_map.limits
    finite = heat_map.values[np.isfinite(heat_map.values)]
    colours = value_colours(heat_map.lower_is_better)
    bars = []
    if finite.size:
        beyond: Literal["min", "max", "neither"] = "neither"
        if finite.max() > high:
            beyond = "max"
        elif finite.min() < low:
            beyond = "min"
        bar = figure.colorbar(
            ScalarMappable(Normalize(low, high), colours),
            ax=main,
            aspect=28,
            pad=0.02,
            extend=beyond,
        )
        bar.set_label(heat_map.measure)
        bar.locator = MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10])
        bar.formatter = FuncFormatter(lambda value, _: number(value))
        bars.append(bar)
    share = figure.colorbar(
        ScalarMappable(Normalize(0, 100), failure_colours()),
        ax=beside,
        location="bottom",
        aspect=18,
        pad=0.04,
        ticks=[0, 50, 100],
        format=FuncFormatter(lambda value, _: f"{value:.0f} %"),
    )
    for each in (*bars, share):
        each.outline.set_linewidth(0.6)
        style_ticks(each.ax)
        each.update_ticks()
