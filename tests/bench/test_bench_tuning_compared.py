"""Tuning in the bench: two searches, judged by the same fresh runs, and who had a good setting sooner."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlplab import train
from mlplab.bench import Record, Settings, run_bench, tasks
from mlplab.bench.report import as_markdown
from mlplab.bench.tables import left_out_sentences
from mlplab.bench.tuning import SWEEP, TUNED_SPACE, TunedTrial, Tuning, tune_in_process
from mlplab.bench.tuning_by_sweep import REPLICATIONS
from mlplab.bench.tuning_by_sweep import tune as tune_by_sweep
from mlplab.bench.tuning_compared import (
    FreshRuns,
    TuningCompared,
    TuningPlan,
    measure_tuning,
    tuning_plan,
)
from mlplab.bench.tuning_table import tuning_sentences, tuning_table
from mlplab.bench.workload import Workload
from mlplab.report.experiments import EXPERIMENTS
from mlplab.spec import Experiment
from mlplab.sweep import SearchPlan, Space, train_search
from mlplab.sweep.search_plan import FRESH

SETTINGS = Settings(rounds=3, threads=1, quick=True, parts=("tuning",))


@pytest.fixture
def record(fake_bench: Any) -> Record:
    return run_bench(SETTINGS, [])


@pytest.fixture
def part(record: Record) -> TuningCompared:
    assert record.tuning is not None
    return record.tuning


@pytest.fixture
def experiment(tiny_workload: Callable[..., Workload]) -> Experiment:
    tiny = tiny_workload(epochs=2).experiment
    return tiny.varied({"network.initializer": "random_normal"})


def test_the_labs_third_task_is_tuned_and_judged_by_a_hundred_runs() -> None:
    plan = tuning_plan(quick=False)
    assert (plan.id, plan.experiment, plan.fresh_runs) == ("1.3", EXPERIMENTS["1.3"], 100)
    quick = tuning_plan(quick=True)
    assert quick.experiment == plan.experiment
    assert quick.trials < plan.trials
    assert quick.fresh_runs < plan.fresh_runs


def test_the_ratio_is_until_one_as_good_as_fresh_runs_of_their_winner(part: TuningCompared) -> None:
    # Their winner, after 6 s, has 0.72 by fresh runs; ours have 0.725 and 0.75, both after 1.5 s.
    assert part.as_good == part.ours.trials[1]
    assert part.ratio == 4.0
    fresh = (part.fresh_theirs, part.fresh_as_good, part.fresh_ours)
    assert [each and each.mean for each in fresh] == [0.72, 0.74, 0.78]
    assert tuning_table(part).rows == (
        ("Optuna + Keras", "6.00 s", "90.0 %", "72.0 %", "8.00 s", "3", ""),
        ("mlplab, as good", "1.50 s", "75.0 %", "74.0 %", "", "", "4.00 ×"),
        ("mlplab", "3.00 s", "80.0 %", "78.0 %", "3.00 s", "24", ""),
    )
    seen, sooner = tuning_sentences(part)
    assert "of 90.0 % of their winner, in one training" in seen
    assert "4 fresh runs have 72.0 % on average (71.0 to 74.0 %)" in seen
    assert "after 1.50 s; Optuna and Keras took 4.00 × as long" in sooner


def test_where_none_was_as_good_there_is_no_ratio(part: TuningCompared) -> None:
    better = replace(part, fresh_theirs=FreshRuns(0.85, 0.84, 0.86, 0), fresh_as_good=None)
    assert (better.as_good, better.ratio) == (None, None)
    assert [row[0] for row in tuning_table(better).rows] == ["Optuna + Keras", "mlplab"]
    assert tuning_sentences(better)[1] == (
        "None of mlplab's 3 candidates had 85.0 % on average of its 8 runs: there is no ratio."
    )
    found = better.as_json()
    assert (found["as_good"], found["ratio"]) == (None, None)


def test_a_winner_of_which_all_fresh_runs_diverge_is_no_measure(part: TuningCompared) -> None:
    nothing = FreshRuns(float("nan"), float("nan"), float("nan"), 4)
    diverged = replace(part, fresh_theirs=nothing, fresh_as_good=None)
    assert diverged.ratio is None
    found = json.loads(json.dumps(diverged.as_json(), allow_nan=False))
    assert found["theirs"]["winner"]["fresh"] == {
        **dict.fromkeys(("mean", "low", "high")),
        "diverged": 4,
    }


@pytest.mark.parametrize(
    ("means", "as_good"), [((0.9, 0.95), 0), ((0.1, 0.95), 1), ((0.1, 0.2), None)]
)
def test_settings_are_judged_by_the_same_fresh_seeds(
    means: tuple[float, float], as_good: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = Experiment(
        dataset={"kind": "linear", "train_per_class": 6, "test_per_class": 9},
        training={"batch_size": 4, "epochs": 3},
    )
    rates = [{"training.optimizer.learning_rate": rate} for rate in (0.01, 0.1, 0.5)]
    theirs = Tuning((TunedTrial(rates[0], 1.0, 5.0),))
    ours = Tuning((TunedTrial(rates[1], means[0], 1.0, 8), TunedTrial(rates[2], means[1], 2.0, 8)))
    monkeypatch.setattr(
        "mlplab.bench.tuning_compared.tune_in_process",
        lambda where, *_, **__: ours if where == SWEEP else theirs,
    )
    found = measure_tuning(TuningPlan("1.1", experiment, 2, 5), threads=1, seed=3)

    def assert_judged(fresh: FreshRuns | None, settings: Any) -> None:
        runs = train(experiment.varied(settings), 5, seed=3 + FRESH)
        values = runs.history.validation_accuracy[:, -1]
        assert np.ptp(values) > 0, "the test tells seeds apart"
        assert fresh is not None
        assert fresh.mean == pytest.approx(values.mean())
        assert fresh.low < fresh.mean < fresh.high

    assert_judged(found.fresh_theirs, rates[0])
    assert_judged(found.fresh_ours, rates[2])
    if as_good is None:
        assert (found.as_good, found.fresh_as_good) == (None, None)
    else:
        assert found.as_good == ours.trials[as_good]
        assert_judged(found.fresh_as_good, rates[1 + as_good])


def test_our_tuner_does_what_the_sweep_does(experiment: Experiment) -> None:
    pytest.importorskip("optuna")
    told: list[TunedTrial] = []
    tune_by_sweep(experiment, TUNED_SPACE, 11, 5, told.append)
    space = Space.from_table(TUNED_SPACE, experiment)
    plan = SearchPlan.of(experiment, space, "tpe", 11, REPLICATIONS, 5, final=2)
    assert plan.replications == SearchPlan.of(experiment, space).replications
    search = train_search(plan)
    assert [trial.settings for trial in told] == search.changes
    means = [trial.validation_accuracy for trial in told]
    assert np.allclose(means, search.column("mean"))
    assert {trial.trainings for trial in told} == {8}
    times = [trial.seconds for trial in told]
    assert len(set(times)) == 2, "eight are trained together"
    assert 0 < times[0] < times[8]


def test_a_candidate_that_diverges_is_the_worst(experiment: Experiment) -> None:
    pytest.importorskip("optuna")
    told: list[TunedTrial] = []
    layers = {"hidden_layers": 3, "layer_width": 4, "activation": "linear"}
    space = {"training.optimizer.learning_rate": "log:1e37:1e38"}
    tune_by_sweep(experiment.varied({"network": layers}), space, 2, 0, told.append)
    assert [trial.validation_accuracy for trial in told] == [0, 0]


def test_without_keras_it_is_left_out(fake_bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlplab.bench.run.missing_modules", lambda: ["optuna", "keras"])
    record = run_bench(SETTINGS, [])
    assert record.tuning is None
    assert left_out_sentences(record) == [
        "Tuning beside Optuna and Keras is left out: optuna and keras are not installed."
    ]
    assert "## Tuning" not in as_markdown(record)
    assert record.as_json()["tuning"] is None


def test_what_cannot_be_imported_is_left_out(
    fake_bench: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken_tuner.py").write_text("raise ImportError('it needs another JAX')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("mlplab.bench.tuning_compared.OPTUNA_AND_KERAS", "broken_tuner:tune")
    monkeypatch.setattr("mlplab.bench.tuning_compared.tune_in_process", tune_in_process)
    record = run_bench(SETTINGS, [])
    assert left_out_sentences(record) == [
        "Tuning beside Optuna and Keras is left out: it needs another JAX."
    ]


def test_json_and_report_have_both_searches(record: Record) -> None:
    found = json.loads(json.dumps(record.as_json(), allow_nan=False))
    assert found["verdicts"] == []
    tuning = found["tuning"]
    assert (tuning["ratio"], tuning["fresh_runs"]) == (4.0, 4)
    assert tuning["space"] == TUNED_SPACE
    assert [len(tuning[side]["trials"]) for side in ("theirs", "ours")] == [3, 3]
    assert tuning["theirs"]["winner"]["fresh"]["mean"] == 0.72
    assert tuning["as_good"]["seconds"] == 1.5
    report = as_markdown(record)
    for wanted in (
        "## Tuning",
        "| mlplab, as good | 1.50 s |",
        "as long until their",
        "same fresh seeds",
    ):
        assert wanted in report


def test_its_progress_goes_to_the_end(fake_bench: Any) -> None:
    steps: list[tuple[str, int, int]] = []
    run_bench(SETTINGS, [], lambda *step: steps.append(step))
    assert tasks(SETTINGS) == ["tuning"]
    assert steps == [("tuning", done, 8) for done in range(1, 9)]
