"""`mlplab export`: a trained network for other libraries and languages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mlplab.cli.completing import export_formats
from mlplab.cli.model_source import ModelSource, RunSeed, read_model, stem_of
from mlplab.cli.output import say_written
from mlplab.errors import MlplabError


def export_model(
    source: ModelSource,
    *,
    to: Annotated[
        str,
        typer.Option(
            metavar="FORMAT",
            autocompletion=export_formats,
            help="model (mlplab's own file), keras, onnx, torch (a state_dict), numpy, c or js.",
        ),
    ],
    seed: RunSeed = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The file to write; if not given, the model's name with the format's ending, here.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Write a trained network as a file of another library, or as code that needs none.

    The scaling of the features is inside of what is written, so that it takes them as they were
    measured; of a state_dict it is not, since that holds weights and biases alone.

    For example:
        mlplab export 1.3-runs --seed 0 --to model
        mlplab export 1.3.safetensors --to onnx
        mlplab export 1.3.safetensors --to c --out rings.h
    """
    from mlplab.models.exporting import export, export_format

    wanted = export_format(to)
    place = Path(f"{stem_of(source)}{wanted.suffix}") if out is None else out
    if place.exists() and source.exists() and place.samefile(source):
        raise MlplabError(f"'{place}' is the model itself: name another file with --out")
    model = read_model(source, seed)
    export(model, place, to)
    say_written({str(place): f"{model.described}, as {wanted.about}"})
