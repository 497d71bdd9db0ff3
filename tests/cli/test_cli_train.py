"""`mlplab train`: the runs, and what is said of them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console
from tests.cli.small import SMALL

import mlplab.training
from mlplab.cli.progress import training_bar
from mlplab.cli.summary import ending_sentences, print_summary
from mlplab.cli.train import EXAMPLE
from mlplab.run import Runs
from mlplab.spec import L2, Experiment
from mlplab.statistics import interquartile_mean
from mlplab.trainers import TRAINERS

pytestmark = pytest.mark.usefixtures("small_toml")

FILES = [
    "classifier.png",
    "classifier.svg",
    "curves.png",
    "curves.svg",
    "experiment.toml",
    "runs.csv",
    "runs.safetensors",
]


undrawn = pytest.mark.usefixtures("undrawn_figures")


def small_runs(replications: int = 4) -> Runs:
    return mlplab.training.train(Experiment.from_toml_text(SMALL), replications)


def test_the_example_is_task_1_3(run: Callable[..., Any]) -> None:
    result = run("train", "--example")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == EXAMPLE
    assert Experiment.from_toml_text(result.stdout) == Experiment(
        dataset={
            "kind": "polar",
            "classes": 5,
            "sigma": 0.05,
            "train_per_class": 512,
            "test_per_class": 512,
        },
        network={
            "hidden_layers": 10,
            "layer_width": 50,
            "activation": "relu",
            "initializer": {"kind": "random_normal", "mean": 0.035, "stddev": 0.1},
        },
        training={
            "loss": "mean_squared_error",
            "batch_size": 32,
            "epochs": 100,
            "optimizer": {
                "kind": "sgd",
                "momentum": 0.3,
                "learning_rate": {
                    "kind": "exponential_decay",
                    "initial_learning_rate": 0.05,
                    "decay_steps": 400,
                    "decay_rate": 0.85,
                    "staircase": True,
                },
            },
        },
    )


@undrawn
def test_one_run_is_told_without_a_spread(
    run: Callable[..., Any], plain: Callable[[str], str]
) -> None:
    result = run("train", "small.toml", "--seed", 3)
    assert (result.exit_code, result.stderr) == (0, "")
    said = plain(result.stdout)
    [wanted] = Runs.load(Path("small-runs")).test_accuracy
    assert said.startswith("small: one run, seed 3, trained by engine seed 3 test accuracy")
    assert f"test accuracy {100 * wanted:.2f} %" in said
    assert "sd" not in said.split()
    assert "interquartile" not in said
    assert "The run finished. 48 updates; training took " in said
    assert "small-runs/classifier.png and .svg what the network of seed 3 predicts where" in said


def test_the_files_hold_the_runs(run: Callable[..., Any]) -> None:
    result = run("train", "small.toml", "--replications", 2, "--seed", 5, "--out", "a/b")
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in Path("a/b").iterdir()) == FILES
    wanted = mlplab.training.train(Experiment.from_toml_text(SMALL), replications=2, seed=5)
    loaded = Runs.load(Path("a/b"))
    assert loaded.experiment == wanted.experiment
    assert loaded.seed.tolist() == [5, 6]
    np.testing.assert_array_equal(loaded.weights[0], wanted.weights[0])


EARLY = ("--set", "training.early_stopping.monitor=val_accuracy", "--set", "training.epochs=30")


@undrawn
def test_a_run_that_stops_early_says_at_which_epoch(
    run: Callable[..., Any], plain: Callable[[str], str]
) -> None:
    restore = ("--set", "training.early_stopping.restore_best_weights=true")
    result = run("train", "small.toml", "--seed", 3, *EARLY, *restore)
    assert (result.exit_code, result.stderr) == (0, "")
    [stopped] = Runs.load(Path("small-runs"))
    assert stopped.stopped_early
    told = f"It stopped early at epoch {stopped.epochs}, with the weights of epoch {stopped.best_epoch}."
    assert f"The run finished. {told} {8 * stopped.epochs} updates" in plain(result.stdout)


@undrawn
def test_runs_that_stop_early_say_how_many_and_when(
    run: Callable[..., Any], plain: Callable[[str], str]
) -> None:
    said = plain(run("train", "small.toml", "--replications", 9, *EARLY).stdout)
    epochs = Runs.load(Path("small-runs")).epochs
    assert epochs.max() < 30
    when = f"at epochs {epochs.min()} to {epochs.max()}, half of them by epoch {int(np.median(epochs))}."
    assert f"Of 9 runs, all stopped early, {when}" in said


@undrawn
def test_many_runs_are_told_by_their_spread(
    run: Callable[..., Any], plain: Callable[[str], str]
) -> None:
    said = plain(run("train", "small.toml", "--replications", 4).stdout)
    runs = small_runs(4)
    assert "4 runs, seeds 0 to 3" in said
    assert "mean sd min median max" in said
    for label, values in (("test", runs.test_accuracy), ("training", runs.train_accuracy)):
        spread = [
            np.mean(values),
            np.std(values, ddof=1),
            min(values),
            np.median(values),
            max(values),
        ]
        shown = " ".join(f"{100 * value:.2f} %" for value in spread)
        assert f"{label} accuracy {shown}" in said
    assert f"test loss {runs.test_loss.mean():.4f} {runs.test_loss.std(ddof=1):.4f}" in said
    middle = interquartile_mean(runs.test_accuracy)
    assert middle is not None
    value, low, high = (f"{100 * end:.2f}" for end in (middle.value, middle.low, middle.high))
    assert f"Test accuracy: interquartile mean {value} % (95 % interval {low} to {high} %)." in said
    assert "split" not in said
    assert "All 4 runs finished. 48 updates a run; training took " in said
    assert " for all of them together." in said


@undrawn
@pytest.mark.parametrize(
    ("name", "folder"),
    [("1.3.toml", "1.3-runs"), ("plain", "plain-runs"), ("below/a.toml", "a-runs")],
)
def test_the_folder_is_named_after_the_file(
    run: Callable[..., Any], name: str, folder: str
) -> None:
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text(SMALL)
    assert run("train", name).exit_code == 0
    assert sorted(path.name for path in Path(folder).iterdir()) == FILES[-3:]


def test_diverged_runs_are_left_out_of_the_table_and_counted(
    capsys: pytest.CaptureFixture[str], plain: Callable[[str], str]
) -> None:
    runs = small_runs(3)
    accuracy = np.array([0.5, np.nan, 0.75])
    runs = replace(
        runs,
        ending=np.array(["finished", "diverged", "stuck"]),
        test_metric=accuracy,
        updates=np.array([48, 2, 48]),
    )
    print_summary(runs)
    said = plain(capsys.readouterr().out)
    assert "test accuracy 62.50 % 17.68 % 50.00 % 62.50 % 75.00 %" in said
    assert "nan" not in said
    assert "Of 3 runs, 1 finished, 1 got stuck, 1 diverged." in said
    assert "Stuck: of the training samples, nearly all are predicted to be of one class" in said
    assert "became infinite or not a number; left out of the table." in said
    assert "2 to 48 updates a run" in said


def test_losses_with_and_without_the_penalty_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    plain = Experiment.from_toml_text(SMALL)
    experiment = plain.varied({"network.kernel_regularizer": L2(l2=0.5)})
    runs = mlplab.training.train(experiment, 3)
    assert runs.penalty is not None
    penalty, loss = runs.penalty.mean(), (runs.train_loss + runs.penalty).mean()
    print_summary(runs)
    said = " ".join(capsys.readouterr().out.split())
    assert (
        f"Losses are without the penalty of the weights (l2): it is {penalty:.4f}, and the training "
        f"loss with it {loss:.4f}, both as means of 3 runs." in said
    )
    print_summary(runs[:1])
    said = " ".join(capsys.readouterr().out.split())
    assert f"the training loss with it {runs.train_loss[0] + runs.penalty[0]:.4f}." in said
    print_summary(mlplab.training.train(experiment, 2, keep_weights=0))
    said = " ".join(capsys.readouterr().out.split())
    assert "Losses are without the penalty of the weights (l2). All" in said
    print_summary(mlplab.training.train(plain, 2))
    assert "penalty" not in capsys.readouterr().out


def test_one_run_that_is_left_is_told_by_its_seed(
    capsys: pytest.CaptureFixture[str], plain: Callable[[str], str]
) -> None:
    print_summary(replace(small_runs(2), ending=np.array(["diverged", "finished"])))
    said = plain(capsys.readouterr().out)
    assert "seed 1 test accuracy" in said
    assert "mean" not in said


def test_a_run_that_diverges_is_drawn_and_said(
    run: Callable[..., Any], plain: Callable[[str], str]
) -> None:
    text = SMALL.replace("learning_rate = 1.0", "learning_rate = 1e38")
    text += 'loss = "categorical_crossentropy"\n'
    deep = '[network]\nhidden_layers = 2\nlayer_width = 8\nactivation = "relu"\n'
    Path("wild.toml").write_text(text + deep)
    result = run("train", "wild.toml")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "The run diverged. Diverged: a loss or a weight became infinite" in plain(result.stdout)
    assert "left out" not in result.stdout
    assert "test accuracy" not in result.stdout
    assert sorted(path.name for path in Path("wild-runs").iterdir()) == FILES


@undrawn
def test_a_run_that_is_stuck_is_said(run: Callable[..., Any], plain: Callable[[str], str]) -> None:
    text = SMALL.replace("learning_rate = 1.0", "learning_rate = 0.0")
    Path("lame.toml").write_text(text + '[network]\ninitializer = "zeros"\n')
    said = plain(run("train", "lame.toml").stdout)
    assert "test accuracy 50.00 %" in said
    assert "The run got stuck. Stuck: of the training samples, nearly all are predicted" in said


@undrawn
def test_the_classifier_is_that_of_the_first_run_that_did_not_diverge(
    run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, plain: Callable[[str], str]
) -> None:
    runs = replace(small_runs(3), ending=np.array(["diverged", "finished", "finished"]))
    monkeypatch.setattr(mlplab.training, "train", lambda *_, **__: runs)
    said = plain(run("train", "small.toml", "--replications", 3).stdout)
    assert "classifier.png and .svg what the network of seed 1 predicts where" in said


@pytest.mark.parametrize(
    ("ways", "first"),
    [
        (["finished"], "The run finished."),
        (["diverged"], "The run diverged."),
        (["stuck", "stuck"], "All 2 runs got stuck."),
        (["diverged", "stuck", "diverged"], "Of 3 runs, 1 got stuck, 2 diverged."),
    ],
)
def test_how_runs_ended_is_said_in_words(ways: list[str], first: str) -> None:
    assert ending_sentences(np.array(ways))[0] == first
    assert len(ending_sentences(np.array(ways))) == 1 + len(set(ways) - {"finished"})


def test_help_names_every_trainer(run: Callable[..., Any], plain: Callable[[str], str]) -> None:
    page = plain(run("train", "--help").stdout).partition("--trainer")[2]
    for name in TRAINERS:
        assert name in page[: page.index("--threads")]


def bar_output(terminal: bool) -> str:
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=terminal, width=80)
    with training_bar(epochs=2, runs=3, console=console) as progress:
        for done in range(7):
            progress(done, 6)
    return screen.getvalue()


def test_a_terminal_shows_the_bar(plain: Callable[[str], str]) -> None:
    shown = plain(bar_output(terminal=True))
    assert "3 of 3 runs 100 %" in shown
    assert re.search(r"[0-9.]+ epochs/s [0-9:]+ left", shown)


def test_no_terminal_no_bar() -> None:
    assert bar_output(terminal=False).strip() == ""
