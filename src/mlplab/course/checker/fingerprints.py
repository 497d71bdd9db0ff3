"""What is left of a Python file whatever its names, layout, comments and literal values: fingerprints.

A file becomes a row of tokens, and every `TOKENS` of them in a row a number, their hash. Of every
`WINDOW` hashes in a row the smallest is kept ("winnowing"). Two files that share `TOKENS + WINDOW - 1`
tokens in a row therefore share a fingerprint.

Source: S. Schleimer, D. S. Wilkerson and A. Aiken (2003), Winnowing: local algorithms for document
fingerprinting, SIGMOD 2003, pages 76 to 85; MOSS works so. As there, what was handed out does not count.
"""

from __future__ import annotations

import builtins
import keyword
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

import numpy as np

from mlplab.course.checker.kit_files import HANDED_OUT, KIT

TOKENS = 12
"""Tokens behind one hash; fewer in a row are everybody's."""

WINDOW = 4
"""Hashes in a row of which one is kept."""

THRESHOLD = 0.65
"""Fraction of fingerprints from which a pair is listed; the docs say what was measured."""

FEWEST = 20
"""Shared fingerprints of a pair that is listed: a few lines are soon the same."""

LARGEST_TEXT = 2**18
"""Characters of a student's files that are compared; nobody writes that many by hand."""

_TOKEN = re.compile(
    r"""
      (?P<blank>     [ \t\f\r]+ | \\\r?\n | \#[^\n]* )
    | (?P<newline>   \n )
    | (?P<string>    (?i:[rbuf]|br|rb|fr|rf)?
                     (?: '''(?:[^'\\]|\\.|'(?!''))*(?:'''|\Z) | \"""(?:[^"\\]|\\.|"(?!""))*(?:\"""|\Z)
                       | '(?:[^'\\\n]|\\.)*'?               | "(?:[^"\\\n]|\\.)*"? ) )
    | (?P<number>    \.?[0-9](?:[eE][+-]|[\w.])* )
    | (?P<name>      \w+ )
    | (?P<operator>  \*\*=? | //=? | [-+*/%@&|^=!<>:]= | -> | . )
    """,
    re.VERBOSE | re.DOTALL,
)

_KNOWN = frozenset(dir(builtins)) | frozenset(dir(np)) | frozenset(dir(np.ndarray))
"""Names that are Python's or NumPy's own, which no student can change."""


def fingerprints(files: Mapping[str, bytes]) -> frozenset[int]:
    r"""Return the fingerprints of one student's Python files, taken together.

    Text that is no Python is compared by its tokens all the same.

    Parameters
    ----------
    files : mapping of str to bytes

    Examples
    --------
    >>> one = b"def scores(a, b):\n    # first\n    return [a[i] * b[i] + 1 for i in range(len(a))]\n"
    >>> other = b"def s(v,\n w): 'Second.'; return [v[n]*w[n] + 2 for n in range(len(v))]"
    >>> fingerprints({"mlp.py": one}) == fingerprints({"mlp.py": other})
    True
    >>> fingerprints({"mlp.py": b"x = ("})
    frozenset()
    """
    everybodys = _handed_out()
    found: set[int] = set()
    for tokens in _rows(files):
        found.update(_winnowed([each for each in _hashes(tokens) if each not in everybodys]))
    return frozenset(found)


@cache
def _handed_out() -> frozenset[int]:
    files = {name: (KIT / name).read_bytes() for name in HANDED_OUT}
    return frozenset(value for tokens in _rows(files) for value in _hashes(tokens))


def _rows(files: Mapping[str, bytes]) -> Iterator[list[str]]:
    """Yield each file's tokens, as far as there is room."""
    left = LARGEST_TEXT
    for name in sorted(files):
        text = files[name].decode(errors="ignore")[:left]
        left -= len(text)
        yield list(_tokens(text))


def _hashes(tokens: list[str]) -> list[int]:
    return [
        zlib.crc32(" ".join(tokens[i : i + TOKENS]).encode())
        for i in range(len(tokens) - TOKENS + 1)
    ]


def _winnowed(hashes: list[int]) -> Iterable[int]:
    """Return the smallest of each window; of a short row that has no whole window, the smallest."""
    for i in range(max(len(hashes) - WINDOW + 1, min(len(hashes), 1))):
        yield min(hashes[i : i + WINDOW])


def _tokens(text: str) -> Iterator[str]:
    """Yield what counts of a text: keywords, operators, known names; of others, that there is one."""
    statement: list[str] = []
    depth = 0
    for kind, symbol, following in _lexed(text):
        if kind == "newline" or symbol == ";":
            if depth == 0:
                yield from _counted(statement)
                statement = []
            continue
        if kind == "operator":
            depth = max(depth + (symbol in "([{") - (symbol in ")]}"), 0)
            statement.append(symbol)
            if symbol == ":" and depth == 0 and following == "string":
                # What follows on the line of a `def` may be a docstring.
                yield from _counted(statement)
                statement = []
        elif kind == "name":
            statement.append(_normal_name(symbol, statement, following))
        elif kind == "number":
            statement.append("0")
        elif not statement or statement[-1] != "''":  # strings in a row are one
            statement.append("''")
    yield from _counted(statement)


def _counted(statement: list[str]) -> list[str]:
    """Return a statement's tokens: none if it is only a string, as docstrings are, or an import."""
    if statement == ["''"] or statement[:1] == ["import"] or statement[:1] == ["from"]:
        return []
    return statement


def _normal_name(name: str, before: list[str], following: str) -> str:
    """Keep keywords, and what is called or taken from an object if it is Python's or NumPy's."""
    if keyword.iskeyword(name):
        return name
    taken = before[-1:] == ["."] or (following == "(" and before[-1:] not in (["def"], ["class"]))
    return name if taken and name in _KNOWN else "name"


def _lexed(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield kind and text of each token, and what follows: an operator, or the kind of another."""
    last: tuple[str, str] | None = None
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        if kind == "blank":
            continue
        token = match.group()
        if last is not None:
            yield *last, token if kind == "operator" else kind
        last = (kind, token)
    if last is not None:
        yield *last, ""
