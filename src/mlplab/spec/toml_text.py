"""TOML files as people save them: in UTF-8 or UTF-16, with a byte order mark or without."""

from __future__ import annotations

import codecs
import tomllib
from pathlib import Path
from typing import Any

from mlplab.errors import SpecError

MOST_BYTES = 4 * 2**20
"""So large may a file be: a device, or data given by mistake, would fill the memory."""

MOST_LEVELS = 100
"""So deep may tables and lists lie in each other."""


def read_text(path: Path, what: str) -> str:
    """Return the text of a file.

    Parameters
    ----------
    path : Path
    what : str
        What messages call it: `the experiment`.

    Raises
    ------
    SpecError
        If it cannot be read.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise SpecError(
                f"cannot read {what} '{path}': it is larger than {MOST_BYTES // 2**20} MiB, and such a "
                "file is a short text"
            )
        return _decoded(content)
    except OSError as error:
        raise SpecError(f"cannot read {what} '{path}': {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SpecError(
            f"cannot read {what} '{path}': it is not text in UTF-8 or UTF-16"
        ) from error


def parse_toml(text: str, source: str) -> dict[str, Any]:
    """Return TOML text as a table.

    Raises
    ------
    SpecError
        If it is none; `source` is named.
    """
    try:
        table = tomllib.loads(text.removeprefix("\ufeff"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        hint = "; is it a text without quotes?" if "Invalid value" in str(error) else ""
        raise SpecError(f"{source} is not valid TOML: {error}{hint}") from error
    except ValueError as error:  # what Python says of an integer of more than 4,300 digits
        raise SpecError(f"{source} has a number of too many digits") from error
    if _is_deeper(table, MOST_LEVELS):
        raise SpecError(f"{source} has tables or lists more than {MOST_LEVELS} deep in each other")
    return table


def _is_deeper(value: Any, levels: int) -> bool:
    """Tell whether tables and lists lie deeper in each other than so many levels."""
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return not levels or any(_is_deeper(each, levels - 1) for each in inner)


def _decoded(content: bytes) -> str:
    """Return a file's text: UTF-8, or UTF-16 as PowerShell's `>` writes it, told by its first bytes."""
    is_utf_16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return content.decode("utf-16" if is_utf_16 else "utf-8")
