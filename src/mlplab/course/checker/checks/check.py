"""A check: what the student's code is asked, and how its answer is judged, outside its process."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

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
        Those that would give this answer, the likeliest first.
    absent : bool
        Whether there was nothing to check: an optional part that was not handed in.
    """

    right: bool
    facts: str = ""
    mistakes: tuple[Mistake, ...] = ()
    absent: bool = False


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
    action: str = field(init=False, default="load")

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
    if answer.ending == "time":
        return Finding(False, f"It was ended after {answer.seconds:.2g} s.", (TIME,))
    if answer.ending == "ended":
        by = f" by {answer.signal}" if answer.signal else ""
        return Finding(False, f"Python was ended{by}.", (CRASH,))
    if "fault" in answer.content:
        return failed(answer.content["fault"])
    return None


def failed(fault: Mapping[str, Any]) -> Finding:
    """Return what is to be said of an error in the student's code."""
    mistake = recognise_error(fault)
    facts = "" if fault.get("kind") == "unwritten" else quote_error(fault)
    return Finding(False, facts, (mistake,))


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
