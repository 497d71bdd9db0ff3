"""`mlplab import`: a trained network of another library becomes a model."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated

import typer

from mlplab.cli.completing import activations, output_activations
from mlplab.cli.output import say_written
from mlplab.errors import MlplabError


def import_model(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="Of Keras, .keras; or a state_dict of PyTorch, .safetensors, .pt or .pth.",
        ),
    ],
    *,
    activation: Annotated[
        str | None,
        typer.Option(
            metavar="NAME,…",
            autocompletion=activations,
            help="Of a state_dict: the activation of the hidden layers, one for all or one for each.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            autocompletion=output_activations,
            help="softmax, sigmoid or linear, where the file's last layer has none, as in a state_dict.",
            show_default=False,
        ),
    ] = None,
    features: Annotated[
        str | None,
        typer.Option(
            metavar="NAME,…",
            help="What the features are called, in their order; x1, x2, … if not given.",
            show_default=False,
        ),
    ] = None,
    labels: Annotated[
        str | None,
        typer.Option(
            metavar="NAME,…",
            help="What the classes are called, in their order; 0, 1, … if not given.",
            show_default=False,
        ),
    ] = None,
    targets: Annotated[
        str | None,
        typer.Option(
            metavar="NAME,…",
            help="What the targets are called, where there are no classes.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="MODEL",
            help="The model's file; if not given, the file's name with .safetensors, here.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Make a model of a network that Keras or PyTorch has trained; nothing of the file is executed.

    Of Keras, that is a Sequential of Dense, Dropout and Activation layers, and a Normalization before
    them; of PyTorch, linear layers.

    For example:
        mlplab import rings.keras --labels inner,outer
        mlplab import weights.pt --activation relu --output softmax --out rings.safetensors
    """
    from mlplab.models import Answers, import_file, save
    from mlplab.models.importing import check_importable

    check_importable(file)
    place = Path(f"{file.stem}.safetensors") if out is None else out
    # A model that was exported has names and an experiment, which the file that comes back has not.
    if out is None and place.exists():
        raise MlplabError(f"'{place}' is there already: name the model's file with --out")
    if place.exists() and file.exists() and place.samefile(file):
        raise MlplabError(f"'{place}' is what is imported: name another file with --out")
    answers = Answers(
        _parted(features, "--features"),
        _parted(labels, "--labels"),
        _parted(targets, "--targets"),
        output,
    )
    activations = None if activation is None else _parted(activation, "--activation")
    alone = activations[0] if activations is not None and len(activations) == 1 else activations
    model = import_file(file, alone, answers)
    save(model, place)
    say_written({str(place): f"a model of {model.described}"})


def _parted(text: str | None, option: str) -> tuple[str, ...]:
    """Return what stands between commas; a name with a comma is quoted, as in CSV.

    >>> _parted('a, "b, c"', "--labels")
    ('a', 'b, c')
    """
    if text is None:
        return ()
    parts = next(csv.reader([text], skipinitialspace=True), [])
    names = tuple(part.strip() for part in parts)
    if not names or not all(names):
        raise MlplabError(f"{option} expects names with commas between them, received {text!r}")
    return names
