"""Runs as DataFrames of pandas, which is imported only for them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest

from mlplab.errors import MissingExtraError
from mlplab.installation import install_command
from mlplab.run import Run, Runs

MakeAll = Callable[..., list[Run]]


def test_a_frame_has_a_row_for_each_run(some_runs: MakeAll):
    runs = Runs.from_runs(some_runs())
    frame = runs.to_frame()
    assert list(frame.columns) == [
        "seed",
        "ending",
        "cause",
        "train_loss",
        "train_accuracy",
        "test_loss",
        "test_accuracy",
        "updates",
        "seconds",
    ]
    assert len(frame) == 5
    for name in frame.columns:
        np.testing.assert_array_equal(frame[name].to_numpy(), getattr(runs, name))
    assert frame.groupby("ending").seed.count().to_dict() == {
        "diverged": 2,
        "finished": 1,
        "stuck": 2,
    }
    assert len(runs[:0].to_frame()) == 0


def test_a_history_frame_has_a_row_for_each_run_and_epoch(some_runs: MakeAll):
    runs = Runs.from_runs(some_runs())[[3, 1]]
    frame = runs.history_frame()
    names = list(runs.history.arrays())
    called = {name: name.replace("metric", "accuracy") for name in names}
    assert list(frame.columns) == ["run", "seed", "epoch", *called.values()]
    assert frame["run"].tolist() == [0] * 5 + [1] * 5
    assert frame["seed"].tolist() == [43] * 5 + [41] * 5
    assert frame["epoch"].tolist() == [1, 2, 3, 4, 5] * 2
    for name in names:
        wanted = getattr(runs.history, name).ravel()
        np.testing.assert_array_equal(frame[called[name]].to_numpy(), wanted)
    assert len(runs[:0].history_frame()) == 0


@pytest.mark.parametrize("method", ["to_frame", "history_frame"])
def test_without_pandas_one_sentence_says_what_installs_it(
    some_runs: MakeAll, method: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingExtraError) as refused:
        getattr(Runs.from_runs(some_runs()), method)()
    assert str(refused.value).startswith(f"runs.{method}() needs pandas, and pandas is missing: ")
    assert str(refused.value).endswith(install_command("data"))


def test_runs_do_not_load_pandas():
    done = subprocess.run(
        [sys.executable, "-c", "import mlplab.run, sys; print('pandas' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert done.stdout == "False\n"
