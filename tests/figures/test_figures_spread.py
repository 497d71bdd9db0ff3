from __future__ import annotations

import numpy as np
import pytest

from mlplab.errors import MlplabError
from mlplab.figures import Spread, spread_figure
from mlplab.figures.spread import RUN_LABEL, swarm


def runs(figure):
    """Return the points of each row, (values, heights)."""
    (axes,) = figure.axes
    return [line.get_data() for line in axes.lines if line.get_label() == RUN_LABEL]


def marks(figure, marker):
    (axes,) = figure.axes
    return [
        (line.get_xdata()[0], line.get_ydata()[0])
        for line in axes.lines
        if line.get_marker() == marker and line.get_label() != RUN_LABEL
    ]


@pytest.mark.parametrize("count", [1, 2, 30, 100, 400])
@pytest.mark.parametrize("quantity", ["accuracy", "loss"])
def test_every_run_is_a_point_in_its_row_at_its_value(spills_of, count, quantity):
    values = np.random.default_rng(2).uniform(0.2, 0.9, size=(2, count))
    figure = spread_figure([Spread("a", values[0]), Spread("b", values[1])], quantity)
    scale = 100 if quantity == "accuracy" else 1
    for row, (x, y) in enumerate(runs(figure)):
        np.testing.assert_allclose(x, scale * values[row])
        assert (np.abs(y - row) < 0.3).all()
    assert spills_of(figure) == []


def test_published_keras_and_median_stand_apart_from_the_points(words_of):
    values = np.array([0.5, 0.6, 0.8])
    figure = spread_figure([Spread("a", values, published=0.7, keras=0.55)])
    ((_, y),) = runs(figure)
    ((published, above),) = marks(figure, "D")
    ((keras, below),) = marks(figure, "^")
    assert (published, keras) == pytest.approx((70, 55))
    assert above < y.min() - 0.3 < y.max() + 0.3 < below
    (median,) = [line for line in figure.axes[0].lines if line.get_marker() == "None"]
    assert median.get_xdata() == pytest.approx([60, 60])
    said = words_of(figure)
    assert {"median 60.00 %", "3 runs", "published", "Keras, one run", "test accuracy (%)"} <= set(
        said
    )


def test_the_legend_names_only_what_is_drawn(words_of):
    said = words_of(spread_figure([Spread("a", [0.5])]))
    assert not {"published", "Keras, one run", "median"} & set(said)
    assert {"one run", "50.00 %", "1 run"} <= set(said)


def test_runs_that_diverged_are_dropped_and_counted(words_of):
    values = [0.5, np.nan, 0.7, np.inf, 0.9]
    figure = spread_figure([Spread("a", values), Spread("b", [np.nan] * 4, published=0.6)])
    (first, _), (second, _) = runs(figure)
    np.testing.assert_allclose(first, [50, 70, 90])
    assert len(second) == 0
    said = words_of(figure)
    assert {"2 of 5 diverged", "4 of 4 diverged", "median 70.00 %"} <= set(said)


@pytest.mark.parametrize(
    ("groups", "quantity"),
    [
        ([Spread("a", np.ones(100), 1.0, 1.0)], "accuracy"),
        ([Spread("a", np.zeros(100))], "accuracy"),
        ([Spread("a", np.full(100, 0.5))], "accuracy"),
        ([Spread("a", np.full(100, 0.0389))], "loss"),
        ([Spread("a", np.zeros(3))], "loss"),
        ([Spread("a", [np.nan])], "accuracy"),
        ([Spread("a", [])], "loss"),
    ],
)
def test_equal_values_and_none_at_all_have_an_axis(spills_of, groups, quantity):
    figure = spread_figure(groups, quantity)
    low, high = figure.axes[0].get_xlim()
    assert low < high
    figure.draw_without_rendering()
    ticks = [t for t in figure.axes[0].get_xticks() if low <= t <= high]
    assert len(ticks) >= 2
    if quantity == "accuracy":
        assert 0 <= min(ticks) < max(ticks) < 100 + 1e-9
    assert spills_of(figure) == []


def test_equal_values_lie_side_by_side_within_their_row():
    few, many = swarm(np.full(4, 0.5), 0.01), swarm(np.full(300, 0.5), 0.01)
    assert len(np.unique(few)) == 4
    assert len(np.unique(many.round(9))) == 300
    assert np.abs(many).max() == pytest.approx(0.27)
    for offsets in (few, many):
        assert offsets.mean() == pytest.approx(0)


def test_lone_values_stay_in_the_middle_of_their_row():
    assert swarm(np.array([0.1, 0.5, 0.9]), 0.01).tolist() == [0, 0, 0]


def test_long_names_are_broken_not_cut(words_of, spills_of):
    figure = spread_figure([Spread("a name that is quite a bit longer than others", [0.1, 0.2])])
    assert "a name that is quite a\nbit longer than others" in words_of(figure)
    assert spills_of(figure) == []


def test_the_first_group_is_on_top():
    (axes,) = spread_figure([Spread("a", [0.1]), Spread("b", [0.2])]).axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a", "b"]
    assert axes.yaxis_inverted()


def test_losses_are_named(words_of):
    figure = spread_figure([Spread("a", [0.1])], "loss", loss_name="categorical_crossentropy")
    assert "test loss (categorical crossentropy)" in words_of(figure)


def test_no_group_is_refused():
    with pytest.raises(MlplabError, match="one group at least"):
        spread_figure([])
