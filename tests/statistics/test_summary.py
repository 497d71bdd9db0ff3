"""What many runs say together, against Python's own statistics."""

from __future__ import annotations

import statistics
from dataclasses import FrozenInstanceError, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mlplab.run import Runs
from mlplab.spec import Experiment
from mlplab.statistics import Summary, finite, outcomes, summarise
from mlplab.training import train

number = st.floats(-1e3, 1e3)
lost = st.sampled_from([np.nan, np.inf, -np.inf])
values = arrays(np.float64, st.integers(1, 20), elements=number | lost)


@given(values)
def test_a_summary_is_that_of_the_finite_values(values: Any) -> None:
    known = [value for value in values.tolist() if abs(value) < np.inf]
    summary = summarise(values)
    assert finite(values).tolist() == known
    if not known:
        assert summary is None
        return
    assert summary is not None
    assert (summary.min, summary.max) == (min(known), max(known))
    assert summary.median == pytest.approx(statistics.median(known))
    assert summary.mean == pytest.approx(statistics.fmean(known), abs=1e-9)
    if len(known) > 1:
        # Of equal values numpy's mean may be off by a rounding, and so its deviation from 0.
        assert summary.sd == pytest.approx(statistics.stdev(known), rel=1e-9, abs=1e-9)


def test_one_value_has_no_standard_deviation() -> None:
    assert summarise(np.array([0.25, np.nan])) == Summary(0.25, None, 0.25, 0.25, 0.25)


def test_a_summary_worked_by_hand() -> None:
    summary = summarise(np.array([1.0, 2.0, 4.0, 5.0]))
    # The deviations from 3 are -2, -1, 1, 2: squared and summed 10, over n - 1 = 3.
    assert summary == Summary(mean=3.0, sd=(10 / 3) ** 0.5, min=1.0, median=3.0, max=5.0)


def test_a_summary_cannot_be_changed() -> None:
    summary = summarise(np.array([1.0]))
    with pytest.raises(FrozenInstanceError):
        summary.mean = 2.0  # type: ignore[misc,union-attr]  # what cannot be done


QUANTITIES = ["train_loss", "train_accuracy", "test_loss", "test_accuracy"]


@pytest.fixture(scope="module")
def three_runs() -> Runs:
    return train(Experiment(dataset={"kind": "linear", "train_per_class": 8}), replications=3)


@pytest.mark.parametrize("name", QUANTITIES)
def test_a_diverged_run_has_no_outcome_though_it_has_an_accuracy(
    three_runs: Runs, name: str
) -> None:
    runs = replace(three_runs, ending=np.array(["finished", "diverged", "stuck"]))
    raw = getattr(runs, name)
    assert np.isfinite(raw).all()
    np.testing.assert_array_equal(outcomes(runs, name), [raw[0], np.nan, raw[2]])
    np.testing.assert_array_equal(outcomes(three_runs, name), raw)


def test_runs_that_truly_diverge_poison_no_summary() -> None:
    runs = train(
        Experiment(
            dataset="polar",
            network={"hidden_layers": 3, "layer_width": 20, "activation": "relu"},
            training={
                "optimizer": {"kind": "sgd", "learning_rate": 1e12},
                "loss": "categorical_crossentropy",
                "epochs": 2,
            },
        ),
        replications=2,
    )
    assert set(runs.ending) == {"diverged"}
    assert np.isfinite(runs.test_accuracy).all()
    assert summarise(outcomes(runs, "test_accuracy")) is None
