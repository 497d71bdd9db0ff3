"""Fits beside scikit-learn's own: both sides get the same samples, and the scores become verdicts."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest

from mlplab.bench import Settings, run_bench, tasks
from mlplab.bench.estimator_fits import (
    DATASETS,
    FITS_BESIDE,
    EstimatorFits,
    Fit,
    fits_in_all,
    measure_fits,
    split_of,
)
from mlplab.bench.estimator_table import estimator_table
from mlplab.bench.report import as_markdown
from mlplab.bench.taken import Taken

SETTINGS = Settings(rounds=2, threads=1, quick=True, parts=("estimators",))


def fake_fits(splits: int = 30) -> EstimatorFits:
    noise = np.random.default_rng(0).normal(0, 0.001, splits)
    taken = Taken(1.0, 1.0), Taken(4.0, 4.0)
    worse = [Fit("iris", (0.8 + float(e), 0.9), (200, 100), taken) for e in noise]
    alike = [Fit("diabetes", (0.4 + float(e), 0.4), (50, 50), taken) for e in noise]
    return EstimatorFits((*worse, *alike))


def test_scores_become_verdicts_and_times_become_ratios():
    fits = fake_fits()
    verdicts = {name: found.verdict for name, found in fits.comparisons().items()}
    assert verdicts == {"iris": "worse", "diabetes": "no meaningful difference"}
    found = fits.comparisons()
    assert found["iris"].measure.name == "test_accuracy"
    assert found["diabetes"].measure.name == "test_r2"
    assert found["iris"].resplit_ratio == pytest.approx(1 / 3)
    table = estimator_table(fits)
    assert table.rows[0][:2] == ("iris", "0.800, 0.900")
    assert re.fullmatch(r"-10\.\d\d to -9\.\d\d points", table.rows[0][2])
    assert table.rows[0][3:] == ("worse", "200, 100", "4.00 ×")
    assert re.fullmatch(r"-0\.00\d+ to 0\.00\d+ R²", table.rows[1][2])
    assert "30 splits each" in table.title
    assert fits.pair("iris").ratio == 4.0
    assert "nan" not in json.dumps(fits.as_json(), allow_nan=False)


@pytest.mark.parametrize("dataset", list(DATASETS))
def test_samples_are_split_and_standardised(dataset: str):
    pytest.importorskip("sklearn")
    x, y, x_test, y_test = split_of(dataset, 1)
    assert len(x_test) / (len(x) + len(x_test)) == pytest.approx(0.25, abs=0.01)
    assert len(y) == len(x)
    assert len(y_test) == len(x_test)
    varied = x.std(axis=0) > 0
    np.testing.assert_allclose(x.mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(x[:, varied].std(axis=0), 1)
    assert (split_of(dataset, 1)[0] == x).all()
    assert (split_of(dataset, 2)[0] != x).any()


def test_the_part_is_in_the_record_and_the_report(monkeypatch: pytest.MonkeyPatch):
    def measured(quick: bool, on_fit: Any) -> EstimatorFits:
        for _ in range(fits_in_all(quick)):
            on_fit()
        return fake_fits(3)

    steps: list[tuple[str, int, int]] = []
    monkeypatch.setattr("mlplab.bench.run.measure_fits", measured)
    monkeypatch.setattr("mlplab.bench.run.missing_for_fits", list)
    record = run_bench(SETTINGS, [], lambda *step: steps.append(step))
    assert tasks(SETTINGS) == ["estimators, fit for fit"]
    assert steps[-1] == ("estimators, fit for fit", 10, 10)
    assert [part["dataset"] for part in record.as_json()["estimators"]] == ["iris", "diabetes"]
    json.dumps(record.as_json(), allow_nan=False)
    page = as_markdown(record)
    assert "## Estimators" in page
    assert "| iris |" in page
    assert "on one thread" in page


@pytest.mark.parametrize("how", ["missing", "broken"])
def test_without_scikit_learn_it_is_left_out(how: str, monkeypatch: pytest.MonkeyPatch):
    def broken(quick: bool, on_fit: Any) -> EstimatorFits:
        raise ImportError("scikit-learn is broken")

    monkeypatch.setattr("mlplab.bench.run.measure_fits", broken)
    missing = ["sklearn"] if how == "missing" else []
    monkeypatch.setattr("mlplab.bench.run.missing_for_fits", lambda: missing)
    record = run_bench(SETTINGS, [])
    assert record.estimators is None
    said = "sklearn is not installed" if how == "missing" else "scikit-learn is broken"
    assert record.left_out[FITS_BESIDE] == said
    assert "Estimators beside scikit-learn's" in as_markdown(record)


@pytest.mark.slow
def test_both_sides_are_fitted_in_turns_in_a_process_of_their_own(monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("sklearn")
    two = {name: DATASETS[name] for name in ("iris", "diabetes")}
    monkeypatch.setattr("mlplab.bench.estimator_fits.DATASETS", two)
    told: list[None] = []
    fits = measure_fits(quick=True, on_fit=lambda: told.append(None))
    assert [fit.dataset for fit in fits.fits] == ["iris"] * 2 + ["diabetes"] * 2
    assert len(told) == fits_in_all(True) == 4
    for fit in fits.fits:
        assert all(0 < score <= 1 for score in fit.scores)
        assert all(0 < epochs <= 200 for epochs in fit.epochs)
        assert all(taken.seconds > 0 for taken in fit.taken)
