"""Maps and searches over experiments with targets: judged by R² or by the mean absolute error."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlplab.errors import MlplabError
from mlplab.figures.heat_scale import colour_limits
from mlplab.run import Outcomes
from mlplab.spec import Experiment
from mlplab.store import RunFilter, Store
from mlplab.sweep import (
    Axis,
    MapPlan,
    SearchPlan,
    Space,
    TrainedMap,
    train_map,
    train_search,
)
from mlplab.sweep.figure import map_figure, map_note
from mlplab.sweep.numbers import candidate_table, cell_table, write_table
from mlplab.sweep.page import map_page, write_page
from mlplab.sweep.search_figures import search_pictures, search_points
from mlplab.sweep.summary import as_markdown, finalist_rows
from mlplab.training import train

PLANE = Experiment(
    dataset={"kind": "plane", "train_samples": 16, "test_samples": 8},
    training={"batch_size": 4, "optimizer": {"kind": "sgd", "learning_rate": 0.2}},
)
ABSOLUTE = PLANE.varied({"training.loss": "mean_absolute_error"})

RATE, SIZE = "training.optimizer.learning_rate", "training.batch_size"


def plan_of(experiment: Experiment, replications: int = 4) -> MapPlan:
    x, y = Axis(RATE, (0.01, 0.1, 1.0)), Axis(SIZE, (4, 8))
    return MapPlan.of(experiment, x, y, replications)


def filled(plan: MapPlan, values: np.ndarray) -> TrainedMap:
    """Return a map whose metric has these values on every split, shape (y, x, replications)."""
    trained = TrainedMap(plan)
    which, replication = (i.ravel() for i in np.indices((plan.cell_count, plan.replications)))
    scores = {
        each.attribute: values.ravel() if each.metric else np.ones(values.size)
        for each in trained.measures.values()
    }
    outcomes = Outcomes(
        experiment=which,
        seed=plan.seed + replication,
        ending=np.full(values.size, "finished"),
        cause=np.full(values.size, ""),
        updates=np.ones(values.size, np.int64),
        seconds=np.zeros(values.size),
        **scores,
    )
    trained.write(np.arange(plan.cell_count), outcomes)
    return trained


# ---- Maps --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("experiment", "metric", "best"),
    [(PLANE, "r2", (1, 1)), (ABSOLUTE, "mean_absolute_error", (0, 2))],
)
def test_a_map_is_judged_by_the_metric_of_its_cells(
    experiment: Experiment, metric: str, best: tuple[int, int]
) -> None:
    generator = np.random.default_rng(1)
    values = 0.5 + 0.01 * generator.normal(size=(2, 3, 40))
    values[1, 1] += 0.2
    values[0, 2] -= 0.2
    trained = filled(plan_of(experiment, 40), values)
    assert list(trained.measures)[:2] == [f"validation_{metric}", "validation_loss"]
    assert trained.statistics().measure.name == f"validation_{metric}"
    assert trained.best() == trained.best(f"test_{metric}") == best
    alike = trained.as_good_as_best()
    assert alike is not None
    assert np.argwhere(alike).tolist() == [list(best)]
    assert list(cell_table(trained))[5:8] == [
        f"validation_{metric}_mean",
        f"validation_{metric}_low",
        f"validation_{metric}_high",
    ]
    with pytest.raises(MlplabError) as refused:
        trained.statistics("test_accuracy")
    assert str(refused.value).startswith(
        f"runs whose metric is {metric} have no test_accuracy: known are validation_{metric}, "
    )


def test_the_interval_of_r2_is_cut_off_at_1_and_not_at_0() -> None:
    values = np.zeros((2, 3, 4))
    values[0, 0] = -1, -0.5, 0.5, 1
    values[0, 1] = 0.2, 1, 1, 1
    values[0, 2] = 0, 0, 0, 1
    cells = filled(plan_of(PLANE), values).statistics()
    assert cells.low[0, 0] < -1
    assert cells.high[0, 1] == 1
    assert cells.low[0, 2] < 0
    cells = filled(plan_of(ABSOLUTE), np.abs(values)).statistics()
    assert cells.low[0, 2] == 0
    assert cells.high[0, 1] > 1


def test_r2_has_no_lower_end_of_its_colours() -> None:
    values = np.linspace(0.5, 0.9, 60)
    values[0] = -50.0
    assert colour_limits(values, worst_is_open=True)[0] > 0.4
    assert colour_limits(values)[0] == -50
    assert colour_limits(np.linspace(-1, 0.9, 60), worst_is_open=True) == (-1, 0.9)


def test_figure_table_and_page_have_the_unit_and_the_direction(tmp_path: Path) -> None:
    values = np.random.default_rng(2).uniform(0.2, 0.8, (2, 3, 4))
    for experiment, metric, label, lower in (
        (PLANE, "r2", "validation R²", False),
        (
            *(ABSOLUTE, "mean_absolute_error"),
            *("validation mean absolute error (units of the target)", True),
        ),
    ):
        trained = filled(plan_of(experiment), values)
        labels = [axes.get_ylabel() for axes in map_figure(trained).axes]
        assert label in labels
        mean = trained.statistics().mean[trained.best()]
        assert f"Best cell: {mean:.4f} (95 % interval" in map_note(trained, None)
        found = re.search(r'id="description">(.*?)</script>', map_page(trained), re.DOTALL)
        assert found
        described = json.loads(found[1])
        first = described["measures"][0]
        assert described["measure"] == first["name"] == f"validation_{metric}"
        assert (first["title"], first["lower_is_better"]) == (label, lower)
        assert first["bounds"] == ([0, None] if lower else [None, 1])
        assert not first["is_fraction"]
        write_table(cell_table(trained), tmp_path / "cells.csv")
        with (tmp_path / "cells.csv").open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        means = [float(row[f"validation_{metric}_mean"]) for row in rows]
        assert means == trained.statistics().mean.ravel().tolist()


@pytest.mark.parametrize(
    ("x", "experiment", "sentence"),
    [
        (
            Axis("training.loss", ("mean_squared_error", "huber")),
            PLANE,
            "r2 (mean_squared_error of targets) and mean_absolute_error (huber of targets)",
        ),
        (
            Axis("dataset", ("linear", "plane")),
            Experiment(dataset="linear"),
            "accuracy (mean_squared_error of classes) and r2 (mean_squared_error of targets)",
        ),
    ],
)
def test_a_map_of_several_metrics_is_refused(
    x: Axis, experiment: Experiment, sentence: str
) -> None:
    with pytest.raises(MlplabError) as refused:
        MapPlan.of(experiment, x, Axis(SIZE, (4, 8)))
    assert str(refused.value) == (
        f"cells of different metrics cannot be compared, received {sentence}"
    )


def test_a_map_over_losses_of_one_metric_is_none_of_the_given_settings() -> None:
    plan = MapPlan.of(
        PLANE, Axis("training.loss", ("huber", "mean_absolute_error")), Axis(SIZE, (4, 8))
    )
    assert plan.metric == "mean_absolute_error"
    assert PLANE.head.metric_name == "r2"


def test_a_store_knows_the_metric_of_the_cells_and_of_their_base(tmp_path: Path) -> None:
    losses = Axis("training.loss", ("huber", "mean_absolute_error"))
    plan = MapPlan.of(PLANE, losses, Axis(SIZE, (4, 8)), 2)
    with Store(tmp_path / "runs.sqlite") as store:
        trained = train_map(plan, store)
        assert {each.metric for each in store.experiments()} == {"mean_absolute_error"}
        for each in store.experiments():
            store.experiment(each.id)  # its metric is checked, and its base's
        again = train_map(plan, store)
        assert store.count(RunFilter()) == (8, 4)
    for name, values in trained.values.items():
        np.testing.assert_array_equal(values, again.values[name])
    runs = train(PLANE.varied({"training.loss": "huber", SIZE: 4}), 2).test_metric
    np.testing.assert_array_equal(trained.values["test_mean_absolute_error"][0, 0], runs)


# ---- Searches ----------------------------------------------------------------------------------


def search_of(experiment: Experiment, table: dict[str, Any], **how: Any) -> SearchPlan:
    return SearchPlan.of(experiment, Space.from_table(table, experiment), **how)


RATES = {"training": {"optimizer": {"learning_rate": "log:0.001:0.5"}}}


@pytest.mark.parametrize(
    ("experiment", "metric", "said"),
    [
        (PLANE, "r2", "R²"),
        (ABSOLUTE, "mean_absolute_error", "mean absolute error"),
    ],
)
def test_a_search_is_for_the_best_metric(
    experiment: Experiment, metric: str, said: str, tmp_path: Path
) -> None:
    plan = search_of(experiment, RATES, candidates=6, replications=3, final=30)
    assert plan.objective == f"validation_{metric}"
    assert plan.lower_is_better == (metric == "mean_absolute_error")
    with Store(tmp_path / "runs.sqlite") as store:
        found = train_search(plan, store)
        assert store.metrics() == [metric]
    best = np.nanmin if plan.lower_is_better else np.nanmax
    means = found.column("mean")
    assert means[found.ranking[0]] == best(means) == found.verdict.winner.score
    assert found.verdict.test_measure == f"test_{metric}"
    for comparison in found.verdict.comparisons.values():
        assert comparison.measure.name == f"test_{metric}"
        assert comparison.margin == (0.0 if plan.lower_is_better else 0.01)
    assert f"validation_{metric}_mean" in candidate_table(found)
    assert finalist_rows(found)[0][0] == f"{said}, 30 fresh runs"
    text = as_markdown(found, "mlplab sweep", [])
    assert f"mean validation {said}" in text
    assert search_points(found).lower_is_better == plan.lower_is_better
    assert set(search_pictures(found)) >= {"history", "slices", "parallel"}


LOSSES: dict[str, Any] = {"training": {"loss": ["mean_squared_error", "huber"]}}


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        (
            lambda: search_of(PLANE, RATES, objective="validation_accuracy"),
            "runs whose metric is r2 have no validation_accuracy: a search for their best setting "
            "compares candidates by validation_r2 or validation_loss",
        ),
        (
            lambda: search_of(PLANE, LOSSES),
            "candidates of different metrics cannot be compared, received r2 of the given setting and "
            "mean_absolute_error (training.loss=huber)",
        ),
        (
            lambda: search_of(PLANE, LOSSES, objective="validation_loss"),
            "values of different losses cannot be compared: with training.loss in the space the "
            "objective is to be validation_r2",
        ),
        (
            lambda: search_of(
                Experiment(dataset="linear", training={"loss": "categorical_crossentropy"}),
                {"training": {"label_smoothing": [0.0, 0.1]}},
                objective="validation_loss",
            ),
            "values of different losses cannot be compared: with training.label_smoothing in the space "
            "the objective is to be validation_accuracy",
        ),
    ],
)
def test_what_is_no_objective_of_all_candidates_is_refused(
    plan: Callable[[], SearchPlan], sentence: str
) -> None:
    with pytest.raises(MlplabError) as refused:
        plan()
    assert str(refused.value) == sentence


def test_losses_of_one_metric_may_be_searched() -> None:
    given = PLANE.varied({"training.loss": "huber"})
    table = {"training": {"loss": ["mean_absolute_error", "huber"]}}
    plan = search_of(given, table, sampler="grid")
    assert plan.objective == "validation_mean_absolute_error"
    assert replace(plan, objective="validation_loss").lower_is_better


# ---- In a browser ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("experiment", "worst", "low", "high"),
    [(PLANE, -50.0, "≤ ", ""), (ABSOLUTE, 50.0, "", "≥ ")],
    ids=["r2", "mean_absolute_error"],
)
def test_a_page_says_where_its_colours_are_cut(
    browser: Any, experiment: Experiment, worst: float, low: str, high: str, tmp_path: Path
) -> None:
    x, y = Axis.parse(f"{RATE}=log:0.001:10:8", experiment), Axis(SIZE, (1, 2, 4, 8))
    plan = MapPlan.of(experiment, x, y)
    values = np.random.default_rng(2).uniform(0.2, 0.8, (4, 8, 4))
    values[0, 0] = worst
    trained = filled(plan, values)
    write_page(trained, tmp_path / "map.html")
    context = browser.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto((tmp_path / "map.html").as_uri())
    page.wait_for_selector("#map[data-drawn]")
    first, last = colour_limits(
        trained.statistics().mean, lower_is_better=experiment is ABSOLUTE, worst_is_open=True
    )
    said = [page.locator(f"#scale-{end}").inner_text() for end in ("low", "high")]
    context.close()
    assert said == [f"{low}{first:.4f}", f"{high}{last:.4f}"]
    assert not complaints
