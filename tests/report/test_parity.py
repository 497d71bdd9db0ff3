"""Task 2: the network from scratch is Keras's, in its outputs and in its training."""

from __future__ import annotations

import json

import pytest

from mlplab.report.reproduce import PARITY_UPDATES, TRAINERS_COMPARED, reproduce, train_apart
from mlplab.report.reproduction import TrainedApart
from mlplab.report.results import results

LARGEST = 1e-5
"""In float32, after 20 updates; why not less, conftest's `Tolerance` says."""


@pytest.mark.parametrize("trainers", TRAINERS_COMPARED)
def test_two_trainers_from_one_trial_stay_together(trainers: tuple[str, str]) -> None:
    """The other tasks and dtypes: the test of the whole lab."""
    apart = train_apart("1.2-relu", trainers, "float32", seed=3)
    assert (apart.task, apart.trainers, apart.dtype) == ("1.2-relu", trainers, "float32")
    assert apart.updates == PARITY_UPDATES["float32"]
    assert apart.largest_difference < LARGEST


@pytest.mark.slow
def test_task_2_works_alone_and_both_sides_agree_to_the_printed_digits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    apart = TrainedApart("1.4", TRAINERS_COMPARED[0], "float32", 20, 2.7e-7)
    monkeypatch.setattr("mlplab.report.reproduce.train_apart", lambda *_: apart)
    reproduction = reproduce(replications=1, tasks=["2"], seed=1)
    assert not reproduction.tasks
    assert not reproduction.by_hand
    parity = reproduction.parity
    assert parity is not None
    assert parity.run.trainer == "keras"
    assert parity.run.experiment.training.epochs == 20
    assert 0 < parity.largest_difference < LARGEST
    for name in ("train_loss", "test_loss"):
        assert f"{getattr(parity.own, name):.4f}" == f"{getattr(parity.keras, name):.4f}"
    for name in ("train_accuracy", "test_accuracy"):
        assert getattr(parity.own, name) == pytest.approx(getattr(parity.keras, name))
    assert [erratum.number for erratum in reproduction.errata] == [2, 5]
    record = json.loads(json.dumps(results(reproduction), allow_nan=False))
    assert record["tasks"] == []
    assert record["parity"]["largest_difference"] == parity.largest_difference


def test_weights_are_compared_after_200_updates_in_float64_and_20_in_float32() -> None:
    assert PARITY_UPDATES == {"float64": 200, "float32": 20}


def test_trainers_that_differ_are_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlplab.spec.SGD.update", lambda *_: None)
    for trainers in TRAINERS_COMPARED:
        assert train_apart("1.2-relu", trainers, "float32", seed=3).largest_difference > 1e-3
