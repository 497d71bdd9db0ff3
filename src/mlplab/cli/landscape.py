"""`mlplab landscape`: the loss around a training, on a plane of weight space, with its path."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from mlplab.cli.changes import Changes, read_experiment
from mlplab.cli.completing import planes, splits
from mlplab.cli.output import say_written
from mlplab.cli.seed import Seed
from mlplab.staging import staged

if TYPE_CHECKING:
    from mlplab.data import SplitName
    from mlplab.explain import Landscape
    from mlplab.explain.plane import PlaneKind


def landscape(
    spec: Annotated[
        Path,
        typer.Argument(
            metavar="SPEC.toml", help="The experiment: its dataset, network and training."
        ),
    ],
    *,
    changes: Changes = None,
    seed: Seed = 0,
    replications: Annotated[
        int,
        typer.Option(
            metavar="N",
            help="Runs from the same initial weights, on the same samples, in other orders.",
        ),
    ] = 1,
    plane: Annotated[
        str,
        typer.Option(
            metavar="KIND",
            autocompletion=planes,
            help="path (through three points of it), principal (the two directions in which it moves "
            "most) or random (around its end).",
        ),
    ] = "path",
    through: Annotated[
        str | None,
        typer.Option(
            metavar="A,B,C",
            help="Updates after which a plane through the path meets it; if not given, the start, the "
            "end and the point between that is farthest from their line.",
            show_default=False,
        ),
    ] = None,
    split: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            autocompletion=splits,
            help="On which samples: train, validation or test.",
        ),
    ] = "train",
    penalty: Annotated[
        bool, typer.Option("--penalty", help="Draw the loss with the regularizer's penalty.")
    ] = False,
    grid: Annotated[int, typer.Option(metavar="N", help="Networks along each side.")] = 51,
    direction_seed: Annotated[
        int | None,
        typer.Option(
            metavar="S",
            help="Of the directions of a random plane; 0 if not given.",
            show_default=False,
        ),
    ] = None,
    threads: Annotated[
        int | None,
        typer.Option(metavar="N", help="All cores if not given.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Where the picture goes; if not given, the name of the file with '-landscape', here.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Draw the loss around a training: on a plane of weight space, with the path of the weights.

    The path is projected on the plane; the command says how much of it lies there.

    For example:
        mlplab landscape 1.2.toml
        mlplab landscape 1.2.toml --replications 100 --plane principal
        mlplab landscape 1.3.toml --plane random --split test --grid 101
    """
    from mlplab.cli.progress import part_bar
    from mlplab.errors import MlplabError
    from mlplab.explain.landscape import landscape as make_landscape
    from mlplab.figures import landscape_figure, save

    experiment = read_experiment(spec, changes)
    name = spec.name.removesuffix(".toml")
    folder = Path(f"{name}-landscape") if out is None else out
    if changes:
        name = f"{name} with {', '.join(changes)}"
    if direction_seed is not None and plane != "random":
        raise MlplabError(f"--direction-seed is of a random plane, received --plane {plane}")
    if penalty and experiment.network.kernel_regularizer is None:
        raise MlplabError(
            "--penalty needs a network with a kernel_regularizer, and this one has none"
        )
    with staged(folder, ["landscape.png", "landscape.svg"]) as stage:
        with part_bar() as show:
            found = make_landscape(
                experiment,
                seed,
                replications,
                plane=cast("PlaneKind", plane),
                split=cast("SplitName", split),
                grid=grid,
                through=None if through is None else parse_updates(through),
                direction_seed=direction_seed,
                threads=threads,
                progress=show,
            )
        runs = f"seed {seed}" if replications == 1 else f"{replications} runs from seed {seed}"
        figure = landscape_figure(found, f"{name}: loss landscape, {runs}", penalty)
        save(figure, stage / "landscape")
    for sentence in summary(found):
        typer.echo(textwrap.fill(sentence, 80, break_on_hyphens=False))
    say_written({f"{folder / 'landscape.png'} and .svg": "the loss on the plane, and the path"})


def parse_updates(text: str) -> list[int]:
    """Return the updates that an option names.

    Raises
    ------
    MlplabError
        If they are not whole numbers.

    Examples
    --------
    >>> parse_updates("0,205,1280")
    [0, 205, 1280]
    """
    from mlplab.errors import MlplabError, shown

    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise MlplabError(
            f"--through expects three updates such as 0,205,1280, received {shown(text)}"
        ) from None


def summary(found: Landscape) -> list[str]:
    """Return in sentences where the path runs, how much of it the plane has, and what the loss is."""
    import numpy as np

    from mlplab.data import SPLIT_WORDS

    begin, end = float(found.path_loss[found.first, 0]), found.end_loss
    split = SPLIT_WORDS[found.split]
    usable = found.ending != "diverged"
    length, variance = (
        100 * float(np.median(of[usable]))
        for of in (found.length_fraction, found.variance_fraction)
    )
    if len(found) == 1:
        way = "falls" if end[0] < begin else "rises" if end[0] > begin else "goes"
        said = [f"The {split} loss {way} from {begin:.4g} to {end[0]:.4g} along the path."]
        where = f"{length:.1f} % of its length and {variance:.1f} % of its variance"
    else:
        low, middle, high = np.quantile(end[usable], [0, 0.5, 1])
        said = [
            f"{len(found)} runs from the same initial weights, on the same samples, in other orders: "
            f"the {split} loss begins at {begin:.4g} and ends between {low:.4g} and {high:.4g}, in the "
            f"median at {middle:.4g}."
        ]
        counts = {e: int(np.count_nonzero(found.ending == e)) for e in ("stuck", "diverged")}
        if any(counts.values()):
            said.append(f"{counts['stuck']} got stuck, {counts['diverged']} diverged.")
        where = (
            f"in the median {length:.1f} % of a path's length and {variance:.1f} % of its variance"
        )
    if len(found.through):
        a, b, c = found.through.tolist()
        said.append(f"The plane goes through the weights after {a:,}, {b:,} and {c:,} updates.")
    said.append(f"In the plane: {where}.")
    off = np.abs(found.path_loss - found.plane_loss)[usable]
    if np.isfinite(off).any():
        said.append(
            f"The loss on the path and that of its projection differ by up to {np.nanmax(off):.3g}."
        )
    finite = found.loss[np.isfinite(found.loss)]
    if len(finite):
        said.append(f"On the plane the loss is from {finite.min():.4g} to {finite.max():.4g}.")
    return said
