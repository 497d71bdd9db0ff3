"""The figures of a search: marks, lines and labels stand where the candidates are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.collections import LineCollection

from mlplab.figures.direct_labels import apart
from mlplab.figures.history import (
    BEST_OF_LAST_LABEL,
    BEST_SO_FAR_LABEL,
    CANDIDATE_LABEL,
    FRESH_LABEL,
    FreshScore,
    best_so_far,
    history_figure,
)
from mlplab.figures.names import broken, columns, short_labels, short_names
from mlplab.figures.parallel import coloured, parallel_figure
from mlplab.figures.score_axis import CUT_OFF_LABEL
from mlplab.figures.search_points import (
    DIVERGED_LABEL,
    GIVEN_LABEL,
    RUNNER_UP_LABEL,
    WINNER_LABEL,
)
from mlplab.figures.slices import SOME_FAILED_LABEL, slices_figure


def places(axes, label):
    """Return the points of the lines of a label, shape (points, 2)."""
    return np.concatenate(
        [np.empty((0, 2)), *(n.get_xydata() for n in axes.lines if n.get_label() == label)]
    )


def legend_of(figure):
    return [text.get_text() for legend in figure.legends for text in legend.get_texts()]


def segments(axes):
    """Return the lines of a panel of parallel coordinates, first drawn first."""
    collections = [each for each in axes.collections if isinstance(each, LineCollection)]
    return [np.asarray(each.get_segments()) for each in collections]


@pytest.mark.parametrize("lower_is_better", [False, True])
def test_the_step_line_of_the_history_is_the_best_so_far(make_points, lower_is_better):
    score = [80.0, np.nan, 78.0, 85.0, 82.0]
    points = make_points(5, score=score, lower_is_better=lower_is_better)
    wanted = [80, 80, 78, 78, 78] if lower_is_better else [80, 80, 80, 85, 85]
    (axes,) = history_figure(points).axes
    np.testing.assert_array_equal(
        places(axes, BEST_SO_FAR_LABEL), np.stack([np.arange(1, 6), wanted], axis=1)
    )
    assert places(axes, WINNER_LABEL).tolist() == [[3, 78] if lower_is_better else [4, 85]]
    assert places(axes, GIVEN_LABEL)[:, 1].tolist() == [75, 75]


def test_the_best_so_far_is_of_the_last_round(make_points):
    rounds = np.array([1, 3, 2, 3, 1, 3])
    points = make_points(6, score=[99.0, 80, 98, 78, 97, 81], round=rounds, winner=5)
    np.testing.assert_array_equal(best_so_far(points), [np.nan, 80, 80, 80, 80, 81])
    figure = history_figure(points)
    (axes,) = figure.axes
    assert len(places(axes, BEST_OF_LAST_LABEL)) == 6
    for number, members in ((1, [1, 5]), (2, [3]), (3, [2, 4, 6])):
        assert places(axes, f"reached round {number}")[:, 0].tolist() == members
    assert places(axes, WINNER_LABEL).tolist() == [[6, 81]]


def test_candidates_of_the_history_are_numbered_from_1(make_points):
    points = make_points(40)
    (axes,) = history_figure(points).axes
    np.testing.assert_array_equal(
        places(axes, CANDIDATE_LABEL), np.stack([np.arange(1, 41), points.score], axis=1)
    )
    assert min(axes.get_xticks()) >= 1


def test_candidates_that_diverged_stand_beyond_the_worse_end(make_points):
    score = [80.0, np.nan, 78.0, np.nan]
    for lower_is_better in (False, True):
        figure = history_figure(make_points(4, score=score, lower_is_better=lower_is_better))
        (axes,) = figure.axes
        crosses = places(axes, DIVERGED_LABEL)
        assert crosses[:, 0].tolist() == [2, 4]
        low, high = axes.get_ylim()
        beyond = (crosses[:, 1] > 80) if lower_is_better else (crosses[:, 1] < 75)
        assert (beyond & (low < crosses[:, 1]) & (crosses[:, 1] < high)).all()
        assert DIVERGED_LABEL in legend_of(figure)


def test_the_history_says_by_how_much_the_search_flattered(make_points, words_of):
    points = make_points(3, score=[80.0, 90.0, 70.0])
    figure = history_figure(points, FreshScore(88.5))
    assert places(figure.axes[0], FRESH_LABEL)[:, 1].tolist() == [88.5, 88.5]
    assert {"in the search 90.00 %", "on fresh seeds 88.50 %", "flattered by 1.50 points"} <= set(
        words_of(figure)
    )
    assert "understated by 2.00 points" in words_of(history_figure(points, FreshScore(92.0)))
    losses = replace(points, measure="loss", lower_is_better=True, winner=2)
    assert "flattered by 5" in words_of(history_figure(losses, FreshScore(75.0)))


def test_marks_of_the_slices_stand_at_their_settings(make_points):
    points = make_points(kinds=("log", "lin"))
    figure = slices_figure(points)
    for axes, setting in zip(figure.axes, points.settings, strict=True):
        for label, place in ((WINNER_LABEL, points.winner), (RUNNER_UP_LABEL, points.runner_up)):
            wanted = [[setting.positions[place], points.score[place]]]
            assert places(axes, label).tolist() == wanted
        assert places(axes, GIVEN_LABEL).tolist() == [[setting.given, 75]]
        np.testing.assert_array_equal(
            places(axes, CANDIDATE_LABEL), np.stack([setting.positions, points.score], axis=1)
        )


def test_values_of_a_list_stay_in_their_room_of_a_slice(make_points):
    points = make_points(200, kinds=("list",))
    (axes,) = slices_figure(points).axes
    apart_from = places(axes, CANDIDATE_LABEL)[:, 0] - points.settings[0].positions
    assert np.abs(apart_from).max() <= 0.3
    assert [label.get_text() for label in axes.get_xticklabels()] == ["relu", "tanh", "sigmoid"]


def test_slices_mark_candidates_some_of_whose_runs_failed(make_points):
    points = make_points(4, ("lin",), failed=np.array([0.0, 0.5, 0.0, 0.25]))
    figure = slices_figure(points)
    some = places(figure.axes[0], SOME_FAILED_LABEL)
    assert some[:, 1].tolist() == points.score[[1, 3]].tolist()
    assert SOME_FAILED_LABEL in legend_of(figure)


def test_scores_far_off_are_arrows_at_the_end_of_the_axis(make_points):
    losses = np.append(np.linspace(0.1, 0.5, 60), [1e6, 1e9])
    points = make_points(62, ("lin",), losses, lower_is_better=True, given_score=0.3)
    (axes,) = slices_figure(points).axes
    arrows = places(axes, CUT_OFF_LABEL)
    np.testing.assert_array_equal(arrows[-2:, 0], points.settings[0].positions[-2:])
    assert (arrows[:, 1] < 1).all()
    assert axes.get_ylim()[1] < 1


def test_the_legend_names_only_what_is_drawn(make_points):
    none = {"score": np.full(4, np.nan), "given_score": None}
    for draw in (history_figure, slices_figure):
        assert legend_of(draw(make_points(4, **none))) == [DIVERGED_LABEL]
    assert legend_of(parallel_figure(make_points(4, **none))) == [GIVEN_LABEL, DIVERGED_LABEL]
    assert legend_of(parallel_figure(make_points(2, given_score=None))) == [
        WINNER_LABEL,
        RUNNER_UP_LABEL,
        GIVEN_LABEL,
    ]


def test_lines_of_the_parallel_coordinates_pass_through_the_values(make_points):
    points = make_points(kinds=("log", "lin"))
    (axes,) = parallel_figure(points).axes
    rate, momentum = points.settings
    low, high = points.score_limits(75.0)

    def heights(k):
        return [
            (rate.positions[k] - rate.limits[0]) / np.subtract(*rate.limits[::-1]),
            (momentum.positions[k] - momentum.limits[0]) / np.subtract(*momentum.limits[::-1]),
            (points.score[k] - low) / (high - low),
        ]

    assert places(axes, WINNER_LABEL)[:, 1] == pytest.approx(heights(points.winner))
    assert places(axes, RUNNER_UP_LABEL)[:, 1] == pytest.approx(heights(points.runner_up))
    (lines,) = segments(axes)
    rest = [k for k in points.from_worst if k not in (points.winner, points.runner_up)]
    np.testing.assert_allclose(lines[:, :, 1], [heights(k) for k in rest])
    given = places(axes, GIVEN_LABEL)[:, 1]
    assert given[0] == pytest.approx((-2 - rate.limits[0]) / np.subtract(*rate.limits[::-1]))
    assert given[-1] == pytest.approx((75 - low) / (high - low))


@pytest.mark.parametrize("lower_is_better", [False, True])
def test_the_worst_candidates_are_drawn_first(make_points, lower_is_better):
    points = make_points(300, ("log",), lower_is_better=lower_is_better, winner=None)
    points = replace(points, runner_up=None)
    (axes,) = parallel_figure(points).axes
    dim, best = segments(axes)
    assert len(dim) == 200
    ends = best[:, -1, 1]
    better = np.diff(ends) <= 0 if lower_is_better else np.diff(ends) >= 0
    assert better.all()
    assert (dim[:, -1, 1].min() >= ends.max()) if lower_is_better else (dim.max() >= ends.min())
    assert len(coloured(points)) == 100
    assert len(coloured(make_points(3000))) == 150


def test_lines_of_candidates_that_diverged_end_beyond_the_score(make_points):
    points = make_points(4, ("lin",), [80.0, np.nan, 78.0, np.nan])
    (axes,) = parallel_figure(points).axes
    diverged = segments(axes)[0]
    assert len(diverged) == 2
    assert (diverged[:, -1, 1] < 0).all()
    assert "diverged" in [text.get_text() for text in axes.texts]


def test_many_settings_stand_in_panels_one_below_the_other(make_points):
    figure = parallel_figure(make_points(kinds=("log", "lin", "list") * 4))
    assert len(figure.axes) == 2
    assert len(slices_figure(make_points(kinds=("log",) * 9)).axes) == 9


def test_labels_beside_an_axis_stand_apart_and_in_order():
    middles = apart([0.5, 0.52, 0.49, 0.1], [0.1, 0.2, 0.1, 0.1])
    assert middles[3] == pytest.approx(0.1)
    assert middles[2] + 0.05 <= middles[0] - 0.05 + 1e-9
    assert middles[0] + 0.05 <= middles[1] - 0.1 + 1e-9


def test_names_are_short_and_different():
    assert short_names(["a.b.kind", "a.c.kind", "a.rate"]) == ["b.kind", "c.kind", "rate"]
    labels = short_labels([f"{'x' * 30}{k}{'y' * 30}" for k in range(12)], 14)
    assert len(set(labels)) == 12
    assert max(map(columns, labels)) <= 14


@pytest.mark.parametrize("name", ["learning_rate", "猫" * 20, "a" * 50, "loss (%)", ""])
def test_broken_names_have_all_their_characters_in_lines_that_fit(name):
    lines = broken(name, 12)
    assert max(map(columns, lines)) <= 12
    assert "".join(lines).replace(" ", "") == "".join(broken(name, 999)).replace(" ", "")
