"""`mlplab train --set`: values of the experiment that are changed on the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cli.small import SMALL

from mlplab.cli.changes import parse_changes
from mlplab.run import Runs
from mlplab.spec import Experiment, Training

pytestmark = pytest.mark.usefixtures("small_toml")


undrawn = pytest.mark.usefixtures("undrawn_figures")


@undrawn
def test_values_are_changed_on_the_command_line(
    run: Callable[..., Any], plain: Callable[[str], str]
) -> None:
    changes = [
        "training.batch_size=64",
        "training.optimizer.learning_rate=0.5",
        "training.epochs=2",
    ]
    result = run("train", "small.toml", *[each for text in changes for each in ("--set", text)])
    assert (result.exit_code, result.stderr) == (0, "")
    wanted = Experiment.from_toml_text(SMALL).varied(
        {
            "training.batch_size": 64,
            "training.optimizer.learning_rate": 0.5,
            "training.epochs": 2,
        }
    )
    assert Runs.load(Path("small-runs")).experiment == wanted
    assert plain(result.stdout).startswith(f"small with {', '.join(changes)}: one run, seed 0")


@undrawn
def test_a_path_on_the_command_line_counts_from_here(run: Callable[..., Any]) -> None:
    Path("below").mkdir()
    Path("below/own.toml").write_text(SMALL)
    rows = [f"{i}.0,{-i}.5,{i % 2}" for i in range(40)]
    Path("own.csv").write_text("\n".join(["x1,x2,label", *rows]))
    result = run("train", "below/own.toml", "--set", 'dataset={kind = "file", path = "own.csv"}')
    assert (result.exit_code, result.stderr) == (0, "")
    loaded = Runs.load(Path("own-runs")).experiment
    assert loaded.dataset.path == str(Path.cwd() / "own.csv")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a=64", 64),
        ("a=0.5", 0.5),
        ("a=true", True),
        ("a=tanh", "tanh"),
        ("a='tanh'", "tanh"),
        (" a = leaky_relu ", "leaky_relu"),
        ('a=["tanh", "relu"]', ["tanh", "relu"]),
        ("a={kind='adam', beta_1=0.5}", {"kind": "adam", "beta_1": 0.5}),
        ("a=own points=2.csv", "own points=2.csv"),
        (r"a=C:\new\own.csv", r"C:\new\own.csv"),
        ("a=3\nb = 4", "3\nb = 4"),
    ],
)
def test_values_are_those_of_toml_and_words(text: str, value: object) -> None:
    assert parse_changes([text]) == {"a": value}


def test_of_two_values_for_one_path_the_last_counts() -> None:
    assert parse_changes(["a=1", "b=2", "a=3"]) == {"a": 3, "b": 2}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "training.batch_sze=64",
            "Experiment: training: no field 'batch_sze' here; did you mean 'batch_size'? "
            f"(known: {', '.join(Training.model_fields)})",
        ),
        (
            "training.batch_size=-4",
            "Experiment: training.batch_size: input should be greater than or equal to 1, "
            "received -4",
        ),
        (
            "batch_size",
            "--set expects PATH=VALUE, such as training.batch_size=64, received 'batch_size'",
        ),
        ("a=", "--set expects PATH=VALUE, such as training.batch_size=64, received 'a='"),
        ("=3", "--set expects PATH=VALUE, such as training.batch_size=64, received '=3'"),
        (
            "network.layer_width=[5",
            "--set network.layer_width: '[5' is not valid TOML: "
            "Unclosed array (at end of document)",
        ),
    ],
)
def test_a_change_that_does_not_fit_is_one_sentence(
    refused: Callable[..., str], text: str, sentence: str
) -> None:
    assert refused("train", "small.toml", "--set", text) == sentence


def test_help_shows_how_a_value_is_changed(
    run: Callable[..., Any], plain: Callable[[str], str]
) -> None:
    page = plain(run("train", "--help").stdout)
    assert "mlplab train 1.3.toml --set network.activation=tanh" in page
    assert "--set PATH=VALUE" in page


def test_a_number_of_too_many_digits_is_left_to_the_spec_to_refuse() -> None:
    assert parse_changes([f"a=1{'0' * 5000}"]) == {"a": f"1{'0' * 5000}"}
