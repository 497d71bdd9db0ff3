"""Pairs of similar files: for the terminal, for spreadsheets and for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from mlplab.course.checker.formats.terminal import console_on
from mlplab.course.checker.similar import NOTE, Pair
from mlplab.course.checker.submissions import Submission
from mlplab.course.checker.visible import as_text, visible_line


def write_pairs(form: str, pairs: Sequence[Pair], file: TextIO, width: int | None = None) -> None:
    """Write pairs in one of the formats; the parameters are those of `write_reports`."""
    if form == "text":
        print_pairs(pairs, console_on(file, width))
    else:
        file.write(PAIR_FORMATS[form](pairs))


def print_pairs(pairs: Sequence[Pair], console: Console) -> None:
    """Print a row for each pair, and what a pair means."""
    if not pairs:
        console.print("No pair reaches the threshold.")
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("One", overflow="fold")
    table.add_column("Other", overflow="fold")
    table.add_column("Of one", justify="right", no_wrap=True)
    table.add_column("Of other", justify="right", no_wrap=True)
    for pair in pairs:
        fractions = (
            f"{fraction:.0%}" for fraction in (pair.fraction_of_one, pair.fraction_of_other)
        )
        table.add_row(Text(_named(pair.one)), Text(_named(pair.other)), *fractions)
    console.print(table)
    console.print(Text(f"\n{NOTE}"))


def pairs_as_csv(pairs: Sequence[Pair]) -> str:
    """Return a row for each pair.

    >>> print(pairs_as_csv([Pair(Submission("anna", {}), Submission("bo", {}), 1.0, 0.75)]).strip())
    one,one_id,other,other_id,fraction_of_one,fraction_of_other
    anna,,bo,,1,0.75
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["one", "one_id", "other", "other_id", "fraction_of_one", "fraction_of_other"])
    for pair in pairs:
        names = map(as_text, (*_name_and_id(pair.one), *_name_and_id(pair.other)))
        writer.writerow([*names, f"{pair.fraction_of_one:.3g}", f"{pair.fraction_of_other:.3g}"])
    return text.getvalue()


def pairs_as_json(pairs: Sequence[Pair]) -> str:
    """Return the text of a JSON object with all pairs, and what a pair means."""
    content = {
        "note": NOTE,
        "pairs": [
            {
                "one": dict(zip(("name", "id"), _name_and_id(pair.one), strict=True)),
                "other": dict(zip(("name", "id"), _name_and_id(pair.other), strict=True)),
                "fraction_of_one": round(pair.fraction_of_one, 4),
                "fraction_of_other": round(pair.fraction_of_other, 4),
            }
            for pair in pairs
        ],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


PAIR_FORMATS: dict[str, Callable[[Sequence[Pair]], str]] = {
    "csv": pairs_as_csv,
    "json": pairs_as_json,
}
"""Besides the one for the terminal, `text`."""


def _name_and_id(submission: Submission) -> tuple[str, str]:
    return visible_line(submission.name), visible_line(submission.student_id)


def _named(submission: Submission) -> str:
    name, student_id = _name_and_id(submission)
    return f"{name} ({student_id})" if student_id else name
