"""Labelled samples as points of the plane: each class in its colour and with its marker."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.lines import Line2D
from matplotlib.markers import MarkerStyle
from matplotlib.patches import Patch
from matplotlib.transforms import IdentityTransform
from numpy.typing import NDArray

from mlplab.data import Split
from mlplab.errors import MlplabError
from mlplab.figures.plane import LegendEntry
from mlplab.figures.projection import short_name
from mlplab.figures.style import colour, marker, region_tint, shade

MOST_NAMES = 40
"""Classes that a legend names."""

_SMALLEST, _LARGEST = 2.8, 15.0
# Markers of one nominal size look unequal; areas relative to the circle's.
_LOOKS = {"s": 0.85, "^": 1.15, "D": 0.75, "v": 1.15, "P": 1.3, "X": 1.25, "p": 1.15}
_LOOKS |= {"<": 1.15, "*": 1.7, ">": 1.15}


def plot_samples(
    axes: Axes,
    split: Split,
    label_names: Sequence[str],
    among: int | None = None,
    zorder: float = 3,
) -> PathCollection:
    """Draw the samples of a split as one collection; no class lies on top of all others.

    Parameters
    ----------
    axes : Axes
        With its limits and its place in the figure set: points shrink as they become many.
    label_names : sequence of str
        Names of the classes; its length is K.
    among : int, optional
        How many points the panel shows in all, where these are only some of them.
    zorder : float
        The collection's place in matplotlib's stack.

    Raises
    ------
    MlplabError
        If a label is no class number below K, the samples have targets, or are not points of the plane.
    """
    if split.y.ndim != 1:
        raise MlplabError("samples in the colours of their classes have labels, received targets")
    if split.x.ndim != 2 or split.x.shape[1] != 2:
        raise MlplabError(
            f"samples to draw must have shape (samples, 2), received {split.x.shape}; dataset_figure and "
            "classifier_figure bring more features into the plane"
        )
    if len(split) and not 0 <= split.y.min() <= split.y.max() < len(label_names):
        raise MlplabError(
            f"labels must lie between 0 and {len(label_names) - 1}, as many as there are names, "
            f"received {split.y.min()} to {split.y.max()}"
        )
    order = interleaved(split.y)
    y = split.y[order]
    kinds = range(len(label_names))
    shapes = [MarkerStyle(marker(k)) for k in kinds]
    outlines = [shape.get_path().transformed(shape.get_transform()) for shape in shapes]
    looks = np.array([_LOOKS.get(marker(k), 1.0) for k in kinds])
    faces = np.array([colour(k) for k in kinds])
    edges = np.array([shade(colour(k), 0.45) for k in kinds])
    count = len(split) if among is None else among
    size = point_size(axes, count)
    points = PathCollection(
        [outlines[k] for k in y],
        sizes=size * looks[y],
        offsets=split.x[order],
        offset_transform=axes.transData,
        facecolors=faces[y].tolist(),
        edgecolors=edges[y].tolist(),
        linewidths=0.06 * np.sqrt(size) + 0.1,
        zorder=zorder,
        rasterized=True,  # a picture in an SVG: thousands of marks would be megabytes
    )
    points.set_transform(IdentityTransform())
    axes.add_collection(points, autolim=False)
    return points


def interleaved(y: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return an order that takes from each class in turn, at the pace of its size.

    >>> interleaved(np.array([0, 0, 0, 0, 1, 1])).tolist()
    [0, 4, 1, 2, 5, 3]
    """
    by_class = np.argsort(y, kind="stable")
    counts = np.bincount(y)
    first = np.cumsum(counts) - counts
    progress = np.empty(len(y))
    progress[by_class] = (np.arange(len(y)) - first[y[by_class]]) / counts[y[by_class]]
    return np.argsort(progress, kind="stable")


def point_size(axes: Axes, count: int) -> float:
    """Return the area of a point, in square points of print, when a panel holds so many."""
    figure = axes.get_figure(root=True)
    if figure is None:
        raise ValueError("axes must belong to a figure")
    box = axes.get_position()
    area = box.width * box.height * figure.get_figwidth() * figure.get_figheight() * 72**2
    return float(np.clip(1.3 * np.sqrt(area / max(count, 1)), _SMALLEST, _LARGEST))


def class_legend(label_names: Sequence[str], regions: bool = False) -> list[LegendEntry]:
    """Return a legend entry for each class; with `regions`, its marker stands on its tint.

    Beyond `MOST_NAMES` classes, colours and markers have long begun anew: the first ones are shown, and
    how many more there are. Names that are equal once they are shortened are told apart by their number.
    """
    entries: list[LegendEntry] = []
    many = len(label_names) > MOST_NAMES
    names = [class_name(name) for name in label_names[: MOST_NAMES - 1 if many else None]]
    for k, name in enumerate(names):
        point = Line2D(
            [],
            [],
            linestyle="none",
            color=colour(k),
            marker=marker(k),
            markersize=float(np.sqrt(30 * _LOOKS.get(marker(k), 1.0))),
            markeredgecolor=shade(colour(k), 0.45),
            markeredgewidth=0.5,
        )
        ground = Patch(facecolor=region_tint(k) if regions else "none", edgecolor="none")
        entries.append(((ground, point), f"{k}: {name}" if names.count(name) > 1 else name))
    if many:
        entries.append((Patch(alpha=0), f"and {len(label_names) - len(names):,} more"))
    return entries


def class_name(name: str) -> str:
    """Return what a legend calls a class.

    >>> class_name("0"), class_name("Iris setosa")
    ('class 0', 'Iris setosa')
    """
    if name.lstrip("-").isdecimal():
        return f"class {name}"
    return short_name(name)
