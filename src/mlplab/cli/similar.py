"""`mlplab check --similar`: which files of a class are the same but for names and layout."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from mlplab.errors import MlplabError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlplab.course.checker import Submission

WIDTH = 100
"""Characters of a line of the text format in a file."""


def list_similar(
    submissions: Sequence[Submission], threshold: float | None, form: str, out: Path | None
) -> None:
    """List the pairs of a class in one of the formats text, csv and json; nothing is run."""
    from rich.console import Console

    from mlplab.course.checker.formats.pairs import PAIR_FORMATS, print_pairs
    from mlplab.course.checker.similar import NOTE, THRESHOLD, similar_pairs
    from mlplab.staging import staged_file

    if form == "gradescope":
        raise MlplabError("--similar is for a class, --format gradescope for one submission")
    if threshold is not None and not 0 < threshold <= 1:
        raise MlplabError(f"--threshold must be above 0 and at most 1, received {threshold:g}")
    if len(submissions) < 2:
        raise MlplabError(f"--similar needs at least two submissions, found {len(submissions)}")
    pairs = similar_pairs(submissions, THRESHOLD if threshold is None else threshold)
    if out is None:
        if form == "text":
            print_pairs(pairs, Console(highlight=False))
        else:
            typer.echo(PAIR_FORMATS[form](pairs), nl=False)
    else:
        with staged_file(out) as path, path.open("w", encoding="utf-8") as file:
            if form == "text":
                print_pairs(pairs, Console(file=file, width=WIDTH, color_system=None))
            else:
                file.write(PAIR_FORMATS[form](pairs))
        typer.echo(f"wrote {out}")
    if form == "csv":
        typer.echo(f"mlplab: {len(pairs)} pairs. {NOTE}", err=True)
