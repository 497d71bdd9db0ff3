"""The figures of a search: every kind is drawn within its edges, and no text over another."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from mlplab.errors import MlplabError
from mlplab.figures.history import FreshScore, history_figure
from mlplab.figures.parallel import parallel_figure
from mlplab.figures.search_points import SearchSetting, score_ticks, side_by_side
from mlplab.figures.slices import slices_figure

FIGURES = {"history": history_figure, "slices": slices_figure, "parallel": parallel_figure}
LOSS = "validation loss (categorical crossentropy)"
NAN = np.full(6, np.nan)
NOTE = "sobol: 81 candidates × 4 runs × 30 epochs, 27 candidates × 4 runs × 90 epochs. " * 2

TABLES = tuple(
    json.dumps({"kind": "sgd", "momentum": momentum, "nesterov": nesterov})
    for momentum in (0.0, 0.5, 0.9)
    for nesterov in (True, False)
)


def named(points, *names):
    settings = [replace(s, name=name) for s, name in zip(points.settings, names, strict=True)]
    return replace(points, settings=settings)


def with_tables(points):
    places = np.arange(len(points)) % len(TABLES) * 1.0
    return replace(points, settings=[SearchSetting("training.optimizer", places, "list", TABLES)])


CROWDED = {
    "twelve settings": lambda make: make(kinds=("log", "lin", "list") * 4),
    "two candidates": lambda make: make(2),
    "many candidates": lambda make: make(400),
    "long names": lambda make: named(
        make(),
        "training.a_very_long_name_of_a_rate_that_goes_on",
        "model.层.初始化方法初始化方法",
        "model.$x_1$ and $$",
    ),
    "tables": lambda make: with_tables(make()),
    "losses": lambda make: make(
        200,
        score=np.where(
            np.arange(200) % 9, 10 ** np.random.default_rng(3).uniform(-6, 0, 200), np.nan
        ),
        measure=LOSS,
        lower_is_better=True,
        given_score=1e-5,
    ),
    "three rounds": lambda make: make(
        40,
        score=np.where(np.arange(40) % 7, np.arange(40) + 50.0, np.nan),
        failed=np.arange(40) % 2 / 2,
        round=1 + np.arange(40) % 3,
    ),
    "one score": lambda make: make(6, score=[*NAN[:5], 80.0]),
    "equal scores": lambda make: make(6, score=np.full(6, 100.0), given_score=100.0),
    "no score": lambda make: make(6, score=NAN, given_score=None),
}


@pytest.mark.slow
@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("kind", CROWDED)
def test_texts_lie_within_the_figure_and_not_on_each_other(
    make_points, spills_of, overlaps_of, kind, figure
):
    drawn = FIGURES[figure](CROWDED[kind](make_points), title="A long title " * 12, note=NOTE)
    assert spills_of(drawn, 100) == []
    assert overlaps_of(drawn, 100) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"settings": []}, r"one setting and one candidate at least, received 0 settings and 6"),
        ({"low": np.zeros(5)}, r"6 candidates need low of that length, .* shape \(5,\)"),
        ({"failed": np.zeros((6, 1))}, r"need failed of that length, .* shape \(6, 1\)"),
        ({"winner": 6}, "winner is a candidate's place, 0 to 5, received 6"),
        ({"runner_up": -1}, "runner_up is a candidate's place, 0 to 5, received -1"),
        ({"winner": 2}, "winner is a candidate with a score, received 2, of which every run"),
    ],
)
def test_points_that_do_not_fit_are_refused(make_points, change, words):
    points = make_points(6, score=[1.0, 2, np.nan, 4, 5, 6])
    with pytest.raises(MlplabError, match=words):
        replace(points, **change)


def test_positions_of_another_length_or_outside_their_list_are_refused(make_points):
    points = make_points(6)
    with pytest.raises(MlplabError, match="need the positions of rate of that length"):
        replace(points, settings=[SearchSetting("rate", np.zeros(3))])
    with pytest.raises(MlplabError, match=r"kind: .* places in its 2 labels, received 0 to 2"):
        SearchSetting("kind", np.array([0.0, 2.0]), "list", ("a", "b"))


@pytest.mark.parametrize("lower_is_better", [False, True])
def test_candidates_are_ordered_from_the_worst(make_points, lower_is_better):
    score = np.array([3.0, np.nan, 1.0, 2.0])
    points = make_points(4, score=score, lower_is_better=lower_is_better)
    assert points.from_worst.tolist() == ([0, 3, 2] if lower_is_better else [2, 3, 0])
    assert points.diverged.tolist() == [1]


def test_ticks_of_a_logarithmic_setting_are_powers_at_their_places():
    rate = SearchSetting("rate", np.array([-3.2, -1.5, 0.0]), "log")
    major, minor = rate.ticks(12, 20)
    assert [(t.place, t.label) for t in major] == [
        (-3, "10⁻³"),
        (-2, "10⁻²"),
        (-1, "10⁻¹"),
        (0, "10⁰"),
    ]
    assert np.log10(2e-3) in minor


def test_a_setting_of_one_value_has_one_tick():
    rate = SearchSetting("rate", np.full(3, -2.0), "log")
    ((tick,), minor) = rate.ticks(12, 20)
    assert (tick.place, tick.label, minor) == (-2, "0.01", [])
    low, high = rate.limits
    assert low < -2 < high


def test_an_axis_reaches_to_the_given_value_outside_of_the_space():
    assert SearchSetting("rate", np.array([-3.0, -1.0]), "log", (), 0.5).limits == (-3, 0.5)


def test_ticks_of_accuracies_stop_at_100_per_cent_and_those_of_losses_do_not():
    assert max(score_ticks(99.5, 100.5, "accuracy (%)")) == 100
    assert max(score_ticks(90.0, 120.0, "loss")) == 120


def test_many_candidates_of_one_value_lie_evenly_beside_each_other():
    offsets = np.sort(side_by_side(1000))
    assert -0.5 <= offsets[0] < offsets[-1] <= 0.5
    assert np.diff(offsets).max() < 3 / 1000


def test_the_winner_on_fresh_seeds_far_away_is_in_sight(make_points, spills_of, overlaps_of):
    for value in (5.0, 99.0):
        figure = history_figure(make_points(), FreshScore(value, value - 1, value + 1))
        low, high = figure.axes[0].get_ylim()
        assert low <= value - 1 < value + 1 <= high
        assert spills_of(figure) == []
        assert overlaps_of(figure) == []
