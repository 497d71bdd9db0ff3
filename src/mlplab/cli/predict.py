"""`mlplab predict`: what a trained network says of samples in a file."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mlplab.cli.model_source import ModelSource, RunSeed, read_model
from mlplab.cli.output import say_written

if TYPE_CHECKING:
    from mlplab.models import Model


def predict(
    source: ModelSource,
    points: Annotated[
        Path,
        typer.Argument(
            metavar="POINTS.csv",
            help="Samples, .csv or .parquet: a column for each feature, by its name, in any order.",
        ),
    ],
    *,
    seed: RunSeed = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the table to this file; if not given, it is printed.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Predict the class of samples and its probabilities, or their targets, as CSV.

    Features are given as they were measured: if the network was trained on standardised ones, they are
    standardised in the same way. Columns that are no features do not count.

    For example:
        mlplab predict 1.3.safetensors points.csv
        mlplab predict 1.3-runs points.csv --seed 0 --out predictions.csv
    """
    from mlplab.data.features import read_features
    from mlplab.staging import staged_file

    model = read_model(source, seed)
    x = read_features(points, model.feature_names)
    text = _table(model, x)
    if out is None:
        typer.echo(text, nl=False)
        return
    with staged_file(out) as staged:
        staged.write_text(text, encoding="utf-8", newline="")
    what = "the class and its probabilities" if model.label_names else "the targets"
    say_written({str(out): f"{what}, a row for each of {len(x):,} samples"})


def _table(model: Model, x: Any) -> str:
    """Return the predictions as CSV; a number is written so that it is read back exactly."""
    predicted = model.predict(x)
    numbers = model.outputs(x).astype(str).tolist()
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    if model.target_names:
        writer.writerow([f"predicted_{name}" for name in model.target_names])
        writer.writerows(numbers)
        return text.getvalue()
    writer.writerow(["predicted", *(f"probability_of_{name}" for name in model.label_names)])
    writer.writerows([label, *row] for label, row in zip(predicted, numbers, strict=True))
    return text.getvalue()
