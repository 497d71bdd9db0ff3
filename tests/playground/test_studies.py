"""What a session has trained beside itself: two set-ups compared, and a map of two numbers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlplab.errors import MlplabError
from mlplab.playground import accuracy_map
from mlplab.playground.accuracy_map import AccuracyMap
from mlplab.playground.comparison import SetUpComparison
from mlplab.playground.differences import differences, say_differences
from mlplab.playground.hyperparameters import (
    VALUES,
    find_hyperparameter,
    hyperparameters,
    with_value,
)
from mlplab.playground.limits import LARGEST, check_limits
from mlplab.playground.own_points import OwnPoints
from mlplab.playground.presets import PRESETS
from mlplab.playground.replication import PART, RUNS
from mlplab.playground.session import Session
from mlplab.playground.studies import Studies
from mlplab.playground.workers import Workers
from mlplab.spec import (
    SGD,
    Adam,
    Experiment,
    ExponentialDecay,
    Network,
    PointsFile,
    Polar,
    Training,
)
from mlplab.statistics import compare_runs, count_failures, interquartile_mean
from mlplab.training import train

SMALL = Experiment(
    dataset=Polar(train_per_class=16, test_per_class=32),
    network=Network(hidden_layers=1, layer_width=3, activation="tanh"),
    training=Training(optimizer=SGD(learning_rate=0.5), batch_size=8, epochs=2),
)
LONGER = with_value(SMALL, "training.epochs", 60)
WILD = Experiment(
    dataset=SMALL.dataset,
    network=Network(hidden_layers=2, layer_width=3, activation="relu"),
    training=Training(optimizer=SGD(learning_rate=1e30), batch_size=8, epochs=2),
)
BATCH, RATE = "training.batch_size", "training.optimizer.learning_rate"


def nothing() -> None:
    """Stand in for the page."""


def finish(study: Any) -> int:
    """Train a study to its end; return the parts that it took."""
    parts = 0
    while study.under_way:
        study.work()
        parts += 1
    return parts


def small_map(
    experiment: Experiment = SMALL, across: str = BATCH, up: str = RATE, seed: int = 5
) -> AccuracyMap:
    right, upwards = (find_hyperparameter(experiment, path) for path in (across, up))
    return AccuracyMap(experiment, seed, right, upwards, nothing)


# ---- What differs --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (BATCH, 512, "batch size 8 → 512"),
        (RATE, 1.0, "learning rate 0.5 → 1"),
        ("network.hidden_layers", 2, "hidden layers 1 × 3 → 2 × 3"),
        ("network.layer_width", 5, "hidden layers 1 × 3 → 1 × 5"),
        ("dataset.train_per_class", 64, "train per class 16 → 64"),
    ],
)
def test_a_field_that_differs_is_named_with_both_values(path: str, value: float, said: str):
    assert differences(SMALL, with_value(SMALL, path, value)) == [said]


def changed(**parts: Any) -> Experiment:
    return SMALL.model_copy(update=parts)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (changed(network=Network()), "hidden layers 1 × 3 → none"),
        (
            changed(network=Network(hidden_layers=2, layer_width=(8, 4), activation="tanh")),
            "hidden layers 1 × 3 → 8, 4",
        ),
        (
            changed(network=Network(hidden_layers=1, layer_width=3, activation=("relu",))),
            "activation tanh → relu",
        ),
        (
            changed(training=Training(optimizer=Adam(learning_rate=0.5), batch_size=8, epochs=2)),
            "optimizer sgd → adam",
        ),
        (
            changed(
                training=Training(
                    optimizer=SGD(
                        learning_rate=ExponentialDecay(
                            initial_learning_rate=0.5, decay_steps=3, decay_rate=0.5
                        )
                    ),
                    batch_size=8,
                    epochs=2,
                )
            ),
            "learning rate 0.5 → exponential decay",
        ),
        (changed(dataset=PointsFile(path="a.csv")), "dataset polar → own points"),
        (with_value(SMALL, RATE, 0.50000001), "learning rate 0.5 → 0.50000001"),
    ],
)
def test_a_kind_that_differs_is_named_without_its_own_fields(other: Experiment, said: str):
    assert differences(SMALL, other) == [said]


def test_the_same_differs_in_nothing_however_it_is_written():
    listed = with_value(SMALL, "network.layer_width", 3).model_copy(
        update={"network": Network(hidden_layers=1, layer_width=(3,), activation=("tanh",))}
    )
    assert listed != SMALL
    assert differences(SMALL, listed) == []
    own = [changed(dataset=PointsFile(path=path)) for path in ("a.csv", "b.csv")]
    assert differences(*own) == ["other own points"]
    assert differences(own[0], own[0]) == []


def test_of_many_differences_two_are_named():
    found = differences(
        *(PRESETS[f"1.{n}"] for n in ("1  two clouds, batch 16", "4  five rings, Adam"))
    )
    assert len(found) > 4
    assert say_differences(found) == "; ".join(found[:2]) + f" and {len(found) - 2} more"


# ---- What can be varied --------------------------------------------------------------------------


@pytest.mark.parametrize("title", PRESETS)
def test_every_value_that_is_offered_can_be_trained(title: str):
    experiment = PRESETS[title]
    offered = hyperparameters(experiment)
    assert {"batch size", "epochs"} <= {each.name for each in offered}
    for each in offered:
        assert list(each.values) == sorted(set(each.values))
        assert each.value in each.values
        assert with_value(experiment, each.path, each.value) == experiment
        for value in each.values:
            check_limits(with_value(experiment, each.path, value))
        assert len(each.values) <= VALUES


def test_only_what_the_set_up_has_can_be_varied():
    def names(experiment: Experiment) -> set[str]:
        return {each.name for each in hyperparameters(experiment)}

    assert {"learning rate", "momentum", "layer width", "sigma"} <= names(SMALL)
    assert not {"layer width", "hidden layers"} & names(changed(network=Network()))
    each_its_own = Network(hidden_layers=2, layer_width=(8, 4), activation="tanh")
    assert not {"layer width", "hidden layers"} & names(changed(network=each_its_own))
    own = names(changed(dataset=PointsFile(path="a.csv")))
    assert not {"sigma", "train per class", "valid share"} & own
    assert "momentum" not in names(PRESETS["1.4  five rings, Adam"])
    rings = names(PRESETS["1.3  five rings, momentum"])
    assert {"initial learning rate", "decay steps", "stddev"} <= rings
    assert "learning rate" not in rings


@pytest.mark.parametrize(
    ("path", "value", "values"),
    [
        ("network.hidden_layers", 3, (1, 2, 3, 4, 5)),
        ("network.hidden_layers", LARGEST["hidden layers"], (8, 9, 10, 11, 12)),
        ("dataset.classes", 2, (2, 3, 4, 5, 6)),
        (BATCH, 8, (2, 8, 32)),
        (RATE, 0.1, (0.00625, 0.025, 0.1, 0.4, 1.6)),
        ("training.optimizer.momentum", 0.9, (0.3, 0.6, 0.9, 0.99, 0.999)),
        ("training.optimizer.momentum", 0.5, (0.0, 0.3, 0.5, 0.6, 0.9)),
        ("training.epochs", 1, (1, 2, 4, 8, 16)),
        ("training.epochs", LARGEST["epochs"], (625, 1250, 2500, 5000, 10000)),
        ("network.layer_width", LARGEST["neurons in a layer"], (8, 16, 32, 64, 128)),
    ],
)
def test_the_value_stands_in_the_middle_where_it_can(
    path: str, value: float, values: tuple[float, ...]
):
    assert find_hyperparameter(with_value(SMALL, path, value), path).values == values


@pytest.mark.parametrize("path", ["", "network", "dataset.kind", "training.nonsense", "x" * 999])
def test_what_is_no_number_of_the_set_up_is_refused(path: str):
    with pytest.raises(MlplabError, match="there is no number"):
        find_hyperparameter(SMALL, path)
    with pytest.raises(MlplabError):
        with_value(SMALL, path, 1)


# ---- Compare -------------------------------------------------------------------------------------


def test_a_comparison_is_that_of_the_runs_of_train():
    comparison = SetUpComparison(SMALL, LONGER, 5, nothing)
    parts = finish(comparison)
    assert parts == 2 * -(-RUNS // PART)
    a, b = (train(experiment, RUNS, seed=6) for experiment in (SMALL, LONGER))
    expected = compare_runs(b, a)
    said = comparison.summary(LONGER)
    assert comparison.result == expected
    assert said["verdict"] == expected.verdict == "better"
    assert said["sentence"] == expected.sentence("B", "A")
    assert said["difference"][0] == expected.difference.value
    for side, runs in zip(said["sides"], (a, b), strict=True):
        assert side["accuracies"] == runs.test_accuracy.tolist()
        assert side["stuck"] == count_failures(runs.ending).stuck
        middle = interquartile_mean(runs.test_accuracy)
        assert (side["middle"], side["low"], side["high"]) == (
            middle.value,
            middle.low,
            middle.high,
        )
    assert (said["done"], said["under_way"], said["now"]) == (200, False, "B")
    assert comparison.summary(SMALL)["now"] == "A"


def test_a_and_b_come_on_side_by_side_and_end_when_they_are_told():
    comparison = SetUpComparison(SMALL, LONGER, 0, nothing)
    for _ in range(3):
        comparison.work()
    said = comparison.summary(LONGER)
    assert [side["runs"] for side in said["sides"]] == [2 * PART, PART]
    comparison.end()
    comparison.work()
    assert comparison.done == 3 * PART
    said = comparison.summary(LONGER)
    assert not said["under_way"]
    assert "sentence" not in said


def test_runs_that_diverge_are_counted_and_have_no_accuracy():
    comparison = SetUpComparison(SMALL, WILD, 0, nothing)
    finish(comparison)
    b = comparison.summary(WILD)["sides"][1]
    runs = train(WILD, RUNS, seed=1)
    assert b["diverged"] == (runs.ending == "diverged").sum() > RUNS / 2
    assert len(b["accuracies"]) == RUNS - b["diverged"]


def test_the_same_is_not_compared():
    with pytest.raises(MlplabError, match="the same"):
        SetUpComparison(SMALL, SMALL, 0, nothing)


def test_own_points_that_are_gone_are_said(tmp_path: Path):
    rows = [f"{i},{i % 3},{'ab'[i % 2]}" for i in range(40)]
    path = tmp_path / "points.csv"
    path.write_text("x1,x2,label\n" + "\n".join(rows) + "\n")
    own = changed(dataset=PointsFile(path=str(path)))
    comparison = SetUpComparison(own, SMALL, 0, nothing)
    comparison.work()
    assert comparison.done == PART
    path.unlink()
    comparison.work()  # of B, which has its points
    comparison.work()
    assert "points.csv" in comparison.trouble
    assert not comparison.under_way
    with pytest.raises(MlplabError, match="keep a set-up as A again"):
        SetUpComparison(own, SMALL, 0, nothing)


# ---- Map -----------------------------------------------------------------------------------------


def test_a_cell_holds_the_median_of_the_runs_of_train():
    drawn = small_map()
    assert drawn.across.values == (2, 8, 32)
    parts = finish(drawn)
    said = drawn.summary(SMALL)
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
        assert cell["present"] == (experiment == SMALL)
    assert [cell["present"] for cell in said["cells"]].count(True) == 1


def test_cells_come_from_the_middle_outwards_and_end_when_they_are_told():
    drawn = small_map(across="training.epochs", up=RATE)
    trained: list[int] = []
    for _ in range(9):
        drawn.work()
        cells = drawn.summary(SMALL)["cells"]
        trained += [place for place, c in enumerate(cells) if "runs" in c and place not in trained]
    rows, columns = len(drawn.up.values), len(drawn.across.values)
    home = (drawn.up.values.index(0.5), drawn.across.values.index(2))
    distances = [
        np.hypot(p // columns - home[0], p % columns - home[1]) for p in range(rows * columns)
    ]
    assert [distances[place] for place in trained] == sorted(distances)[:9]
    drawn.end()
    drawn.work()
    assert drawn.summary(SMALL)["done"] == 9
    assert not drawn.under_way


def test_a_cell_in_which_most_runs_diverge_has_no_median():
    drawn = small_map(WILD, across="training.epochs", up=RATE)
    finish(drawn)
    for row, values in enumerate(drawn.up.values):
        for column in range(len(drawn.across.values)):
            runs = train(drawn.experiment_at(row, column), PART, seed=6)
            diverged = int((runs.ending == "diverged").sum())
            cell = drawn.summary(WILD)["cells"][row * len(drawn.across.values) + column]
            assert cell["diverged"] == diverged, values
            assert ("median" in cell) == (2 * diverged <= PART)
    assert any("median" not in cell for cell in drawn.summary(WILD)["cells"])


def test_a_cell_that_is_too_large_is_empty_and_says_why():
    wide = with_value(with_value(SMALL, "network.layer_width", 64), "network.hidden_layers", 6)
    drawn = small_map(wide, across="network.layer_width", up="network.hidden_layers")
    corner = drawn.summary(wide)["cells"][-1]
    assert "at most 100,000 weights" in corner["why"]
    assert drawn.summary(wide)["total"] == 24
    with pytest.raises(MlplabError, match="at most 100,000 weights"):
        drawn.experiment_at(4, 4)


def test_what_cannot_be_trained_says_why_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch):
    drawn = small_map()
    usual = accuracy_map.Sample.train

    def refuse(sample: Any, runs: int) -> None:
        if sample.experiment.training.batch_size == 8:
            raise MlplabError("this does not fit into memory")
        usual(sample, runs)

    monkeypatch.setattr(accuracy_map.Sample, "train", refuse)
    finish(drawn)
    cells = drawn.summary(SMALL)["cells"]
    assert [cell.get("why") for cell in cells] == [None, "this does not fit into memory", None] * 5


def test_a_map_is_of_what_differs_in_nothing_but_its_two_numbers():
    drawn = small_map()
    assert drawn.is_of(SMALL)
    assert drawn.is_of(with_value(SMALL, RATE, 0.123))
    assert not drawn.is_of(LONGER)
    assert not drawn.is_of(PRESETS["1.3  five rings, momentum"])
    with pytest.raises(MlplabError, match="two sides"):
        small_map(across=RATE, up=RATE)
    for row, column in [(-1, 0), (0, -1), (5, 0), (0, 99)]:
        with pytest.raises(MlplabError, match="no cell"):
            drawn.experiment_at(row, column)


# ---- A session's studies -------------------------------------------------------------------------


@pytest.fixture
def studies() -> Studies:
    """Studies that are trained by whoever calls `work`."""

    class Nobody(Workers):
        def wake(self, task: Callable[[], float | None]) -> None:
            pass

    return Studies(Nobody(1))


def test_a_session_with_several_studies_has_one_turn(studies: Studies):
    comparison, drawn = SetUpComparison(SMALL, LONGER, 0, nothing), small_map()
    studies.compare(comparison)
    studies.draw_map(drawn)
    for _ in range(6):
        assert studies.work() == 0.0
    assert comparison.done == 3 * PART
    assert drawn.summary(SMALL)["done"] == 3
    studies.stop("compare")
    for _ in range(3):
        studies.work()
    assert comparison.done == 3 * PART
    assert drawn.summary(SMALL)["done"] == 6
    studies.end()
    assert studies.work() is None


def test_another_study_of_a_kind_ends_the_one_before(studies: Studies):
    maps = small_map(), small_map()
    for drawn in maps:
        studies.draw_map(drawn)
    assert [drawn.under_way for drawn in maps] == [False, True]
    with pytest.raises(MlplabError, match="no study"):
        studies.stop("nonsense")


def test_a_comparison_is_shown_where_a_or_b_is_set_up_and_goes_with_its_a(studies: Studies):
    assert studies.say("compare", SMALL) == {"kept": False, "differs": "", "found": None}
    studies.keep(SMALL)
    assert studies.say("compare", LONGER)["differs"] == "epochs 2 → 60"
    studies.compare(SetUpComparison(SMALL, LONGER, 0, nothing))
    assert studies.say("compare", LONGER)["found"]["now"] == "B"
    assert studies.say("compare", SMALL)["found"]["now"] == "A"
    assert studies.say("compare", with_value(SMALL, BATCH, 4))["found"] is None
    before = studies.comparison
    studies.keep(SMALL)
    assert studies.comparison is before
    studies.keep(LONGER)
    assert studies.comparison is None
    assert before is not None
    assert not before.under_way


def test_a_that_was_kept_outlives_other_own_points():
    session = Session(SMALL)
    points = OwnPoints.of(session.stepper.trial.dataset)
    session.set_points(points)
    a = session.experiment
    session.set_points(points.with_point(0.5, 0.5, "0"))
    comparison = SetUpComparison(a, session.experiment, 0, nothing)
    comparison.work()
    comparison.work()
    assert comparison.done == 2 * PART
    assert comparison.summary(a)["differs"] == "other own points"
    session.close()
