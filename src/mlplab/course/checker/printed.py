"""The four numbers of `evaluate()`, found in what it printed or returned.

Everybody prints them in another way: with four digits or all, as a share or in per cent, on four lines or
one, with the words in another order. So numbers are found by the words before them; where there are no
words, by their order, which is that of the course's template.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
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
    "loss": r"loss|mse|error|cost|förlust",
    "accuracy": r"acc|noggrann|träffsäker|precision|correct",
}
SPLITS, KINDS = ("train", "test", "valid"), ("loss", "accuracy")

_NUMBER = re.compile(
    r"(?<![\w.])([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?(?:nan|inf)\b)(?![\w])",
    re.IGNORECASE,
)
_FRACTION = re.compile(r"\s*/\s*(\d+)")


@dataclass(frozen=True)
class Printed:
    """A number as it stands in a text.

    Attributes
    ----------
    value : float
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


Numbers = dict[tuple[str, str], Printed]
"""Found numbers by split and kind."""


def read_printed(text: str) -> list[Numbers]:
    r"""Return the ways to read a text, the likeliest first, each with the numbers by split and kind.

    Examples
    --------
    >>> [found] = read_printed("Train loss: 0.0163 Train acc: 94.92 %\nTest loss: 0.02 Test acc: 94.5")
    >>> found["train", "accuracy"].value, found["test", "loss"].value
    (94.92, 0.02)
    """
    named: Numbers = {}
    plain: list[Printed] = []
    split: str | None = None
    for words, number in _numbers_with_words(text):
        split = _last_word(words, SPLITS) or split
        kind = _last_word(words, KINDS)
        if split is not None and kind is not None:
            named[split, kind] = number
        plain.append(number)
    return _readings(named, plain)


def read_returned(pairs: Sequence[tuple[str, float]]) -> list[Numbers]:
    """Return the ways to read what `evaluate` returned, as `inside.calls` hands it on.

    >>> read_returned([("", 0.1), ("", 0.9), ("", 0.2), ("", 0.8)])[0]["test", "loss"].value
    0.2
    """
    named: Numbers = {}
    for words, value in pairs:
        split, kind = _last_word(words, SPLITS), _last_word(words, KINDS)
        if split is not None and kind is not None:
            named[split, kind] = Printed(value)
    return _readings(named, [Printed(value) for _, value in pairs])


def _readings(named: Numbers, plain: Sequence[Printed]) -> list[Numbers]:
    if any(key in named for key in KEYS):
        return [named]
    if len(plain) != len(KEYS):
        return []
    return [dict(zip(order, plain, strict=True)) for order in (KEYS, *OTHER_ORDERS)]


def _numbers_with_words(text: str) -> Iterator[tuple[str, Printed]]:
    """Yield each number with the text between the one before and itself."""
    end = 0
    for match in _NUMBER.finditer(text):
        if match.start() < end:  # the lower number of a fraction
            continue
        words, number = text[end : match.start()], _read_number(match.group(1))
        end = match.end()
        fraction = _FRACTION.match(text, end)
        if fraction and float(fraction.group(1)):
            number = Printed(number.value / float(fraction.group(1)))
            end = fraction.end()
        yield words, number


def _read_number(text: str) -> Printed:
    """Return a number with its precision; one too large for any precision has none."""
    value = float(text)
    try:
        exponent = Decimal(text).as_tuple().exponent
    except InvalidOperation:
        return Printed(value)
    unit = float(f"1e{exponent}") if isinstance(exponent, int) else 0.0
    return Printed(value, 0.5 * unit if math.isfinite(unit) else 0.0)


def _last_word(words: str, among: Sequence[str]) -> str | None:
    """Return which of some words stands last in a text."""
    low = words.lower()
    places = {
        name: max((found.start() for found in re.finditer(WORDS[name], low)), default=-1)
        for name in among
    }
    best = max(places, key=lambda name: places[name])
    return best if places[best] >= 0 else None
