"""A program says how its network came about, parses whatever it says, and reads its samples."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlplab.playground.programs.keras_program import keras_program
from mlplab.playground.programs.numpy_program import numpy_program
from mlplab.playground.programs.provenance import Change, Provenance
from mlplab.playground.session.own_points import OwnPoints
from mlplab.spec import SGD, Experiment, Training

EXPERIMENT = Experiment(dataset="linear", training=Training(optimizer=SGD(learning_rate=0.01)))
NETWORK = SimpleNamespace(
    step=1200,
    epoch=4,
    weights=(np.array([[0.1, -1e-9], [3e20, 1 / 3]], np.float32),),
    biases=(np.array([0.25, -7.0], np.float32),),
)
POINTS = np.zeros((1, 2), np.float32)
RATE = Change(400, "learning rate", "1.0", "0.01")
HAND = Change(0, "the line", "none", "x2 = 1 - x1")
ALONE = "cannot be made again from the seed alone"

Write = Callable[..., str]
each_program = pytest.mark.parametrize("write", [numpy_program, keras_program])


def docstring_of(program: str) -> str:
    return str(ast.get_docstring(ast.parse(program)))


@each_program
def test_a_run_as_the_seed_says_has_nothing_to_add(write: Write):
    text = write(EXPERIMENT, NETWORK, Provenance(7), POINTS)
    assert "from seed 7: 1,200 updates, 4 whole epochs." in text
    assert ALONE not in text
    assert "changed" not in text


@each_program
@pytest.mark.parametrize(
    ("provenance", "lines"),
    [
        (
            Provenance(7, (RATE,)),
            ["- after 400 updates: learning rate, from 1.0 to 0.01"],
        ),
        (
            Provenance(7, (), (HAND,)),
            ["- after 0 updates, by hand: the line, from none to x2 = 1 - x1"],
        ),
        (
            Provenance(7, (RATE,), (HAND,)),
            [
                "- after 0 updates, by hand: the line, from none to x2 = 1 - x1",
                "- after 400 updates: learning rate, from 1.0 to 0.01",
            ],
        ),
    ],
)
def test_a_changed_run_says_what_was_changed_and_gives_its_weights(
    write: Write, provenance: Provenance, lines: list[str]
):
    text = write(EXPERIMENT, NETWORK, provenance, POINTS)
    assert ALONE in docstring_of(text)
    assert [line for line in docstring_of(text).splitlines() if line[:2] == "- "] == lines
    arrays = text[text.index("W = [") : text.index("]\n\n")]
    given: dict[str, Any] = {"np": np}
    exec(f"{arrays}]", given)
    assert given["W"][0].tobytes() == NETWORK.weights[0].tobytes()
    assert given["B"][0].tobytes() == NETWORK.biases[0].tobytes()


def test_the_keras_program_of_a_changed_run_says_what_fit_would_train_with():
    text = keras_program(EXPERIMENT, NETWORK, Provenance(7, (RATE,)), POINTS)
    assert "# with the settings of the end, not those that were changed on the way." in text


@each_program
@given(what=st.text())
def test_a_program_parses_whatever_was_changed(write: Write, what: str):
    provenance = Provenance(7, (Change(1, what, what, what), RATE))
    said = docstring_of(write(EXPERIMENT, NETWORK, provenance, POINTS)).splitlines()
    assert said[-1].startswith(("Keras keeps", "Run it"))
    assert len([line for line in said if line.startswith("- after")]) == 2


def own_points(labels: tuple[str, str]) -> OwnPoints:
    points = OwnPoints.none()
    for i in range(6):
        points = points.with_point(0.1 * i, 0.25, labels[0]).with_point(1 / 3, 0.1 * i, labels[1])
    return points


@pytest.mark.parametrize("labels", [("a", "b"), ("it's", 'say "b",\n{c} \\')])
def test_the_keras_program_reads_the_samples_that_come_with_it(
    labels: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    pytest.importorskip("keras")
    points = own_points(labels)
    points.write(tmp_path / "points.csv")
    network = SimpleNamespace(
        step=0, epoch=0, weights=(np.eye(2, dtype=np.float32),), biases=(POINTS[0],)
    )
    text = keras_program(EXPERIMENT, network, Provenance(7), POINTS, labels)
    path = str(tmp_path / "network_keras.py")
    program: dict[str, Any] = {"__name__": "__main__", "__file__": path}
    exec(text, program)
    assert "accuracy" in capsys.readouterr().out
    for split in ("train", "validation", "test"):
        x, y = program["read_samples"](split)
        mine = np.array(points.split) == split
        assert x.tobytes() == points.x[mine].astype(np.float32).tobytes()
        assert [labels[k] for k in y] == [
            label for label, is_mine in zip(points.labels, mine, strict=True) if is_mine
        ]
    hint = [line[6:] for line in text.splitlines() if line.startswith("#     ")]
    assert len(hint) == 2
    before = program["model"].predict(x, verbose=0)
    exec("\n".join(hint), program)
    assert not np.array_equal(before, program["model"].predict(x, verbose=0))


def test_without_samples_there_is_nothing_to_read():
    assert "csv" not in keras_program(EXPERIMENT, NETWORK, Provenance(7), POINTS)
