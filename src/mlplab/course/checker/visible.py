"""Texts from outside made safe to show: names of files, and what a student's code says.

A terminal obeys escape sequences: one in a name could colour the page, hide a line or change what was
printed before. Some characters turn the direction of writing. They are shown as their codes.
"""

from __future__ import annotations

import unicodedata

HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
"""Unicode's categories of control and format characters, halves of surrogate pairs, private characters
and separators of lines: nothing that a reader would see."""

KEPT = {"\t", "\u00ad", "\u200d"}
"""Soft hyphens and joiners, which some scripts need, do no harm."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With which a spreadsheet takes a text for a formula, and would run it."""


def visible(text: str) -> str:
    r"""Return a text with nothing in it that a terminal obeys or nobody sees.

    Examples
    --------
    >>> print(visible("\x1b[2Janna\u202e"))
    \x1b[2Janna\u202e
    >>> print(visible("bo\udcc5"))
    bo\udcc5
    """
    return "\n".join(map(visible_line, text.split("\n")))


def visible_line(text: str) -> str:
    r"""Return a text such as a name, with line breaks as their codes too.

    A name with a line break in it could make a line that looks like another student's.

    >>> print(visible_line("anna\nbo: 100 of 100 points"))
    anna\nbo: 100 of 100 points
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(character if _is_plain(character) else _code(character) for character in text)


def as_text(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    >>> as_text("=1+1"), as_text("anna")
    ("'=1+1", 'anna')
    """
    return f"'{text}" if text.lstrip().startswith(FORMULA) else text


def _is_plain(character: str) -> bool:
    return character in KEPT or unicodedata.category(character) not in HIDDEN


def _code(character: str) -> str:
    return character.encode("unicode_escape").decode()
