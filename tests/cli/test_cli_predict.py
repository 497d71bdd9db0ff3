"""`mlplab predict`: classes and probabilities of points in a file, or one sentence."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.models.invented import invented, overflowing

from mlplab import train
from mlplab.models import Model, load, save
from mlplab.spec import Experiment

FEATURES, LABELS = ("width", "height"), ("a", "b, c", "crème")


@pytest.fixture
def model() -> Model:
    """A model that is saved as m.safetensors, and of targets as t.safetensors."""
    named = invented(label_names=LABELS, feature_names=FEATURES, scaled=True)
    save(named, "m.safetensors")
    save(
        invented(output="linear", feature_names=FEATURES, target_names=("p", "q")), "t.safetensors"
    )
    return named


POINTS = "name,height,label,width\nx,1.5,a,-2\n\ny,0,b,1e-3\n"


def test_it_prints_what_the_model_predicts(run: Callable[..., Any], model: Model) -> None:
    Path("p.csv").write_text(POINTS)
    result = run("predict", "m.safetensors", "p.csv")
    assert result.exit_code == 0
    header, *rows = csv.reader(io.StringIO(result.stdout))
    assert header == ["predicted", *(f"probability_of_{label}" for label in LABELS)]
    x = [[-2, 1.5], [1e-3, 0]]
    assert [row[0] for row in rows] == model.predict(x).tolist()
    numbers = np.array([row[1:] for row in rows]).astype(np.float32)
    np.testing.assert_array_equal(numbers, model.predict_proba(x))


def test_it_writes_a_file(run: Callable[..., Any], model: Model) -> None:
    Path("p.csv").write_text(POINTS)
    printed = run("predict", "m.safetensors", "p.csv").stdout
    result = run("predict", "m.safetensors", "p.csv", "--out", "deep/o.csv")
    assert Path("deep/o.csv").read_text(encoding="utf-8") == printed
    assert " ".join(result.stdout.split()) == (
        "wrote deep/o.csv the class and its probabilities, a row for each of 2 samples"
    )


def test_targets_have_a_column_each(run: Callable[..., Any], model: Model) -> None:
    Path("p.csv").write_text(POINTS)
    header, *rows = csv.reader(io.StringIO(run("predict", "t.safetensors", "p.csv").stdout))
    assert header == ["predicted_p", "predicted_q"]
    wanted = load("t.safetensors").predict([[-2, 1.5], [1e-3, 0]])
    np.testing.assert_array_equal(np.array(rows).astype(wanted.dtype), wanted)


def test_a_run_of_a_folder_predicts(run: Callable[..., Any]) -> None:
    experiment = Experiment(dataset={"kind": "polar", "train_per_class": 8, "test_per_class": 4})
    runs = train(experiment, replications=2, trainer="reference")
    runs.save("runs")
    Path("p.csv").write_text("x1,x2\n0.5,-0.5\n")
    printed = run("predict", "runs", "p.csv", "--seed", "1").stdout
    assert printed.splitlines()[1].split(",")[0] == runs[1].predict([[0.5, -0.5]])[0]


BAD_POINTS = [
    ("width\n1\n", "p.csv: expected the 2 features width, height, received 1: width"),
    ("", "p.csv: expected the 2 features width, height, received 0: there is no header at all"),
    ("width,heigth\n1,2\n", "p.csv: column 'height' is missing; did you mean 'heigth'?"),
    (
        "width;height\n1;2\n",
        "p.csv: column 'width' is missing; the header is 'width;height': separate",
    ),
    ("width,height,width\n1,2,3\n", "p.csv: 2 columns are called 'width'"),
    ("width,height\n", "p.csv: no samples below the header"),
    (
        "width,height\n1,2,3\n",
        "p.csv, line 2: the row has more values than the header has names (2)",
    ),
    ("width,height\n1,\n", "p.csv, line 2, column 'height': expected a number, received ''"),
    ("width,height\n1,nan\n", "p.csv, line 2, column 'height': expected a finite number, received"),
    ("width,height\n1,low\n", "p.csv, line 2, column 'height': expected a number, received 'low'"),
]


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize(("text", "sentence"), BAD_POINTS)
def test_points_that_cannot_be_used_are_one_sentence(
    refused: Callable[..., str], text: str, sentence: str
) -> None:
    Path("p.csv").write_text(text)
    assert refused("predict", "m.safetensors", "p.csv", "--out", "o.csv").startswith(sentence)


@pytest.mark.usefixtures("model")
def test_what_is_no_model_or_no_points_is_one_sentence(refused: Callable[..., str]) -> None:
    Path("p.csv").write_text(POINTS)
    for name in ("a.keras", "a.pt"):
        Path(name).write_bytes(b"PK")
        assert refused("predict", name, "p.csv") == (
            f"'{name}' is of another library: make a model of it with  mlplab import {name}"
        )
    # What cannot be imported is not sent to `mlplab import`, which would refuse it.
    for name, why in [
        ("a.onnx", "ONNX is written and not read"),
        ("a.pkl", "a pickle may execute"),
    ]:
        Path(name).write_bytes(b"PK")
        assert refused("predict", name, "p.csv").startswith(f"'{name}' cannot be imported: {why}")
    assert refused("predict", "none", "p.csv").startswith("cannot read the model in 'none'")
    assert refused("predict", "m.safetensors", "none.csv").startswith("cannot read 'none.csv'")
    Path("p.txt").write_text(POINTS)
    assert refused("predict", "m.safetensors", "p.txt") == (
        "p.txt: features are read from .csv or .parquet, received '.txt'"
    )
    save(overflowing(), "o.safetensors")
    Path("large.csv").write_text("x1,x2\n0,0\n1000,1000\n")
    assert refused("predict", "o.safetensors", "large.csv") == (
        "the model predicts nothing for 1 of 2 samples: for x[1] its outputs are not finite"
    )


@pytest.mark.usefixtures("model")
def test_columns_of_a_parquet_file_are_taken_by_name(run: Callable[..., Any]) -> None:
    pandas = pytest.importorskip("pandas")
    pandas.DataFrame({"height": [1.5, 0], "width": [-2, 1e-3]}).to_parquet("p.parquet")
    Path("p.csv").write_text(POINTS)
    of_csv, of_parquet = (run("predict", "m.safetensors", f"p.{x}") for x in ("csv", "parquet"))
    assert of_parquet.stdout == of_csv.stdout
