"""What a shell completes: names where only some are possible; else it is left to complete files."""

from __future__ import annotations

from typing import Any

import pytest
from typer.main import get_command

from mlplab.cli import app
from mlplab.spec import Experiment

COMPLETED = [
    ("train", "trainer", "je", []),
    ("train", "trainer", "k", ["keras"]),
    ("train", "changes", "network.layer", ["network.layer_width="]),
    ("train", "spec", "1", []),
    ("map", "x", "training.optimizer.beta_1", ["training.optimizer.beta_1="]),
    ("map", "y", "training.ep", ["training.epochs="]),
    ("map", "measure", "test_l", ["test_loss"]),
    ("map", "numbers", "p", ["parquet"]),
    ("sweep", "sampler", "t", ["tpe"]),
    ("sweep", "objective", "validation_l", ["validation_loss"]),
    ("compare", "measure", "train_l", ["train_loss"]),
    ("data", "source", "fri", ["friedman_1"]),
    ("data", "source", "mine", []),
    ("export", "to", "o", ["onnx"]),
    ("import", "activation", "gelu", ["gelu", "gelu_tanh"]),
    ("import", "output", "so", ["softmax"]),
    ("landscape", "plane", "p", ["path", "principal"]),
    ("landscape", "split", "v", ["validation"]),
    ("play", "lesson", "1", ["1-batch-size"]),
    ("runs list", "ending", "s", ["stuck"]),
]


@pytest.mark.parametrize(("command", "parameter", "begun", "offered"), COMPLETED)
def test_what_is_offered(command: str, parameter: str, begun: str, offered: list[str]) -> None:
    found: Any = get_command(app)
    for name in command.split():
        found = found.commands[name]
    [asked] = [each for each in found.params if each.name == parameter]
    context = found.make_context(command, [], resilient_parsing=True)
    assert [each.value for each in asked.shell_complete(context, begun)] == offered


def test_every_setting_of_an_experiment_is_offered() -> None:
    from mlplab.cli.completing import settings

    experiment = Experiment(dataset="polar", training={"optimizer": "adam"})
    table = experiment.model_dump()
    paths = {f"{part}.{name}=" for part, fields in table.items() for name in fields}
    paths |= {f"training.optimizer.{name}=" for name in table["training"]["optimizer"]}
    assert len(paths) > 20
    assert paths <= set(settings(""))
