"""Tuners: each trial as it ends, from a process of its own; and the one of Optuna and Keras."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

import pytest

from mlplab.bench.tuning import (
    OPTUNA_AND_KERAS,
    TUNED_SPACE,
    TunedTrial,
    Tuning,
    missing_modules,
    tune_in_process,
)
from mlplab.bench.workload import Workload
from mlplab.report.experiments import EXPERIMENTS
from mlplab.spec import Experiment

MODULE = """
import os
from mlplab.bench.tuning import TunedTrial

def tune(experiment, space, trials, seed, on_trial):
    for number in range(trials):
        settings = {path: float(seed) for path in space}
        on_trial(TunedTrial(settings, number / 10, float(os.environ["OMP_NUM_THREADS"])))

def dies(experiment, space, trials, seed, on_trial):
    on_trial(TunedTrial({}, 0.5, 1.0))
    os._exit(3)
"""


@pytest.fixture
def fakes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "fake_tuners.py").write_text(textwrap.dedent(MODULE))
    monkeypatch.syspath_prepend(tmp_path)
    return "fake_tuners"


def test_trials_come_as_they_end(fakes: str, tiny_workload: Callable[..., Workload]) -> None:
    told: list[TunedTrial] = []
    experiment = tiny_workload().experiment
    tuning = tune_in_process(
        f"{fakes}:tune", experiment, {"a": "lin:0:1"}, 3, seed=7, threads=1, on_trial=told.append
    )
    assert tuning.trials == tuple(told)
    assert told == [TunedTrial({"a": 7.0}, number / 10, 1.0) for number in range(3)]


def test_a_tuner_that_dies_is_no_mystery(
    fakes: str, tiny_workload: Callable[..., Workload]
) -> None:
    with pytest.raises(RuntimeError, match="status 3, after 1 of 2 trials"):
        tune_in_process(f"{fakes}:dies", tiny_workload().experiment, {}, 2, threads=1)


def test_the_best_trial_is_the_first_of_equal_ones() -> None:
    trials = [TunedTrial({}, accuracy, 1.0 + i) for i, accuracy in enumerate((0.5, 0.9, 0.9, 0.7))]
    tuning = Tuning(tuple(trials))
    assert tuning.best is trials[1]
    found = [tuning.first_with(accuracy) for accuracy in (0.5, 0.6, 0.9, 0.91)]
    assert found == [trials[0], trials[1], trials[1], None]
    together = Tuning(
        (TunedTrial({}, 0.5, 2.0), TunedTrial({}, 0.8, 2.0), TunedTrial({}, 0.9, 3.0))
    )
    assert together.first_with(0.4) == together.trials[1]
    assert (tuning.seconds, tuning.trainings) == (4.0, 4)


def test_the_space_is_of_settings_that_the_labs_task_has() -> None:
    middle = {path: sum(map(float, text.split(":")[1:])) / 2 for path, text in TUNED_SPACE.items()}
    varied = EXPERIMENTS["1.3"].varied(middle)
    assert varied.training.optimizer.learning_rate == middle["training.optimizer.learning_rate"]
    assert varied.network.initializer.stddev == middle["network.initializer.stddev"]


def tuned_here(
    where: str, experiment: Experiment, space: Mapping[str, str], trials: int
) -> list[TunedTrial]:
    """Return the trials of a tuner that works in this process, which may have loaded Keras."""
    module, _, name = where.partition(":")
    found: list[TunedTrial] = []
    getattr(import_module(module), name)(experiment, space, trials, 0, found.append)
    return found


@pytest.mark.slow
def test_optuna_tunes_a_network_of_keras(tiny_workload: Callable[..., Workload]) -> None:
    if missing_modules():
        pytest.skip(f"{missing_modules()} not installed")
    experiment = tiny_workload(epochs=2).experiment.varied({"network.initializer": "random_normal"})
    first, again = (
        tuned_here(OPTUNA_AND_KERAS, experiment, TUNED_SPACE, trials) for trials in (2, 1)
    )
    for trial in first:
        assert list(trial.settings) == list(TUNED_SPACE)
        for path, text in TUNED_SPACE.items():
            low, high = map(float, text.split(":")[1:])
            assert low <= trial.settings[path] <= high
        assert 0 <= trial.validation_accuracy <= 1
    assert 0 < first[0].seconds < first[1].seconds
    assert first[0].settings != first[1].settings
    assert again[0].settings == first[0].settings
    assert again[0].validation_accuracy == first[0].validation_accuracy
