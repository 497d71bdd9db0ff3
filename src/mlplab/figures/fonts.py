r"""Fonts for names in any script: what matplotlib's own font lacks, another draws, or it is spelled.

DejaVu Sans, which comes with matplotlib, has Latin, Greek, Cyrillic, Arabic, Hebrew and more, but no
Chinese, Japanese, Korean, Devanagari or Thai. Where the machine has a font for them, it is used for those
characters alone, so that all others look the same on every machine. A character that no font has is
written by its number, as Python does ("\u732b"): two classes stay two names, and nothing warns.
"""

from __future__ import annotations

from functools import lru_cache

from matplotlib.font_manager import findfont, fontManager, get_font

FONT = "DejaVu Sans"

FALLBACKS = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Noto Sans CJK KR",
    "Source Han Sans",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans",
    "Yu Gothic",
    "Malgun Gothic",
    "Apple SD Gothic Neo",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
    "Nirmala UI",
    "Leelawadee UI",
    "Arial Unicode MS",
)
"""Common fonts of other scripts; the first that has a character draws it."""


@lru_cache(maxsize=1)
def families() -> tuple[str, ...]:
    """Return the fonts of our figures: DejaVu Sans, and the fallbacks that are installed."""
    installed = {font.name for font in fontManager.ttflist}
    return (FONT, *(name for name in FALLBACKS if name in installed))


def drawable(text: str) -> str:
    r"""Return a text as our fonts can draw it: characters that they lack are written by their number.

    >>> drawable("Größe, ψ")
    'Größe, ψ'
    >>> drawable("\U0001f9a9 1")
    '\\U0001f9a9 1'
    """
    known = _characters()
    if all(ord(character) in known for character in text):
        return text
    spelled = (
        character if ord(character) in known else character.encode("unicode_escape").decode("ascii")
        for character in text
    )
    return "".join(spelled)


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    """Return the characters that one of the fonts has, and the line's end."""
    maps = (get_font(findfont(name)).get_charmap() for name in families())
    return frozenset([ord("\n")]).union(*maps)
