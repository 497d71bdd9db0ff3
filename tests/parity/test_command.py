"""`mlplab parity`: what it prints and writes, and how it refuses what cannot be compared."""

from __future__ import annotations

import csv
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from tests.parity.conftest import small

from mlplab.cli import main
from mlplab.errors import MlplabError
from mlplab.figures import parity_figure
from mlplab.parity import compare, compare_libraries
from mlplab.parity.differences import Differences
from mlplab.parity.libraries import LIBRARIES
from mlplab.parity.text import text_of, verdicts

TOML = """
[dataset]
kind = "linear"
train_per_class = 20
test_per_class = 20

[training]
batch_size = 16
epochs = 2
"""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(TOML)
    return path


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([*map(str, arguments)])
    return int(ended.value.code or 0)


def test_all_is_printed_and_written(
    spec: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """Of two libraries: each of them is compared in `test_libraries`."""
    two = tuple(library for library in LIBRARIES if library.name in ("engine", "scikit-learn"))
    monkeypatch.setattr(
        "mlplab.parity.compare_libraries", partial(compare_libraries, libraries=two)
    )
    out = spec.parent / "out"
    assert run("parity", spec, "--out", out) == 0
    said = capsys.readouterr().out
    assert "Seed 0, 6 of 6 updates in float64" in said
    assert "engine: within 1e-09 in all 6 updates" in said
    assert "scikit-learn is left out: it cannot express" in said
    assert sorted(path.name for path in out.iterdir()) == [
        "defaults.csv",
        "differences.csv",
        "parity.png",
        "parity.svg",
    ]
    with (out / "differences.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [int(row["update"]) for row in rows] == [1, 2, 3, 4, 5, 6]
    assert all(float(row["engine"]) < 1e-13 for row in rows)
    with (out / "defaults.csv").open() as file:
        whats = {row["what"] for row in csv.DictReader(file)}
    assert "learning_rate of SGD" in whats


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--updates", 7], "must be from 1 to the 6 of the experiment, received 7"),
        (["--updates", 0], "received 0"),
        (["--tolerance", 0], "the tolerance must be a number above 0, received 0"),
        (["--tolerance", "nan"], "received nan"),
        (["--dtype", "float16"], "--dtype must be float64 or float32, received 'float16'"),
        (["--set", "training.dtype=float32"], "say --dtype float32"),
        (["--mine", "nowhere.py"], "cannot read 'nowhere.py'"),
        (["--set", "training.early_stopping={}"], "training.early_stopping acts between epochs"),
    ],
)
def test_one_sentence_and_nothing_written(
    spec: Path, arguments: list[object], said: str, capsys: pytest.CaptureFixture[str]
):
    out = spec.parent / "out"
    assert run("parity", spec, "--out", out, *arguments) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert not out.exists()


def test_the_first_update_above_the_tolerance_is_named():
    by_layer = np.array([[[1e-17, 0]] * 3, [[0, 2e-9], [0, 0], [1e-6, 0]], [[np.inf, 1]] * 3])
    trial = small()
    found = Differences("other", by_layer, (trial.weights, trial.biases))
    assert found.first_above(1e-9) == 2
    [said] = verdicts(compare.Parity(trial, 3, 1e-9, [found]))
    assert said == (
        "other: exceeds 1e-09 first at update 2 (1.0e-06, in layers 1 and 3); after the first update it "
        "was 1.0e-17."
    )


def test_a_library_that_is_not_installed_is_left_out():
    missing = replace(LIBRARIES[0], name="nothing", needs=("not_there",))
    found = compare_libraries(small().experiment, defaults=False, libraries=(missing,))
    assert found.left_out == ["nothing is left out: not_there is not installed."]
    assert "nothing is left out" in text_of(found)


def test_a_figure_marks_where_the_tolerance_is_exceeded():
    values = np.array([0.0, 1e-12, 1e-8, np.inf])
    figure = parity_figure({"one": values}, 1e-9, "title")
    _, mark, *_ = figure.axes[0].lines
    assert np.asarray(mark.get_xdata()).tolist() == [3]
    with pytest.raises(MlplabError, match="one library"):
        parity_figure({}, 1e-9, "title")


@pytest.mark.parametrize(("updates", "written"), [(3, ["1", "2", "3"]), (100, ["1", "10", "100"])])
def test_the_axis_of_updates_has_whole_numbers(updates: int, written: list[str]):
    figure = parity_figure({"one": np.full(updates, 1e-15)}, 1e-9, "title")
    figure.draw_without_rendering()
    (axes,) = figure.axes
    low, high = axes.get_xlim()
    ticks = [*axes.xaxis.get_major_ticks(), *axes.xaxis.get_minor_ticks()]
    seen = [t.label1.get_text() for t in ticks if low <= t.get_loc() <= high]
    assert sorted(filter(None, seen), key=int) == written
