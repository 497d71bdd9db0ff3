"""A check: what the student's code is asked, and how its answer is judged, outside its process."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from mlplab.course.checker.answer import Answer
from mlplab.course.checker.mistakes.errors import (
    CRASH,
    NOTHING_RETURNED,
    TIME,
    quote_error,
    recognise_error,
)
from mlplab.course.checker.mistakes.mistake import Mistake
from mlplab.course.checker.mistakes.observation import Observation

Float = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Finding:
    """What a check found.

    Attributes
    ----------
    right : bool
    facts : str
        What was expected and what came, or what Python said; a sentence or two.
    mistakes : tuple of Mistake
        What the answer itself shows: an error, or a change that can be seen.
    observed : tuple of Observation
        What was asked and answered; the diagnosis explains it, together with all other tests'.
    absent : bool
        Whether there was nothing to check: an optional part that was not handed in.
    raised : tuple of str and int, optional
        The file and line of the student's at which there was an error.
    """

    right: bool
    facts: str = ""
    mistakes: tuple[Mistake, ...] = ()
    observed: tuple[Observation, ...] = ()
    absent: bool = False
    raised: tuple[str, int] | None = None


RIGHT = Finding(True)
ABSENT = Finding(False, "Not handed in.", absent=True)


@dataclass(frozen=True, eq=False)
class Check(ABC):
    """One test.

    Attributes
    ----------
    name : str
        By which points files call it.
    title : str
        For people.
    action : str
        Which of `inside.calls.ACTIONS` is run.
    """

    name: str
    title: str
    action: ClassVar[str]

    @property
    @abstractmethod
    def arguments(self) -> dict[str, Any]:
        """What the student's process is given: inputs, and nothing that is expected."""

    @abstractmethod
    def judge(self, content: Mapping[str, Any]) -> Finding:
        """Compare what came back with what is right."""

    def find(self, answer: Answer) -> Finding:
        """Return what an answer, or its absence, shows."""
        stopped = how_it_stopped(answer)
        if stopped is not None:
            return stopped
        return self.judge(answer.content)


def how_it_stopped(answer: Answer) -> Finding | None:
    """Return what is to be said of a test without an answer, or with an error; None if all went well."""
    if answer.ending == "timeout":
        return Finding(False, f"It was ended after {answer.seconds:.2g} s.", (TIME,))
    if answer.ending == "crash":
        by = f" by {answer.signal}" if answer.signal else ""
        return Finding(False, f"Python was ended{by}.", (CRASH,))
    if "fault" in answer.content:
        return failed(answer.content["fault"])
    return None


def failed(fault: Mapping[str, Any]) -> Finding:
    """Return what is to be said of an error in the student's code."""
    mistake = recognise_error(fault)
    facts = "" if fault.get("kind") == "unwritten" else quote_error(fault)
    line = fault.get("line")
    raised = (str(fault.get("file")), line) if isinstance(line, int) else None
    return Finding(False, facts, (mistake,), raised=raised)


def observed(
    ask: str,
    question: tuple[Any, ...],
    output: Any,
    agrees: Callable[[Any], bool],
    uses: Iterable[str] = (),
    cost: int = 0,
    shaped_by: Iterable[str] = (),
) -> Observation:
    """Return an observation of an output, or of the error in its place.

    Parameters
    ----------
    ask, question, agrees, uses, cost, shaped_by
        As of `Observation`.
    output
        The answer, or a `Finding` of what came instead.
    """
    of_shapes = False
    if isinstance(output, Finding):
        of_shapes = any(mistake.of_shapes for mistake in output.mistakes)
    return Observation(
        ask,
        question,
        None if isinstance(output, Finding) else agrees,
        of_shapes,
        frozenset(uses),
        frozenset(shaped_by),
        cost,
    )


def output_of(entry: Mapping[str, Any], what: str) -> Float | Finding:
    """Return the array that a call returned, or what is to be said of anything else.

    Parameters
    ----------
    entry : mapping
        From the student's process: an array, an error, or the name of another type.
    what : str
        What was called.
    """
    if "fault" in entry:
        return failed(entry["fault"])
    if "other" in entry:
        if entry["other"] == "None":
            return Finding(False, f"{what} returned None.", (NOTHING_RETURNED,))
        return Finding(False, f"{what} returned no array of numbers but: {entry['other']}.")
    return np.asarray(entry["array"], dtype=float)
