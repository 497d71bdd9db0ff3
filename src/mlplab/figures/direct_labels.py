"""Labels at the right of an axis, each beside what it names and none over another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mlplab.figures.style import SMALL, Colour

_LINE = 1.3


@dataclass(frozen=True)
class DirectLabel:
    """A text of one line or more, and the value beside which it stands."""

    value: float
    text: str
    colour: Colour


def write_beside(figure: Figure, axes: Axes, labels: Sequence[DirectLabel]) -> None:
    """Write labels at the right of an axis; its limits are set before.

    The layout is made first, because the room that a line of type takes depends on the axis's height.
    """
    texts = [
        axes.annotate(
            label.text,
            (1, 0.5),
            xytext=(8, 0),
            xycoords="axes fraction",
            textcoords="offset points",
            va="center",
            color=label.colour,
            fontsize=SMALL,
            linespacing=_LINE,
            annotation_clip=False,
        )
        for label in labels
    ]
    figure.draw_without_rendering()
    height = axes.bbox.height * 72 / figure.dpi
    low, high = axes.get_ylim()
    sizes = [_LINE * SMALL * (1 + label.text.count("\n")) / height for label in labels]
    wanted = [(label.value - low) / (high - low) for label in labels]
    for text, place in zip(texts, apart(wanted, sizes), strict=True):
        text.xy = (1, place)


def apart(wanted: Sequence[float], sizes: Sequence[float]) -> list[float]:
    """Return the middles of labels between 0 and 1, near where they are wanted and not overlapping.

    Labels that touch form a group, which lies around the mean of what its labels want. Where all
    together are higher than 1, they reach beyond both ends.

    >>> apart([0.5, 0.5, 0.9], [0.2, 0.2, 0.2])
    [0.4, 0.6, 0.9]
    >>> apart([0.98, 0.99], [0.1, 0.1])
    [0.85, 0.95]
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    groups: list[tuple[list[int], float]] = []  # labels from below, and where their group begins
    for i in order:
        group, start = [i], _start([i], wanted, sizes)
        while groups and groups[-1][1] + sum(sizes[k] for k in groups[-1][0]) > start:
            group = groups.pop()[0] + group
            start = _start(group, wanted, sizes)
        groups.append((group, start))
    places = [0.0] * len(wanted)
    for group, start in groups:
        for i in group:
            places[i] = round(start + sizes[i] / 2, 9)
            start += sizes[i]
    return places


def _start(group: Sequence[int], wanted: Sequence[float], sizes: Sequence[float]) -> float:
    total = sum(sizes[i] for i in group)
    before = np.cumsum([0.0, *(sizes[i] for i in group[:-1])])
    start = float(
        np.mean([wanted[i] - sizes[i] / 2 - b for i, b in zip(group, before, strict=True)])
    )
    return (1 - total) / 2 if total > 1 else min(max(start, 0.0), 1 - total)
