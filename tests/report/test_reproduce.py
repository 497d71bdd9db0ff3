"""A small reproduction, truly trained: its record, and results.json."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from typing import Any

import numpy as np
import pytest

from mlplab.errors import MlplabError
from mlplab.report import EXPERIMENTS, PUBLISHED
from mlplab.report.reproduce import reproduce
from mlplab.report.reproduction import Reproduction
from mlplab.report.results import results
from mlplab.training import train

Made = Callable[..., Reproduction]

FIGURES = ("mean", "sd", "min", "median", "max")

TASKS_OF_1_1 = [id for id in EXPERIMENTS if id.startswith("1.1")]


def written(reproduction: Reproduction) -> Any:
    """What a reader of results.json gets; a number that is not finite would raise."""
    return json.loads(json.dumps(results(reproduction), allow_nan=False))


def by_id(record: Any) -> dict[str, Any]:
    return {task["id"]: task for task in record["tasks"]}


def test_only_the_tasks_that_were_asked_for_are_there(small: Reproduction) -> None:
    assert list(small.tasks) == TASKS_OF_1_1
    assert small.parity is None
    assert [solution.id for solution in small.by_hand] == ["3-eq11", "3-eq12"]
    assert [erratum.number for erratum in small.errata] == [1, 3]
    assert (small.seed, small.replications) == (5, 2)


@pytest.mark.parametrize(
    ("id", "updates"),
    [(id, 256 if "batch-16" in id else 8) for id in TASKS_OF_1_1],
)
def test_keras_itself_counts_256_and_8_updates(small: Reproduction, id: str, updates: int) -> None:
    # Erratum 1: the source has 128 and 4. Neither number is computed by us.
    task = small.tasks[id]
    assert task.keras.trainer == "keras"
    assert task.keras.updates == updates
    assert by_id(written(small))[id]["keras"]["updates"] == updates


@pytest.mark.parametrize("id", TASKS_OF_1_1)
def test_the_replications_are_those_of_the_following_seeds(small: Reproduction, id: str) -> None:
    task = small.tasks[id]
    again = train(EXPERIMENTS[id], replications=2, seed=6)
    assert task.replicated.trainer == "engine"
    assert task.replicated.seed.tolist() == [6, 7]
    np.testing.assert_array_equal(task.replicated.test_accuracy, again.test_accuracy)
    np.testing.assert_array_equal(task.replicated.test_loss, again.test_loss)
    assert task.keras.seed == 5


def test_replicated_values_come_again_and_differ_by_seed(small: Reproduction) -> None:
    id = "1.1-batch-512-sigma-0.1"
    again = by_id(written(reproduce(1, [id], seed=5)))[id]["replicated"]
    before = by_id(written(small))[id]["replicated"]
    for name in ("test_accuracy", "test_loss"):
        [value] = again[name]["values"]
        assert value == before[name]["values"][0] != before[name]["values"][1]


def test_progress_counts_every_task_to_its_end() -> None:
    told: dict[str, list[tuple[int, int]]] = {}
    reproduce(
        2,
        ["1.1-batch-512-sigma-0.1", "3"],
        progress=lambda task, done, total: told.setdefault(task, []).append((done, total)),
    )
    assert list(told) == ["1.1-batch-512-sigma-0.1", "3"]
    epochs = told["1.1-batch-512-sigma-0.1"]
    # Keras's run and two replications, of four epochs each, side by side.
    assert {total for _, total in epochs} == {12}
    assert len({done for done, _ in epochs}) >= 4
    assert epochs[-1] == (12, 12)
    assert epochs == sorted(epochs)
    assert told["3"] == [(1, 1)]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"replications": 0}, "replications must be at least 1, received 0"),
        ({"replications": 0, "tasks": ["3"]}, "replications must be at least 1, received 0"),
        ({"tasks": ["1.2-rulu"]}, "unknown task '1.2-rulu'; did you mean '1.2-relu'?"),
        ({"seed": -1, "tasks": ["1.1"]}, "received -1"),
    ],
)
def test_what_cannot_be_done_is_said_before_any_training(
    asked: Any, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlplab.frameworks.keras.fit", lambda *_: pytest.fail("training was begun"))
    with pytest.raises(MlplabError, match=sentence.replace("?", r"\?")):
        reproduce(**asked)


def test_the_record_says_with_what_it_was_made(small: Reproduction) -> None:
    record = written(small)
    assert record["schema"] == "mlplab.results/1"
    assert (record["seed"], record["replications"]) == (5, 2)
    assert record["versions"]["python"] == platform.python_version()
    for package in ("mlplab", "numpy", "scipy", "keras", "jax", "matplotlib", "typst"):
        assert record["versions"][package] == version(package)
    assert record["machine"]["architecture"] == platform.machine()
    assert record["machine"]["system"] == platform.system()
    assert record["machine"]["cores"] >= 1
    assert record["seconds"] > 0


@pytest.mark.parametrize("id", EXPERIMENTS)
def test_the_record_has_every_number_of_a_task(usual: Reproduction, id: str) -> None:
    task, runs = by_id(written(usual))[id], usual.tasks[id]
    published = PUBLISHED[id]
    assert task["table"] == published.table
    assert task["published"]["test_accuracy"] == published.test_accuracy
    assert task["published"].get("test_loss") == published.test_loss
    keras = runs.keras
    assert task["keras"] == {
        "test_accuracy": keras.test_accuracy,
        "test_loss": keras.test_loss,
        "train_accuracy": keras.train_accuracy,
        "train_loss": keras.train_loss,
        "updates": keras.updates,
        "seconds": keras.seconds,
        "ending": keras.ending,
    }
    for name in ("test_accuracy", "test_loss"):
        values = getattr(runs.replicated, name)
        found = task["replicated"][name]
        assert found["values"] == values.tolist()
        assert {figure: found[figure] for figure in FIGURES} == pytest.approx(
            {
                "mean": values.mean(),
                "sd": values.std(ddof=1),
                "min": values.min(),
                "median": np.median(values),
                "max": values.max(),
            }
        )
    assert task["replicated"]["seeds"] == [1, 2, 3]
    assert task["replicated"]["endings"] == runs.replicated.ending.tolist()


def test_the_record_has_all_tasks_in_the_labs_order(usual: Reproduction) -> None:
    assert list(by_id(written(usual))) == list(EXPERIMENTS)


def test_the_record_compares_a_new_initializer_with_a_shared_one(usual: Reproduction) -> None:
    *source, by_hand, glorot = written(usual)["comparisons"]
    assert [(c["task"], c["other"]) for c in source] == [(c.task, c.other) for c in usual.claims]
    for id, found in (("1.3", by_hand), ("1.4", glorot)):
        shared = f"{id}-shared-initializer"
        assert (found["task"], found["other"], found["pairs"]) == (id, shared, 3)
        mean = (usual.tasks[id].test_accuracy - usual.tasks[shared].test_accuracy).mean()
        assert found["difference"] == pytest.approx(mean)


def test_a_diverged_run_is_null_among_the_values_and_in_no_figure(
    invented: Made, scenario: Any
) -> None:
    endings = ("finished", "diverged", "finished")
    record = written(invented({"1.3": scenario((0.8, 0.2, 0.9), endings)}))
    found = by_id(record)["1.3"]["replicated"]
    assert found["endings"] == list(endings)
    accuracy = found["test_accuracy"]
    assert accuracy["values"] == [0.8, None, 0.9]
    assert {figure: accuracy[figure] for figure in FIGURES} == pytest.approx(
        {"mean": 0.85, "sd": 0.005**0.5, "min": 0.8, "median": 0.85, "max": 0.9}
    )
    assert found["test_loss"]["values"][1] is None
    assert found["test_loss"]["max"] == pytest.approx(0.1)


def test_where_all_runs_diverged_every_figure_is_null(invented: Made, scenario: Any) -> None:
    everything = scenario((0.2,) * 3, ("diverged",) * 3, keras=0.2, keras_ending="diverged")
    task = by_id(written(invented({"1.4": everything})))["1.4"]
    for name in ("test_accuracy", "test_loss"):
        found = task["replicated"][name]
        assert found.pop("values") == [None] * 3
        assert set(found) >= set(FIGURES)
        assert found == dict.fromkeys(found)
    assert task["keras"]["ending"] == "diverged"
    assert task["keras"]["test_loss"] is None


def test_one_replication_has_no_standard_deviation() -> None:
    record = written(reproduce(1, ["1.1-batch-512-sigma-0.1"]))
    accuracy = record["tasks"][0]["replicated"]["test_accuracy"]
    assert accuracy["sd"] is None
    assert len(set(map(str, (accuracy[k] for k in ("mean", "min", "median", "max"))))) == 1


def test_the_record_has_both_sides_of_task_2(usual: Reproduction) -> None:
    sides = {"train_loss": 0.0163, "train_accuracy": 0.9492, "test_loss": 0.0182}
    parity = written(usual)["parity"]
    assert parity["keras"] == parity["own"] == {**sides, "test_accuracy": 0.9453}
    assert parity["largest_difference"] == 1.4e-6
    assert {(t["task"], *t["trainers"], t["dtype"], t["updates"]) for t in parity["trainings"]} == {
        (task, *trainers, dtype, updates)
        for trainers in (("reference", "keras"), ("engine", "reference"))
        for task in ("1.2-relu", "1.3", "1.4")
        for dtype, updates in (("float64", 200), ("float32", 20))
    }


def test_task_3_alone_trains_nothing_and_needs_no_parity(by_hand: Reproduction) -> None:
    record = written(by_hand)
    assert (record["tasks"], record["parity"], record["errata"]) == ([], None, [])
    eleven, twelve = record["boundary"]
    assert (eleven["id"], eleven["equation"]) == ("3-eq11", 11)
    assert (eleven["W"], eleven["b"]) == ([[-1, 0], [0, 1]], [1, 0])
    assert (twelve["id"], twelve["equation"]) == ("3-eq12", 12)
    assert (twelve["W"], twelve["b"]) == ([[2, 1], [3, 2]], [0.5, -0.5])
    for solution, found in zip(record["boundary"], by_hand.by_hand, strict=True):
        assert solution["line"] == "x2 = 1 - x1"
        assert solution["is_wanted_line"] is True
        # With z = Wx + b, counted here once more.
        x, y = found.dataset.test.x, found.dataset.test.y
        z = x @ np.array(solution["W"]).T + np.array(solution["b"])
        assert solution["accuracy"] == (z.argmax(axis=1) == y).mean()
        assert 0.98 < solution["accuracy"] < 1


def test_the_two_solutions_are_tested_on_two_datasets_of_the_same_kind(
    by_hand: Reproduction,
) -> None:
    eleven, twelve = (solution.dataset for solution in by_hand.by_hand)
    assert eleven.test.x.shape == twelve.test.x.shape == (1024, 2)
    assert not np.isin(eleven.test.x, twelve.test.x).any()


def test_a_wrong_solution_is_recorded_as_wrong(by_hand: Reproduction) -> None:
    solution = by_hand.by_hand[0]
    wrong = replace(solution, check=replace(solution.check, line=None))
    record = written(replace(by_hand, by_hand=(wrong,)))
    assert record["boundary"][0]["is_wanted_line"] is False
