"""Python files read as trees, by one thread at a time."""

from __future__ import annotations

import ast
import threading

_PARSING = threading.Lock()
"""Of a class, several are read at a time; but Python 3.11 counts the depth of all trees that are being
made in one place, and raises a SystemError where two threads meet there (CPython's issue 106905)."""


def parse(source: str | bytes) -> ast.Module:
    """Return the tree of a file, as `ast.parse` does, and raise what it raises."""
    with _PARSING:
        return ast.parse(source)
