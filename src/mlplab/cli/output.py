"""What a command says of the files that it wrote."""

from __future__ import annotations

from collections.abc import Mapping

import typer


def say_written(written: Mapping[str, str]) -> None:
    """Print each file that was written, and what is in it."""
    longest = max(len(name) for name in written)
    for name, meaning in written.items():
        typer.echo(f"wrote {name:{longest}}  {meaning}")
