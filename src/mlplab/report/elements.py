"""What the report is made of: headings, paragraphs, tables and pictures, for typst to set.

Text is typst markup: `*bold*`, `_emphasis_`, `$formula$`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is a chapter."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """Text, with a lead in bold if there is one ("Question")."""

    text: str
    lead: str = ""


@dataclass(frozen=True)
class Table:
    """A table; the first column is text, the others are numbers and stand to the right."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Picture:
    """A figure from the report's folder `figures`, by its name without suffix.

    `width` is a fraction of the text's width, `description` what a reader who cannot see it is told.
    """

    name: str
    caption: str
    description: str
    width: float = 1.0


@dataclass(frozen=True)
class Code:
    """Lines to be typed or read as they are."""

    text: str


Element = Heading | Paragraph | Table | Picture | Code


def as_data(elements: Sequence[Element]) -> list[dict[str, Any]]:
    """Return elements as JSON's types, each with its kind."""
    return [
        _unbroken({"kind": type(element).__name__.lower(), **asdict(element)})
        for element in elements
    ]


def _unbroken(value: Any) -> Any:
    """Keep a number and its per cent sign on one line, wherever text stands."""
    match value:
        case str():
            return value.replace(" %", "\u00a0%")
        case dict():
            return {name: _unbroken(item) for name, item in value.items()}
        case list() | tuple():
            return [_unbroken(item) for item in value]
        case _:
            return value
