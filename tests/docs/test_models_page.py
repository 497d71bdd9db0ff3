"""What `docs/models.md` says to do works, from an empty folder on."""

from __future__ import annotations

import re
import shlex
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.models.invented import assert_same_model
from typer.testing import CliRunner

from mlplab.cli import app
from mlplab.models import EXPORT_FORMATS, load

PAGE = (Path(__file__).parents[2] / "docs" / "models.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def command(line: str) -> Any:
    """Run a line of a shell; a `>` writes what it prints to a file."""
    line, _, file = line.partition(" > ")
    done = CliRunner().invoke(app, shlex.split(line)[1:], prog_name="mlplab")
    assert done.exit_code == 0, (line, done.output)
    if file:
        Path(file).write_text(done.stdout, encoding="utf-8")
    return done


@pytest.fixture
def followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The folder in which all of the page was done, but for what needs a library that is not there."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("mlplab.figures.save", lambda figure, stem: None)
    printed = []
    for language, text in BLOCKS:
        if language == "csv":
            Path("points.csv").write_text(text, encoding="utf-8")
        elif language == "python":
            exec(text, {})
        else:
            for line in text.splitlines():
                needs = next((name for name in ("keras", "onnx") if name in line), None)
                if needs is None or find_spec(needs):
                    printed.append(command(line).stdout)
    return printed


def test_the_page_can_be_followed(followed: list[str]) -> None:
    model = load("example.safetensors")
    assert_same_model(load("example-runs", seed=1), model)
    assert_same_model(load("first.safetensors"), load("example-runs", seed=0))
    of_model = next(text for text in followed if text.startswith("predicted,"))
    assert Path("predictions.csv").read_text() == of_model
    assert [line.split(",")[0] for line in of_model.splitlines()[1:]] == list(
        model.predict([[0.2, 0.1], [0.1, -0.8]])
    )
    for name in ("from-keras", "from-torch"):
        if Path(f"{name}.safetensors").exists():
            found = load(f"{name}.safetensors")
            np.testing.assert_array_equal(found.weights[0], model.weights[0])
            assert found.activations == model.activations
    assert Path("from-torch.safetensors").exists()
    assert Path("from-keras.safetensors").exists() == bool(find_spec("keras"))


def test_the_page_has_every_format() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `example([^:`]*)", PAGE, re.MULTILINE)
    assert dict(rows) == {
        name: each.suffix for name, each in EXPORT_FORMATS.items() if name != "model"
    }
    assert "--to model" in PAGE


def test_every_block_is_of_a_language_that_is_tried() -> None:
    assert {language for language, _ in BLOCKS} == {"sh", "csv", "python"}
    assert PAGE.count("```") == 2 * len(BLOCKS)
