"""What a hundred runs say in a notebook."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure

from mlplab.course import evidence
from mlplab.errors import MlplabError
from mlplab.run import Runs
from mlplab.spec import Experiment
from mlplab.statistics import interquartile_mean
from mlplab.training import train


@pytest.fixture(scope="module")
def four_runs() -> Runs:
    runs = train(Experiment(dataset="linear"), replications=4, trainer="reference")
    return replace(
        runs,
        test_metric=np.array([0.5, 0.9, 0.8, 0.2]),
        ending=np.array(["stuck", "finished", "finished", "diverged"]),
    )


def test_each_experiment_is_said_and_drawn(
    four_runs: Runs, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    figures: list[Figure] = []
    monkeypatch.setattr(evidence, "show", figures.append)
    evidence.show_runs({"one": four_runs, "other": four_runs})
    printed = capsys.readouterr().out
    # The diverged run has no accuracy; of three, none is dropped: (0.5 + 0.9 + 0.8) / 3.
    assert printed.count("test accuracy: 73.33 % (interquartile mean; 95 % interval") == 2
    assert (
        printed.count("1 stuck and 1 diverged, of 4 (95 % interval of the fraction: 15 to 85 %)")
        == 2
    )
    [figure] = figures
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["one", "other"]
    drawn = next(line for line in figure.axes[0].lines if line.get_label() == "one run")
    assert sorted(np.round(drawn.get_xdata(), 6)) == [50, 80, 90]


def test_where_all_diverged_there_is_no_accuracy(
    four_runs: Runs, capsys: pytest.CaptureFixture[str]
) -> None:
    evidence.show_runs({"one": replace(four_runs, ending=np.array(["diverged"] * 4))})
    printed = capsys.readouterr().out
    assert "test accuracy: none, since every run diverged" in printed
    assert "4 diverged, of 4" in printed


def test_where_none_failed_that_is_said(
    four_runs: Runs, capsys: pytest.CaptureFixture[str]
) -> None:
    evidence.show_runs({"one": replace(four_runs, ending=np.array(["finished"] * 4))})
    assert "none, of 4 (95 % interval of the fraction: 0 to 49 %)" in capsys.readouterr().out


def test_runs_on_resplits_of_one_set_have_the_interval_that_is_corrected_for_it(
    four_runs: Runs, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(runs: Runs) -> str:
        evidence.show_runs({"four": runs})
        return next(line for line in capsys.readouterr().out.splitlines() if "accuracy" in line)

    resplit = replace(four_runs, resplit_ratio=0.25)
    expected = interquartile_mean(resplit.test_accuracy[:3], resplit_ratio=0.25)
    assert expected is not None
    low, high = 100 * expected.low, 100 * expected.high
    assert f"{low:.2f} to {high:.2f} %" in said(resplit)
    assert said(resplit) != said(four_runs)


def test_what_was_predicted_stands_beside_what_came_out(
    four_runs: Runs, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    figures: list[Figure] = []
    monkeypatch.setattr(evidence, "show", figures.append)
    # The typical accuracy is 73.33 %; the interval reaches from 50 to 90 %.
    runs = dict.fromkeys(("high", "near", "low", "silent"), four_runs)
    evidence.show_runs(runs, {"high": 95, "near": 80, "low": 40})
    printed = capsys.readouterr().out
    assert "you predicted: 95 %, 21.7 points too high" in printed
    assert "you predicted: 80 %, within the interval" in printed
    assert "you predicted: 40 %, 33.3 points too low" in printed
    assert printed.count("you predicted") == 3
    marks = [line for line in figures[0].axes[0].lines if line.get_marker() == "v"]
    assert [line.get_xdata()[0] for line in marks] == [95, 80, 40]  # type: ignore[index]


def test_a_prediction_of_no_runs_is_refused(four_runs: Runs) -> None:
    with pytest.raises(MlplabError, match="'othr' is of no runs"):
        evidence.show_runs({"other": four_runs}, {"othr": 95})


def test_no_runs_are_refused() -> None:
    with pytest.raises(MlplabError, match="one experiment at least"):
        evidence.show_runs({})
