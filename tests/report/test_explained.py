"""Why runs of a task failed, what would help, and its linear regions: as the report tells them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mlplab.explain import changes
from mlplab.report import EXPERIMENTS
from mlplab.report.elements import Paragraph, Table
from mlplab.report.explained import explain, far_below, why_elements
from mlplab.report.linear_regions import region_elements
from mlplab.report.reproduction import Reproduction, Task
from mlplab.report.results import results
from mlplab.run import Runs
from mlplab.training import train


def told(task: Task) -> str:
    """The paragraphs that explain a task."""
    return " ".join(e.text for e in why_elements(task) if isinstance(e, Paragraph))


def ignore() -> None:
    """Do nothing."""


@pytest.fixture(scope="module")
def sigmoid(usual: Reproduction) -> Task:
    """Task 1.2-sigmoid with thirty true replications, explained."""
    runs = train(EXPERIMENTS["1.2-sigmoid"], 30, 1, validate=False)
    task = replace(usual.tasks["1.2-sigmoid"], replicated=runs, explanation=None)
    return explain(task, ignore)


def with_predictions(task: Task, *predicted: list[int]) -> Task:
    """A task whose runs predict each class so many times."""
    pairs = zip(task.replicated, predicted, strict=True)
    return replace(
        task,
        replicated=Runs.from_runs([replace(run, predicted=np.array(p)) for run, p in pairs]),
    )


# What is looked at.


def test_a_run_is_bad_if_it_failed_or_is_far_below_the_median(scenario: Any) -> None:
    endings = ("finished", "finished", "stuck", "diverged", "finished", "finished")
    runs = scenario((0.9, 0.86, 0.9, 0.95, 0.84, 0.91), endings).runs(EXPERIMENTS["1.3"])
    # Of those that did not diverge, the median is 90 %.
    assert far_below(runs).tolist() == [False, False, True, True, True, False]


def test_where_all_diverged_all_are_bad(scenario: Any) -> None:
    runs = scenario((0.9, 0.9), ("diverged",) * 2).runs(EXPERIMENTS["1.3"])
    assert far_below(runs).all()


def test_the_sigmoid_runs_are_explained_by_gradients_that_vanish(sigmoid: Task) -> None:
    assert sigmoid.explanation is not None
    assert sigmoid.explanation.failures == {"vanishing": 3}
    text = told(sigmoid)
    assert "The 3 worst runs of 1.2-sigmoid were trained again" in text
    assert "3 with gradients that vanish" in text
    for run in sigmoid.explanation.runs:
        assert far_below(sigmoid.replicated)[sigmoid.replicated.seed == run.seed].all()


def test_the_changes_that_help_are_a_table_with_intervals(sigmoid: Task) -> None:
    tried = sigmoid.remedies
    assert tried is not None
    assert tried.seeds == tuple(range(1, 31))
    [table] = [e for e in why_elements(sigmoid) if isinstance(e, Table)]
    assert table.rows[0][0] in ("activation=relu", "activation=leaky\\_relu")
    assert len(table.rows) == min(5, len(tried.helpful))
    assert {row[-1] for row in table.rows} <= {"rescues", "better"}
    said = f"{len(changes(sigmoid.experiment))} single changes of 1.2-sigmoid"
    assert said in told(sigmoid)
    failed = int((sigmoid.replicated.ending != "finished").sum())
    assert f"of which {failed} fail without a change" in told(sigmoid)


def test_where_no_change_helps_there_is_no_table(sigmoid: Task) -> None:
    assert sigmoid.remedies is not None
    unclear = tuple(replace(each, effect="unclear") for each in sigmoid.remedies.tried)
    task = replace(sigmoid, remedies=replace(sigmoid.remedies, tried=unclear))
    assert "None clearly helps." in told(task)
    assert not [e for e in why_elements(task) if isinstance(e, Table)]


def test_fewer_than_thirty_runs_are_explained_but_no_change_is_tried(
    small: Reproduction,
) -> None:
    task = small.tasks["1.1-batch-512"]
    assert task.explanation is not None
    assert len(task.explanation.runs) == 2
    assert task.remedies is None
    assert "All 2 runs of 1.1-batch-512 were trained again" in told(task)
    assert "after 8 updates" in told(task)
    assert small.tasks["1.1-batch-16"].explanation is None


def test_a_deep_network_without_bad_runs_is_not_looked_at(
    usual: Reproduction, scenario: Any
) -> None:
    for accuracies, said in (
        ((0.9, 0.91), "none of 2 runs failed or has a training accuracy more than 5"),
        ((0.9,), "A single run of 1.3 does not tell"),
    ):
        runs = scenario(accuracies).runs(EXPERIMENTS["1.3"])
        task = explain(replace(usual.tasks["1.3"], replicated=runs, explanation=None), ignore)
        assert task.explanation is task.held is None
        assert said in told(task)


# What is said of bad runs.


def test_bad_runs_are_counted_and_compared_with_the_others(usual: Reproduction) -> None:
    task = usual.tasks["1.3"]
    text = told(task)
    assert "1 of 3 runs failed or has a training accuracy more than 5 percentage points" in text
    losses = task.replicated.history.train_loss[:, 29]
    behind, ahead = losses[0], np.median(losses[1:])
    assert f"was {behind:.4f}, that of the others {ahead:.4f}" in text
    assert "were behind early" in text


def test_bad_runs_that_were_ahead_are_not_said_to_be_behind(usual: Reproduction) -> None:
    task = usual.tasks["1.3"]
    first, *others = task.replicated
    history = replace(first.history, train_loss=np.zeros_like(first.history.train_loss))
    ahead = Runs.from_runs([replace(first, history=history), *others])
    assert "were not behind early" in told(replace(task, replicated=ahead))


def test_a_class_that_bad_runs_hardly_predict_is_named(usual: Reproduction) -> None:
    fair = [500, 500, 500, 500, 500]
    task = usual.tasks["1.3"]
    text = told(with_predictions(task, [990, 10, 500, 500, 500], fair, fair))
    assert "In 1 of 1 bad run a class has less than a quarter" in text
    assert "(class 1 in 1)" in text
    assert "quarter" not in told(with_predictions(task, fair, [990, 10, 500, 500, 500], fair))


def test_a_rate_that_is_held_is_told_with_both_accuracies(
    usual: Reproduction, scenario: Any
) -> None:
    rate = "training.optimizer.learning_rate"
    held = scenario((0.95,)).runs(EXPERIMENTS["1.3"].varied({rate: 0.05}))
    text = told(replace(usual.tasks["1.3"], held=held))
    assert "learning rate held at 0.05: training accuracy 95.00 %, before 78.00 %." in text


# Linear regions.


@pytest.mark.parametrize("id", ["1.2-relu", "1.4"])
def test_linear_regions_are_told_with_their_number_and_the_boundary(
    usual: Reproduction, id: str
) -> None:
    task = usual.tasks[id]
    assert task.regions is not None
    text = " ".join(e.text for e in region_elements(task) if isinstance(e, Paragraph))
    assert f"{task.regions.region_count:,} convex polygons" in text
    assert f"{task.regions.boundary_length:.2f} long" in text
    assert f"The {5 if id == '1.2-relu' else 500} hidden neurons" in text


def test_a_run_that_diverged_has_no_linear_regions(scenario: Any) -> None:
    lost = scenario((0.9,), keras=0.2, keras_ending="diverged").task("1.4")
    assert lost.regions is None
    assert region_elements(lost) == []


# The record.


def test_the_record_has_what_explains_a_task(sigmoid: Task, usual: Reproduction) -> None:
    tasks = {**usual.tasks, "1.2-sigmoid": sigmoid}
    record = {t["id"]: t for t in results(replace(usual, tasks=tasks))["tasks"]}
    found = record["1.2-sigmoid"]
    assert [run["causes"][0]["code"] for run in found["why"]["runs"]] == ["vanishing"] * 3
    assert sigmoid.remedies is not None
    assert [c["effect"] for c in found["remedies"]["changes"]] == [
        each.effect for each in sigmoid.remedies.tried
    ]
    assert record["1.2-linear"]["why"] is record["1.2-linear"]["linear_regions"] is None
    regions = usual.tasks["1.4"].regions
    assert regions is not None
    assert record["1.4"]["linear_regions"]["count"] == regions.region_count
