"""The four numbers of `evaluate()`, found in what it printed or returned.

Everybody prints them in another way: with four digits or all, as a fraction or in per cent, on four lines
or one, as a table, with the words before the number or after it. So a text has several readings, as a
person would try them: by the words before each number, by those after it, by a header row, and, where
there are no words, by the order of the course's template.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

KEYS = (("train", "loss"), ("train", "accuracy"), ("test", "loss"), ("test", "accuracy"))
"""In the template's order."""

OTHER_ORDERS = (
    (("train", "loss"), ("test", "loss"), ("train", "accuracy"), ("test", "accuracy")),
    (("train", "accuracy"), ("test", "accuracy"), ("train", "loss"), ("test", "loss")),
    (("train", "accuracy"), ("train", "loss"), ("test", "accuracy"), ("test", "loss")),
)

WORDS = {
    "train": r"train|trän",
    "test": r"test",
    "valid": r"valid",
    "loss": r"loss|mse|förlust",
    "accuracy": r"acc|noggrann|träffsäker|precision|correct",
    "error": r"error|cost|fel\b",
}
SPLITS, KINDS = ("train", "test", "valid"), ("loss", "accuracy", "error")
"""What is called an error is the loss only where nothing else is called the loss."""

_WORD = re.compile("|".join(f"(?P<{name}>{words})" for name, words in WORDS.items()), re.IGNORECASE)


def _number(digits: str, not_after: str) -> re.Pattern[str]:
    """Return the pattern of a number, of which `digits` is one, that stands after no such character."""
    exponent, odd = r"(?:[eE][-+]?\d+)?", r"[-+]?(?:nan|inf)\b"
    return re.compile(
        rf"(?<![\w{not_after}])([-+]?(?:{digits}){exponent}|{odd})(?!\w)", re.IGNORECASE
    )


_WITH_POINT = _number(r"\d+\.?\d*|\.\d+", not_after=".")
_WITH_COMMA = _number(r"\d+,\d+|\d+", not_after=".,")
_FRACTION = re.compile(r"\s*/\s*(\d+)")
_PER_CENT = re.compile(r"\s*%")


@dataclass(frozen=True)
class Printed:
    """A number as it stands in a text.

    Attributes
    ----------
    value : float
        Of a number with a per cent sign, a hundredth.
    precision : float
        Half a unit of its last digit: by so much rounding may have moved it.
    """

    value: float
    precision: float = 0.0

    def is_close(self, right: float, relative: float = 1e-4) -> bool:
        """Return whether a number rounds to this one.

        >>> Printed(0.02, 0.005).is_close(0.0163), Printed(0.0163, 0.00005).is_close(0.0164)
        (True, False)
        """
        allowed = 1.001 * self.precision + relative * max(abs(right), 0.01)
        return math.isfinite(right) and abs(self.value - right) <= allowed


@dataclass(frozen=True)
class Line:
    """A line of text, as words that matter with a number between each two texts.

    Attributes
    ----------
    words : tuple of tuple of str
        Before each number, and after the last; each text as the names in `WORDS` of its words.
    numbers : tuple of Printed
    """

    words: tuple[tuple[str, ...], ...]
    numbers: tuple[Printed, ...]


Numbers = dict[tuple[str, str], Printed]
"""Found numbers by split and kind."""


def read_printed(text: str) -> list[Numbers]:
    r"""Return the ways to read a text, the likeliest first, each with the numbers by split and kind.

    Examples
    --------
    >>> [found] = read_printed("Train loss: 0.0163 Train acc: 94.92 %\nTest loss: 0.02 Test acc: 94.5")
    >>> found["train", "accuracy"].value, found["test", "loss"].value
    (0.9492, 0.02)
    >>> [found] = read_printed("0,17 train loss, 0,55 train accuracy\n0,20 test loss, 0,5 test accuracy")
    >>> found["test", "loss"].value
    0.2
    """
    commas = not re.search(r"\d\.\d", text) and re.search(r"\d,\d\d", text)
    lines = [_read_line(line, bool(commas)) for line in text.splitlines()]
    if any(line.numbers and not line.words[0] and line.words[1] for line in lines):
        named = _by_words(lines, after=True)
        if len(named) < len(KEYS):
            named = max(named, _by_words(lines, after=False), key=len)
    else:
        named = _by_words(lines, after=False)
    table = _by_header(lines)
    readings = [table] if len(table) > len(named) else [named]
    if any(readings):
        return readings
    return _in_order([number for line in lines for number in line.numbers])


def read_returned(pairs: Sequence[tuple[str, float]]) -> list[Numbers]:
    """Return the ways to read what `evaluate` returned, as `inside.calls` hands it on.

    >>> read_returned([("", 0.1), ("", 0.9), ("", 0.2), ("", 0.8)])[0]["test", "loss"].value
    0.2
    """
    lines = [Line((_words(words), ()), (Printed(value),)) for words, value in pairs]
    named = _by_words(lines, after=False)
    return [named] if named else _in_order([Printed(value) for _, value in pairs])


def _in_order(numbers: Sequence[Printed]) -> list[Numbers]:
    if len(numbers) != len(KEYS):
        return []
    return [dict(zip(order, numbers, strict=True)) for order in (KEYS, *OTHER_ORDERS)]


def _by_words(lines: Sequence[Line], after: bool) -> Numbers:
    """Return the numbers by the words before or after them; a split holds on until another is named."""
    named: Numbers = {}
    split: str | None = None
    before: tuple[str, ...] = ()
    for line in lines:
        for i, number in enumerate(line.numbers):
            words = line.words[i + 1] if after else before + line.words[i]
            before = ()
            split = _last(words, SPLITS) or split
            kind = _last(words, KINDS)
            if split is not None and kind is not None:
                named[split, kind] = number
        before += line.words[-1]
    return _with_errors(named)


def _by_header(lines: Sequence[Line]) -> Numbers:
    """Return the numbers of a table, whose columns are named above them, and rows before them."""
    named: Numbers = {}
    header: tuple[str, ...] = ()
    for line in lines:
        if not line.numbers:
            header = line.words[0] or header
            continue
        count, row = len(line.numbers), line.words[0]
        columns = [(word,) for word in header]
        if len(header) == 2 * count:
            columns = list(zip(header[::2], header[1::2], strict=True))  # type: ignore[arg-type]  # pairs
        if len(columns) != count or any(line.words[1:]):
            continue
        for column, number in zip(columns, line.numbers, strict=True):
            split = _last((*row, *column), SPLITS)
            kind = _last((*row, *column), KINDS)
            if split is not None and kind is not None:
                named[split, kind] = number
    return _with_errors(named)


def _with_errors(named: Numbers) -> Numbers:
    """Take what is called an error for the loss, where nothing is called the loss."""
    kinds = {kind for _, kind in named}
    if "loss" not in kinds:
        named = {(s, "loss" if k == "error" else k): number for (s, k), number in named.items()}
    return {key: number for key, number in named.items() if key in KEYS}


def _read_line(text: str, commas: bool) -> Line:
    words, numbers = [], []
    end = 0
    for match in (_WITH_COMMA if commas else _WITH_POINT).finditer(text):
        if match.start() < end:  # the lower number of a fraction
            continue
        number = _read_number(match.group(1).replace(",", "."))
        words.append(_words(text[end : match.start()]))
        end = match.end()
        fraction = _FRACTION.match(text, end)
        if fraction and float(fraction.group(1)):
            number = Printed(number.value / float(fraction.group(1)))
            end = fraction.end()
        if _PER_CENT.match(text, end):
            number = Printed(number.value / 100, number.precision / 100)
        numbers.append(number)
    return Line((*words, _words(text[end:])), tuple(numbers))


def _read_number(text: str) -> Printed:
    """Return a number with its precision; one too large for any precision has none."""
    value = float(text)
    try:
        exponent = Decimal(text).as_tuple().exponent
    except InvalidOperation:
        return Printed(value)
    unit = float(f"1e{exponent}") if isinstance(exponent, int) else 0.0
    return Printed(value, 0.5 * unit if math.isfinite(unit) else 0.0)


def _words(text: str) -> tuple[str, ...]:
    return tuple(str(match.lastgroup) for match in _WORD.finditer(text))


def _last(words: Sequence[str], among: Sequence[str]) -> str | None:
    """Return which of some words stands last."""
    return next((word for word in reversed(words) if word in among), None)
