"""`mlplab play`: the playground, a page in the browser in which one sees a network learn."""

from __future__ import annotations

from typing import Annotated

import typer


def play(
    *,
    port: Annotated[
        int,
        typer.Option(metavar="P", help="Where the page is served; 0 for any port that is free."),
    ] = 5006,
    open_page: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the page in the browser.")
    ] = True,
    address: Annotated[
        str,
        typer.Option(
            metavar="A", help="Where to listen; other machines come in only if this is not local."
        ),
    ] = "127.0.0.1",
    allow_origin: Annotated[
        list[str] | None,
        typer.Option(
            metavar="HOST[:PORT]",
            help="By which host other machines may come; needed with --address, and may be repeated.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Set up an experiment in the browser, watch it learn, look inside, take it away.

    The page is served on this machine until Ctrl-C, and asks no other host for anything.

    For example:
        mlplab play
        mlplab play --port 8080 --no-open
        mlplab play --address 0.0.0.0 --allow-origin lab.example.org:5006
    """
    from mlplab.cli.compiling import compiling_said
    from mlplab.playground import load_part

    serving = load_part("serving")
    with compiling_said():
        serving.serve(
            *(port, address, tuple(allow_origin or ())),
            open_browser=open_page,
            announce=lambda url: typer.echo(f"the playground is at {url}  (Ctrl-C ends it)"),
        )
