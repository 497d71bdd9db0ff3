"""What a command says of the files that it wrote."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

import typer

WIDTH = 80


def say_written(written: Mapping[str, str]) -> None:
    """Print each file that was written, and what is in it: beside its name, or below a long one.

    >>> say_written({"a.png": "a picture", "b.csv": "numbers"})
    wrote a.png  a picture
    wrote b.csv  numbers
    >>> say_written({f"{40 * 'a'}.png": "what is too long to stand in one line beside the name"})
    wrote aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.png
      what is too long to stand in one line beside the name
    """
    longest = max(len(name) for name in written)
    for name, meaning in written.items():
        line = f"wrote {name:{longest}}  {meaning}"
        if len(line) <= WIDTH:
            typer.echo(line)
            continue
        typer.echo(f"wrote {name}")
        typer.echo(textwrap.fill(meaning, WIDTH, initial_indent="  ", subsequent_indent="  "))
