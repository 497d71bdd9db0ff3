"""Runs with targets: saved and loaded exactly, and as frames, their metric by its own name."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save as as_safetensors

from mlplab.errors import MlplabError
from mlplab.run import Outcomes, Run, Runs
from mlplab.spec import Experiment
from mlplab.training import train

Same = Callable[[Run | Runs, Run | Runs], None]

LOSSES = {
    "mean_squared_error": "r2",
    "mean_absolute_error": "mean_absolute_error",
    "huber": "mean_absolute_error",
}
"""The metric of each loss."""


def trained(loss: str, replications: int = 3, **changes: object) -> Runs:
    experiment = Experiment(
        dataset={"kind": "plane", "train_samples": 16, "test_samples": 8},
        network={"hidden_layers": 1, "layer_width": 3, "activation": "tanh"},
        training={"loss": loss, "epochs": 2, "batch_size": 4},
    )
    return train(
        experiment.varied(dict(changes)), replications, trainer="reference", keep_weights=2
    )


@pytest.mark.parametrize(("loss", "metric"), LOSSES.items())
def test_runs_of_targets_are_loaded_exactly(
    loss: str, metric: str, assert_same: Same, tmp_path: Path
) -> None:
    runs = trained(loss)
    for number, some in enumerate((runs, runs[::-1], runs[:1], runs[1:1], runs[2:])):
        some.save(tmp_path / str(number))
        found = Runs.load(tmp_path / str(number))
        assert_same(found, some)
        assert (found.metric, found.history.metric) == (metric, metric)
        assert (found.target_names, found.label_names) == (("y",), ())
        assert (found.predicted.shape, found.labelled.shape) == ((len(some), 0), (len(some), 1))
    alone = Runs.load(tmp_path / "0")[1]
    assert_same(alone, runs[1])


def test_several_targets_are_loaded_exactly(assert_same: Same, tmp_path: Path) -> None:
    numbers = np.random.default_rng(0).normal(size=(40, 4))
    path = tmp_path / "samples.csv"
    np.savetxt(path, numbers, delimiter=",", header="a,b,x1,x2", comments="")
    dataset = {"kind": "file", "path": str(path), "target": ["a", "b"], "standardise": True}
    experiment = Experiment(dataset=dataset, training={"loss": "huber"})
    runs = train(experiment, 2, trainer="reference")
    assert runs.target_names == ("a", "b")
    assert runs.weights[-1].shape == (2, 2, 2)
    runs.save(tmp_path)
    assert_same(Runs.load(tmp_path), runs)


def test_history_with_a_penalty_is_loaded_exactly(assert_same: Same, tmp_path: Path) -> None:
    penalty = {"network.kernel_regularizer": {"kind": "l2", "l2": 0.01}}
    runs = trained("mean_squared_error", **penalty)
    assert runs.history.train_penalty is not None
    runs.save(tmp_path)
    assert_same(Runs.load(tmp_path), runs)


@pytest.mark.parametrize(("loss", "metric"), LOSSES.items())
def test_files_call_the_metric_by_its_name(loss: str, metric: str, tmp_path: Path) -> None:
    runs = trained(loss)
    runs.save(tmp_path)
    with (tmp_path / "runs.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [float(row[f"test_{metric}"]) for row in rows] == runs.test_metric.tolist()
    with safe_open(tmp_path / "runs.safetensors", framework="numpy") as file:
        names = set(file.keys())
        words = file.metadata()
    assert {f"train_{metric}", f"history.validation_{metric}"} <= names
    assert not any("metric" in name or "accuracy" in name for name in names)
    assert words["target_names"] == '["y"]'


@pytest.mark.parametrize(("loss", "metric"), LOSSES.items())
def test_frames_call_the_metric_by_its_name(loss: str, metric: str) -> None:
    pytest.importorskip("pandas")
    runs = trained(loss)
    frame = runs.to_frame()
    names = ["train_loss", f"train_{metric}", "test_loss", f"test_{metric}"]
    assert frame.columns.tolist() == ["seed", "ending", "cause", *names, "updates", "seconds"]
    np.testing.assert_array_equal(frame[f"test_{metric}"], runs.test_metric)
    history = runs.history_frame()
    assert history.columns.tolist() == [
        *("run", "seed", "epoch", "train_loss", f"train_{metric}", "validation_loss"),
        f"validation_{metric}",
    ]
    np.testing.assert_array_equal(
        history[f"validation_{metric}"], runs.history.validation_metric.ravel()
    )


def test_targets_have_no_accuracy() -> None:
    runs = trained("mean_squared_error")
    sentence = "targets have no accuracy: the test_metric of these runs is the r2"
    for of in (runs, runs[0]):
        with pytest.raises(AttributeError) as refused:
            _ = of.test_accuracy
        assert str(refused.value) == sentence
    with pytest.raises(AttributeError, match="the validation_metric of these runs is the r2"):
        _ = runs.history.validation_accuracy


def test_outcomes_of_targets_are_those_of_their_runs() -> None:
    runs = trained("huber")
    outcomes = Outcomes.from_runs(runs)
    np.testing.assert_array_equal(outcomes.test_metric, runs.test_metric)
    np.testing.assert_array_equal(outcomes.validation_metric, runs.history.validation_metric[:, -1])
    assert outcomes.cause.tolist() == runs.cause.tolist()


def test_scores_of_another_metric_than_the_experiments_are_no_runs(tmp_path: Path) -> None:
    trained("mean_squared_error").save(tmp_path)
    path = tmp_path / "runs.safetensors"
    with safe_open(path, framework="numpy") as file:
        words = file.metadata()
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  # no dict
    other = words["experiment"].replace("mean_squared_error", "huber")
    path.write_bytes(as_safetensors(arrays, {**words, "experiment": other}))
    with pytest.raises(MlplabError) as refused:
        Runs.load(tmp_path)
    assert str(refused.value) == (
        f"'{path}' holds no runs as mlplab saves them: 'train_mean_absolute_error' is missing"
    )
