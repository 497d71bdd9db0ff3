"""What the tests of figures share: points on a circle of clusters, and a model that tells them apart;
the candidates of a search; and where texts lie."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from numpy.typing import NDArray

from mlplab.data import Dataset, Split
from mlplab.figures.search_points import SearchPoints, SearchSetting

Array = NDArray[np.float64]


def clusters(
    classes: int = 3, points: int = 20, names: tuple[str, ...] | None = None, sigma: float = 0.2
) -> Dataset:
    """Return clusters around K points of the unit circle, `points` of each class in each split."""
    generator = np.random.default_rng(5)

    def split() -> Split:
        y = np.repeat(np.arange(classes), points)
        angle = 2 * np.pi * y / classes
        centre = np.stack([np.cos(angle), np.sin(angle)], axis=1)
        return Split(centre + sigma * generator.normal(size=(len(y), 2)), y)

    return Dataset(split(), split(), split(), names or tuple(map(str, range(classes))))


class NearestMean:
    """Answers the class whose cluster's centre is nearest, the surer the nearer it is."""

    def __init__(self, classes: int) -> None:
        angle = 2 * np.pi * np.arange(classes) / classes
        self.centres = np.stack([np.cos(angle), np.sin(angle)], axis=1)

    def feedforward(self, x: Array) -> Array:
        square = ((x[:, None] - self.centres) ** 2).sum(axis=-1)
        power = np.exp(-4 * (square - square.min(axis=1, keepdims=True)))
        return power / power.sum(axis=1, keepdims=True)


SAVED = 200.0
"""Dots per inch of a figure that is saved."""


def lay_out(figure: Figure, dpi: float) -> None:
    """Give every part of a figure its place, once for all that is asked of it."""
    if figure.dpi != dpi:
        figure.set_dpi(dpi)
    if figure.stale:
        figure.draw_without_rendering()


def words(figure: Figure) -> list[str]:
    """Return every text of a figure that is shown and not empty."""
    lay_out(figure, SAVED)
    found = figure.findobj(lambda artist: isinstance(artist, Text) and artist.get_visible())
    return [text.get_text() for text in found if text.get_text()]


def shown_texts(figure: Figure) -> list[Text]:
    """Return every text artist of a figure, of its ticks only those in sight."""
    found: list[Text] = [text for legend in figure.legends for text in legend.get_texts()]
    found += figure.texts  # the title is one of them
    for axes in figure.axes:
        found += [*axes.texts, axes.xaxis.label, axes.yaxis.label]
        found += [child for child in axes.get_children() if isinstance(child, Text)]
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            found += [t.label1 for t in axis.get_major_ticks() if low <= t.get_loc() <= high]
    return [text for text in found if text.get_text() and text.get_visible()]


def spills(figure: Figure, dpi: float = SAVED) -> list[str]:
    """Return the texts that reach beyond the figure's edge when it is saved."""
    lay_out(figure, dpi)
    width, height = figure.bbox.width, figure.bbox.height
    out = []
    for text in shown_texts(figure):
        box = text.get_window_extent()
        if box.x0 < 0 or box.y0 < 0 or box.x1 > width or box.y1 > height:
            out.append(text.get_text())
    return out


def overlaps(figure: Figure, dpi: float = SAVED) -> list[tuple[str, str]]:
    """Return the pairs of texts of which one is written over the other; slanted ones are left out."""
    lay_out(figure, dpi)
    hidden = {
        id(tick.label1)
        for axes in figure.axes
        if not axes.axison
        for axis in (axes.xaxis, axes.yaxis)
        for tick in axis.get_major_ticks()
    }
    level = [
        text
        for text in {id(text): text for text in shown_texts(figure)}.values()
        if text.get_rotation() in (0, 90) and id(text) not in hidden
    ]
    # Ascenders of one line may reach into the room between the lines.
    boxes = [text.get_window_extent().padded(-0.5 * dpi / 72) for text in level]
    return [
        (level[i].get_text(), level[k].get_text())
        for i in range(len(level))
        for k in range(i)
        if boxes[i].overlaps(boxes[k])
    ]


def search_points(
    count: int = 40,
    kinds: tuple[str, ...] = ("log", "lin", "list"),
    score: Array | None = None,
    **more: Any,
) -> SearchPoints:
    """Return candidates with scores between 70 and 95, the best of which has won."""
    generator = np.random.default_rng(len(kinds) + count)
    makers = {
        "log": lambda: SearchSetting("", generator.uniform(-3, 0, count), "log", (), -2.0),
        "lin": lambda: SearchSetting("", generator.uniform(0, 0.9, count), "lin", (), 0.0),
        "list": lambda: SearchSetting(
            "", generator.integers(0, 3, count) * 1.0, "list", ("relu", "tanh", "sigmoid"), 1.0
        ),
    }
    settings = [
        replace(makers[kind](), name=f"model.layers.{k}.{kind}") for k, kind in enumerate(kinds)
    ]
    values = generator.uniform(70, 95, count) if score is None else np.asarray(score, np.float64)
    order = np.argsort(np.where(np.isfinite(values), values, -np.inf))[::-1]
    if more.get("lower_is_better"):
        order = np.argsort(values)
    known = [int(place) for place in order if np.isfinite(values[place])]
    points = SearchPoints(
        settings,
        values,
        values - 0.5,
        values + 0.5,
        np.where(np.isfinite(values), 0.0, 1.0),
        np.ones(count, np.int64),
        "validation accuracy (%)",
        winner=known[0] if known else None,
        runner_up=known[1] if len(known) > 1 else None,
        given_score=75.0,
    )
    return replace(points, **more)


@pytest.fixture(scope="session")
def make_clusters() -> Callable[..., Dataset]:
    return clusters


@pytest.fixture(scope="session")
def nearest_mean() -> type[NearestMean]:
    return NearestMean


@pytest.fixture(scope="session")
def words_of() -> Callable[[Figure], list[str]]:
    return words


@pytest.fixture(scope="session")
def spills_of() -> Callable[..., list[str]]:
    return spills


@pytest.fixture(scope="session")
def overlaps_of() -> Callable[..., list[tuple[str, str]]]:
    return overlaps


@pytest.fixture(scope="session")
def make_points() -> Callable[..., SearchPoints]:
    return search_points
