"""A mistake that students make: what they did, and what to say.

What they did is a transformation of the solution: methods of `Solution` that stand in place of its own.
From that follows what a file with this mistake answers to any test; where it shows need not be written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.floating[Any]]
Change = Mapping[str, Callable[..., Any]]
"""Methods by the name of those that they replace."""

TOLERANCE = 1e-4
"""By how much an answer may be off: float32 through eleven layers rounds some 1e-6, and mistakes
show above 1e-3 on the inputs of our tests."""


@dataclass(frozen=True)
class Mistake:
    """What is said of a mistake.

    Attributes
    ----------
    name : str
        A few words with hyphens, by which points files call it.
    what : str
        What the code does, a sentence for the student.
    look : str
        Where to look and what to do instead, a sentence or two.
    credit : float
        Fraction of the points of a test that it leaves, 0 to 1.
    caused_by : tuple of str
        Names of mistakes that are told in place of this one, where they are found as well.
    general : bool
        Whether what is said is true of any lab, not only of ours.
    of_shapes : bool
        Whether it is an error that may come of arrays of the wrong shape.
    """

    name: str
    what: str
    look: str
    credit: float = 0.0
    caused_by: tuple[str, ...] = field(default=(), compare=False)
    general: bool = False
    of_shapes: bool = False


@dataclass(frozen=True, eq=False)
class Way:
    """One way to make a mistake.

    Attributes
    ----------
    mistake : Mistake
        In the words of this way.
    change : mapping of str to callable
        What stands in place of which methods of the solution.
    """

    mistake: Mistake
    change: Change


def row(
    name: str,
    what: str,
    look: str,
    credit: float,
    ways: Mapping[str, Change] | None = None,
    caused_by: tuple[str, ...] = (),
    **change: Callable[..., Any],
) -> tuple[Way, ...]:
    """Return a row of the table: a mistake with the ways to make it.

    Parameters
    ----------
    name, what, look, credit
        As of `Mistake`; `{}` in `what` is filled with the words of a way.
    ways : mapping of str to Change, optional
        Changes by their words, where there are several ways.
    caused_by : tuple of str
        As of `Mistake`.
    **change
        The only way, method by method.

    Examples
    --------
    >>> [way] = row("relu-absolute", "The relu returns the absolute value.", "", 0.25, relu=np.abs)
    >>> way.mistake.name, list(way.change)
    ('relu-absolute', ['relu'])
    """
    return tuple(
        Way(Mistake(name, what.format(words), look, credit, caused_by), methods)
        for words, methods in (ways or {"": change}).items()
    )


def same(one: Any, other: Any, tolerance: float = TOLERANCE) -> bool:
    """Return whether two arrays have one shape, and equal values but for rounding.

    The tolerance is absolute for values up to 1, relative beyond; NaN equals NaN.

    >>> same([0.5, 100], [0.50001, 100.001]), same([0.5], [[0.5]])
    (True, False)
    """
    first, second = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    if first.shape != second.shape:
        return False
    with np.errstate(invalid="ignore", over="ignore"):
        gap = np.abs(first - second)
    # What is asked some ten thousand times for one student; np.allclose takes twice as long and more.
    if np.isfinite(gap).all():
        return bool((gap <= tolerance * (1 + np.abs(second))).all())
    return np.allclose(first, second, rtol=tolerance, atol=tolerance, equal_nan=True)
