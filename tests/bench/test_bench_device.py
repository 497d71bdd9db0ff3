"""`mlplab bench --device`: JAX on a device beside the engine, or one sentence where there is none."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from mlplab.bench import device_rate
from mlplab.bench.device_rate import DeviceRate
from mlplab.bench.rounds import Pair
from mlplab.bench.taken import Taken
from mlplab.cli import app
from mlplab.spec import Experiment

SMALL = Experiment.model_validate(
    {
        "dataset": {"kind": "polar", "classes": 3, "train_per_class": 8, "test_per_class": 5},
        "network": {"hidden_layers": 1, "layer_width": 4, "activation": "relu"},
        "training": {"batch_size": 8, "epochs": 3},
    }
)


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(device_rate, "EXPERIMENTS", dict.fromkeys(("1.3", "1.4"), SMALL))


@pytest.fixture
def run() -> Callable[..., Any]:
    return lambda *words: CliRunner().invoke(app, ["bench", *map(str, words)], prog_name="mlplab")


def test_a_cpu_is_measured_in_earnest(run: Callable[..., Any]) -> None:
    words = ("--device", "cpu", "--networks", 3, "--rounds", 2, "--threads", 1, "--quick")
    result = run(*words, "--experiment", "1.4", "--out", "here")
    assert (result.exit_code, result.exception) == (0, None)
    assert [path.name for path in Path("here").iterdir()] == ["device.json"]
    found = json.loads(Path("here/device.json").read_text())
    assert (found["device"], found["networks"], found["together"]) == ("cpu", 3, 3)
    assert found["name"] == "1.4"
    assert found["experiment"]["training"]["epochs"] == device_rate.QUICK_EPOCHS
    assert len(found["engine"]) == len(found["jax"]) == 2
    # Of the same seeds, both get the same networks.
    accuracy = found["test_accuracy"]
    assert accuracy["engine"] == pytest.approx(accuracy["jax"], abs=1e-6)
    assert "3 networks of 1.4, 2 epochs, end to end" in result.stdout
    assert "jax on cpu" in result.stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--device", "gpu"], "JAX finds no gpu here"),
        (["--device", "tpu"], "device must be cpu or gpu, received 'tpu'"),
        (["--device", "cpu", "--rounds", "0"], "rounds must be at least 1, received 0"),
        (["--device", "cpu", "--networks", "0"], "networks must be at least 1, received 0"),
        (["--device", "cpu", "--threads", "0"], "threads must be at least 1, received 0"),
        (["--device", "cpu", "--only", "curves"], "--peers and --only do not go with --device"),
        (["--device", "cpu", "--experiment", "1.5"], "unknown experiment '1.5'"),
        (["--networks", "5"], "--networks goes with --device, received it alone"),
        (["--experiment", "1.3"], "--experiment goes with --device, received it alone"),
    ],
)
def test_wrong_input_is_one_sentence_and_leaves_nothing(
    run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, words: list[str], sentence: str
) -> None:
    if "gpu" in words:
        jax = pytest.importorskip("jax")
        if any(device.platform == "gpu" for device in jax.devices()):
            pytest.skip("there is a GPU")
    result = run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    [line] = result.stderr.splitlines()[-1:]
    assert line.startswith("mlplab: ")
    assert sentence in line
    assert list(Path().iterdir()) == []


def rate(*seconds: float) -> DeviceRate:
    """Return what is measured where JAX takes so many seconds in each round, and the engine 2."""
    ours = tuple(Taken(2.0, 2.0) for _ in seconds)
    theirs = tuple(Taken(s, s) for s in seconds)
    return DeviceRate(
        "card", "gpu", "1.3", SMALL, 10, 5, 2, 7.0, 1.0, Pair(ours, theirs), (0.9, 0.8)
    )


def test_the_sentence_says_who_is_faster() -> None:
    assert (
        rate(4.0, 8.0, 5.0)
        .sentence()
        .startswith("JAX takes 2.50 × as long as the engine (2.00 × to 4.00 × in the rounds).")
    )
    assert (
        rate(0.5, 0.25)
        .sentence()
        .startswith("The engine takes 5.33 × as long as JAX (4.00 × to 8.00 × in the rounds).")
    )
    rows = replace(rate(4.0), networks=20).table().rows
    assert rows == (
        ("engine, 2 threads", "2.00", "10.0", "90.00 %"),
        ("jax on card", "4.00", "5.00", "80.00 %"),
    )
