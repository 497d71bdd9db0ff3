"""A cell of a map says what `train` says of a few runs of its set-up, or why it says nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mlplab.errors import MlplabError
from mlplab.playground.session.presets import PRESETS
from mlplab.playground.studies import accuracy_map
from mlplab.playground.studies.accuracy_map import AccuracyMap
from mlplab.playground.studies.hyperparameters import with_value
from mlplab.playground.studies.study import PART, Study
from mlplab.spec import Experiment
from mlplab.training import train

DrawMap = Callable[..., AccuracyMap]
Finish = Callable[[Study], int]

RATE = "training.optimizer.learning_rate"


def test_a_cell_holds_the_median_of_the_runs_of_train(
    draw_map: DrawMap, finish: Finish, small: Experiment
):
    drawn = draw_map()
    assert drawn.across.values == (2, 8, 32)
    parts = finish(drawn)
    said = drawn.summary(small)
    assert parts == said["done"] == said["total"] == 15
    for row, column in [(0, 0), (2, 1), (4, 2)]:
        experiment = drawn.experiment_at(row, column)
        assert experiment.training.batch_size == drawn.across.values[column]
        assert experiment.training.optimizer.learning_rate == drawn.up.values[row]
        runs = train(experiment, PART, seed=6)
        cell = said["cells"][row * 3 + column]
        assert (cell["runs"], cell["stuck"]) == (PART, (runs.ending == "stuck").sum())
        assert cell["median"] == np.median(runs.test_accuracy)
        assert (cell["min"], cell["max"]) == (runs.test_accuracy.min(), runs.test_accuracy.max())
        assert cell["present"] == (experiment == small)
    assert [cell["present"] for cell in said["cells"]].count(True) == 1


def test_cells_come_from_the_middle_outwards_and_end_when_they_are_told(
    draw_map: DrawMap, small: Experiment
):
    drawn = draw_map(across="training.epochs")
    trained: list[int] = []
    for _ in range(9):
        drawn.work()
        cells = drawn.summary(small)["cells"]
        trained += [place for place, c in enumerate(cells) if "runs" in c and place not in trained]
    rows, columns = len(drawn.up.values), len(drawn.across.values)
    home = (drawn.up.values.index(0.5), drawn.across.values.index(2))
    distances = [
        np.hypot(p // columns - home[0], p % columns - home[1]) for p in range(rows * columns)
    ]
    assert [distances[place] for place in trained] == sorted(distances)[:9]
    drawn.end()
    drawn.work()
    assert drawn.done == 9
    assert not drawn.under_way


def test_a_cell_in_which_most_runs_diverge_has_no_median(
    draw_map: DrawMap, finish: Finish, wild: Experiment
):
    drawn = draw_map(wild, across="network.layer_width")
    finish(drawn)
    cells = drawn.summary(wild)["cells"]
    columns = len(drawn.across.values)
    for place, cell in enumerate(cells):
        runs = train(drawn.experiment_at(*divmod(place, columns)), PART, seed=6)
        assert cell["diverged"] == (runs.ending == "diverged").sum()
        assert ("median" in cell) == (cell["diverged"] <= PART / 2)
    some = [cell["diverged"] for cell in cells if 0 < cell["diverged"] < PART]
    assert min(some) < PART / 2 < max(some)


def test_a_cell_that_is_too_large_is_empty_and_says_why(draw_map: DrawMap, small: Experiment):
    wide = with_value(with_value(small, "network.layer_width", 64), "network.hidden_layers", 6)
    drawn = draw_map(wide, across="network.layer_width", up="network.hidden_layers")
    said = drawn.summary(wide)
    corner = said["cells"][-1]
    assert "at most 100,000 weights" in corner["why"]
    assert (len(said["cells"]), said["total"]) == (25, 24)
    with pytest.raises(MlplabError, match="at most 100,000 weights"):
        drawn.experiment_at(4, 4)


def test_what_cannot_be_trained_says_why_and_the_others_go_on(
    draw_map: DrawMap, finish: Finish, small: Experiment, monkeypatch: pytest.MonkeyPatch
):
    drawn = draw_map()
    usual = accuracy_map.Sample.train

    def refuse(sample: Any, runs: int) -> None:
        if sample.experiment.training.batch_size == 8:
            raise MlplabError("this does not fit into memory")
        usual(sample, runs)

    monkeypatch.setattr(accuracy_map.Sample, "train", refuse)
    finish(drawn)
    cells = drawn.summary(small)["cells"]
    assert [cell.get("why") for cell in cells] == [None, "this does not fit into memory", None] * 5


def test_a_map_is_of_what_differs_in_nothing_but_its_two_numbers(
    draw_map: DrawMap, small: Experiment, longer: Experiment
):
    drawn = draw_map()
    assert drawn.is_of(small)
    assert drawn.is_of(with_value(small, RATE, 0.123))
    assert not drawn.is_of(longer)
    assert not drawn.is_of(PRESETS["1.3  five rings, momentum"])


def test_a_map_of_one_number_is_refused(draw_map: DrawMap):
    with pytest.raises(MlplabError, match="two sides"):
        draw_map(across=RATE, up=RATE)


@pytest.mark.parametrize("place", [(-1, 0), (0, -1), (5, 0), (0, 99)])
def test_a_cell_beside_the_map_is_refused(draw_map: DrawMap, place: tuple[int, int]):
    with pytest.raises(MlplabError, match="no cell"):
        draw_map().experiment_at(*place)
