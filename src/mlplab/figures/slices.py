"""Slices of a search: the score against each setting, in a panel of its own."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mlplab.figures.foot import LINE, add_foot, foot_height
from mlplab.figures.names import broken, columns
from mlplab.figures.plane import LegendEntry
from mlplab.figures.score_axis import ScoreAxis
from mlplab.figures.search_points import (
    GIVEN_LABEL,
    RUNNER_UP_LABEL,
    WINNER_LABEL,
    SearchPoints,
    SearchSetting,
    side_by_side,
)
from mlplab.figures.style import (
    BEST_MARK,
    GIVEN_MARK,
    WIDTH,
    LineStyle,
    slant_labels,
    style,
    style_ticks,
    wrapped,
)

CANDIDATE_LABEL = "a candidate"
SOME_FAILED_LABEL = "some of its runs failed"

_COLUMNS, _FEWER_COLUMNS = 4, 3
_PANEL, _ONLY_PANEL, _SLANTED = 1.75, 2.15, 0.42  # inches
_LABELS, _FEW_LABELS, _LONGEST = 7, 5, 12
_CHARACTER = 5.0  # points that a column of small type takes, about
_NAME_CHARACTER = 7.3  # of a name, with what slanted labels take from the panels' width
_LINE_OF_NAME = 16, 25  # columns of type along the height of a panel in rows, of an only one
_BESIDE = 0.75  # inches, of the score's axis
_JITTER = 0.6  # of the room of a list's value
_MANY = 300

_RUN: LineStyle = {"color": "#0072B2", "marker": "o", "linestyle": "none", "markeredgewidth": 0}
_FAILED: LineStyle = {"color": "none", "marker": "o", "linestyle": "none"}
_FAILED |= {"markeredgecolor": "#C97B00", "markeredgewidth": 0.8}
_RUNNER_UP: LineStyle = BEST_MARK | {"markersize": 7, "color": "#B9BEC4"}


def slices_figure(points: SearchPoints, title: str | None = None, note: str = "") -> Figure:
    """Draw the score of each candidate against each setting, up to four panels in a row.

    Where one of them has many labels, they are up to three. All panels have one axis of scores.
    Candidates of which every run diverged are crosses beyond it, and scores that it does not reach are
    arrows at its end. Equal values of a list are set apart evenly.

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
    >>> (axes,) = slices_figure(points).axes
    >>> axes.get_xlabel(), [tick.get_text() for tick in axes.get_xticklabels()]
    ('learning_rate', ['10⁻²', '10⁻¹'])
    """
    with style():
        title = wrapped(title, WIDTH) if title else ""
        has_long_list = any(len(setting.labels) > _FEW_LABELS for setting in points.settings)
        rows = -(-len(points.settings) // (_FEWER_COLUMNS if has_long_list else _COLUMNS))
        across = -(-len(points.settings) // rows)
        figure = Figure(figsize=(WIDTH, _PANEL), layout="constrained")
        if title:
            figure.suptitle(title, x=0.01, ha="left")
        given = float("nan") if points.given_score is None else points.given_score
        axis = ScoreAxis(points, given)
        width = 72 * (WIDTH - _BESIDE) / across
        room = int(width / _CHARACTER)
        grid = figure.add_gridspec(rows, across)
        slanted = set()
        for k, (setting, name) in enumerate(zip(points.settings, points.names, strict=True)):
            row, column = divmod(k, across)
            axes = figure.add_subplot(grid[row, column])
            _draw_panel(axes, points, setting, axis)
            axes.set_xlabel("\n".join(broken(name, int(width / _NAME_CHARACTER))))
            if _set_ticks(axes, setting, room):
                slanted.add(row)
            axis.dress(axes, _LINE_OF_NAME[rows == 1], is_first=column == 0)
        legend = _legend(points, axis)
        above = LINE * (1 + len(title.splitlines()))
        foot = foot_height(WIDTH, legend, note)
        figure.set_figheight(
            (rows * _PANEL if rows > 1 else _ONLY_PANEL) + len(slanted) * _SLANTED + above + foot
        )
        add_foot(figure, legend, note)
    return figure


def _draw_panel(axes: Axes, points: SearchPoints, setting: SearchSetting, axis: ScoreAxis) -> None:
    # Candidates of a list's value stand side by side, those with a mark of their own on the value.
    beside = side_by_side(len(points)) * _JITTER * (setting.scale == "list")
    beside[[place for place in (points.winner, points.runner_up) if place is not None]] = 0.0
    x = setting.positions + beside
    is_many = len(points) > _MANY
    size = float(np.clip(30 / np.sqrt(len(points)), 1.4, 3.6))
    shown = axis.shown
    some = shown & (points.failed > 0)
    paleness = float(np.clip(9 / np.sqrt(len(points)), 0.2, 0.75))
    look: LineStyle = {"markersize": size, "zorder": 2, "rasterized": is_many}
    thin: LineStyle = {"markeredgewidth": min(0.8, 0.3 * size)}
    axes.plot(
        x[shown & ~some],
        points.score[shown & ~some],
        label=CANDIDATE_LABEL,
        alpha=paleness,
        **(_RUN | look),
    )
    axes.plot(
        x[some],
        points.score[some],
        label=SOME_FAILED_LABEL,
        alpha=min(1.0, 1.5 * paleness),
        **(_FAILED | thin | look),
    )
    axis.draw_beyond(axes, x, is_many)
    for place, label, mark, order in (
        (points.runner_up, RUNNER_UP_LABEL, _RUNNER_UP, 5),
        (points.winner, WINNER_LABEL, BEST_MARK, 6),
    ):
        if place is not None:
            at = [x[place]], [axis.place(float(points.score[place]))]
            axes.plot(*at, label=label, zorder=order, clip_on=False, **mark)
    if points.given_score is not None:
        at = [setting.given], [axis.place(points.given_score)]
        axes.plot(*at, label=GIVEN_LABEL, zorder=4, clip_on=False, **GIVEN_MARK)
    low, high = setting.limits
    pad = 0.0 if setting.scale == "list" else 0.05 * (high - low)
    axes.set_xlim(low - pad, high + pad)


def _set_ticks(axes: Axes, setting: SearchSetting, room: int) -> bool:
    """Set a setting's ticks, and tell whether their labels are slanted."""
    major, minor = setting.ticks(_LABELS, _LONGEST)
    if setting.scale != "list":
        # Narrow panels have room for every second or third label only.
        step = -(-sum(2 + columns(tick.label) for tick in major) // room)
        minor = sorted([*minor, *(tick.place for i, tick in enumerate(major) if i % step)])
        major = major[::step]
    axes.set_xticks([tick.place for tick in major], [tick.label for tick in major])
    axes.set_xticks(minor, minor=True)
    style_ticks(axes)
    if len(major) * (1 + max((columns(tick.label) for tick in major), default=0)) <= room:
        return False
    slant_labels(axes)
    return True


def _legend(points: SearchPoints, axis: ScoreAxis) -> list[LegendEntry]:
    entries: list[LegendEntry] = []
    if points.winner is not None:
        entries.append((Line2D([], [], **BEST_MARK), WINNER_LABEL))
    if points.runner_up is not None:
        entries.append((Line2D([], [], **_RUNNER_UP), RUNNER_UP_LABEL))
    if points.given_score is not None:
        entries.append((Line2D([], [], **GIVEN_MARK), GIVEN_LABEL))
    if axis.shown.any():
        entries.append((Line2D([], [], markersize=3.6, **_RUN), CANDIDATE_LABEL))
    if (axis.shown & (points.failed > 0)).any():
        entries.append((Line2D([], [], markersize=3.6, **_FAILED), SOME_FAILED_LABEL))
    return entries + axis.legend()
