"""Names of settings and values, short enough for a picture and still told apart."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from mlplab.figures.fonts import drawable

_PATH = re.compile(r"[\w.]+")
_MARKS = "\"':,=/ "
_PIECE = re.compile(r"[^\s_.,:=/×-]*[\s_.,:=/×-]*")


def short_names(paths: Sequence[str]) -> list[str]:
    """Return the last words of paths: as many as no other path ends in.

    >>> short_names(["training.batch_size", "training.optimizer.kind", "dataset.kind"])
    ['batch_size', 'optimizer.kind', 'dataset.kind']
    """
    return [_short_name(path, [other for other in paths if other != path]) for path in paths]


def _short_name(path: str, others: Sequence[str]) -> str:
    if not _PATH.fullmatch(path):
        return drawable(" ".join(path.split()))
    words = path.split(".")
    for count in range(1, len(words)):
        short = ".".join(words[-count:])
        if not any(f".{other}".endswith(f".{short}") for other in others):
            return drawable(short)
    return drawable(path)


def short_labels(labels: Sequence[str], most: int) -> list[str]:
    """Return values in at most so many columns of type each, all of them different.

    Of a long one the end is left out. Where that makes some alike, what they begin with is left out
    instead, or their middle as well; where nothing helps, they are numbered.

    Parameters
    ----------
    labels : sequence of str
        Texts, numbers or tables as JSON.
    most : int
        Columns of type; a Chinese character takes two.

    Examples
    --------
    >>> short_labels(["relu", "a_very_long_activation"], 12)
    ['relu', 'a_very_long…']
    >>> short_labels(['{"kind":"sgd","momentum":0.9}', '{"kind":"sgd","momentum":0.5}'], 12)
    ['…0.9}', '…0.5}']
    >>> values = "0.5,'nesterov':False", "0.5,'nesterov':True", "0.9,'nesterov':True"
    >>> short_labels([f"{{'momentum':{value}}}" for value in values], 12)
    ['…0.5…False}', '…0.5…True}', '…0.9…True}']
    """
    whole = [drawable(" ".join(label.split())) for label in labels]
    short = [_front(label, most) for label in whole]
    cut = [i for i, label in enumerate(whole) if short[i] != label]
    if cut and _twice(short):
        for i, label in zip(cut, _told_apart([whole[i] for i in cut], most), strict=True):
            short[i] = label
    return short


def _told_apart(labels: Sequence[str], most: int) -> list[str]:
    """Return labels that begin alike from where they differ, or else their ends, or else numbered."""
    first, last = min(labels), max(labels)
    same = (k for k, two in enumerate(zip(first, last, strict=False)) if two[0] != two[1])
    start = difference = next(same, len(first))
    # A number or word is not cut in two, unless it is long.
    while start > difference - most // 2 and start and re.match(r"[\w.+-]", first[start - 1]):
        start -= 1
    for shorter in (
        [_front(f"…{label[start:]}", most) for label in labels],
        [f"…{_end(label, most - 1)}" for label in labels],
        [_without_middle(f"…{label[start:]}", most) for label in labels],
    ):
        if not _twice(shorter):
            return shorter
    marks = [f" ({count})" for count in range(1, len(labels) + 1)]
    return [
        _front(label, most - len(mark)) + mark for label, mark in zip(labels, marks, strict=True)
    ]


def broken(name: str, most: int) -> list[str]:
    """Return a name in lines of at most so many columns, broken after its marks or else anywhere.

    >>> broken("optimizer.learning_rate", 12)
    ['optimizer.', 'learning_', 'rate']
    """
    lines = [""]
    for piece in _PIECE.findall(drawable(name)):
        if columns(lines[-1]) + columns(piece.rstrip()) > most and lines[-1]:
            lines.append("")
        lines[-1] += piece
        while columns(lines[-1].rstrip()) > most:
            front = _cut(lines[-1], most)
            lines[-1:] = [front, lines[-1][len(front) :]]
    return [line.rstrip() for line in lines if line.strip()] or [""]


def columns(text: str) -> int:
    """Return how many columns of type a text takes."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _without_middle(text: str, most: int) -> str:
    """Return a text's begin and its end, in at most so many columns."""
    if columns(text) <= most:
        return text
    front = re.match(r"…?[\w.+-]*", _cut(text, most // 2))
    begin = front[0] if front else ""
    end = _end(text, most - columns(begin) - 1)
    return f"{begin}…{end.lstrip(_MARKS) or end}"


def _end(text: str, most: int) -> str:
    return _cut(text[::-1], most)[::-1]


def _front(text: str, most: int) -> str:
    return text if columns(text) <= most else f"{_cut(text, most - 1)}…"


def _cut(text: str, most: int) -> str:
    end = len(text)
    while end > 1 and columns(text[:end]) > most:
        end -= 1
    return text[:end]


def _twice(texts: Sequence[str]) -> list[str]:
    return [text for text, count in Counter(texts).items() if count > 1]
