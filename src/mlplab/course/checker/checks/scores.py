"""The loss and the accuracy that `evaluate()` says: found, compared with the right ones, and shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mlplab.course.checker.mistakes.solution import Solution, Splits
from mlplab.course.checker.printed import Numbers, Printed, read_printed, read_returned

LONGEST_QUOTED = 10
"""Characters of a number that is quoted as it was printed; a longer one is rounded."""

MOST_RETURNED = 100
"""Numbers that `evaluate` returned, the first ones, that are read."""

FEW_DIGITS = 0.006
"""Half a unit of the last digit of a number that can just be judged: two digits after the point."""

FEWEST_DIGITS = 10 * FEW_DIGITS
"""The same of a number of which it can just be said that a digit is missing."""

EXACT = 1e-12
"""A number that is right to so much was not rounded, with however few digits: 0.5 is a half."""


def readings_of(answer: Mapping[str, Any]) -> list[Numbers]:
    """Return the ways to read what `evaluate` printed, on either stream, and returned."""
    returned = [
        (str(name), float(value)) for name, value in answer.get("returned", [])[:MOST_RETURNED]
    ]
    printed = read_printed(answer["printed"]) + read_printed(answer.get("printed_as_error", ""))
    return printed + read_returned(returned)


def is_right(numbers: Numbers, splits: Splits, kind: str, rounded: bool = False) -> bool:
    """Return whether both numbers of a kind are right; `rounded` with however few digits."""
    return matches(numbers, getattr(Solution(), kind)(splits), kind, rounded)


def matches(numbers: Numbers, wanted: Sequence[float], kind: str, rounded: bool = False) -> bool:
    """Return whether the numbers of a kind are those wanted, on training and on test points.

    An accuracy, a fraction from 0 to 1, may also be given in per cent.

    With few digits only if they say all, as 0.5 does of a half; `rounded` also with one digit less, but
    not as 0, to which much is rounded.
    """
    found = [numbers.get((split, kind)) for split in ("train", "test")]
    factors = (1,) if kind == "loss" else (1, 100)
    finest = min((number.precision for number in found if number is not None), default=0.0)
    rounded = rounded and all(number is not None and number.value for number in found)
    return any(
        all(
            number is not None
            and number.is_close(factor * value)
            and (
                is_precise(number, kind, FEWEST_DIGITS if rounded else FEW_DIGITS)
                or _is_whole(number, factor * value, finest)
            )
            for number, value in zip(found, wanted, strict=True)
        )
        for factor in factors
    )


def _is_whole(number: Printed, value: float, finest: float) -> bool:
    """Return whether a number has few digits because it ends with zeros; 0 is what much is rounded to.

    `finest` is the precision of the number beside it: round(x, 4) writes 0.2 beside 0.1751.
    """
    allowed = finest if finest <= FEW_DIGITS else 0.0
    return value != 0 and abs(number.value - value) <= allowed + EXACT


def is_precise(number: Printed, kind: str, allowed: float = FEW_DIGITS) -> bool:
    """Return whether a number has digits enough to be judged: two after the point, or whole per cents.

    >>> is_precise(Printed(0.58, 0.005), "accuracy"), is_precise(Printed(58, 0.5), "accuracy")
    (True, True)
    >>> is_precise(Printed(60, 5.0), "accuracy"), is_precise(Printed(58, 0.5), "loss")
    (False, False)
    """
    return number.precision <= allowed * factor_of(number, kind)


def factor_of(number: Printed | None, kind: str) -> int:
    """Return by what a right value is multiplied to be compared: 100 for an accuracy in per cent."""
    return 100 if number is not None and kind == "accuracy" and number.value > 1.5 else 1


def written_apart(right: float, number: Printed | None, kind: str) -> tuple[str, str]:
    """Return a right number and the one that came, with so many digits that they are seen to differ.

    What was printed is quoted; the right number is written in per cent if that one is.

    >>> written_apart(0.01981, Printed(0.01983), "loss"), written_apart(0.5, None, "loss")
    (('0.01981', '0.01983'), ('0.5000', 'nothing'))
    >>> written_apart(0.4375, Printed(0.5, 0.005, per_cent=True, text="50 %"), "accuracy")
    ('43.75 %', '50 %')
    """
    if number is None:
        return f"{right:.4f}", "nothing"
    if number.per_cent:
        return f"{100 * right:.2f} %", number.text
    right *= factor_of(number, kind)
    digits = 4
    while (
        digits < 12
        and not number.is_close(right)
        and f"{right:.{digits}f}" == f"{number.value:.{digits}f}"
    ):
        digits += 1
    is_short = 0 < len(number.text) <= LONGEST_QUOTED
    return f"{right:.{digits}f}", number.text if is_short else f"{number.value:.{digits}f}"
