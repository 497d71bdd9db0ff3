"""What is known of one submission after the tests: a mark for each test, and all that is to be said."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mlplab.course.checker.checks import Check, Finding
from mlplab.course.checker.mistakes import Mistake, rank

LONGEST_TEXT = 2000
"""Characters of a text in a report: a student's code may say millions."""

MOST_TEXTS = 50
"""Sentences of advice or notes."""


def shortened(text: str) -> str:
    """Return a text of at most `LONGEST_TEXT` characters.

    >>> shortened("anna"), len(shortened("a" * 10**6))
    ('anna', 2000)
    """
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 4]} ..."


@dataclass(frozen=True, eq=False)
class Mark:
    """One test of one submission; its texts are cut to what a report can show.

    Attributes
    ----------
    check : Check
    score, points : float
        What was reached, and what could be.
    finding : Finding
    mistake : Mistake or None
        What explains a wrong answer best.
    seconds : float
        Of processor time that the test took.
    """

    check: Check
    score: float
    points: float
    finding: Finding
    mistake: Mistake | None
    seconds: float

    def __post_init__(self) -> None:
        finding = replace(self.finding, facts=shortened(self.finding.facts))
        object.__setattr__(self, "finding", finding)
        if self.mistake is not None:
            mistake = replace(
                self.mistake,
                name=shortened(self.mistake.name),
                what=shortened(self.mistake.what),
                look=shortened(self.mistake.look),
            )
            object.__setattr__(self, "mistake", mistake)


@dataclass(frozen=True, eq=False)
class Report:
    """One submission, checked; its texts are cut to what a report can show.

    Attributes
    ----------
    name : str
        Of the student, as far as it is known.
    marks : tuple of Mark
        Of all tests that count, and of optional parts that were handed in.
    advice : tuple of str
        What costs nothing.
    problem : str or None
        Why no test could run, for all tests alike.
    notes : tuple of str
        What the reader should know about the files and the checking itself.
    student_id : str
        What the learning platform calls the student; empty if it did not say.
    judged : bool
        Whether there are marks. If not, a person must look, and `problem` says at what.
    seed : int or None
        From which the values of its tests were drawn; None if no test was run.
    """

    name: str
    marks: tuple[Mark, ...]
    advice: tuple[str, ...] = ()
    problem: str | None = None
    notes: tuple[str, ...] = ()
    student_id: str = ""
    judged: bool = True
    seed: int | None = None

    def __post_init__(self) -> None:
        for name in ("name", "student_id"):
            object.__setattr__(self, name, shortened(getattr(self, name)))
        for name in ("advice", "notes"):
            texts = tuple(map(shortened, getattr(self, name)[:MOST_TEXTS]))
            object.__setattr__(self, name, texts)
        if self.problem is not None:
            object.__setattr__(self, "problem", shortened(self.problem))

    @property
    def score(self) -> float:
        """Points reached, rounded to two digits."""
        return round(sum(mark.score for mark in self.marks), 2)

    @property
    def points(self) -> float:
        """Points that could be reached, rounded to two digits."""
        return round(sum(mark.points for mark in self.marks), 2)

    @property
    def mistakes(self) -> dict[Mistake, list[Mark]]:
        """What to fix: each mistake with the tests that it hit, what is behind others first."""
        first: dict[str, Mistake] = {}
        hit: dict[Mistake, list[Mark]] = {}
        for mark in self.marks:
            if mark.mistake is not None:
                mistake = first.setdefault(mark.mistake.name, mark.mistake)
                hit.setdefault(mistake, []).append(mark)
        actions = [mark.check.action for mark in self.marks]
        return dict(
            sorted(
                hit.items(),
                key=lambda item: (actions.index(item[1][0].check.action), rank(item[0])),
            )
        )
