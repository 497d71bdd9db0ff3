"""What commands take a trained network from: a model's file, or a run of a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mlplab.errors import MlplabError

if TYPE_CHECKING:
    from mlplab.models import Model

ModelSource = Annotated[
    Path,
    typer.Argument(
        metavar="MODEL",
        help="A model's file; or a folder of runs that `mlplab train` has written.",
    ),
]

RunSeed = Annotated[
    int | None,
    typer.Option(
        "--seed",
        metavar="S",
        help="The seed of the run that is meant, where a folder has several.",
        show_default=False,
    ),
]

OF_OTHERS = (".keras", ".pt", ".pth", ".onnx", ".h5", ".hdf5", ".pkl", ".joblib")
"""How files of other libraries end; some of them cannot be imported either."""


def read_model(source: Path, seed: int | None) -> Model:
    """Return the model that a command was given.

    Raises
    ------
    MlplabError
        If it cannot be read, or is a file of another library.
    """
    from mlplab.models import load
    from mlplab.models.importing import check_importable

    if source.suffix.lower() in OF_OTHERS and source.is_file():
        check_importable(source)
        raise MlplabError(
            f"'{source}' is of another library: make a model of it with  mlplab import {source}"
        )
    return load(source, seed)


def stem_of(source: Path) -> str:
    """Return what files that are made of a model are called.

    >>> stem_of(Path("a/1.3-runs")), stem_of(Path("rings.safetensors")), stem_of(Path("rings"))
    ('1.3', 'rings', 'rings')
    """
    name = Path(source.name or source.resolve().name).name
    return name.removesuffix(".safetensors").removesuffix("-runs") or "model"
