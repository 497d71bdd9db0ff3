"""`mlplab play`: the playground, a page in the browser in which one sees a network learn."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mlplab.cli.completing import lessons
from mlplab.cli.output import say_written
from mlplab.cli.signals import termination
from mlplab.errors import MlplabError

PORT, ADDRESS = 5006, "127.0.0.1"


def play(
    spec: Annotated[
        Path | None,
        typer.Argument(
            metavar="SPEC.toml | FOLDER",
            help="The experiment that it begins with: a TOML file, or a folder that `mlplab train`, "
            "`mlplab map` or `mlplab sweep` has written. If not given, the first preset.",
            show_default=False,
        ),
    ] = None,
    *,
    seed: Annotated[
        int | None,
        typer.Option(metavar="S", help="0 if not given, and of a run its own.", show_default=False),
    ] = None,
    run: Annotated[
        int | None,
        typer.Option(
            metavar="K",
            help="Which run of a folder of runs, from 0; the first if not given.",
            show_default=False,
        ),
    ] = None,
    cell: Annotated[
        str | None,
        typer.Option(
            metavar="X,Y",
            help="Which cell of a map, by the values of its two settings; if not given, the experiment "
            "that was varied.",
            show_default=False,
        ),
    ] = None,
    lesson: Annotated[
        str | None,
        typer.Option(
            metavar="NAME | FILE.toml",
            autocompletion=lessons,
            help="Begin with a lesson: one that comes with the page, or a file of yours.",
            show_default=False,
        ),
    ] = None,
    export: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR | FILE.html",
            help="Write the page, and do not serve it: a folder for any web host, or a file that opens "
            "by double click.",
            show_default=False,
        ),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            metavar="P",
            help=f"Where the page is served: {PORT} if not given, 0 for any port that is free.",
            show_default=False,
        ),
    ] = None,
    address: Annotated[
        str | None,
        typer.Option(
            metavar="A",
            help=f"Where to listen: {ADDRESS} if not given. Other machines come in only if this is not "
            "local.",
            show_default=False,
        ),
    ] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME[:PORT]",
            help="A name besides this machine's by which browsers may come, such as a proxy's. May be "
            "given several times.",
            show_default=False,
        ),
    ] = None,
    open_page: Annotated[
        bool | None,
        typer.Option(
            "--open/--no-open",
            help="Whether to open the page in the browser; it is if not given.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Set up an experiment in the browser, watch it learn, look inside, take it away.

    The page trains in the browser, and asks no other host for anything. It is served on this machine
    until Ctrl-C; an exported one needs no server.

    For example:
        mlplab play
        mlplab play 1.3.toml --seed 7
        mlplab play 1.3-runs --run 4
        mlplab play 1.1-map --cell 0.1,16
        mlplab play --lesson 1-batch-size
        mlplab play --export page.html
    """
    from mlplab.playground.export import export_page
    from mlplab.playground.opening import open_experiment, open_lesson
    from mlplab.playground.page import page_text
    from mlplab.playground.serving import serve

    if lesson is None:
        opened = open_experiment(spec, seed=seed, run=run, cell=cell)
    else:
        others = {"a SPEC": spec, "--seed": seed, "--run": run, "--cell": cell}
        given = [name for name, other in others.items() if other is not None]
        if given:
            raise MlplabError(
                f"a lesson has a set-up of its own: expected --lesson or {given[0]}, received both"
            )
        opened = open_lesson(lesson)
    text = page_text(opened)
    if export is not None:
        served = {
            "--port": port,
            "--address": address,
            "--allow-host": allow_host or None,
            "--open and --no-open": open_page,
        }
        for option, value in served.items():
            if value is not None:
                raise MlplabError(
                    f"{option} goes with a page that is served, and not with --export"
                )
        say_written({str(export_page(text, export)): "the playground, in one file"})
        return
    if opened is not None and opened.lesson is not None:
        typer.echo(f"opened the lesson '{opened.lesson.title}'")
    if opened is not None and spec is not None:
        typer.echo(f"opened '{spec}', seed {opened.seed}: Play trains it")
    with termination() as told, told.interrupting():
        serve(
            text,
            PORT if port is None else port,
            ADDRESS if address is None else address,
            allow_host or (),
            open_browser=open_page is not False,
            announce=lambda url: typer.echo(f"the playground is at {url}  (Ctrl-C ends it)"),
        )
    if told.received:  # Ctrl-C is how it is meant to end
        typer.echo("mlplab: interrupted, and the playground is served no longer", err=True)
        raise typer.Exit(told.status)
