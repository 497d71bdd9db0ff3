"""Adam with dropout and a penalty: the peers do the same work, and the times become a table."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mlplab.bench import Record, Settings, run_bench, tasks
from mlplab.bench.outcome import outcome_of
from mlplab.bench.regularised import (
    BESIDE,
    DROPOUT,
    NETWORKS,
    PENALTY,
    QUICK_EPOCHS,
    RegularisedWorkload,
    regularised_workload,
)
from mlplab.bench.regularised_table import regularised_table
from mlplab.bench.report import as_markdown
from mlplab.bench.side import Side
from mlplab.reference.training import train as train_by_reference
from mlplab.report.experiments import EXPERIMENTS
from mlplab.training import train
from mlplab.trial import draw

SETTINGS = Settings(rounds=2, threads=1, quick=True, parts=("regularised",))

KERAS, _, PYTORCH = BESIDE


@pytest.fixture
def record(fake_bench: Any, monkeypatch: pytest.MonkeyPatch) -> Record:
    monkeypatch.setattr(Side, "missing", property(lambda side: []))
    return run_bench(SETTINGS, [])


def started(side: Side, workload: RegularisedWorkload) -> Any:
    if side.missing:
        pytest.skip(f"{side.missing} not installed")
    timed = side.load()(workload, threads=1)
    timed.train()
    return timed


@pytest.mark.parametrize("quick", [False, True])
def test_it_is_task_1_4_with_dropout_and_a_penalty(quick: bool) -> None:
    workload = regularised_workload(quick)
    task, mine = EXPERIMENTS["1.4"], workload.experiment
    assert mine.network.dropout_rates == (DROPOUT,) * 10
    assert (mine.network.kernel_regularizer.kind, mine.network.kernel_regularizer.l2) == (
        "l2",
        PENALTY,
    )
    assert workload.epochs == (QUICK_EPOCHS if quick else task.training.epochs)
    assert workload.population == NETWORKS
    without = {"network.dropout": 0.0, "network.kernel_regularizer": None}
    epochs = {"training.epochs": task.training.epochs}
    assert mine.varied(without | epochs) == task


def test_what_the_peers_do_not_write_out_is_no_workload(
    tiny_regularised_workload: Callable[..., RegularisedWorkload],
) -> None:
    workload = tiny_regularised_workload()
    for change in (
        {"training.optimizer": "sgd"},
        {"training.optimizer.weight_decay": 0.1},
        {"training.optimizer.clipnorm": 1.0},
        {"training.loss": "categorical_crossentropy"},
        {"training.early_stopping": {}},
        {"network.kernel_regularizer": "l1"},
        {"network.input_noise": 0.1},
        {"network.activation": "tanh"},
    ):
        with pytest.raises(ValueError, match="do not train this"):
            RegularisedWorkload("1.4", workload.experiment.varied(change), 1)


@pytest.mark.slow
def test_keras_has_the_same_dropout_penalty_and_optimizer(
    tiny_regularised_workload: Callable[..., RegularisedWorkload],
) -> None:
    timed = started(KERAS, tiny_regularised_workload())
    names = [type(layer).__name__ for layer in timed.model.layers]
    assert names == ["Dense", "Dropout", "Dense", "Dropout", "Dense"]
    assert [layer.rate for layer in timed.model.layers[1::2]] == [0.2, 0.2]
    assert [float(layer.kernel_regularizer.l2) for layer in timed.model.layers[::2]] == [
        pytest.approx(0.01)
    ] * 3
    assert type(timed.model.optimizer).__name__ == "Adam"
    assert len(timed.history["val_loss"]) == 2
    outcome = timed.outcome()
    assert outcome.updates == 6


@pytest.mark.slow
def test_keras_loses_as_much_as_we_do_where_nothing_is_random(
    tiny_regularised_workload: Callable[..., RegularisedWorkload],
) -> None:
    # One batch an epoch, so that its own shuffles change nothing.
    workload = tiny_regularised_workload(epochs=4, dropout=0.0)
    experiment = workload.experiment.varied({"training.batch_size": 21})
    timed = started(KERAS, RegularisedWorkload("1.4", experiment, 1))
    ours = train(experiment).history
    assert timed.history["loss"] == pytest.approx(
        ours.train_loss_with_penalty[0].tolist(), rel=1e-5
    )
    assert timed.history["val_loss"] == pytest.approx(
        ours.validation_loss_with_penalty[0].tolist(), rel=1e-5
    )


@pytest.mark.slow
def test_pytorch_follows_the_trial_where_nothing_is_dropped(
    tiny_regularised_workload: Callable[..., RegularisedWorkload],
) -> None:
    # Its ε is another one beside small moments.
    workload = tiny_regularised_workload(epochs=4, dropout=0.0)
    timed = started(PYTORCH, workload)
    trial = draw(workload.experiment, seed=0)
    run = train_by_reference(trial)
    ours = run.history
    expected = outcome_of(trial, (run.weights, run.biases), run.updates)
    assert timed.outcome().updates == expected.updates == 12
    assert timed.outcome().loss_after == pytest.approx(expected.loss_after, rel=1e-3)
    np.testing.assert_allclose([loss for loss, _ in timed.history], ours.train_loss, rtol=1e-3)
    validated = [loss for loss, _ in timed.validated]
    np.testing.assert_allclose(validated, ours.validation_loss_with_penalty, rtol=1e-3)


@pytest.mark.slow
def test_pytorch_drops_in_training_only(
    tiny_regularised_workload: Callable[..., RegularisedWorkload],
) -> None:
    timed = started(PYTORCH, tiny_regularised_workload())
    rates = [layer.p for layer in timed.model if type(layer).__name__ == "Dropout"]
    assert rates == [0.2, 0.2]
    assert timed._evaluated(timed.test) == timed._evaluated(timed.test) == timed.tested
    assert timed.model.training


def test_ratios_follow_from_the_times(record: Record) -> None:
    part = record.regularised
    assert part is not None
    # An epoch of one network takes 3 s in `mlplab.train`, and 10 s elsewhere; there are two.
    assert part.seconds == 6.0
    assert {name: pair.ratio for name, pair in part.pairs.items()} == {
        side.name: pytest.approx(10 / 3) for side in BESIDE
    }
    ours, keras, *_ = regularised_table(part).rows
    assert ours == ("mlplab.train", "6.00 s", "0.167", "", "")
    assert keras == (KERAS.title, "20.0 s", "0.0500", "3.33 ×", "3.33 to 3.33 ×")


def test_json_and_report_have_it(record: Record) -> None:
    found = json.loads(json.dumps(record.as_json(), allow_nan=False))["regularised"]
    assert set(found["pairs"]) == {side.name for side in BESIDE}
    assert found["population"] == 2
    report = as_markdown(record)
    for wanted in ("## Dropout and a penalty", f"| {PYTORCH.title} |", f"- {KERAS.title}: "):
        assert wanted in report


def test_who_is_not_installed_is_left_out(fake_bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        Side, "missing", property(lambda side: [each for each in side.needs if each == "torch"])
    )
    record = run_bench(SETTINGS, [])
    assert record.left_out == {PYTORCH.name: "torch is not installed"}
    monkeypatch.setattr(Side, "missing", property(lambda side: list(side.needs)))
    assert run_bench(SETTINGS, []).regularised is None


def test_its_progress_goes_to_the_end(fake_bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Side, "missing", property(lambda side: []))
    steps: list[tuple[str, int, int]] = []
    run_bench(SETTINGS, [], lambda *step: steps.append(step))
    [task] = tasks(SETTINGS)
    assert steps == [(task, done, 10) for done in range(1, 11)]
