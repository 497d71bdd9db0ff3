"""Advice on a student's file from reading it; nothing of it is run, and no mark depends on it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mlplab.course.checker.inside.stubs import STUBBED
from mlplab.course.checker.parsing import parse

PRELOADED = ("data_generator", "matplotlib", "scipy")
"""Imports that take long, and are made once for all tests."""


def imported_modules(source: bytes) -> set[str]:
    r"""Return the names of all modules that a file imports, and none if it is no Python.

    >>> sorted(imported_modules(b"import numpy as np, keras.layers\nfrom scipy import special"))
    ['keras.layers', 'numpy', 'scipy']
    """
    return {name for _, name in _imports(_parsed(source))}


def modules_to_preload(source: bytes) -> list[str]:
    r"""Return which of the slow modules a file imports, in full.

    >>> modules_to_preload(b"import numpy\nimport matplotlib.pyplot as plt")
    ['matplotlib.pyplot']
    """
    return sorted(name for name in imported_modules(source) if name.split(".")[0] in PRELOADED)


def style_advice(source: bytes) -> list[str]:
    r"""Return what a reader would say of a file.

    Examples
    --------
    >>> style_advice(b"try:\n    x = 1\nexcept:\n    pass")
    ['Line 3: a bare except hides every mistake, also a misspelt name; name the error that you expect.']
    """
    tree = _parsed(source)
    advice = []
    for line, name in _imports(tree):
        top = name.split(".")[0]
        if top in STUBBED - {"mlplab"}:  # each import of mlplab is noted in the test itself
            advice.append(f"Line {line}: {top} is not needed, and only a stub when it is checked.")
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and node.type is None:
            advice.append(
                f"Line {node.lineno}: a bare except hides every mistake, also a misspelt name; name the "
                "error that you expect."
            )
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            advice.append(
                f"Line {node.lineno}: import * brings names that nobody sees; import the module, or name "
                "what you need."
            )
        if isinstance(node, ast.Global):
            advice.append(
                f"Line {node.lineno}: a global variable; what belongs to the network is better kept in "
                "self."
            )
    return list(dict.fromkeys(advice))


def _parsed(source: bytes) -> ast.Module:
    try:
        return parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def _imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module
