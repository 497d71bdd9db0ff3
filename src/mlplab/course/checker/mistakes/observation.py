"""What a student's code answered to one question, in a form that any solution's answer can be held against."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mlplab.course.checker.mistakes.mistake import same
from mlplab.course.checker.mistakes.solution import Solution


@dataclass(frozen=True, eq=False)
class Observation:
    """One question and one answer.

    Attributes
    ----------
    ask : str
        The method of `Solution` that answers the question.
    question : tuple
        Its arguments.
    agrees : callable or None
        Whether a solution's answer is the student's; None if there was an error in place of an answer.
    of_shapes : bool
        Whether the error may come of arrays of the wrong shape.
    uses : frozenset of str
        Other questions: where a wrong answer to one of them cannot be explained, this one says nothing.
    shaped_by : frozenset of str
        Other questions: where a wrong answer to one of them cannot be explained, it may be behind shapes
        that do not fit here.
    cost : int
        How long the answer takes; what takes longest is asked last.
    named : mapping of str to object
        Arguments by their names.
    """

    ask: str
    question: tuple[Any, ...]
    agrees: Callable[[Any], bool] | None
    of_shapes: bool = False
    uses: frozenset[str] = frozenset()
    shaped_by: frozenset[str] = frozenset()
    cost: int = 0
    named: Mapping[str, Any] = field(default_factory=dict)

    def predict(self, solution: Solution) -> Any:
        """Return what a solution answers; None where its arrays do not fit together."""
        try:
            with np.errstate(all="ignore"):
                return getattr(solution, self.ask)(*self.question, **self.named)
        except (ValueError, IndexError):
            return None

    def fits(self, solution: Solution) -> bool:
        """Return whether a solution answers as the student's code did."""
        predicted = self.predict(solution)
        if self.agrees is None:
            right = self.predict(type(solution)())
            refused = predicted is None
            return self.of_shapes and (refused or _shape(predicted) != _shape(right))
        return predicted is not None and self.agrees(predicted)


def _shape(answer: Any) -> tuple[int, ...] | None:
    return answer.shape if isinstance(answer, np.ndarray) else None


def alike(one: Any, other: Any) -> bool:
    """Return whether two answers of solutions are the same, None being one too."""
    if one is None or other is None:
        return one is other
    if isinstance(one, list):
        return len(one) == len(other) and all(map(alike, one, other))
    return same(one, other)
