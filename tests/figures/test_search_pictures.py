"""The pictures of a search show what it found."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mlplab.figures.search_points import DIVERGED_LABEL
from mlplab.spec import Experiment
from mlplab.sweep import SearchPlan, Space, TrainedSearch, search_figures, train_search
from mlplab.sweep.search_figures import importance_picture, search_pictures, search_points

BASE = Experiment(
    dataset={"kind": "linear", "train_per_class": 12, "test_per_class": 12, "sigma": 0.15},
    training={"epochs": 3, "batch_size": 8},
)
RATE = "training.optimizer.learning_rate"
SPACE = Space.from_table({RATE: "log:0.001:3", "training.batch_size": [4, 8, 24]}, BASE)


@pytest.fixture(scope="module")
def found() -> TrainedSearch:
    return train_search(SearchPlan.of(BASE, SPACE, candidates=12, replications=4, final=8))


def test_points_of_a_search_are_its_candidates(found):
    points = search_points(found)
    by_name = {setting.name: setting for setting in points.settings}
    rate, size = by_name[RATE], by_name["training.batch_size"]
    wanted = [math.log10(changes[RATE]) for changes in found.changes]
    np.testing.assert_allclose(rate.positions, wanted)
    assert [size.labels[int(place)] for place in size.positions] == [
        str(changes["training.batch_size"]) for changes in found.changes
    ]
    assert size.labels[int(size.given)] == "8"
    assert 10**rate.given == pytest.approx(BASE.training.optimizer.learning_rate)
    np.testing.assert_allclose(points.score, 100 * found.column("mean"))
    assert points.winner == found.ranking[0] == points.score.argmax()
    assert points.runner_up == found.ranking[1]
    assert points.measure == "validation accuracy (%)"


def test_all_pictures_are_drawn(found):
    pictures = search_pictures(found)
    assert {"history", "slices", "parallel"} <= set(pictures) <= {*pictures, "optimism"}
    for figure in pictures.values():
        figure.draw_without_rendering()


def test_a_search_in_which_every_run_diverged_has_no_winner_in_its_pictures(found, monkeypatch):
    column = TrainedSearch.column
    monkeypatch.setattr(
        TrainedSearch,
        "column",
        lambda self, of: column(self, of) * (1.0 if of == "failed" else np.nan),
    )
    points = search_points(found)
    assert (points.winner, points.runner_up) == (None, None)
    (axes,) = search_pictures(found)["history"].axes
    assert DIVERGED_LABEL in [line.get_label() for line in axes.lines]


def test_importances_are_drawn_where_there_are_any(found, monkeypatch):
    monkeypatch.setattr(search_figures, "importances", lambda _: {})
    assert importance_picture(found) == {}
    monkeypatch.setattr(search_figures, "importances", lambda _: {RATE: 0.75, "training.x": 0.25})
    (axes,) = importance_picture(found)["importance"].axes
    assert [bar.get_width() for bar in axes.patches] == [75, 25]
