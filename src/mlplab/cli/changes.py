"""`--set PATH=VALUE`: changes to an experiment on the command line."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mlplab.cli.completing import settings
from mlplab.errors import MlplabError, shown

if TYPE_CHECKING:
    from mlplab.spec import Experiment

Changes = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        autocompletion=settings,
        help="Change a value of the experiment, as in --set training.batch_size=64. Values are "
        "written as in TOML; a word needs no quotes. May be given several times.",
        show_default=False,
    ),
]


def read_experiment(spec: Path, changes: Sequence[str] | None) -> Experiment:
    """Return the experiment of a TOML file, with the changes of `--set`.

    Raises
    ------
    MlplabError
        If the file or a change is not valid.
    """
    from mlplab.spec import Experiment

    experiment = Experiment.from_toml(spec)
    # A path on the command line counts from here, not from the folder of the TOML file.
    return experiment.varied(parse_changes(changes)).located(Path.cwd()) if changes else experiment


def parse_changes(texts: Sequence[str]) -> dict[str, Any]:
    """Return the values by their paths, as `Experiment.varied` takes them.

    A value is one of TOML; a text that is none is taken as it stands. Of several values for one path
    the last one counts.

    Raises
    ------
    MlplabError
        If a text has no path or no value, or its value begins as a list, a table or a text in quotes and
        is none.

    Examples
    --------
    >>> parse_changes(["training.batch_size=64", "network.activation = tanh", "dataset.path=/a b.csv"])
    {'training.batch_size': 64, 'network.activation': 'tanh', 'dataset.path': '/a b.csv'}
    >>> parse_changes(["network.layer_width=[50, 20]", "training.optimizer={kind = 'adam'}"])
    {'network.layer_width': [50, 20], 'training.optimizer': {'kind': 'adam'}}
    """
    changes = {}
    for text in texts:
        path, equals, value = (part.strip() for part in text.partition("="))
        if not (path and equals and value):
            raise MlplabError(
                f"--set expects PATH=VALUE, such as training.batch_size=64, received {shown(text)}"
            )
        changes[path] = _parsed(path, value)
    return changes


def _parsed(path: str, value: str) -> Any:
    try:
        table = tomllib.loads(f"value = {value}")
    except (ValueError, RecursionError) as error:  # of TOML, or of a number of too many digits
        if value[0] in "[{\"'":
            raise MlplabError(f"--set {path}: {shown(value)} is not valid TOML: {error}") from None
        return value
    # With a line break in it a text may hold more than a value.
    return table["value"] if len(table) == 1 else value
