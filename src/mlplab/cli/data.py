"""`mlplab data`: draw or read labelled points, show them, write them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mlplab.cli.output import say_written
from mlplab.cli.seed import Seed
from mlplab.errors import MlplabError, suggestion
from mlplab.staging import staged, staged_file

if TYPE_CHECKING:
    from mlplab.data import Dataset
    from mlplab.spec import DatasetSpec

POINTS_FILES = (".csv", ".npz")


def data(
    source: Annotated[
        str,
        typer.Argument(
            metavar="KIND_OR_FILE",
            help="A kind of dataset (linear, polar, moons, circles, spirals or xor), your own points "
            "(a .csv file with columns x1, x2 and label, or .npz), or an experiment (.toml).",
        ),
    ],
    *,
    classes: Annotated[
        int | None,
        typer.Option(
            metavar="K", help="Number of classes, of linear, polar and spirals; 2 if not given."
        ),
    ] = None,
    sigma: Annotated[
        float | None,
        typer.Option(metavar="SIGMA", help="Standard deviation of the noise; 0.1 if not given."),
    ] = None,
    train_per_class: Annotated[
        int | None,
        typer.Option(metavar="N", help="Training points of each class; 512 if not given."),
    ] = None,
    test_per_class: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="Points of each class in validation, and in test; 512 if not given."
        ),
    ] = None,
    factor: Annotated[
        float | None,
        typer.Option(metavar="F", help="Radius of the inner circle, of circles; 0.8 if not given."),
    ] = None,
    turns: Annotated[
        float | None,
        typer.Option(metavar="T", help="How often spirals wind around the origin; 1 if not given."),
    ] = None,
    seed: Seed = 0,
    out: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Where to draw points.png and points.svg.")
    ] = Path("data"),
    export: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the points, too, to this .csv or .npz file."),
    ] = None,
) -> None:
    """Draw a dataset, or show your own points: a picture and a table of the three splits.

    A file without a column 'split' is split 60 : 20 : 20, as the seed has it.

    For example:
        mlplab data polar --classes 5 --sigma 0.05
        mlplab data points.csv --seed 3
        mlplab data moons --export moons.csv
    """
    options = {
        "classes": classes,
        "sigma": sigma,
        "train_per_class": train_per_class,
        "test_per_class": test_per_class,
        "factor": factor,
        "turns": turns,
    }
    spec = dataset_spec(source, {name: v for name, v in options.items() if v is not None})
    if export is not None:
        _check_export(export, source)

    from mlplab.data import draw_dataset, write_samples
    from mlplab.figures import dataset_figure, save

    title = f"{describe(spec)}, seed {seed}"
    written = {f"{out / 'points.png'} and .svg": "the points of the three splits"}
    with ExitStack() as outputs:
        pictures = outputs.enter_context(staged(out))
        points = None if export is None else outputs.enter_context(staged_file(export))
        dataset = draw_dataset(spec, seed)
        save(dataset_figure(dataset, title), pictures / "points")
        if points is not None:
            write_samples(dataset, points)
            written[str(export)] = f"all {sum(map(len, dataset.splits.values())):,} points"
    typer.echo(title)
    _print_table(dataset)
    say_written(written)


def dataset_spec(source: str, options: dict[str, Any]) -> DatasetSpec:
    """Return the description of a dataset that was asked for by its kind or by a file.

    Parameters
    ----------
    source : str
        A kind of dataset, or the path of a `.csv`, `.npz` or `.toml` file.
    options : dict
        Values by the names of fields; only those that the kind has.

    Raises
    ------
    MlplabError
        If there is no such kind, an option does not apply to it, or a value is out of range.
    SpecError
        If an experiment cannot be read.

    Examples
    --------
    >>> dataset_spec("polar", {"classes": 5}).classes
    5
    """
    from mlplab.spec import Experiment, SamplesFile, recipes

    suffix = Path(source).suffix.lower()
    if suffix == ".toml":
        _refuse(options, f"an experiment file: change {source} itself")
        return Experiment.from_toml(source).dataset
    if suffix in POINTS_FILES:
        _refuse(options, "points from a file")
        return SamplesFile(path=source)
    if source not in recipes():
        raise MlplabError(
            f"'{source}' is neither a kind of dataset nor a .csv, .npz or .toml file; "
            f"{suggestion(source, recipes())}"
        )
    kind = recipes()[source]
    _refuse([name for name in options if name not in kind.model_fields], f"'{source}'")
    recipe: DatasetSpec = kind(**options)
    return recipe


def describe(spec: DatasetSpec) -> str:
    """Return a dataset's kind and what sets it apart, for a title.

    Examples
    --------
    >>> from mlplab.spec import Polar
    >>> describe(Polar(classes=5, sigma=0.05))
    'polar, classes 5, sigma 0.05'
    """
    from mlplab.spec import SamplesFile

    if isinstance(spec, SamplesFile):
        return Path(spec.path).name
    names = [name for name in ("classes", "sigma", "factor", "turns") if hasattr(spec, name)]
    return ", ".join([spec.kind, *(f"{name} {getattr(spec, name):g}" for name in names)])


def _refuse(options: Sequence[str] | dict[str, Any], what: str) -> None:
    for name in options:
        raise MlplabError(f"--{name.replace('_', '-')} does not apply to {what}")


def _check_export(export: Path, source: str) -> None:
    if export.suffix.lower() not in POINTS_FILES:
        raise MlplabError(f"--export writes a .csv or .npz file, received '{export}'")
    if export.exists() and Path(source).exists() and export.samefile(source):
        raise MlplabError(f"--export would overwrite '{export}', which the points come from")


def _print_table(dataset: Dataset) -> None:
    import numpy as np
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from mlplab.figures.points import SPLIT_HEADINGS, class_name

    table = Table("split")
    table.add_column("points", justify="right")
    table.add_column("per class")
    for name, split in dataset.splits.items():
        counts = np.bincount(split.y, minlength=dataset.classes).tolist()
        if len(set(counts)) == 1:
            shown = f"{counts[0]:,} in each of {dataset.classes}"
        else:
            pairs = zip(counts, dataset.label_names, strict=True)
            shown = "\n".join(f"{count:,} {class_name(label)}" for count, label in pairs)
        table.add_row(SPLIT_HEADINGS[name].lower(), f"{len(split):,}", Text(shown))
    Console().print(table)
