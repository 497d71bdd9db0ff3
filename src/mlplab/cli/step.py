"""`mlplab step`: one update of a training, each formula with its numbers filled in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mlplab.cli.changes import Changes, read_experiment
from mlplab.cli.output import say_written
from mlplab.cli.seed import Seed
from mlplab.errors import MlplabError, shown
from mlplab.staging import staged

if TYPE_CHECKING:
    from mlplab.explain import Step


def step(
    spec: Annotated[
        Path,
        typer.Argument(
            metavar="SPEC.toml", help="The experiment: its dataset, network and training."
        ),
    ],
    *,
    changes: Changes = None,
    update: Annotated[int, typer.Option(metavar="U", help="Which update, counted from 0.")] = 0,
    point: Annotated[
        int | None,
        typer.Option(
            metavar="P",
            help="Number of a training sample, from 0: the update that it alone would make; if not "
            "given, that of the training's batch.",
            show_default=False,
        ),
    ] = None,
    seed: Seed = 0,
    neuron: Annotated[
        list[str] | None,
        typer.Option(
            metavar="L,N",
            help="Show neuron N of layer L, counted from 1. May be given several times; if not given, "
            "all neurons of a small network, else those of the largest δ.",
            show_default=False,
        ),
    ] = None,
    weight: Annotated[
        str | None,
        typer.Option(
            metavar="L,N,I",
            help="Show the update of the weight of neuron N of layer L for its input I, 0 for the bias; "
            "if not given, that of the largest gradient, and where all are 0, what moves most.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Draw step.png and step.svg here: a small network with its numbers, and the plane "
            "before and after.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Show one update step by step: forward, loss, back, and how a weight moves.

    The numbers are those of the training of this seed, as `mlplab train` makes it.

    For example:
        mlplab step 1.2.toml --update 7
        mlplab step 1.2.toml --update 7 --point 3
        mlplab step 1.2.toml --point 3 --neuron 1,4 --weight 2,1,4
        mlplab step 1.2.toml --point 3 --out step
    """
    from mlplab.explain import step as step_of

    neurons = None if neuron is None else [_read(text, "--neuron", "L,N") for text in neuron]
    place = None if weight is None else _read(weight, "--weight", "L,N,I")
    experiment = read_experiment(spec, changes)
    found = step_of(experiment, seed, update=update, point=point)
    text = found.text(neurons, place)  # type: ignore[arg-type]  # as many numbers as were read
    if out is not None:
        from mlplab.figures import save, step_figure

        with staged(out) as stage:
            save(step_figure(found), stage / "step")
    typer.echo(text)
    if out is not None:
        typer.echo("")
        say_written({f"{out / 'step.png'} and .svg": _what_is_drawn(found)})


def _what_is_drawn(found: Step) -> str:
    from mlplab.figures.step import shows_network, shows_plane

    drawn = [
        *["the network"] * shows_network(found),
        *["the plane before and after"] * shows_plane(found),
    ]
    return ", and ".join(drawn)


def _read(text: str, option: str, form: str) -> tuple[int, ...]:
    """Return whole numbers between commas, as many as the form has letters."""
    count = form.count(",") + 1
    match = re.fullmatch(",".join([r"\s*(\d{1,9})\s*"] * count), text)
    if match is None:
        example = ",".join("214"[:count])
        raise MlplabError(f"{option} expects {form}, such as {example}, received {shown(text)}")
    return tuple(map(int, match.groups()))
