"""A notebook handed in place of `mlp.py`: its definitions, as the file that they would make."""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Iterator
from typing import Any

from mlplab.course.checker.parsing import parse

LARGEST_NOTEBOOK = 2**26
"""Bytes; pictures are kept in notebooks."""

_WRITTEN = re.compile(r"\s*%%(?:writefile|file)\s+(?:\./)?mlp\.py\s*?\n(?P<file>.*)", re.DOTALL)
_DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
_NAMES = {"activation", "MLP"}


def definitions_of_notebook(content: bytes) -> bytes | None:
    r"""Return an `mlp.py` with what the cells define; None if they do not define the lab's names.

    Imports, functions, classes and plain constants are taken, in the order of the cells. What else a
    notebook does (training, drawing) is left out: nothing of it belongs into the file.

    Examples
    --------
    >>> cells = [
    ...     {"cell_type": "code", "source": ["def activation(x, name):\n", "    return x\n"]},
    ...     {"cell_type": "code", "source": "%time print(1)\nclass MLP:\n    pass"},
    ... ]
    >>> print(definitions_of_notebook(json.dumps({"cells": cells}).encode()).decode())
    # cell 1
    def activation(x, name):
        return x
    <BLANKLINE>
    # cell 2
    class MLP:
        pass
    <BLANKLINE>
    """
    parts = []
    defined: set[str] = set()
    for number, source in _code_cells(content):
        if match := _WRITTEN.fullmatch(source):
            return match["file"].encode(errors="replace")
        for tree, text in _statements(source):
            if isinstance(tree, ast.FunctionDef | ast.ClassDef):
                defined.add(tree.name)
            parts.append(f"# cell {number}\n{text}\n")
    if not defined >= _NAMES:
        return None
    return "\n".join(parts).encode(errors="replace")


def _code_cells(content: bytes) -> Iterator[tuple[int, str]]:
    try:
        notebook = json.loads(content)
    except (ValueError, RecursionError):
        return
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    for number, cell in enumerate(cells if isinstance(cells, list) else [], start=1):
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            yield number, _source(cell.get("source"))


def _source(lines: Any) -> str:
    if isinstance(lines, list):
        return "".join(line for line in lines if isinstance(line, str))
    return lines if isinstance(lines, str) else ""


def _statements(source: str) -> Iterator[tuple[ast.stmt, str]]:
    """Yield the definitions in a cell; lines for the notebook itself (`%time`, `!pip`) are no Python."""
    lines = ["" if line.lstrip().startswith(("%", "!")) else line for line in source.split("\n")]
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for statement in tree.body:
        if isinstance(statement, _DEFINITIONS) or _is_constant(statement):
            decorators = getattr(statement, "decorator_list", [])
            first = min([statement.lineno, *(each.lineno for each in decorators)])
            yield statement, "\n".join(lines[first - 1 : statement.end_lineno])


def _is_constant(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
