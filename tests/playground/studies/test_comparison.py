"""A comparison of two set-ups says what `train` and `compare_runs` say of a hundred runs of each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mlplab.errors import MlplabError
from mlplab.playground.session.own_points import OwnPoints
from mlplab.playground.session.session import Session
from mlplab.playground.studies.comparison import SetUpComparison
from mlplab.playground.studies.hyperparameters import with_value
from mlplab.playground.studies.replication import RUNS
from mlplab.playground.studies.study import PART, Study
from mlplab.spec import Experiment, SamplesFile
from mlplab.statistics import compare_runs, count_failures, interquartile_mean
from mlplab.training import train

Compare = Callable[..., SetUpComparison]
Finish = Callable[[Study], int]


def test_a_comparison_is_that_of_the_runs_of_train(
    compare: Compare, finish: Finish, small: Experiment, longer: Experiment
):
    comparison = compare(small, longer, seed=5)
    parts = finish(comparison)
    assert parts == 2 * -(-RUNS // PART)
    a, b = (train(experiment, RUNS, seed=6) for experiment in (small, longer))
    expected = compare_runs(b, a)
    said = comparison.summary(longer)
    assert comparison.result == expected
    assert said["verdict"] == expected.verdict == "better"
    assert said["sentence"] == expected.sentence("B", "A")
    assert said["sentence"] == f"{said['headline']}: {'; '.join(said['clauses'])}."
    assert said["clauses"][0].startswith("B minus A is ")
    for side, runs in zip(said["sides"], (a, b), strict=True):
        assert side["accuracies"] == runs.test_accuracy.tolist()
        assert side["stuck"] == count_failures(runs.ending).stuck
        middle = interquartile_mean(runs.test_accuracy)
        assert middle is not None
        assert (side["middle"], side["low"], side["high"]) == (
            middle.value,
            middle.low,
            middle.high,
        )
    assert (said["done"], said["under_way"], said["now"]) == (2 * RUNS, False, "B")
    assert comparison.summary(small)["now"] == "A"


def test_a_and_b_come_on_side_by_side_and_end_when_they_are_told(
    compare: Compare, small: Experiment, longer: Experiment
):
    comparison = compare(small, longer)
    for _ in range(3):
        comparison.work()
    said = comparison.summary(longer)
    assert [side["runs"] for side in said["sides"]] == [2 * PART, PART]
    comparison.end()
    comparison.work()
    assert comparison.done == 3 * PART
    said = comparison.summary(longer)
    assert not said["under_way"]
    assert "sentence" not in said


def test_runs_that_diverge_are_counted_and_have_no_accuracy(
    compare: Compare, finish: Finish, small: Experiment, wild: Experiment
):
    comparison = compare(small, wild)
    finish(comparison)
    b = comparison.summary(wild)["sides"][1]
    runs = train(wild, RUNS, seed=1)
    assert b["diverged"] == (runs.ending == "diverged").sum() > RUNS / 2
    assert len(b["accuracies"]) == RUNS - b["diverged"]


def test_the_same_is_not_compared(compare: Compare, small: Experiment):
    with pytest.raises(MlplabError, match="the same"):
        compare(small, small)


def test_own_points_that_are_gone_are_said(compare: Compare, small: Experiment, tmp_path: Path):
    rows = [f"{i},{i % 3},{'ab'[i % 2]}" for i in range(40)]
    path = tmp_path / "points.csv"
    path.write_text("x1,x2,label\n" + "\n".join(rows) + "\n")
    own = small.model_copy(update={"dataset": SamplesFile(path=str(path))})
    comparison = compare(own, small)
    comparison.work()
    assert comparison.done == PART
    path.unlink()
    comparison.work()  # of B, which has its points
    comparison.work()
    assert "points.csv" in comparison.trouble
    assert not comparison.under_way
    with pytest.raises(MlplabError, match="keep a set-up as A again"):
        compare(own, small)


@pytest.mark.parametrize("split", [False, True])
def test_own_points_say_how_far_the_verdict_holds(
    compare: Compare, finish: Finish, small: Experiment, tmp_path: Path, split: bool
):
    path = tmp_path / "points.csv"
    rows = [f"{i},{i % 3},{'ab'[i % 2]}" for i in range(40)]
    if split:
        rows = [
            f"{row},{('train', 'validation', 'test')[i // 2 % 3]}" for i, row in enumerate(rows)
        ]
    path.write_text("\n".join(["x1,x2,label" + ",split" * split, *rows]))
    own = small.model_copy(update={"dataset": SamplesFile(path=str(path))})
    other = with_value(own, "training.epochs", 3)
    comparison = compare(own, other, seed=5)
    finish(comparison)
    a, b = (train(experiment, RUNS, seed=6) for experiment in (own, other))
    assert comparison.result == compare_runs(b, a)
    said = comparison.summary(other)["sentence"]
    assert ("all runs share one split" if split else "all runs re-split one set of samples") in said


def test_a_that_was_kept_outlives_other_own_points(compare: Compare, small: Experiment):
    session = Session(small)
    points = OwnPoints.from_dataset(session.stepper.trial.dataset)
    session.set_points(points)
    a = session.experiment
    session.set_points(points.with_point(0.5, 0.5, "0"))
    comparison = compare(a, session.experiment)
    comparison.work()
    comparison.work()
    assert comparison.done == 2 * PART
    assert comparison.summary(a)["differs"] == "other own points"
    session.close()
