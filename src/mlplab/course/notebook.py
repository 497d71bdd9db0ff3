"""The lab's notebook, made from its source.

The source, `kit/lab.py`, is in the percent format: a line `# %%` begins a cell of code, `# %% [markdown]`
one of text, whose lines stand behind `#`. A cell may have tags, as in `# %% tags=["solution"]`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, cast

Form = Literal["student", "solution"]

_HEAD = re.compile(r'# %%(?P<text> \[markdown\])?(?: tags=\["(?P<tag>student|solution)"\])?')


@dataclass(frozen=True)
class Cell:
    """One cell of a notebook.

    Attributes
    ----------
    kind : str
        `code` or `markdown`.
    source : str
        Without empty lines around it.
    only : str or None
        The form of the notebook that has this cell; None if both have it.
    """

    kind: Literal["code", "markdown"]
    source: str
    only: Form | None


def cells_of(source: str) -> list[Cell]:
    r"""Read the cells of a source in the percent format.

    Raises
    ------
    ValueError
        If a line begins like the head of a cell but is none, or a line of text is not behind `#`.

    Examples
    --------
    >>> for cell in cells_of('# %% [markdown]\n# # Title\n#\n# Text\n\n# %% tags=["solution"]\nx = 1\n'):
    ...     print(cell)
    Cell(kind='markdown', source='# Title\n\nText', only=None)
    Cell(kind='code', source='x = 1', only='solution')
    """
    heads: list[re.Match[str]] = []
    bodies: list[list[str]] = []
    for line in source.splitlines():
        if line.startswith("# %%"):
            head = _HEAD.fullmatch(line)
            if head is None:
                raise ValueError(f"expected '# %%', [markdown] and tags, received {line!r}")
            heads.append(head)
            bodies.append([])
        elif bodies:
            bodies[-1].append(line)
    cells = []
    for head, body in zip(heads, bodies, strict=True):
        kind: Literal["code", "markdown"] = "markdown" if head["text"] else "code"
        lines = map(_text, body) if kind == "markdown" else body
        only = cast(Form | None, head["tag"])
        cells.append(Cell(kind, "\n".join(lines).strip("\n"), only))
    return cells


def notebook_of(cells: Iterable[Cell], form: Form) -> str:
    """Return a notebook without outputs, as the text of an .ipynb file.

    Parameters
    ----------
    cells : iterable of Cell
    form : str
        `student` or `solution`: whose cells are in, besides those of both.

    Notes
    -----
    Format: nbformat 4.5, https://nbformat.readthedocs.io.
    """
    chosen = []
    for number, cell in enumerate(cells, start=1):
        if cell.only in (None, form):
            code: dict[str, Any] = (
                {"execution_count": None, "outputs": []} if cell.kind == "code" else {}
            )
            head = {"cell_type": cell.kind, "id": f"cell-{number}", "metadata": {}}
            chosen.append({**head, **code, "source": cell.source.splitlines(keepends=True)})
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {
        "cells": chosen,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _text(line: str) -> str:
    """Take the comment sign off a line of text."""
    if line and line[:2] not in ("#", "# "):
        raise ValueError(f"expected text behind '# ', received {line!r}")
    return line[2:]
