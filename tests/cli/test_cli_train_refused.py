"""`mlplab train` that goes wrong or is interrupted: what is said, and what is left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cli.small import SMALL

import mlplab.training
from mlplab.installation import install_command
from mlplab.run import Runs
from mlplab.spec import Experiment
from mlplab.training import Interrupted

pytestmark = pytest.mark.usefixtures("small_toml")


undrawn = pytest.mark.usefixtures("undrawn_figures")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["none.toml"], "cannot read the experiment 'none.toml': No such file or directory"),
        (["."], "cannot read the experiment '.': Is a directory"),
        (["broken.toml"], "broken.toml is not valid TOML"),
        (["wrong.toml"], "wrong.toml: training.epochs: input should be greater than or equal to 1"),
        (["lost.toml"], "none.csv': No such file or directory"),
        (["small.toml", "--replications", "0"], "replications must be at least 1, received 0"),
        (["small.toml", "--seed", "-1"], "--seed must be a whole number from 0 to 2^62"),
        (["small.toml", "--trainer", "kers"], "unknown trainer 'kers'; did you mean 'keras'?"),
        (["small.toml", "--out", "small.toml"], "'small.toml' is a file"),
        (["small.toml", "--out", "small.toml/a"], "'small.toml' is a file"),
    ],
)
def test_wrong_input_is_one_sentence(
    refused: Callable[..., str], arguments: list[str], sentence: str
) -> None:
    Path("broken.toml").write_text("[training")
    Path("wrong.toml").write_text('dataset = "linear"\n[training]\nepochs = 0\n')
    Path("lost.toml").write_text('dataset = {kind = "file", path = "none.csv"}')
    assert sentence in refused("train", *arguments)


@pytest.mark.usefixtures("without_keras")
def test_keras_that_is_not_installed_is_one_sentence(refused: Callable[..., str]) -> None:
    said = refused("train", "small.toml", "--trainer", "keras")
    assert said.startswith("this needs keras")
    assert install_command("keras") in said


def test_an_interrupt_leaves_nothing(
    run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any, **__: Any) -> Runs:
        assert any(Path("new/out").iterdir()), "the place was not tried before the training"
        raise KeyboardInterrupt

    monkeypatch.setattr(mlplab.training, "train", interrupted)
    result = run("train", "small.toml", "--out", "new/out")
    assert (result.exit_code, result.stdout) == (130, "")
    assert result.stderr == "mlplab: interrupted\n"
    assert [path.name for path in Path().iterdir()] == ["small.toml"]


@undrawn
def test_an_interrupt_keeps_the_runs_that_had_ended(
    run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = mlplab.training.train(Experiment.from_toml_text(SMALL), 2)

    def interrupted(*_: Any, **__: Any) -> Runs:
        raise Interrupted([ended])

    monkeypatch.setattr(mlplab.training, "train", interrupted)
    result = run("train", "small.toml", "--replications", 5, "--out", "out")
    assert result.exit_code == 130
    assert result.stderr == "mlplab: interrupted after 2 of 5 runs\n"
    assert Runs.load(Path("out")).seed.tolist() == ended.seed.tolist()


@undrawn
def test_a_full_disk_is_one_sentence(
    refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device", "runs.csv")

    monkeypatch.setattr(mlplab.run.saved, "write_runs", full)
    assert refused("train", "small.toml") == "runs.csv: No space left on device"


@undrawn
def test_runs_that_cannot_be_written_are_one_sentence(
    refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Path.open

    def full(path: Path, *args: Any, **how: Any) -> Any:
        if path.suffix == ".safetensors":
            raise OSError(28, "No space left on device")
        return opened(path, *args, **how)

    monkeypatch.setattr(Path, "open", full)
    sentence = refused("train", "small.toml")
    place = Path("small-runs", "runs.safetensors")
    assert sentence == f"cannot write the file '{place}': No space left on device"
