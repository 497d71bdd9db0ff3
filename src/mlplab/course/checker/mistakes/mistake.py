"""A typical mistake: what it is, where to look, what it leaves of the points, and what it would answer.

The lists of mistakes are registries. Each entry computes what a student's code with this mistake
answers to the very inputs of a test; an answer that is the same has the mistake. More than one entry
may belong to one mistake, where there is more than one way to make it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.floating[Any]]
Question = TypeVar("Question")

TOLERANCE = 1e-4
"""By how much an answer may be off: float32 through eleven layers rounds some 1e-6, and mistakes
show above 1e-3 on the inputs of our tests."""


@dataclass(frozen=True)
class Mistake:
    """A mistake that students make.

    Attributes
    ----------
    name : str
        A few words with hyphens, by which points files call it.
    what : str
        What the code does, a sentence for the student.
    look : str
        Where to look and what to do instead, a sentence or two.
    credit : float
        Share of the points of a test that it leaves, 0 to 1.
    """

    name: str
    what: str
    look: str
    credit: float = 0.0


@dataclass(frozen=True)
class Entry(Generic[Question]):
    """A mistake, and what it answers; None where it would answer nothing, or raise an error."""

    mistake: Mistake
    answer: Callable[[Question], Any]


class Registry(Generic[Question]):
    """Typical mistakes of one kind of question."""

    def __init__(self) -> None:
        self.entries: list[Entry[Question]] = []

    def __iter__(self) -> Iterator[Entry[Question]]:
        return iter(self.entries)

    def add(self, mistake: Mistake, answer: Callable[[Question], Any]) -> None:
        """Enter a mistake with what it answers."""
        self.entries.append(Entry(mistake, answer))

    def entry(
        self, name: str, what: str, look: str, credit: float = 0.0
    ) -> Callable[[Callable[[Question], Any]], Callable[[Question], Any]]:
        """Return a decorator that enters a function as what a mistake answers."""

        def register(answer: Callable[[Question], Any]) -> Callable[[Question], Any]:
            self.add(Mistake(name, what, look, credit), answer)
            return answer

        return register

    def recognise(
        self, question: Question, answer: Any, right: Any = None, tolerance: float = TOLERANCE
    ) -> list[Mistake]:
        """Return the mistakes that answer the same; each once, in the registry's order.

        Parameters
        ----------
        question
            What was asked.
        answer : array
            The student's.
        right : array, optional
            The right answer. A mistake that here answers the same as no mistake explains nothing.
        tolerance : float
        """
        found: dict[str, Mistake] = {}
        with np.errstate(all="ignore"):
            for entry in self.entries:
                would = entry.answer(question)
                if would is None or entry.mistake.name in found:
                    continue
                if right is not None and same(would, right, tolerance):
                    continue
                if same(would, answer, tolerance):
                    found[entry.mistake.name] = entry.mistake
        return list(found.values())


def same(one: Any, other: Any, tolerance: float = TOLERANCE) -> bool:
    """Return whether two arrays have one shape, and equal values but for rounding.

    The tolerance is absolute for values up to 1, relative beyond; NaN equals NaN.

    >>> same([0.5, 100], [0.50001, 100.001]), same([0.5], [[0.5]])
    (True, False)
    """
    first, second = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    return first.shape == second.shape and bool(
        np.allclose(first, second, rtol=tolerance, atol=tolerance, equal_nan=True)
    )
