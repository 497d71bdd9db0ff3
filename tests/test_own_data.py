"""The page "Your own data" is followed from an empty folder, and all trainers take its samples."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from mlplab import Experiment, train
from mlplab.cli import app
from mlplab.data import Samples, write_samples
from mlplab.spec import Arrays

PAGE = Path(__file__).parents[1] / "docs" / "own-data.md"


@pytest.mark.slow
def test_the_page_is_followed_from_an_empty_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    pytest.importorskip("sklearn")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for language, block in re.findall(r"```(\w+)\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL):
        if language == "python":
            exec(block, names)  # our own page
        elif language == "toml":
            Path("iris.toml").write_text(block, encoding="utf-8")
        else:
            for line in block.splitlines():
                words = re.findall(r'"([^"]*)"|(\S+)', line)
                result = CliRunner().invoke(app, [a or b for a, b in words][1:])
                assert result.exit_code == 0, result.output
    said = capsys.readouterr().out
    assert "('setosa', 'versicolor', 'virginica')" in said
    assert re.search("^[0-9a-f]{64}$", said, re.MULTILINE)
    for file in ("data/samples.png", "iris-runs/classifier.png", "wine-classifier.png"):
        assert Path(file).is_file()


@pytest.mark.parametrize(
    ("trainer", "features"),
    [("engine", 1), ("engine", 5), pytest.param("keras", 5, marks=pytest.mark.slow)],
)
def test_every_trainer_takes_any_number_of_features(trainer: str, features: int, tmp_path: Path):
    if trainer == "keras":
        pytest.importorskip("keras")
    generator = np.random.default_rng(features)
    y = np.arange(60) % 3
    samples = Samples.from_arrays(100 + y[:, None] + generator.normal(size=(60, features)), y)
    write_samples(samples.split_by(Arrays(), 1), tmp_path / "own.csv")
    experiment = Experiment(
        dataset={"kind": "file", "path": str(tmp_path / "own.csv"), "standardise": True},
        network={"hidden_layers": 1, "layer_width": 4, "activation": "tanh"},
        training={"epochs": 5, "dtype": "float64"},
    )
    run, reference = (train(experiment, trainer=name)[0] for name in (trainer, "reference"))
    assert run.weights[0].shape == (4, features)
    for ours, theirs in zip(run.weights, reference.weights, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)
    assert run.test_accuracy == reference.test_accuracy
