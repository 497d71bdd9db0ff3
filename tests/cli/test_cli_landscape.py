"""`mlplab landscape`."""

from __future__ import annotations

import re

import pytest

SPEC = """\
[dataset]
kind = "polar"
train_per_class = 40
test_per_class = 20

[network]
hidden_layers = 1
layer_width = 4
activation = "relu"

[training]
epochs = 4
batch_size = 16
optimizer = "adam"
"""


@pytest.fixture
def spec(tmp_path):
    (tmp_path / "rings.toml").write_text(SPEC)
    return tmp_path / "rings.toml"


def test_it_writes_a_picture_and_says_how_much_of_the_path_it_shows(run, spec, tmp_path):
    result = run("landscape", "rings.toml", "--grid", 9)
    assert result.exit_code == 0, result.output
    assert (tmp_path / "rings-landscape" / "landscape.png").stat().st_size > 10_000
    assert (tmp_path / "rings-landscape" / "landscape.svg").exists()
    said = " ".join(result.stdout.split())
    assert "The training loss falls from" in said
    assert "% of its length and" in said
    assert "wrote rings-landscape/landscape.png and .svg" in said


def test_a_loss_that_rises_is_not_said_to_fall(run, spec, undrawn_figures):
    rate = "training.optimizer={kind='sgd', learning_rate=100.0}"
    said = run("landscape", "rings.toml", "--grid", 5, "--set", rate).stdout
    begin, end = map(
        float, re.search(r"loss rises from (\S+) to (\S+) along the path", said).groups()
    )
    assert end > begin


def test_many_runs_from_one_start(run, spec, undrawn_figures):
    result = run(
        "landscape", "rings.toml", "--replications", 4, "--plane", "principal", "--grid", 5
    )
    said = " ".join(result.stdout.split())
    assert "4 runs from the same initial weights, on the same samples, in other orders" in said
    assert "The plane goes through" not in said


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--grid", "100000"], "grid must be a whole number from 2 to 1001"),
        (["--plane", "radom"], "unknown plane 'radom'; did you mean 'random'?"),
        (["--through", "0,5"], "through must be three different updates from 0 to 20"),
        (["--through", "begin,end"], "--through expects three updates such as 0,205,1280"),
        (["--through", "0,5,21"], "received [0, 5, 21]"),
        (["--replications", "0"], "replications must be a whole number from 1 on"),
        (["--direction-seed", "3"], "--direction-seed is of a random plane, received --plane path"),
        (["--penalty"], "--penalty needs a network with a kernel_regularizer"),
        (["--set", "training.optimizer.learning_rate=1e-30"], "did the training move any weight"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(refused, spec, options, words):
    assert words in refused("landscape", "rings.toml", *options)
