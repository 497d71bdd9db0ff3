"""`mlplab data`: draw or read samples with labels or targets, show them, write them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mlplab import memory
from mlplab.cli.completing import dataset_kinds
from mlplab.cli.output import say_written
from mlplab.cli.seed import Seed
from mlplab.errors import MissingLabelError, MlplabError, suggestion
from mlplab.staging import staged, staged_file

if TYPE_CHECKING:
    from rich.table import Table

    from mlplab.data import Dataset
    from mlplab.spec import DatasetSpec

SAMPLES_FILES = (".csv", ".npz", ".parquet")

MOST_FEATURES = 20
"""Features that are named in the terminal."""

MOST_TARGETS = 10
"""Targets that have a row in each split's table."""

SAMPLE_BYTES = 600
"""What a sample takes in a picture, measured: its mark with colours and place."""


def data(
    source: Annotated[
        str,
        typer.Argument(
            metavar="KIND_OR_FILE",
            autocompletion=dataset_kinds,
            help="A kind of dataset with classes (linear, polar, moons, circles, spirals or xor) or with "
            "a target (noisy_sine, plane, franke or friedman_1), your own samples (a .csv, .parquet or "
            ".npz file), or an experiment (.toml).",
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
        typer.Option(metavar="N", help="Training samples of each class; 512 if not given."),
    ] = None,
    test_per_class: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="Samples of each class in validation, and in test; 512 if not given."
        ),
    ] = None,
    train_samples: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="Training samples, of kinds with a target; 512 if not given."
        ),
    ] = None,
    test_samples: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Samples in validation, and in test, of kinds with a target; 512 if not given.",
        ),
    ] = None,
    n_features: Annotated[
        int | None,
        typer.Option(metavar="D", help="Number of features, of friedman_1; 10 if not given."),
    ] = None,
    factor: Annotated[
        float | None,
        typer.Option(metavar="F", help="Radius of the inner circle, of circles; 0.8 if not given."),
    ] = None,
    turns: Annotated[
        float | None,
        typer.Option(metavar="T", help="How often spirals wind around the origin; 1 if not given."),
    ] = None,
    label: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="A file's column of labels; 'label' if not given."),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(
            metavar="A,B,…",
            help="A file's columns of numbers that are to be approximated, instead of a label.",
        ),
    ] = None,
    features: Annotated[
        str | None,
        typer.Option(
            metavar="A,B,…",
            help="A file's columns to learn from; all columns of numbers if not given. Two are drawn as "
            "the plane, more by their first two principal components.",
        ),
    ] = None,
    seed: Seed = 0,
    out: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Where to draw samples.png and samples.svg.")
    ] = Path("data"),
    export: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write the samples, too, to this .csv, .npz or .parquet file."
        ),
    ] = None,
) -> None:
    """Draw a dataset, or show your own samples: a picture and a table of the three splits.

    A file without a column 'split' is split 60 : 20 : 20, as the seed has it.

    For example:
        mlplab data polar --classes 5 --sigma 0.05
        mlplab data iris.csv --label species
        mlplab data franke --train-samples 1000
        mlplab data moons --export moons.csv
    """
    options = {
        "classes": classes,
        "sigma": sigma,
        "train_per_class": train_per_class,
        "test_per_class": test_per_class,
        "factor": factor,
        "turns": turns,
        "train_samples": train_samples,
        "test_samples": test_samples,
        "n_features": n_features,
        "label": label,
        "target": None if target is None else _listed(target),
        "features": None if features is None else _listed(features),
    }
    spec = dataset_spec(source, {name: v for name, v in options.items() if v is not None})
    if export is not None:
        _check_export(export, source)
    _check_memory(spec)

    from mlplab.cli.compiling import compiling_said
    from mlplab.data import draw_dataset, write_samples
    from mlplab.figures import dataset_figure, save

    title = f"{describe(spec)}, seed {seed}"
    written = {f"{out / 'samples.png'} and .svg": "the samples of the three splits"}
    with ExitStack() as outputs:
        pictures = outputs.enter_context(staged(out))
        file = None if export is None else outputs.enter_context(staged_file(export))
        with compiling_said():
            try:
                dataset = draw_dataset(spec, seed)
            except MissingLabelError as error:
                option = (
                    "; name the column with --label, or with --target one of numbers to approximate"
                )
                option = "" if label else option
                raise MlplabError(f"{error}{option}") from None
        save(dataset_figure(dataset, title), pictures / "samples")
        if file is not None:
            write_samples(dataset, file, getattr(spec, "label", "label"))
            written[str(export)] = f"all {sum(map(len, dataset.splits.values())):,} samples"
    typer.echo(title)
    typer.echo(_features(dataset))
    _print_table(dataset)
    say_written(written)


def dataset_spec(source: str, options: dict[str, Any]) -> DatasetSpec:
    """Return the description of a dataset that was asked for by its kind or by a file.

    Parameters
    ----------
    source : str
        A kind of dataset, or the path of a `.csv`, `.npz`, `.parquet` or `.toml` file.
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
    from mlplab.spec import DatasetSpec, Experiment, Recipe, SamplesFile

    suffix = Path(source).suffix.lower()
    if suffix == ".toml":
        _refuse(options, f"an experiment file: change {source} itself")
        return Experiment.from_toml(source).dataset
    if suffix in SAMPLES_FILES:
        own = SamplesFile.model_fields
        _refuse([name for name in options if name not in own], "samples from a file")
        if "target" in options:
            _refuse([name for name in options if name == "label"], "samples with --target")
        return SamplesFile(path=source, **options)
    kinds = {name: kind for name, kind in DatasetSpec.kinds.items() if issubclass(kind, Recipe)}
    if source not in kinds:
        raise MlplabError(
            f"'{source}' is neither a kind of dataset nor a .csv, .npz, .parquet or .toml file; "
            f"{suggestion(source, kinds)}"
        )
    kind = kinds[source]
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
    from mlplab.spec import Arrays, SamplesFile

    if isinstance(spec, SamplesFile):
        return Path(spec.path).name
    if isinstance(spec, Arrays):
        return "arrays"
    names = [name for name in ("classes", "sigma", "factor", "turns") if hasattr(spec, name)]
    return ", ".join([spec.kind, *(f"{name} {getattr(spec, name):g}" for name in names)])


def _refuse(options: Sequence[str] | dict[str, Any], what: str) -> None:
    for name in options:
        raise MlplabError(f"--{name.replace('_', '-')} does not apply to {what}")


def _listed(names: str) -> list[str]:
    """Return names that stand in one text, separated by commas; one with a comma is quoted."""
    return [name.strip() for name in next(csv.reader([names], skipinitialspace=True), [])]


def _check_memory(spec: DatasetSpec) -> None:
    """Refuse a recipe whose samples, drawn and in the picture, do not fit into memory."""
    from mlplab.spec import Recipe

    if not isinstance(spec, Recipe):
        return
    samples = sum(spec.counts)
    needed = SAMPLE_BYTES * samples
    available = memory.available_memory()
    if needed > available:
        raise MlplabError(
            f"the samples and their picture need about {memory.gigabytes(needed)} of memory, and "
            f"{memory.gigabytes(available)} are available: ask for "
            f"{'fewer samples' if spec.has_targets else 'fewer classes, or fewer samples of each'}"
        )


def _features(dataset: Dataset) -> str:
    """Return a line that names the features; the first ones, where they are many."""
    names = dataset.feature_names
    few = names if len(names) <= MOST_FEATURES else (*names[:MOST_FEATURES], "…")
    said = f"{len(names)} feature{'s' if len(names) > 1 else ''}: {', '.join(few)}"
    more = len(dataset.target_names) - MOST_TARGETS
    return f"{said}; {len(dataset.target_names)} targets, {more} not shown" if more > 0 else said


def _check_export(export: Path, source: str) -> None:
    if export.suffix.lower() not in SAMPLES_FILES:
        raise MlplabError(f"--export writes a .csv, .npz or .parquet file, received '{export}'")
    if export.exists() and Path(source).exists() and export.samefile(source):
        raise MlplabError(f"--export would overwrite '{export}', which the samples come from")


def _print_table(dataset: Dataset) -> None:
    from rich.console import Console

    Console().print(
        _table_of_targets(dataset) if dataset.has_targets else _table_of_classes(dataset)
    )


def _table_of_targets(dataset: Dataset) -> Table:
    """Return each target's mean, standard deviation and range in each split; of many, the first."""
    from rich.table import Table
    from rich.text import Text

    from mlplab.figures.dataset import SPLIT_HEADINGS
    from mlplab.figures.projection import short_name

    table = Table("split")
    for name in ("samples", "target", "mean", "sd", "min", "max"):
        table.add_column(name, justify="left" if name == "target" else "right")
    for name, split in dataset.splits.items():
        for k, target in enumerate(dataset.target_names[:MOST_TARGETS]):
            y = split.y[:, k]
            numbers = (y.mean(), y.std(), y.min(), y.max())
            begins = (SPLIT_HEADINGS[name].lower(), f"{len(split):,}") if k == 0 else ("", "")
            table.add_row(*begins, Text(short_name(target)), *map(_number, numbers))
    return table


def _number(value: float) -> str:
    """Write a number with four digits; prices and populations as whole numbers, not as 3.359e+05."""
    return f"{value:,.0f}" if 1e4 <= abs(value) < 1e9 else f"{value:.4g}"


def _table_of_classes(dataset: Dataset) -> Table:
    import numpy as np
    from rich.table import Table
    from rich.text import Text

    from mlplab.figures.dataset import SPLIT_HEADINGS
    from mlplab.figures.points import class_name

    table = Table("split")
    table.add_column("samples", justify="right")
    table.add_column("per class")
    for name, split in dataset.splits.items():
        counts = np.bincount(split.y, minlength=dataset.classes).tolist()
        if len(set(counts)) == 1:
            shown = f"{counts[0]:,} in each of {dataset.classes}"
        else:
            pairs = zip(counts, dataset.label_names, strict=True)
            shown = "\n".join(f"{count:,} {class_name(label)}" for count, label in pairs)
        table.add_row(SPLIT_HEADINGS[name].lower(), f"{len(split):,}", Text(shown))
    return table
