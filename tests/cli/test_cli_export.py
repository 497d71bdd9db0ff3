"""`mlplab export`: a file of each format, or one sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.models.invented import assert_same_model, invented

from mlplab import train
from mlplab.models import EXPORT_FORMATS, Model, load, save
from mlplab.models.c_code import c_code
from mlplab.models.javascript_code import javascript_code
from mlplab.models.numpy_code import numpy_code
from mlplab.spec import Experiment


@pytest.fixture
def model() -> Model:
    """A model that is saved as rings.safetensors."""
    save(invented(), "rings.safetensors")
    return invented()


TEXTS = {"numpy": numpy_code, "c": lambda model: c_code(model, "rings"), "js": javascript_code}


@pytest.mark.parametrize("name", TEXTS)
def test_a_format_is_written(run: Callable[..., Any], model: Model, name: str) -> None:
    result = run("export", "rings.safetensors", "--to", name)
    path = Path(f"rings{EXPORT_FORMATS[name].suffix}")
    assert path.read_text(encoding="utf-8") == TEXTS[name](model)
    assert result.exit_code == 0
    assert result.stdout.split() == (
        f"wrote {path} {model.described}, as {EXPORT_FORMATS[name].about}".split()
    )


@pytest.mark.parametrize("name", sorted(EXPORT_FORMATS.keys() - TEXTS.keys() - {"model"}))
@pytest.mark.usefixtures("model")
def test_a_format_of_another_library_is_written(run: Callable[..., Any], name: str) -> None:
    if name != "torch":
        pytest.importorskip(name, reason=f"{name} is not installed")
    result = run("export", "rings.safetensors", "--to", name)
    path = Path(f"rings{EXPORT_FORMATS[name].suffix}")
    assert path.stat().st_size > 500
    said = " ".join(result.stdout.split())
    assert said.startswith(f"wrote {path} 2 features, softmax of 3 classes, ")


def test_a_run_of_a_folder_is_exported(
    run: Callable[..., Any], refused: Callable[..., str]
) -> None:
    experiment = Experiment(dataset={"kind": "polar", "train_per_class": 8, "test_per_class": 4})
    runs = train(experiment, replications=2, trainer="reference")
    runs.save("1.3-runs")
    assert refused("export", "1.3-runs", "--to", "model") == (
        "'1.3-runs' has 2 runs with weights: choose one by its seed (0, 1)"
    )
    assert run("export", "1.3-runs", "--seed", "1", "--to", "model").exit_code == 0
    assert_same_model(load("1.3.safetensors"), Model.from_run(runs[1]))
    assert run("export", "1.3.safetensors", "--to", "c").exit_code == 0
    assert "model_1_3_predict" in Path("1.3.h").read_text()


def test_help_names_every_format(run: Callable[..., Any], plain: Callable[[str], str]) -> None:
    page = plain(run("export", "--help").stdout)
    for name in EXPORT_FORMATS:
        assert name in page


@pytest.mark.usefixtures("model")
def test_what_cannot_be_exported_is_one_sentence(refused: Callable[..., str]) -> None:
    source = "rings.safetensors"
    assert refused("export", source, "--to", "modle").startswith(
        "unknown format 'modle'; did you mean"
    )
    assert refused("export", source, "--to", "sklearn").startswith(
        "scikit-learn keeps its networks as pickles, which are not written: in Python, "
    )
    assert refused("export", source, "--to", "model") == (
        "'rings.safetensors' is the model itself: name another file with --out"
    )
    assert refused("export", source, "--to", "c", "--seed", "1") == (
        "a seed chooses a run of a folder, and 'rings.safetensors' is a file of one model"
    )
    assert refused("export", source, "--to", "c", "--out", ".").startswith(
        "cannot write the file '.'"
    )
    assert refused("export", "none", "--to", "c").startswith("cannot read the model in 'none'")
    Path("text.safetensors").write_text("hello")
    assert "text.safetensors" in refused("export", "text.safetensors", "--to", "js")
