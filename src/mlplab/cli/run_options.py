"""The options by which `mlplab runs` chooses runs of a store, the same for each of its commands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from mlplab.cli.completing import endings
from mlplab.errors import MlplabError, shown

if TYPE_CHECKING:
    from mlplab.run import Ending
    from mlplab.store import RunFilter

StoreFile = Annotated[
    Path, typer.Option("--store", metavar="FILE", help="The store of finished runs.")
]

DEFAULT_STORE = Path("mlplab-runs.sqlite")

OfExperiment = Annotated[
    str,
    typer.Option(
        "--experiment",
        metavar="KEY",
        help="Runs of experiments whose key begins so.",
        show_default=False,
    ),
]

Seeds = Annotated[
    str | None,
    typer.Option(metavar="S-T", help="Runs of seeds S to T, or of one seed.", show_default=False),
]

OfEnding = Annotated[
    str | None,
    typer.Option(
        "--ending",
        metavar="ENDING",
        autocompletion=endings,
        help="finished, stuck or diverged.",
        show_default=False,
    ),
]

Where = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CONDITION",
        help="A column, a comparison and a number, as in --where 'test_accuracy>0.9'. May be given "
        "several times: all must hold.",
        show_default=False,
    ),
]


def chosen_runs(
    experiment: str, seeds: str | None, ending: str | None, where: list[str] | None
) -> RunFilter:
    """Return the filter that the options say.

    Raises
    ------
    MlplabError
        If one of them cannot be read.
    """
    from mlplab.store import Condition, RunFilter

    return RunFilter(
        experiment,
        None if seeds is None else parse_seeds(seeds),
        cast("Ending | None", ending),
        tuple(Condition.parse(text) for text in where or ()),
    )


def parse_seeds(text: str) -> tuple[int, int]:
    """Return the first and the last seed.

    Raises
    ------
    MlplabError
        If the text is neither a seed nor two.

    Examples
    --------
    >>> parse_seeds("3-17"), parse_seeds("5")
    ((3, 17), (5, 5))
    """
    match = re.fullmatch(r"(\d{1,18})(?:-(\d{1,18}))?", text)
    if match is None:
        raise MlplabError(f"--seeds expects a seed or two, such as 0-99, received {shown(text)}")
    return int(match[1]), int(match[2] or match[1])
