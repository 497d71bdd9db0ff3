"""Names of files: bytes whose encoding nobody noted, and numbers that programs add."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import PurePosixPath

FILE = "mlp.py"

_NUMBERED = re.compile(
    r"""(?P<stem>.+?)
    (?:
        (?<!\s)\s*+ (?:\((?P<browser>\d++)\) | -\s*+(?P<copy>copy|kopia|kopie)(?:\s*+\(\d++\))?)
      | -(?P<canvas>\d++)
    )?
    \.py(?:\.txt)?""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
"""A student chooses the name: no part of it is tried twice, so that a long one takes no longer."""


def decoded_name(raw: bytes) -> str:
    r"""Return a file's name from its bytes: UTF-8, or what Windows uses in Western Europe.

    Zip files without the flag for UTF-8 should be in DOS's cp437; many are in Windows's cp1252. The
    right one is the one in which all letters beyond ASCII are Latin letters.

    Examples
    --------
    >>> decoded_name("Åsa".encode()), decoded_name("Åsa".encode("cp437")), decoded_name(b"\xc5sa")
    ('Åsa', 'Åsa', 'Åsa')
    """
    try:
        name = raw.decode()
    except UnicodeDecodeError:
        guesses = [raw.decode(encoding, "replace") for encoding in ("cp1252", "cp437", "cp850")]
        name = max(guesses, key=_latin_letters)
    return unicodedata.normalize("NFC", name)


def disk_name(name: str) -> str:
    """Return the name of a file on the disk; one that is not UTF-8 comes as `os.fsdecode` makes it."""
    return decoded_name(os.fsencode(name))


def plain_name(name: str, file: str = FILE) -> tuple[str, int] | None:
    """Return a Python file's name without what browsers and Canvas add, and the number that they added.

    None if it is no Python file. The name of the lab's `file` comes as it should be written.

    Examples
    --------
    >>> plain_name("mlp (1).py"), plain_name("MLP-2.PY"), plain_name("mlp.py.txt"), plain_name("x.c")
    (('mlp.py', 1), ('mlp.py', 2), ('mlp.py', 0), None)
    """
    match = _NUMBERED.fullmatch(name)
    if match is None:
        return None
    plain = f"{match['stem']}.py"
    if plain.lower() == file.lower():
        plain = file
    number = match["browser"] or match["canvas"] or "0"
    return plain, int(number[:9]) if match["copy"] is None else 0


def is_python(path: PurePosixPath) -> bool:
    """Return whether a file is one of Python's by its name."""
    return plain_name(path.name) is not None


def _latin_letters(text: str) -> int:
    """Count letters of names beyond ASCII, and subtract what no name holds."""
    return sum(
        1 if unicodedata.name(character, "").startswith("LATIN") else -1
        for character in text
        if not character.isascii()
    )
