"""Parallel coordinates: each candidate of a search as a line across its settings, to its score."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import Colormap, ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.markers import TICKLEFT, TICKRIGHT
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from mlplab.figures.foot import LINE, add_foot, foot_height
from mlplab.figures.heat_scale import value_colours
from mlplab.figures.names import broken
from mlplab.figures.plane import LegendEntry
from mlplab.figures.search_points import (
    DIVERGED_LABEL,
    GIVEN_LABEL,
    RUNNER_UP_LABEL,
    WINNER_LABEL,
    SearchPoints,
    SearchSetting,
    score_ticks,
    side_by_side,
)
from mlplab.figures.style import (
    GIVEN_MARK,
    INK,
    MUTED,
    SMALL,
    WIDTH,
    LineStyle,
    number,
    style,
    wrapped,
)
from mlplab.run import Float64

OTHERS_LABEL = "other candidates"

_SETTINGS = 6
"""Axes of settings side by side at most; further ones stand in further panels."""

_PANEL = 2.45  # inches
_CHARACTER = 4.7  # points that a column of small type takes, about
_TICKS = 12
_DIVERGED_AT = -0.1  # of an axis's height, below it; above it of losses
_FEW, _BEST_FRACTION = 100, 0.05
_PALEST = 0.9  # of the values' colours: lines on white paper must be seen
_STRIP = 0.008  # of a panel's width
_MANY_LINES = 200
_JITTER = 0.3  # of the room of a list's value

_OTHERS = "#A9B0B8"
_DIVERGED: LineStyle = {"color": "#7B838C", "linestyle": (0, (1.0, 1.6)), "linewidth": 1.0}
_WINNER: LineStyle = {"linewidth": 2.8, "solid_joinstyle": "round"}
_RUNNER_UP: LineStyle = {"linewidth": 1.1, "solid_joinstyle": "round"}
_GIVEN: LineStyle = {"color": GIVEN_MARK["color"], "linewidth": 1.6, "linestyle": (0, (4.0, 1.8))}
_HALO = [withStroke(linewidth=2.4, foreground="white")]


def parallel_figure(points: SearchPoints, title: str | None = None, note: str = "") -> Figure:
    """Draw each candidate as a line across one vertical axis per setting, to its score.

    The better a candidate, the brighter and the later is its line drawn; of many candidates only the best
    have a colour. The score's axis shows which scores have which colour. More than six settings stand in
    panels one below the other. Equal values of a list are set a little apart.

    Parameters
    ----------
    points : SearchPoints
    title : str, optional
        Above the panels.
    note : str
        In small type at the foot.

    Examples
    --------
    >>> rate = SearchSetting("training.optimizer.learning_rate", np.array([-2.0, -1.0]), "log")
    >>> some, none, rounds = np.array([81.0, 93.0]), np.zeros(2), np.ones(2, np.int64)
    >>> points = SearchPoints([rate], some, some, some, none, rounds, "accuracy (%)", winner=1)
    >>> (axes,) = parallel_figure(points).axes
    >>> [line.get_ydata().tolist() for line in axes.lines if line.get_label() == "winner"]
    [[1.0, 1.0]]
    """
    with style():
        title = wrapped(title, WIDTH) if title else ""
        rows = -(-len(points.settings) // _SETTINGS)
        most = -(-len(points.settings) // rows)
        figure = Figure(figsize=(WIDTH, _PANEL), layout="constrained")
        if title:
            figure.suptitle(title, x=0.01, ha="left")
        legend: list[LegendEntry] = []
        for row, axes in enumerate(figure.subplots(rows, squeeze=False)[:, 0]):
            group = range(row * most, min((row + 1) * most, len(points.settings)))
            legend = _draw_panel(axes, points, group)
            # Panels of fewer axes have theirs as far apart as the others.
            axes.set_xlim(-0.08, most + 0.04 + _STRIP * most)
        above = LINE * (1 + len(title.splitlines()))
        figure.set_figheight(rows * _PANEL + above + foot_height(WIDTH, legend, note))
        add_foot(figure, legend, note)
    return figure


def coloured(points: SearchPoints) -> NDArray[np.intp]:
    """Return the places of the candidates whose lines have a colour, the worst first.

    They are all of up to a hundred, and else the best twentieth, but a hundred at least.
    """
    order = points.from_worst
    return order[-max(_FEW, round(_BEST_FRACTION * len(order))) :]


def _draw_panel(axes: Axes, points: SearchPoints, group: Sequence[int]) -> list[LegendEntry]:
    """Draw some of the settings and the score, and return what the lines mean."""
    settings = [points.settings[k] for k in group]
    given_score = float("nan") if points.given_score is None else points.given_score
    low, high = points.score_limits(given_score)
    heights = np.stack(
        [*(_heights(setting) for setting in settings), _score_heights(points, low, high)], axis=1
    )
    at = np.arange(len(settings) + 1.0)
    entries: list[LegendEntry] = []
    best = coloured(points)
    colours = _line_colours(points)
    dim = np.setdiff1d(points.from_worst, best, assume_unique=True)
    is_many = len(points) > _MANY_LINES
    paleness = float(np.clip(5 / np.sqrt(len(points)), 0.06, 0.6))
    spread = _spread(settings, heights)
    if len(points.diverged):
        _add_lines(axes, at, spread[points.diverged], is_many, alpha=paleness, **_DIVERGED)
    if len(dim):
        look: LineStyle = {"color": _OTHERS, "linewidth": 0.5}
        _add_lines(axes, at, spread[dim], is_many, alpha=paleness, **look)
    # The winner and the runner-up have a line of their own.
    plain = best[~np.isin(best, [p for p in (points.winner, points.runner_up) if p is not None])]
    if len(plain):
        shades = colours(_shares(points.score[plain], *_colour_limits(points)))
        alpha = float(np.clip(8 / np.sqrt(len(plain)), 0.4, 0.85))
        _add_lines(axes, at, spread[plain], is_many, color=shades, linewidth=0.9, alpha=alpha)
    for place, label, look in (
        (points.runner_up, RUNNER_UP_LABEL, _RUNNER_UP),
        (points.winner, WINNER_LABEL, _WINNER),
    ):
        if place is not None:
            shade = colours(_shares(points.score[[place]], *_colour_limits(points)))[0]
            casing = [withStroke(linewidth=1.5 * look["linewidth"] + 0.5, foreground=INK)]
            (line,) = axes.plot(
                at, heights[place], label=label, color=shade, path_effects=casing, zorder=5, **look
            )
            entries.insert(0, (line, label))
    given = np.array([*(_height(setting, setting.given) for setting in settings), np.nan])
    given[-1] = np.clip((given_score - low) / (high - low), 0, 1)
    if np.isfinite(given).any():
        axes.plot(at, given, label=GIVEN_LABEL, zorder=6, **_GIVEN)
        # Between two values that are not on their axes it has no line.
        axes.plot(at, given, zorder=6.1, **(GIVEN_MARK | {"markersize": 4.2}))
        entries.append((Line2D([], [], **_GIVEN, **_marker_of(GIVEN_MARK)), GIVEN_LABEL))
    if len(dim):
        fraction = f"best {len(best):,} of {len(points):,}"
        entries.append((Line2D([], [], color=colours(0.6), linewidth=1.2), fraction))
        entries.append((Line2D([], [], color=_OTHERS, linewidth=0.8), OTHERS_LABEL))
    elif len(plain):
        word = f"each of {len(best):,} candidates"
        entries.append((Line2D([], [], color=colours(0.6), linewidth=1.2), word))
    if len(points.diverged):
        entries.append((Line2D([], [], **_DIVERGED), DIVERGED_LABEL))
    room = int(72 * (WIDTH - 0.5) / (len(settings) + 0.5) / _CHARACTER) - 2
    for i, (setting, name) in enumerate(
        zip(settings, (points.names[k] for k in group), strict=True)
    ):
        _draw_axis(axes, i, *_setting_ticks(setting, room))
        _write_name(axes, i, name, room, points)
    _draw_score(axes, len(settings), points, (low, high), room)
    axes.set_ylim(-0.02, 1.02)
    axes.axis("off")
    return entries


def _marker_of(mark: LineStyle) -> LineStyle:
    look = {key: mark[key] for key in ("marker", "markeredgecolor", "markeredgewidth")}
    return look | {"markersize": 4.2}


def _heights(setting: SearchSetting) -> Float64:
    low, high = setting.limits
    return (setting.positions - low) / (high - low)


def _height(setting: SearchSetting, position: float) -> float:
    low, high = setting.limits
    return (position - low) / (high - low)


def _shares(values: Float64, low: float, high: float) -> Float64:
    return np.clip((values - low) / (high - low), 0.0, 1.0)


def _score_heights(points: SearchPoints, low: float, high: float) -> Float64:
    beyond = 1 - _DIVERGED_AT if points.lower_is_better else _DIVERGED_AT
    return np.where(np.isfinite(points.score), _shares(points.score, low, high), beyond)


def _spread(settings: Sequence[SearchSetting], heights: Float64) -> Float64:
    """Return heights with those of lists set apart within their value's room; nothing is random."""
    spread = heights.copy()
    offsets = side_by_side(len(heights))
    for k, setting in enumerate(settings):
        if setting.scale == "list":
            spread[:, k] += offsets * _JITTER / len(setting.labels)
    return spread


def _add_lines(axes: Axes, at: Float64, heights: Float64, is_many: bool, **look: object) -> None:
    lines = np.stack([np.broadcast_to(at, heights.shape), heights], axis=2)
    axes.add_collection(
        LineCollection(list(lines), rasterized=is_many, clip_on=False, zorder=2, **look),
        autolim=False,
    )


def _line_colours(points: SearchPoints) -> Colormap:
    colours = value_colours(points.lower_is_better)
    ends = (1 - _PALEST, 1.0) if points.lower_is_better else (0.0, _PALEST)
    return ListedColormap(colours(np.linspace(*ends, 256)))


def _colour_limits(points: SearchPoints) -> tuple[float, float]:
    """Return the scores at which the lines' colours begin and end."""
    low, high = points.score_limits()
    best = coloured(points)
    if len(best) == len(points.from_worst):
        return low, high
    worst = float(points.score[best[0]])
    return (low, min(high, worst)) if points.lower_is_better else (max(low, worst), high)


def _setting_ticks(
    setting: SearchSetting, room: int
) -> tuple[list[tuple[float, str]], list[float]]:
    major, minor = setting.ticks(_TICKS, room)
    return [(_height(setting, t.place), t.label) for t in major], [
        _height(setting, place) for place in minor
    ]


def _draw_axis(
    axes: Axes, at: float, major: Sequence[tuple[float, str]], minor: Sequence[float] = ()
) -> None:
    """Draw a vertical axis with its ticks at its left."""
    axes.plot([at, at], [0, 1], color=MUTED, linewidth=0.8, zorder=3, clip_on=False)
    for heights, length, width in (([h for h, _ in major], 3.0, 0.7), (minor, 1.6, 0.4)):
        look: LineStyle = {"marker": TICKLEFT, "markersize": length, "markeredgewidth": width}
        axes.plot([at] * len(heights), heights, linestyle="none", color=MUTED, zorder=3, **look)
    for height, label in major:
        _write_tick(axes, at, height, label, -4.5)


def _write_tick(axes: Axes, at: float, height: float, label: str, beside: float) -> None:
    axes.annotate(
        label,
        (at, height),
        xytext=(beside, 0),
        textcoords="offset points",
        ha="right" if beside < 0 else "left",
        va="center_baseline",
        fontsize=SMALL,
        color=INK,
        path_effects=_HALO,
        zorder=7,
        annotation_clip=False,
    )


def _write_name(axes: Axes, at: float, name: str, room: int, points: SearchPoints) -> None:
    # Above the score's axis of losses is the place of those that diverged.
    up = -_DIVERGED_AT if points.lower_is_better and len(points.diverged) else 0.0
    axes.annotate(
        "\n".join(broken(name, room + 1)),
        (at, 1 + up),
        xytext=(0, 7),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=SMALL,
        fontweight="bold",
        color=INK,
        annotation_clip=False,
    )


def _draw_score(
    axes: Axes, at: int, points: SearchPoints, limits: tuple[float, float], room: int
) -> None:
    """Draw the score's axis, and at its right which scores have which colour."""
    low, high = limits
    values = score_ticks(low, high, points.measure)
    if not np.isfinite(points.score).any() and points.given_score is None:
        values = []
    heights = [(v - low) / (high - low) for v in values]
    _draw_axis(axes, at, ())
    right = at * (1 + _STRIP)
    for height, value in zip(heights, values, strict=True):
        _write_tick(axes, right, height, number(value), 4.5)
    look: LineStyle = {"marker": TICKRIGHT, "markersize": 3.0, "markeredgewidth": 0.7}
    axes.plot([right] * len(heights), heights, linestyle="none", color=MUTED, zorder=3, **look)
    if len(points.diverged):
        beyond = 1 - _DIVERGED_AT if points.lower_is_better else _DIVERGED_AT
        _write_tick(axes, right, beyond, "diverged", 2)
    _write_name(axes, at, points.measure, room, points)
    if not np.isfinite(points.score).any():
        return
    first, last = (float((v - low) / (high - low)) for v in _colour_limits(points))
    axes.fill_between([at, right], 0, 1, color=_OTHERS, linewidth=0, zorder=2.5)
    axes.imshow(
        np.linspace(0, 1, 256)[:, None],
        cmap=_line_colours(points),
        extent=(at, right, first, last),
        origin="lower",
        aspect="auto",
        zorder=2.6,
    )
