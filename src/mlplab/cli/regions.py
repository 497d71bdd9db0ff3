"""`mlplab regions`: how many linear regions trained networks have, and where their boundaries run."""

from __future__ import annotations

import csv
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mlplab.cli.changes import Changes, read_experiment
from mlplab.cli.compiling import compiling_said
from mlplab.cli.output import say_written
from mlplab.cli.saved_runs import saved_runs
from mlplab.cli.seed import FirstSeed
from mlplab.cli.signals import termination
from mlplab.cli.train import which_runs
from mlplab.errors import MlplabError, shown
from mlplab.staging import staged

if TYPE_CHECKING:
    from mlplab.boundary import Extent, LinearRegions, PopulationRegions
    from mlplab.run import Runs
    from mlplab.spec import Experiment

BOUNDARY_COLUMNS = (
    "seed",
    "x1_from",
    "x2_from",
    "x1_to",
    "x2_to",
    "class_at_left",
    "class_at_right",
)


def regions(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="SPEC.toml",
            help="The experiment to train; or a folder of runs that `mlplab train` has written.",
        ),
    ],
    *,
    changes: Changes = None,
    replications: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="How many runs to train; 1 if not given.", show_default=False
        ),
    ] = None,
    seed: FirstSeed = None,
    box: Annotated[
        str | None,
        typer.Option(
            metavar="BOX",
            help="The part of the plane, as 'x1_min,x1_max,x2_min,x2_max'; if not given, that of the "
            "first run's training samples.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Where pictures and tables go; if not given, the file's name with '-regions', here.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Train networks, and find their linear regions and decision boundaries exactly.

    A network of linear, relu, leaky_relu, relu6 or hard_sigmoid layers is affine within each of its
    linear regions, which are polygons; so its decision boundary is made of straight lines. Where an
    experiment standardises its features, the plane is that of the standardised ones.

    For example:
        mlplab train --example > 1.3.toml
        mlplab regions 1.3.toml
        mlplab regions 1.3.toml --replications 20 --set network.hidden_layers=2
        mlplab regions 1.3-runs --box=-1,1,-1,1
    """
    from mlplab.boundary import exact
    from mlplab.figures.plane import plane_extent
    from mlplab.trial import draw

    extent = None if box is None else parse_box(box)
    name = source.name.removesuffix(".toml").removesuffix("-runs")
    folder = Path(f"{name}-regions") if out is None else out
    saved = saved_runs(source, {"--set": changes, "--replications": replications, "--seed": seed})
    experiment = read_experiment(source, changes) if saved is None else saved.experiment
    _check(experiment)
    if changes:
        name = f"{name} with {', '.join(changes)}"
    with termination() as told, staged(folder) as stage:
        runs, is_whole = (
            _train(experiment, 1 if replications is None else replications, seed or 0, told)
            if saved is None
            else (saved, True)
        )
        dataset = draw(experiment, int(runs.seed[0])).dataset
        extent = plane_extent(dataset.train.x) if extent is None else extent
        with compiling_said():
            many = exact(runs, extent)
            run = runs[int(many.runs[0])]
            one = exact(run, extent)
        pictures = _draw(runs, run.seed, one, many, name, stage)
        tables = _write(runs, many, stage)
    for sentence in describe(one, many, run.seed):
        typer.echo(textwrap.fill(sentence, 80, break_on_hyphens=False))
    say_written({str(folder / name): meaning for name, meaning in (pictures | tables).items()})
    if not is_whole:
        typer.echo(f"mlplab: interrupted after {len(runs)} of {replications} runs", err=True)
        raise typer.Exit(told.status)


def parse_box(text: str) -> Extent:
    """Return the rectangle that four numbers say.

    >>> parse_box("-1, 1, 0, 2.5")
    Extent(x1_min=-1.0, x1_max=1.0, x2_min=0.0, x2_max=2.5)

    Raises
    ------
    MlplabError
        If they are not four, or no rectangle.
    """
    from mlplab.boundary import Extent

    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != 4:
        raise MlplabError(
            "--box expects four numbers, x1_min,x1_max,x2_min,x2_max, such as -1,1,-1,1, received "
            f"{shown(text)}"
        )
    return Extent(*numbers)


def describe(one: LinearRegions, many: PopulationRegions, seed: int) -> Iterator[str]:
    """Say how many linear regions there are, and how long decision boundaries."""
    box = one.box
    where = f"{box.x1_min:.3g} < x1 < {box.x1_max:.3g}, {box.x2_min:.3g} < x2 < {box.x2_max:.3g}"
    noun = "linear region" if one.region_count == 1 else "linear regions"
    count = f"Seed {seed}: {one.region_count:,} {noun} in {where}"
    if one.network.classes:
        count += f", and a decision boundary {one.boundary_length:.4g} long"
    yield f"{count}."
    if len(many) > 1:
        found = (
            f"All {len(many):,} networks: {_spread(many.region_count, 'linear regions', ',.0f')}"
        )
        if one.network.classes:
            found += f"; boundaries {_spread(many.boundary_length, 'long', '.4g')}"
        yield f"{found}."


def _spread(numbers: Any, what: str, how: str) -> str:
    """Write the least, the largest and the median of some numbers, or the one that all are.

    >>> _spread([7, 16, 13], "regions", ".0f"), _spread([7, 7], "regions", ".0f")
    ('7 to 16 regions (median 13)', '7 regions each')
    """
    import numpy as np

    low, middle, high = (format(each, how) for each in np.quantile(numbers, (0, 0.5, 1)))
    return f"{low} {what} each" if low == high else f"{low} to {high} {what} (median {middle})"


def _check(experiment: Experiment) -> None:
    """Refuse an experiment whose networks have no linear regions, before it is trained."""
    from mlplab.boundary.piecewise import check_piecewise_linear
    from mlplab.boundary.regions import check_plane
    from mlplab.engine.jobs import shape_of
    from mlplab.spec.activations import ACTIVATIONS
    from mlplab.trial import Trials

    check_piecewise_linear([ACTIVATIONS[name] for name in experiment.network.activations])
    features = shape_of(Trials.from_seeds(experiment, [0])).sizes[0]
    check_plane(features, "linear regions are drawn in a plane")


def _train(experiment: Experiment, replications: int, seed: int, told: Any) -> tuple[Runs, bool]:
    """Train; return the runs, and whether they are all that were wanted."""
    from mlplab.cli.progress import training_bar
    from mlplab.training import Interrupted, train

    try:
        bar = training_bar(experiment.training.epochs, replications)
        with bar as progress, told.interrupting():
            return train(experiment, replications, seed, progress=progress), True
    except Interrupted as interrupt:
        ended = interrupt.runs[0]
        if ended is None or not len(ended.kept):
            typer.echo("mlplab: interrupted", err=True)
            raise typer.Exit(told.status) from None
        return ended, False


def _draw(
    runs: Runs, seed: int, one: LinearRegions, many: PopulationRegions, name: str, stage: Path
) -> dict[str, str]:
    """Draw the pictures; return what each shows, by its file's name."""
    from mlplab.figures import linear_regions_figure, save

    names = runs.label_names
    figure = linear_regions_figure(one, title=f"{name}, seed {seed}", label_names=names)
    save(figure, stage / "regions")
    pictures = {"regions.png and .svg": f"the linear regions of the network of seed {seed}"}
    if len(many) > 1 and one.network.classes:
        title = f"{name}: {which_runs(runs)}"
        save(linear_regions_figure(many, title=title, label_names=names), stage / "boundaries")
        pictures["boundaries.png and .svg"] = "the decision boundaries of all networks"
    return pictures


def _write(runs: Runs, many: PopulationRegions, stage: Path) -> dict[str, str]:
    """Write the tables; return what each holds, by its file's name."""
    names = [f"area_of_{name}" for name in runs.label_names]
    seeds = runs.seed[many.runs].tolist()
    numbers = zip(
        seeds,
        many.region_count.tolist(),
        many.boundary_length.tolist(),
        many.class_areas.tolist(),
        strict=True,
    )
    with (stage / "regions.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["seed", "linear_regions", "boundary_length", *names])
        writer.writerows([seed, count, length, *areas] for seed, count, length, areas in numbers)
    tables = {"regions.csv": "a row for each network"}
    if not many.network.classes:
        return tables
    with (stage / "boundary.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(BOUNDARY_COLUMNS)
        for i, seed in enumerate(seeds):
            beside = many.boundary_classes_of(i)
            for segment, classes in zip(many.boundary_of(i), beside, strict=True):
                labels = (runs.label_names[k] for k in classes)
                writer.writerow([seed, *segment.ravel().tolist(), *labels])
    return tables | {
        "boundary.csv": "the segments of each decision boundary, and the classes beside"
    }
