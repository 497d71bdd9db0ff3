"""The history of a search: each candidate's score in the order trained, and the best so far."""

from __future__ import annotations

from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from mlplab.figures.direct_labels import DirectLabel, write_beside
from mlplab.figures.foot import LINE, add_foot, foot_height
from mlplab.figures.plane import LegendEntry
from mlplab.figures.score_axis import ScoreAxis
from mlplab.figures.search_points import GIVEN_LABEL, WINNER_LABEL, SearchPoints
from mlplab.figures.style import (
    BEST_MARK,
    GIVEN_MARK,
    INK,
    MUTED,
    WIDTH,
    Colour,
    LineStyle,
    style,
    tint,
    wrapped,
)
from mlplab.run import Float64

CANDIDATE_LABEL = "a candidate"
BEST_SO_FAR_LABEL = "best so far"
BEST_OF_LAST_LABEL = "best so far in the last round"
FRESH_LABEL = "winner on fresh seeds"
INTERVAL_LABEL = "its interval"

_HEIGHT = 2.6  # inches
_LINE_OF_NAME = 28  # columns of type along the panel's height
_MANY = 300
_WITH_INTERVALS = 60
_PALEST_ROUND = 0.82

_STEP: LineStyle = {"color": INK, "linewidth": 1.2, "drawstyle": "steps-post"}
_DOT: LineStyle = {"marker": "o", "linestyle": "none", "markeredgewidth": 0}
_GIVEN_LINE: LineStyle = {"color": "#C97B00", "linewidth": 1.0, "linestyle": (0, (4.0, 1.8))}
_FRESH = "#009E73"
_BAND = 0.22


@dataclass(frozen=True)
class FreshScore:
    """The winner's score on seeds that the search never saw.

    Attributes
    ----------
    value : float
        In the unit of the search's scores.
    low, high : float
        The interval of it; not finite where there is none.
    """

    value: float
    low: float = float("nan")
    high: float = float("nan")


def history_figure(
    points: SearchPoints,
    fresh: FreshScore | None = None,
    title: str | None = None,
    note: str = "",
) -> Figure:
    r"""Draw each candidate's score by its number, the best so far, and the winner on fresh seeds.

    With rounds of successive halving, candidates have the colour of the round that they reached, and the
    best so far is that of the candidates of the last round, which were trained alike. Of sixty candidates
    or fewer, each has its interval. The band of the fresh seeds and the numbers beside it show by how
    much the search flattered its winner.

    Parameters
    ----------
    points : SearchPoints
    fresh : FreshScore, optional
    title : str, optional
        Above the panel.
    note : str
        In small type at the foot.

    Examples
    --------
    >>> from mlplab.figures.search_points import SearchSetting
    >>> rate = SearchSetting("training.optimizer.learning_rate", np.array([-2.0, -1.0, 0.0]), "log")
    >>> some, none, rounds = np.array([81.0, 93.0, 79.0]), np.zeros(3), np.ones(3, np.int64)
    >>> points = SearchPoints([rate], some, some, some, none, rounds, "accuracy (%)", winner=1)
    >>> (axes,) = history_figure(points, FreshScore(91.5, 90.0, 93.0)).axes
    >>> [text.get_text() for text in axes.texts]
    ['in the search 93.00 %', 'on fresh seeds 91.50 %\n90.00 % to 93.00 %', 'flattered by 1.50 points']
    """
    with style():
        title = wrapped(title, WIDTH) if title else ""
        figure = Figure(figsize=(WIDTH, _HEIGHT), layout="constrained")
        if title:
            figure.suptitle(title, x=0.01, ha="left")
        axes = figure.add_subplot()
        given = float("nan") if points.given_score is None else points.given_score
        more = [] if fresh is None else [fresh.value, fresh.low, fresh.high]
        axis = ScoreAxis(points, given, *more)
        legend = _draw_candidates(axes, points, axis)
        legend += _draw_lines(axes, points, axis, fresh)
        axis.dress(axes, _LINE_OF_NAME)
        axes.set_xlabel("candidate, in the order trained")
        margin = max(0.02 * (len(points) - 1), 0.5)
        axes.set_xlim(1 - margin, len(points) + margin)
        locator = MaxNLocator(nbins=8, integer=True, steps=[1, 2, 5, 10])
        places = [int(v) for v in locator.tick_values(1, len(points)) if 1 <= v <= len(points)]
        axes.set_xticks(places, [f"{place:,}" for place in places])
        legend += axis.legend()
        above = LINE * (1 + len(title.splitlines()))
        figure.set_figheight(_HEIGHT + above + foot_height(WIDTH, legend, note))
        add_foot(figure, legend, note)
        write_beside(figure, axes, _labels(points, axis, fresh))
    return figure


def best_so_far(points: SearchPoints) -> Float64:
    """Return the best score up to each candidate, of those of the last round; NaN before the first.

    Returns
    -------
    ndarray of float64, shape (candidates,)
    """
    score = np.where(points.round == points.round.max(), points.score, np.nan)
    best = np.fmin if points.lower_is_better else np.fmax
    running: Float64 = best.accumulate(score)
    return running


def _draw_candidates(axes: Axes, points: SearchPoints, axis: ScoreAxis) -> list[LegendEntry]:
    number = np.arange(1.0, len(points) + 1)
    is_many = len(points) > _MANY
    size = float(np.clip(30 / np.sqrt(len(points)), 1.6, 3.8))
    paleness = float(np.clip(14 / np.sqrt(len(points)), 0.35, 0.9))
    rounds = np.unique(points.round)
    entries: list[LegendEntry] = []
    if len(points) <= _WITH_INTERVALS:
        _draw_intervals(axes, points, axis.shown)
    for k, one in enumerate(rounds):
        members = axis.shown & (points.round == one)
        shade = _round_colour(k, len(rounds))
        label = f"reached round {one}" if len(rounds) > 1 else CANDIDATE_LABEL
        # The fewer reach a round, the larger is their mark.
        look: LineStyle = {"color": shade, "markersize": size + 0.5 * k}
        axes.plot(
            number[members],
            points.score[members],
            label=label,
            alpha=paleness if k == 0 else 1.0,
            zorder=2 + 0.01 * k,
            rasterized=is_many,
            **_DOT,
            **look,
        )
        if members.any():
            entries.append((Line2D([], [], **_DOT, color=shade, markersize=3.8), label))
    axis.draw_beyond(axes, number, is_many)
    return entries


def _draw_intervals(axes: Axes, points: SearchPoints, shown: NDArray[np.bool_]) -> None:
    known = np.flatnonzero(shown & np.isfinite(points.low) & np.isfinite(points.high))
    axes.vlines(
        known + 1.0, points.low[known], points.high[known], color=MUTED, linewidth=0.6, alpha=0.6
    )


def _draw_lines(
    axes: Axes, points: SearchPoints, axis: ScoreAxis, fresh: FreshScore | None
) -> list[LegendEntry]:
    entries: list[LegendEntry] = []
    best = best_so_far(points)
    if np.isfinite(best).any():
        has_rounds = len(np.unique(points.round)) > 1
        label = BEST_OF_LAST_LABEL if has_rounds else BEST_SO_FAR_LABEL
        at = np.arange(1, len(points) + 1)
        axes.plot(at, np.clip(best, axis.low, axis.high), label=label, zorder=3, **_STEP)
        entries.append((Line2D([], [], color=INK, linewidth=1.2), label))
    if points.winner is not None:
        place = axis.place(float(points.score[points.winner]))
        at_winner = [points.winner + 1], [place]
        axes.plot(*at_winner, label=WINNER_LABEL, zorder=6, clip_on=False, **BEST_MARK)
        entries.insert(0, (Line2D([], [], **BEST_MARK), WINNER_LABEL))
    if points.given_score is not None:
        height = axis.place(points.given_score)
        axes.axhline(height, label=GIVEN_LABEL, zorder=2.5, **_GIVEN_LINE)
        axes.plot([1], [height], transform=axes.get_yaxis_transform(), clip_on=False, **GIVEN_MARK)
        mark = {key: GIVEN_MARK[key] for key in ("marker", "markeredgecolor", "markersize")}
        face: LineStyle = {"markerfacecolor": GIVEN_MARK["color"]}
        entries.append((Line2D([], [], **_GIVEN_LINE, **mark, **face), GIVEN_LABEL))
    if fresh is not None:
        axes.axhline(fresh.value, color=_FRESH, linewidth=1.3, label=FRESH_LABEL, zorder=2.8)
        entries.append((Line2D([], [], color=_FRESH, linewidth=1.3), FRESH_LABEL))
        if np.isfinite([fresh.low, fresh.high]).all():
            band = tint(_FRESH, _BAND)
            axes.axhspan(fresh.low, fresh.high, color=band, linewidth=0, zorder=0.5)
            entries.append((Patch(facecolor=band), INTERVAL_LABEL))
    return entries


def _labels(points: SearchPoints, axis: ScoreAxis, fresh: FreshScore | None) -> list[DirectLabel]:
    labels = []
    if points.winner is not None:
        score = float(points.score[points.winner])
        labels.append(DirectLabel(axis.place(score), f"in the search {points.write(score)}", INK))
    if fresh is not None:
        text = f"on fresh seeds {points.write(fresh.value)}"
        if np.isfinite([fresh.low, fresh.high]).all():
            text += f"\n{points.write(fresh.low)} to {points.write(fresh.high)}"
        labels.append(DirectLabel(fresh.value, text, "#00704F"))
    if points.winner is not None and fresh is not None:
        gain = fresh.value - score if points.lower_is_better else score - fresh.value
        word = "flattered" if gain >= 0 else "understated"
        unit = " points" if "%" in points.measure else ""
        text = f"{word} by {points.write(abs(gain)).removesuffix(' %')}{unit}"
        # It stands last, below both numbers.
        labels.append(DirectLabel(min(fresh.value, score) - 1e-9, text, MUTED))
    if points.given_score is not None:
        text = f"given setting {points.write(points.given_score)}"
        labels.append(DirectLabel(axis.place(points.given_score), text, "#8A5500"))
    return labels


def _round_colour(k: int, rounds: int) -> Colour:
    """Return the colour of the k-th round: one blue, or pale to dark."""
    if rounds == 1:
        return "#0072B2"
    share = 1 - k / (rounds - 1)
    red, green, blue, _ = mpl.colormaps["viridis"](_PALEST_ROUND * share)
    return red, green, blue
