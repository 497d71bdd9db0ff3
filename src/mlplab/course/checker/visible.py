"""Texts from outside made safe to show: names of files, and what a student's code says.

A terminal obeys escape sequences: one in a name could colour the page, hide a line or change what was
printed before. Some characters turn the direction of writing. They are shown as their codes.
"""

from __future__ import annotations

import unicodedata

HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
"""Unicode's categories of control and format characters, halves of surrogate pairs, private characters
and separators of lines: nothing that a reader would see."""

KEPT = {"\n", "\t", "\u00ad", "\u200d"}
"""Soft hyphens and joiners, which some scripts need, do no harm."""


def visible(text: str) -> str:
    r"""Return a text with nothing in it that a terminal obeys or nobody sees.

    Examples
    --------
    >>> print(visible("\x1b[2Janna\u202e"))
    \x1b[2Janna\u202e
    >>> print(visible("bo\udcc5"))
    bo\udcc5
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(character if _is_plain(character) else _code(character) for character in text)


def _is_plain(character: str) -> bool:
    return character in KEPT or unicodedata.category(character) not in HIDDEN


def _code(character: str) -> str:
    return character.encode("unicode_escape").decode()
