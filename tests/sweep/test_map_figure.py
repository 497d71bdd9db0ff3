"""The figure of a trained map: its numbers and marks are the map's, and it says what they are of."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from mlplab.errors import MlplabError
from mlplab.figures.heat_map import ALIKE_LABEL, BEST_LABEL, NOT_TRAINED_LABEL, PUBLISHED_LABEL
from mlplab.spec import Experiment
from mlplab.sweep import Axis, MapPlan, TrainedMap
from mlplab.sweep.figure import map_figure, published_place

RATE, SIZE, MOMENTUM = (
    "training.optimizer.learning_rate",
    "training.batch_size",
    "training.optimizer.momentum",
)
BASE = Experiment(
    dataset="linear",
    network={"hidden_layers": 1, "layer_width": 4, "activation": "relu"},
    training={"optimizer": {"kind": "sgd", "learning_rate": 0.1}, "batch_size": 16},
)


def the_plan(x: str, y: str, replications: int = 4) -> MapPlan:
    return MapPlan(BASE, Axis.parse(x, BASE), Axis.parse(y, BASE), replications, 5)


def filled(plan: MapPlan) -> TrainedMap:
    """Return a map whose best cell is the last one, with an accuracy of 97.5 %."""
    trained = TrainedMap(plan)
    trained.ending[:] = 1
    order = np.linspace(0.5, 0.975, plan.cell_count).reshape(*plan.shape, 1)
    for name, values in trained.values.items():
        values[:] = order if name.endswith("accuracy") else 1 - order
    return trained


def legend_of(figure: Figure) -> list[str]:
    (legend,) = [axes.get_legend() for axes in figure.axes if axes.get_legend()]
    return [text.get_text() for text in legend.get_texts()]


def note_of(figure: Figure) -> str:
    return " ".join(figure.get_supxlabel().split())


@pytest.mark.parametrize(
    ("x", "y", "place"),
    [
        (f"{RATE}=log:0.001:10:5", f"{SIZE}=1,4,16,64", (2.0, 2.0)),
        (f"{RATE}=log:0.01:10:7", f"{MOMENTUM}=lin:-0.5:0.5:3", (2.0, 1.0)),
        (f"{RATE}=lin:0:0.4:3", f"{SIZE}=log:1:64:4", (0.5, 2.0)),
        (f"{RATE}=log:1:10:5", f"{SIZE}=1,4,16,64", None),
        (f"{RATE}=log:0.001:10:5", f"{SIZE}=1,4,64", None),
        ("network.activation=tanh,relu", "training.loss=mean_squared_error", (1.0, 0.0)),
        ("training.optimizer=sgd,adam", f"{SIZE}=16,32", None),
        ("network.layer_width=2,4", "network.hidden_layers=0,1", (1.0, 1.0)),
    ],
)
def test_the_experiments_own_setting_is_marked_where_it_lies(
    x: str, y: str, place: tuple[float, float] | None
) -> None:
    found = published_place(the_plan(x, y))
    assert (found is None) == (place is None)
    if place is not None:
        assert found == pytest.approx(place)


def test_the_figure_says_what_it_shows() -> None:
    figure = map_figure(filled(the_plan(f"{RATE}=log:0.001:10:5", f"{SIZE}=1,4,16,64")))
    assert figure.get_suptitle() == "linear: batch_size against learning_rate"
    main = figure.axes[0]
    assert (main.get_xlabel(), main.get_ylabel()) == (RATE, SIZE)
    assert main.texts[-1].get_text() == "97.5"
    assert [line.get_xydata()[0].tolist() for line in main.lines] == [[4, 3.3], [2, 1.7]]
    assert legend_of(figure) == [BEST_LABEL, PUBLISHED_LABEL]
    assert note_of(figure) == (
        "4 runs a cell (seeds 5 to 8); of 80 runs 0.0 % got stuck and 0.0 % diverged. Means are of "
        "runs that did not diverge. Best cell: 97.50 % (95 % interval 97.50 % to 97.50 %). With "
        "fewer than 30 runs a cell none is called better than another."
    )


def test_cells_that_cannot_be_told_from_the_best_are_outlined_from_30_runs_on() -> None:
    trained = filled(the_plan(f"{RATE}=log:0.001:10:5", f"{SIZE}=1,4,16,64", 30))
    noise = np.random.default_rng(0).normal(scale=0.01, size=trained.ending.shape)
    trained.values["validation_accuracy"][:] += noise
    figure = map_figure(trained)
    assert ALIKE_LABEL in legend_of(figure)
    assert "fewer than" not in note_of(figure)


def test_a_loss_is_shown_as_it_is_and_lower_is_better() -> None:
    trained = filled(the_plan(f"{RATE}=log:0.001:10:5", f"{SIZE}=1,4,16,64"))
    figure = map_figure(trained, "test_loss", "My map")
    assert figure.get_suptitle() == "My map"
    assert figure.axes[0].texts[-1].get_text() == "0.025"
    assert figure.axes[0].lines[0].get_xydata().tolist() == [[4, 3.3]]
    # Yellow, the bright end.
    red, green, blue = figure.axes[0].images[0].get_array()[-1, -1]
    assert red > 200
    assert green > 200
    assert blue < 90


def test_single_runs_have_no_interval_and_untrained_cells_no_colour() -> None:
    trained = filled(the_plan(f"{RATE}=log:0.001:10:5", f"{SIZE}=1,4,16,64", 1))
    trained.ending[0, 0] = 0
    trained.values["validation_accuracy"][0, 0] = np.nan
    figure = map_figure(trained)
    assert note_of(figure).startswith("1 run a cell (seed 5); of 19 runs")
    assert "interval" not in note_of(figure)
    assert NOT_TRAINED_LABEL in legend_of(figure)


def test_a_map_where_all_diverged_or_nothing_is_trained_is_drawn() -> None:
    plan = the_plan(f"{RATE}=log:0.001:10:5", f"{SIZE}=1,4,16,64")
    nothing = map_figure(TrainedMap(plan))
    assert "of 0 runs" in note_of(nothing)
    diverged = TrainedMap(plan)
    diverged.ending[:] = 3
    assert "100.0 % diverged" in note_of(map_figure(diverged))


def test_an_unknown_measure_is_refused() -> None:
    plan = the_plan(f"{RATE}=log:0.001:10:5", f"{SIZE}=1,4")
    with pytest.raises(MlplabError, match="unknown measure 'accuracy'"):
        map_figure(TrainedMap(plan), "accuracy")
