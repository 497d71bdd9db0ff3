"""Python files read as trees, by one thread at a time."""

from __future__ import annotations

import ast
import threading
from concurrent.futures import ThreadPoolExecutor

_PARSING = threading.Lock()
"""Of a class, several are read at a time; but Python 3.11 counts the depth of all trees that are being
made in one place, and raises a SystemError where two threads meet there (CPython's issue 106905)."""

STACK = 2**26
"""Bytes of the thread that reads a file. Some systems give a thread half a mebibyte, in which a thousand
signs in a row end all of Python, before it notices that a file is too deep."""


def parse(source: str | bytes) -> ast.Module:
    """Return the tree of a file, as `ast.parse` does, and raise what it raises."""
    with _PARSING:
        before = threading.stack_size(STACK)
        try:
            with ThreadPoolExecutor(1) as thread:
                return thread.submit(ast.parse, source).result()
        finally:
            threading.stack_size(before)
