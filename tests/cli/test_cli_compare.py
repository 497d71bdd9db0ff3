"""`mlplab compare`: the verdict of two folders of runs, what stands beside it, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlplab.cli.compare import explain
from mlplab.run import Runs
from mlplab.spec import Experiment
from mlplab.statistics import MEASURES, compare, compare_runs, interquartile_mean
from mlplab.statistics.measures import measures_of
from mlplab.training import train

Run = Callable[..., Any]
Plain = Callable[[str], str]


def trained(learning_rate: float, replications: int = 40, **how: Any) -> Runs:
    return train(
        Experiment(
            dataset={"kind": "linear", "train_per_class": 16, "test_per_class": 32},
            training={
                "optimizer": {"kind": "sgd", "learning_rate": learning_rate},
                "batch_size": 4,
                "epochs": 6,
            },
        ),
        replications,
        **how,
    )


@pytest.fixture(scope="module")
def fast() -> Runs:
    return trained(1.0)


@pytest.fixture(scope="module")
def slow() -> Runs:
    return trained(0.02)


@pytest.fixture(autouse=True)
def _saved(fast: Runs, slow: Runs, _in_an_empty_folder_and_80_columns: None) -> None:
    fast.save("fast-runs")
    slow.save("slow-runs")


def test_the_verdict_its_interval_and_both_sides_are_told(
    run: Run, plain: Plain, fast: Runs, slow: Runs
) -> None:
    result = run("compare", "fast-runs", "slow-runs")
    assert (result.exit_code, result.stderr) == (0, "")
    said = plain(result.stdout)
    wanted = compare_runs(fast, slow)
    assert wanted.verdict == "better"
    assert said.startswith("fast against slow by test accuracy: 40 pairs of runs, seeds 0 to 39")
    assert plain(wanted.sentence("fast", "slow")) in said
    assert f"Reason: {wanted.reason}; the p-value is {wanted.p_value:.4f}." in said
    assert "runs stuck diverged of test accuracy 95 % interval" in said
    for name, runs in (("fast", fast), ("slow", slow)):
        middle = interquartile_mean(runs.test_accuracy)
        assert middle is not None
        value, low, high = (f"{100 * end:.2f}" for end in (middle.value, middle.low, middle.high))
        stuck = np.count_nonzero(runs.ending == "stuck")
        assert f"{name} 40 {stuck} 0 {value} % {low} to {high} %" in said


def plane_runs(loss: str) -> Runs:
    experiment = Experiment(
        dataset={"kind": "plane", "train_samples": 16, "test_samples": 8}, training={"loss": loss}
    )
    return train(experiment, 40, trainer="reference")


def test_runs_of_targets_are_compared_by_their_own_metric(run: Run, plain: Plain) -> None:
    plane_runs("mean_squared_error").save("squared-runs")
    plane_runs("huber").save("huber-runs")
    plane_runs("mean_absolute_error").save("absolute-runs")
    alone = run("compare", "squared-runs", "fast-runs")
    assert (alone.exit_code, alone.stderr.count("\n")) == (2, 1)
    assert "runs of different metrics cannot be compared, received r2 and accuracy" in alone.stderr
    sides = "huber-runs", "absolute-runs"
    assert "expected a margin in units of the target" in run("compare", *sides).stderr
    result = run("compare", *sides, "--margin", 0.1)
    said = plain(result.stdout)
    assert "huber against absolute by test mean absolute error: 40 pairs" in said
    assert "units of the target on average" in said
    assert all(len(line) <= 80 for line in result.stdout.splitlines())


def test_it_fits_80_columns(run: Run) -> None:
    for line in run("compare", "slow-runs", "fast-runs").stdout.splitlines():
        assert len(line) <= 80


@pytest.mark.parametrize("name", measures_of("accuracy"))
def test_every_measure_can_be_asked_for(
    run: Run, plain: Plain, fast: Runs, slow: Runs, name: str
) -> None:
    said = plain(
        run("compare", "fast-runs", "slow-runs", "--measure", name, "--margin", 0.05).stdout
    )
    assert f"fast against slow by {MEASURES[name].title}: " in said
    assert plain(compare_runs(fast, slow, name, 0.05).sentence("fast", "slow")) in said
    assert name in plain(run("compare", "--help").stdout)


def test_losses_are_told_as_they_are(run: Run, plain: Plain, fast: Runs) -> None:
    said = plain(
        run("compare", "fast-runs", "slow-runs", "--measure", "test_loss", "--margin", 0.01).stdout
    )
    middle = interquartile_mean(fast.test_loss)
    assert middle is not None
    assert f"{middle.value:.4f} {middle.low:.4f} to {middle.high:.4f}" in said
    assert "percentage points" not in said


def test_diverged_runs_are_told(run: Run, plain: Plain, fast: Runs) -> None:
    ending = fast.ending.astype("<U8")
    ending[:3] = "diverged"
    replace(fast, ending=ending).save("odd-runs")
    said = plain(run("compare", "odd-runs", "fast-runs").stdout)
    assert "odd 40 0 3 " in said
    assert "3 pairs with a diverged run count only in the latter." in said
    assert "Diverged runs are left out of the interquartile means." in said
    replace(fast, ending=np.full(40, "diverged")).save("none-runs")
    assert "none 40 0 40 none " in plain(run("compare", "none-runs", "fast-runs").stdout)


def test_too_few_pairs_say_what_to_do(run: Run, plain: Plain) -> None:
    for name, rate in (("a", 1.0), ("b", 0.02)):
        trained(rate, 1, seed=5).save(name)
    said = plain(run("compare", "a", "b").stdout)
    assert "a against b by test accuracy: one pair of runs, seed 5" in said
    assert "inconclusive, since 1 pair is fewer than 30: " in said
    assert said.endswith("A verdict needs 30 pairs: train both with --replications 30.")
    assert "inf" not in said


@pytest.mark.usefixtures("undrawn_figures")
@pytest.mark.parametrize(
    ("split", "told"), [(False, "re-split one set"), (True, "share one split")]
)
def test_runs_that_share_samples_say_how_far_it_holds(
    run: Run, plain: Plain, split: bool, told: str
) -> None:
    generator = np.random.default_rng(0)
    rows = [
        f"{generator.normal()},{generator.normal()},{i % 2}"
        + (f",{('train', 'test', 'validation')[i // 2 % 3]}" if split else "")
        for i in range(60)
    ]
    Path("own.csv").write_text("\n".join(["x1,x2,label" + ",split" * split, *rows]))
    for name, epochs in (("a", 1), ("b", 2)):
        Path(f"{name}.toml").write_text(
            f'dataset = {{kind = "file", path = "own.csv"}}\n[training]\noptimizer = "adam"\n'
            f"epochs = {epochs}\n"
        )
        trained_ = plain(run("train", f"{name}.toml", "--replications", 30).stdout)
        assert f"All runs {told}" in trained_
    said = plain(run("compare", "a-runs", "b-runs").stdout)
    assert f"all runs {told}" in said
    assert ("intervals and p-value are corrected" in said) == (not split)
    runs = Runs.load("a-runs")
    middle = interquartile_mean(runs.test_accuracy, resplit_ratio=runs.resplit_ratio)
    assert middle is not None
    assert f"{100 * middle.low:.2f} to {100 * middle.high:.2f} %" in said


def test_the_p_value_is_never_said_to_be_zero() -> None:
    values = 0.9 + np.random.default_rng(0).normal(0, 0.001, 40)
    found = compare(values, values - 0.2, resplit_ratio=0.25)
    assert found.p_value < 1e-20
    [reason] = explain(found)
    assert reason.endswith("lies beyond the margin; the p-value is below 0.0001.")


def test_folders_of_one_name_are_told_apart(run: Run, plain: Plain, fast: Runs) -> None:
    fast.save("old/fast-runs")
    said = plain(run("compare", "old/fast-runs", "fast-runs").stdout)
    assert said.startswith("old/fast-runs against fast-runs by test accuracy")
    assert "old/fast-runs and fast-runs show no meaningful difference" in said


# ---- What is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("fast-runs", "none"),
            "'none' holds no runs: there is no file 'none/runs.safetensors'",
        ),
        (
            ("fast-runs/runs.csv", "slow-runs"),
            "'fast-runs/runs.csv' is a file: runs are loaded from the folder they were saved to",
        ),
        (("fast-runs", "./fast-runs"), "expected two folders of runs, received 'fast-runs' twice"),
        (
            ("fast-runs", "slow-runs", "--measure", "test_acc"),
            "unknown measure 'test_acc'; did you mean 'test_accuracy'? "
            f"(known: {', '.join(MEASURES)})",
        ),
        (
            ("fast-runs", "slow-runs", "--measure", "test_r2"),
            "runs whose metric is accuracy have no test_r2: known are test_accuracy, test_loss, "
            "train_accuracy, train_loss",
        ),
        (
            ("fast-runs", "slow-runs", "--measure", "test_loss"),
            "expected a margin, the smallest difference of test loss that would mean anything, "
            "received none",
        ),
        (
            ("fast-runs", "slow-runs", "--margin", "5"),
            "expected a margin below 1 for test accuracy, where 0.01 is one percentage point, "
            "received 5",
        ),
        (
            ("fast-runs", "slow-runs", "--margin", "-0.01"),
            "expected a margin of 0 or above, received -0.01",
        ),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(
    refused: Callable[..., str], arguments: tuple[str, ...], sentence: str
) -> None:
    assert refused("compare", *arguments) == sentence


def test_runs_that_do_not_pair_are_one_sentence(refused: Callable[..., str]) -> None:
    trained(1.0, 3, seed=7).save("other")
    assert refused("compare", "fast-runs", "other") == (
        "expected two sets of runs of the same seeds in the same order, received seeds 0, 1, 2, … "
        "(40 in all) and seeds 7, 8, 9: train both from the same seed, equally often"
    )
