"""Runs are judged by their own metric: accuracy of labels, R² or the mean absolute error of targets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mlplab.errors import MlplabError
from mlplab.run import Runs
from mlplab.spec import Experiment
from mlplab.statistics import (
    MEASURES,
    R2_MARGIN,
    UNITS_OF_THE_TARGET,
    compare,
    compare_runs,
    interquartile_mean,
    outcomes,
)
from mlplab.statistics.measures import measures_of
from mlplab.training import train

PLANE = Experiment(
    dataset={"kind": "plane", "train_samples": 16, "test_samples": 8},
    training={"batch_size": 4, "optimizer": {"kind": "sgd", "learning_rate": 0.2}},
)


def of_loss(loss: str) -> Runs:
    return train(PLANE.varied({"training.loss": loss}), replications=40, trainer="reference")


@pytest.fixture(scope="module")
def squared() -> Runs:
    return of_loss("mean_squared_error")


@pytest.fixture(scope="module")
def absolute() -> Runs:
    return of_loss("mean_absolute_error")


@pytest.fixture(scope="module")
def labelled() -> Runs:
    experiment = Experiment(dataset={"kind": "linear", "train_per_class": 8})
    return train(experiment, replications=40, trainer="reference")


def test_each_metric_has_its_unit_and_its_direction() -> None:
    found = {
        name: (each.title, each.unit, each.lower_is_better, each.margin, each.bounds)
        for name, each in MEASURES.items()
        if name.startswith("test")
    }
    infinite = float("inf")
    assert found == {
        "test_accuracy": ("test accuracy", "percentage points", False, 0.01, (0, 1)),
        "test_r2": ("test R²", "", False, R2_MARGIN, (-infinite, 1)),
        "test_mean_absolute_error": (
            *("test mean absolute error", UNITS_OF_THE_TARGET, True, None),
            (0, infinite),
        ),
        "test_loss": ("test loss", "", True, None, (0, infinite)),
    }


def test_the_margin_of_r2_is_near_its_standard_error() -> None:
    """On 512 test samples, of a network with an R² of 0.9."""
    generator = np.random.default_rng(0)
    found = generator.normal(0, np.sqrt(0.9), (4000, 512))
    errors = generator.normal(0, np.sqrt(0.1), (4000, 512))
    y = found + errors
    r2 = 1 - (errors**2).sum(axis=1) / ((y - y.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    assert r2.std() == pytest.approx(2 * np.sqrt(0.9) * 0.1 / np.sqrt(512), rel=0.05)
    assert 0.7 * R2_MARGIN < r2.std() < R2_MARGIN


def test_runs_have_their_own_metric_if_none_is_asked_for(
    squared: Runs, absolute: Runs, labelled: Runs
) -> None:
    for runs in (squared, absolute, labelled):
        np.testing.assert_array_equal(outcomes(runs), runs.test_metric)
        np.testing.assert_array_equal(outcomes(runs, f"train_{runs.metric}"), runs.train_metric)
        assert compare_runs(runs, runs, margin=0.1).measure.name == f"test_{runs.metric}"
        assert list(measures_of(runs.metric)) == [
            f"{split}_{what}" for split in ("test", "train") for what in (runs.metric, "loss")
        ]


def test_the_better_r2_is_the_higher_and_the_better_error_the_lower(
    squared: Runs, absolute: Runs
) -> None:
    higher = replace(squared, test_metric=squared.test_metric + 0.5)
    found = compare_runs(higher, squared)
    assert (found.verdict, found.margin) == ("better", R2_MARGIN)
    assert "A minus B is 0.5 on average (95 % interval 0.5 to 0.5, margin 0.01)" in found.sentence()
    higher = replace(absolute, test_metric=absolute.test_metric + 0.5)
    found = compare_runs(higher, absolute, margin=0.1)
    assert found.verdict == "worse"
    assert "A minus B is 0.5 units of the target on average (95 % interval" in found.sentence()


@pytest.mark.parametrize("name", ["test_accuracy", "train_accuracy", "test_r2"])
def test_another_metric_than_theirs_is_refused(absolute: Runs, name: str) -> None:
    with pytest.raises(MlplabError) as refused:
        outcomes(absolute, name)
    assert str(refused.value) == (
        f"runs whose metric is mean_absolute_error have no {name}: known are "
        "test_mean_absolute_error, test_loss, train_mean_absolute_error, train_loss"
    )


def test_a_mean_absolute_error_needs_a_margin(absolute: Runs) -> None:
    with pytest.raises(MlplabError) as refused:
        compare_runs(absolute, absolute)
    assert str(refused.value) == (
        "expected a margin in units of the target, the smallest difference of test mean absolute error "
        "that would mean anything, received none"
    )


def test_runs_of_different_metrics_are_not_compared(
    squared: Runs, absolute: Runs, labelled: Runs
) -> None:
    sentence = "runs of different metrics cannot be compared, received r2 and mean_absolute_error"
    for measure in (None, "test_r2"):
        with pytest.raises(MlplabError, match=sentence):
            compare_runs(squared, absolute, measure, margin=0.1)
    with pytest.raises(MlplabError, match="received accuracy and r2"):
        compare_runs(labelled, squared)


def test_values_of_different_losses_are_not_compared(
    squared: Runs, absolute: Runs, labelled: Runs
) -> None:
    def refused(a: Runs, b: Runs) -> str:
        with pytest.raises(MlplabError) as caught:
            compare_runs(a, b, "test_loss", margin=0.1)
        return str(caught.value).removeprefix("values of different losses cannot be compared, ")

    assert refused(squared, absolute) == (
        "received mean_squared_error of targets and mean_absolute_error of targets"
    )
    # Of one name, and yet not the same number.
    assert refused(labelled, squared) == (
        "received mean_squared_error of classes and mean_squared_error of targets"
    )
    changes = {"training.loss": "categorical_crossentropy"}
    plain = labelled.experiment.varied(changes)
    smoothed = plain.varied({"training.label_smoothing": 0.1})
    sides = [replace(labelled, experiment=experiment) for experiment in (plain, smoothed)]
    assert refused(*sides).endswith(
        "and categorical_crossentropy of classes with label_smoothing=0.1"
    )
    # By their accuracy they are.
    assert compare_runs(*sides).pairs == 40


def test_the_interval_of_r2_reaches_below_0_and_not_beyond_1() -> None:
    values = np.concatenate([np.linspace(-0.4, 0.2, 20), np.linspace(0.8, 1, 20)])
    r2 = interquartile_mean(values, measure="test_r2", resplit_ratio=0.5)
    accuracy = interquartile_mean(values, measure="test_accuracy", resplit_ratio=0.5)
    assert r2 is not None
    assert accuracy is not None
    assert r2.low < 0 < r2.high == accuracy.high == 1
    assert accuracy.low == 0


@pytest.mark.parametrize(
    ("name", "value", "written"),
    [
        ("test_r2", 0.91234, "0.9123"),
        ("test_r2", -0.5, "-0.5000"),
        ("test_mean_absolute_error", 0.04211, "0.0421"),
        ("test_mean_absolute_error", 251234.5, "2.512e+05"),
    ],
)
def test_values_are_written_in_their_unit(name: str, value: float, written: str) -> None:
    assert MEASURES[name].write_value(value) == written


def test_numbers_that_nobody_knows_the_metric_of_are_accuracies_unless_said() -> None:
    a, b = np.linspace(0.90, 0.99, 40), np.linspace(0.85, 0.95, 40)
    assert compare(a, b).measure.name == "test_accuracy"
    assert compare(a, b, measure="test_r2").margin == R2_MARGIN
