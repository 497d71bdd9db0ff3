"""Pages that are written for Sphinx to read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def write_page(path: Path, lines: Iterable[str]) -> None:
    """Write a page only if its text is new, so that Sphinx does not read it again."""
    text = "\n".join([*lines, ""])
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
