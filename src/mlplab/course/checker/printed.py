"""The four numbers of `evaluate()`, found in what it printed or returned.

Everybody prints them in another way: with four digits or all, as a fraction or in per cent, on four lines
or one, as a table, with the words before the number or after it. They are read as a person reads them: by
the words in a number's clause, by the order of words and numbers in its line, by headings, by the header
of a table, and, where there are no words, by the order of the course's template.

What is printed comes from a stranger's code. So the time that reading takes is linear in the length of
the text: no pattern tries the same characters twice.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cached_property

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
    "accuracy": r"acc|noggrann|träffsäker|precision|correct|\b(?:is|are|were) right\b|\brätt\b",
    "error": r"error|cost|fel\b",
}
SPLITS, KINDS = ("train", "test", "valid"), ("loss", "accuracy", "error")
"""What is called an error is the loss only where nothing else is called the loss."""

SEPARATOR = ","
"""Stands for what is between two clauses."""

LONGEST_LINE = 20_000
"""Characters of a line that are read, the last ones."""

LONGEST_NUMBER = 400
"""Characters of a number; a float has no more than 309 before its point."""

_TOKEN = re.compile(
    "|".join(f"(?P<{name}>{words})" for name, words in WORDS.items())
    + r"|(?P<separator>[,;|\t]|\b(?:and|och)\b)",
    re.IGNORECASE,
)


def _number(digits: str, not_after: str) -> re.Pattern[str]:
    """Return the pattern of a number, of which `digits` is one, that stands after no such character."""
    exponent, odd = r"(?:e[-+]?+[0-9]++)?+", r"(?:nan|inf)\b"
    return re.compile(
        rf"(?<![\w{not_after}])([-+]?+(?:(?:{digits}){exponent}|{odd}))(?!\w)", re.IGNORECASE
    )


_WITH_POINT = _number(r"[0-9]++(?:\.[0-9]++|\.(?!\w))?+|\.[0-9]++", not_after=".")
_WITH_COMMA = _number(r"[0-9]++(?:,[0-9]++)?+", not_after=".,")
_FRACTION = re.compile(r"\s*+/\s*+([0-9]{1,18}+)(?![\w.,]?[0-9])")
_PER_CENT = re.compile(r"\s*+(?:%|per ?cent\b|procent\b)", re.IGNORECASE)


@dataclass(frozen=True)
class Printed:
    """A number as it stands in a text.

    Attributes
    ----------
    value : float
        Of a number in per cent, a hundredth.
    precision : float
        Half a unit of its last digit: by so much rounding may have moved it.
    per_cent : bool
        Whether it is said to be in per cent.
    text : str
        As it was printed; empty for a number that was returned.
    """

    value: float
    precision: float = 0.0
    per_cent: bool = field(default=False, compare=False)
    text: str = field(default="", compare=False)

    def is_close(self, right: float, relative: float = 1e-4) -> bool:
        """Return whether a number rounds to this one.

        >>> Printed(0.02, 0.005).is_close(0.0163), Printed(0.0163, 0.00005).is_close(0.0164)
        (True, False)
        """
        allowed = 1.001 * self.precision + relative * max(abs(right), 0.01)
        return math.isfinite(right) and abs(self.value - right) <= allowed


@dataclass(frozen=True)
class Line:
    """A line of text, as the words that matter, the numbers, and what separates clauses.

    Attributes
    ----------
    tokens : tuple of str or Printed
        In their order; of a word its name in `WORDS`.
    """

    tokens: tuple[str | Printed, ...]

    @cached_property
    def numbers(self) -> tuple[Printed, ...]:
        """The numbers."""
        return tuple(token for token in self.tokens if isinstance(token, Printed))

    @cached_property
    def words(self) -> tuple[tuple[str, ...], ...]:
        """The words before each number, and after the last."""
        between: list[list[str]] = [[]]
        for token in self.tokens:
            if isinstance(token, Printed):
                between.append([])
            elif token != SEPARATOR:
                between[-1].append(token)
        return tuple(map(tuple, between))

    def clauses(self) -> Iterator[list[str | Printed]]:
        """Yield the tokens of each clause."""
        clause: list[str | Printed] = []
        for token in self.tokens:
            if token == SEPARATOR:
                yield clause
                clause = []
            else:
                clause.append(token)
        yield clause


Numbers = dict[tuple[str, str], Printed]
"""Found numbers by split and kind."""


def read_printed(text: str) -> list[Numbers]:
    r"""Return the ways to read a text, the likeliest first, each with the numbers by split and kind.

    Examples
    --------
    >>> [found] = read_printed("Train loss: 0.0163 Train acc: 94.92 %\nTest loss: 0.02 Test acc: 94.5")
    >>> found["train", "accuracy"].value, found["test", "loss"].value
    (0.9492, 0.02)
    >>> [found] = read_printed("Train: 0,17 loss, 0,55 accuracy\nTest: 0,20 loss, 0,5 accuracy")
    >>> found["test", "loss"].value
    0.2
    """
    commas = not re.search(r"\d\.\d", text) and re.search(r"\d,\d\d", text)
    lines = [_read_line(line[-LONGEST_LINE:], bool(commas)) for line in text.splitlines()]
    named, table = _by_words(lines), _by_header(lines)
    reading = table if len(table) > len(named) else named
    if reading:
        return [reading]
    return _in_order([number for line in lines for number in line.numbers])


def read_returned(pairs: Sequence[tuple[str, float]]) -> list[Numbers]:
    """Return the ways to read what `evaluate` returned, as `inside.calls` hands it on.

    >>> read_returned([("", 0.1), ("", 0.9), ("", 0.2), ("", 0.8)])[0]["test", "loss"].value
    0.2
    """
    named = _by_words([Line((*_words(words), Printed(value))) for words, value in pairs])
    return [named] if named else _in_order([Printed(value) for _, value in pairs])


def _in_order(numbers: Sequence[Printed]) -> list[Numbers]:
    if len(numbers) != len(KEYS):
        return []
    return [dict(zip(order, numbers, strict=True)) for order in (KEYS, *OTHER_ORDERS)]


def _by_words(lines: Sequence[Line]) -> Numbers:
    """Return the numbers by the words of their lines, and by headings: lines without a number.

    A split holds on until another one is named; the kind of a heading, until another kind is.
    """
    named: Numbers = {}
    split: str | None = None
    heading: str | None = None
    for line in lines:
        if not line.numbers:
            if line.words[0]:
                split, heading = _heading(line.words[0], split)
            continue
        kinds, after = _kinds_of(line)
        if any(_last(words, KINDS) for words in line.words):
            heading = None
            splits = _splits_of(line, kinds, after, split)
            named |= _of_line(line.numbers, splits, kinds)
        elif heading is not None:
            splits = _splits_of(line, kinds, after, split)
            found = _of_line(line.numbers, splits, [heading, *kinds[1:]])
            named = found | named
        split = _last([word for words in line.words for word in words], SPLITS) or split
    return _with_errors(named)


def _heading(words: Sequence[str], split: str | None) -> tuple[str | None, str | None]:
    """Return the split and the kind that a heading names; none if it names several, as a table's does."""
    splits, kinds = _distinct(words, SPLITS), _distinct(words, KINDS)
    if splits:
        split = splits[0] if len(splits) == 1 else None
    return split, kinds[0] if len(kinds) == 1 else None


def _of_line(
    numbers: Sequence[Printed], splits: Sequence[str | None], kinds: Sequence[str | None]
) -> Numbers:
    """Return the numbers of a line. One without a kind has that of the number before, on other points.

    So in "loss: 0.17 on training points, 0.20 on test points". In "loss 0.17, 55 %", per cent tell it.
    """
    named: Numbers = {}
    held: str | None = None
    for number, split, own in zip(numbers, splits, kinds, strict=True):
        if split is None:
            continue
        kind = own
        if kind is None and held is not None and (split, held) not in named:
            kind = held
        elif kind is None and number.per_cent and (split, "accuracy") not in named:
            named[split, "accuracy"] = number
        if kind is not None:
            named[split, kind] = number
        held = own or held
    return named


def _kinds_of(line: Line) -> tuple[list[str | None], bool]:
    """Return the kind of each number as the words of its line say, and whether words stand after it."""
    count, words = len(line.numbers), line.words
    ends = [_last(each, KINDS) for each in words]
    columns = _distinct(words[0], KINDS)
    if len(columns) == count > 1 and not any(ends[1:]):
        return list(columns), False
    after = ends[0] is None and ends[-1] is not None
    by_clause = _kinds_by_clause(line)
    return (by_clause if by_clause is not None else ends[1:] if after else ends[:-1]), after


def _kinds_by_clause(line: Line) -> list[str | None] | None:
    """Return the kind of each number where its clause tells it; None if a clause does not."""
    kinds: list[str | None] = []
    for clause in line.clauses():
        places = [i for i, token in enumerate(clause) if isinstance(token, Printed)]
        end = places[0] if places else len(clause)
        before, after = (
            _last([str(word) for word in part], KINDS) for part in (clause[:end], clause[end + 1 :])
        )
        if (len(places) != 1 and (before or after)) or (before and after and before != after):
            return None
        kinds += [before or after] * len(places)
    return kinds


def _splits_of(
    line: Line, kinds: Sequence[str | None], after: bool, held: str | None
) -> list[str | None]:
    """Return the split of each number: named before it, or after it where kinds are.

    Parameters
    ----------
    line : Line
    kinds : sequence of str or None
        Of each number.
    after : bool
        Whether kinds stand after their numbers.
    held : str or None
        The split that was named last in the lines above.
    """
    count = len(line.numbers)
    ends = [_last(words, SPLITS) for words in line.words]
    columns = _distinct(line.words[0], SPLITS)
    if len(columns) == count > 1 and not any(ends[1:]):
        return list(columns)
    if ends[0] is None and any(ends) and (after or ends[-1] is not None):
        own = ends[1:]
        first = next(split for split in own if split is not None)
        last = next(split for split in reversed(own) if split is not None)
        ways = [_filled(own, first), _filled(own[::-1], last)[::-1]]
        return next((way for way in ways if _all_differ(way, kinds)), ways[0])
    return _filled(ends[:-1], held)


def _filled(splits: Sequence[str | None], held: str | None) -> list[str | None]:
    """Return splits in which one that is missing is that of the number before."""
    filled = []
    for split in splits:
        held = split or held
        filled.append(held)
    return filled


def _all_differ(splits: Sequence[str | None], kinds: Sequence[str | None]) -> bool:
    named = [pair for pair in zip(splits, kinds, strict=True) if pair[1] is not None]
    return len(set(named)) == len(named)


def _by_header(lines: Sequence[Line]) -> Numbers:
    """Return the numbers of a table, whose columns are named above them, and rows before them."""
    named: Numbers = {}
    header: tuple[str, ...] = ()
    for line in lines:
        if not line.numbers:
            header = line.words[0] or header
            continue
        count, row = len(line.numbers), line.words[0]
        if len(header) not in (count, 2 * count) or any(line.words[1:]):
            continue
        width = len(header) // count
        for i, number in enumerate(line.numbers):
            column = header[width * i : width * (i + 1)]
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
    tokens: list[str | Printed] = []
    end = 0
    for match in (_WITH_COMMA if commas else _WITH_POINT).finditer(text):
        if match.start() < end or len(match.group(1)) > LONGEST_NUMBER:  # lower in a fraction
            continue
        tokens += _tokens(text[end : match.start()])
        number, end = _read_number(text, match)
        tokens.append(number)
    return Line((*tokens, *_tokens(text[end:])))


def _read_number(text: str, match: re.Match[str]) -> tuple[Printed, int]:
    """Return a number with what belongs to it, and where that ends: 3/4 is one number, and so is 5 %."""
    digits, end = match.group(1).replace(",", "."), match.end()
    value, precision = float(digits), _precision(digits)
    fraction = _FRACTION.match(text, end) if digits.isdecimal() else None
    if fraction and float(fraction.group(1)):
        value, precision, end = value / float(fraction.group(1)), 0.0, fraction.end()
    per_cent = _PER_CENT.match(text, end)
    if per_cent:
        value, precision, end = value / 100, precision / 100, per_cent.end()
    return Printed(
        value, precision, bool(per_cent), " ".join(text[match.start() : end].split())
    ), end


def _precision(digits: str) -> float:
    """Return half a unit of a number's last digit; 0 of one too large for any precision."""
    try:
        exponent = Decimal(digits).as_tuple().exponent
    except InvalidOperation:
        return 0.0
    unit = float(f"1e{exponent}") if isinstance(exponent, int) else 0.0
    return 0.5 * unit if math.isfinite(unit) else 0.0


def _tokens(text: str) -> Iterator[str]:
    for match in _TOKEN.finditer(text):
        yield SEPARATOR if match.lastgroup == "separator" else str(match.lastgroup)


def _words(text: str) -> list[str]:
    return [token for token in _tokens(text) if token != SEPARATOR]


def _last(words: Sequence[str], among: Sequence[str]) -> str | None:
    """Return which of some words stands last."""
    return next((word for word in reversed(words) if word in among), None)


def _distinct(words: Sequence[str], among: Sequence[str]) -> list[str]:
    """Return which of some words there are, in order; an error beside a loss is the loss."""
    found = [word for word in dict.fromkeys(words) if word in among]
    return [word for word in found if word != "error" or "loss" not in found]
