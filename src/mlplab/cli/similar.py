"""`mlplab check --similar`: which files of a class are the same apart from names and layout."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from mlplab.errors import MlplabError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlplab.course.checker import Submission


def list_similar(
    submissions: Sequence[Submission], threshold: float | None, form: str, out: Path | None
) -> None:
    """List the pairs of a class in one of the formats text, csv and json; nothing is run."""
    from mlplab.course.checker.fingerprints import THRESHOLD
    from mlplab.course.checker.formats import FILE_WIDTH, open_report
    from mlplab.course.checker.formats.pairs import write_pairs
    from mlplab.course.checker.similar import NOTE, similar_pairs
    from mlplab.staging import staged_file

    if form == "gradescope":
        raise MlplabError("--similar is for a class, --format gradescope for one submission")
    if len(submissions) < 2:
        raise MlplabError(f"--similar needs at least two submissions, found {len(submissions)}")
    pairs = similar_pairs(submissions, THRESHOLD if threshold is None else threshold)
    if out is None:
        write_pairs(form, pairs, sys.stdout)
    else:
        with staged_file(out) as path, open_report(path, form) as file:
            write_pairs(form, pairs, file, FILE_WIDTH)
        typer.echo(f"wrote {out}")
    if form == "csv":
        typer.echo(f"mlplab: {len(pairs)} pairs. {NOTE}", err=True)
