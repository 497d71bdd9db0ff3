"""Which mistakes explain what a submission answered: all tests taken together.

A cause is named only when it is true. So mistakes are not matched test by test: looked for is the
smallest set of rows of the table that, made together, gives every answer: of the tests that are wrong and
of those that are right. Questions are taken in the order in which the parts of the lab build on one
another, so that what is found for `activation` is taken for granted in `feedforward`. Where no set of at
most two explains a question, or sets with different names do, nothing is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from operator import attrgetter
from typing import Any

from mlplab.course.checker.checks.check import Finding
from mlplab.course.checker.mistakes import TABLE, Mistake, Way
from mlplab.course.checker.mistakes.observation import Observation, alike
from mlplab.course.checker.mistakes.solution import Solution, changed

FOLLOW_ON = 0.75
"""Fraction of a test's points that is left where another part is wrong, which has lost its own points."""

PROBES = 5
"""How many wrong answers, those that are quickest to predict, tell which mistakes may be one of two."""


@dataclass
class Explanation:
    """What has been found so far.

    Attributes
    ----------
    ways : dict of Way to str
        What the student did, each with the question that showed it.
    untold : set of str
        Names among them that are one guess of several.
    unexplained : set of str
        Questions whose wrong answers nothing explains.
    answered_wrongly : set of str
        Those of them that were answered, and not by an error alone.
    wordings : dict of Way to str
        What is said of a way where others of the same mistake give the same answers.
    solved : callable
        Makes the lab's solution.
    """

    ways: dict[Way, str] = field(default_factory=dict)
    untold: set[str] = field(default_factory=set)
    unexplained: set[str] = field(default_factory=set)
    answered_wrongly: set[str] = field(default_factory=set)
    wordings: dict[Way, str] = field(default_factory=dict)
    solved: Callable[[], Any] = Solution

    @property
    def solution(self) -> Solution:
        """The solution as the student wrote it, as far as it is known."""
        return self.solution_with()

    def solution_with(self, *ways: Way, without: Way | None = None) -> Solution:
        """Return that solution with more mistakes, or without one."""
        chosen = (way for way in (*self.ways, *ways) if way is not without)
        return changed(*(way.change for way in chosen), solved=self.solved)

    def tells(self, observation: Observation) -> bool:
        """Return whether an observation says anything, beside what is not understood."""
        return not self.unexplained & {observation.ask, *observation.uses}


def choose_mistakes(
    findings: Sequence[Finding],
    table: Sequence[Way] = TABLE,
    solved: Callable[[], Any] = Solution,
) -> list[Mistake | None]:
    """Return for each finding the mistake behind it, or None.

    Parameters
    ----------
    findings : sequence of Finding
        Of all tests of one submission.
    table : sequence of Way
        The mistakes that are known.
    solved : callable
        Makes the lab's solution, which they change.
    """
    explanation = explain([o for finding in findings for o in finding.observed], table, solved)
    chosen = [_mistake_of(finding, explanation, table) for finding in findings]
    return _with_one_cause_once(findings, chosen)


def _with_one_cause_once(
    findings: Sequence[Finding], chosen: Sequence[Mistake | None]
) -> list[Mistake | None]:
    """Return mistakes of which each is told under its cause, and a line with errors of shapes once."""
    told = {mistake.name: mistake for mistake in chosen if mistake is not None}
    lines: dict[tuple[str, int], Mistake] = {}
    for finding, mistake in zip(findings, chosen, strict=True):
        if mistake is not None and finding.raised is not None:
            lines.setdefault(finding.raised, mistake)
    found: list[Mistake | None] = []
    for finding, mistake in zip(findings, chosen, strict=True):
        if not finding.right and finding.raised in lines:
            first = lines[finding.raised]
            if mistake is None or (mistake.of_shapes and first.of_shapes):
                mistake = replace(first, credit=0.0)
        for name in mistake.caused_by if mistake is not None else ():
            if name in told and mistake is not None:
                mistake = replace(told[name], credit=mistake.credit)
        found.append(mistake)
    return found


def explain(
    observations: Sequence[Observation],
    table: Sequence[Way] = TABLE,
    solved: Callable[[], Any] = Solution,
) -> Explanation:
    """Return the smallest sets of mistakes that give all answers."""
    found = Explanation(solved=solved)
    asks = list(dict.fromkeys(o.ask for o in observations))
    right = [o for o in observations if o.fits(solved())]
    for number, ask in enumerate(asks):
        known = [o for o in observations if o.ask in asks[: number + 1]]
        kept = [o for o in right if o.ask in asks[number + 1 :]]
        asked = [o for o in known if found.tells(o)]
        solution = found.solution
        wrong = [o for o in asked if o.ask == ask and not o.fits(solution)]
        if not wrong:
            if any(o.ask == ask and not found.tells(o) and not o.fits(solution) for o in known):
                found.unexplained.add(ask)
            continue
        sets = _explaining(wrong, [*asked, *kept], found, table)
        if not sets:
            found.unexplained.add(ask)
            if any(o.agrees is not None for o in wrong):
                found.answered_wrongly.add(ask)
            continue
        names: list[set[str]] = [{way.mistake.name for way in ways} for ways in sets]
        found.ways |= dict.fromkeys(sets[0], ask)
        found.wordings |= {way: _wording(way, sets) for way in sets[0]}
        found.untold |= names[0] - names[0].intersection(*names)
    return found


def _wording(way: Way, sets: Sequence[tuple[Way, ...]]) -> str:
    """Return what is said of a way, in the words of all ways to make its mistake that explain as much."""
    ways = [other for chosen in sets for other in chosen if other.mistake.name == way.mistake.name]
    return " Or: ".join(dict.fromkeys(other.mistake.what for other in ways))


def _explaining(
    wrong: Sequence[Observation],
    asked: Sequence[Observation],
    found: Explanation,
    table: Sequence[Way],
) -> list[tuple[Way, ...]]:
    """Return the sets of one way, or else of two, with which all of `asked` fits."""
    probes = [o for o in wrong if o.agrees is not None]
    if not probes:
        return []
    free = [way for way in table if not _clash(way, *found.ways)]
    cost = attrgetter("cost")
    ordered = [*sorted(probes, key=cost), *sorted(set(asked) - set(probes), key=cost)]

    def fitting(sets: Iterable[tuple[Way, ...]]) -> list[tuple[Way, ...]]:
        return [ways for ways in sets if _all_fit(found.solution_with(*ways), ordered)]

    single = fitting((way,) for way in free)
    if single:
        return single
    touching = _touching(ordered[: min(len(probes), PROBES)], found, free)
    return fitting(pair for pair in combinations(touching, 2) if not _clash(*pair))


def _touching(
    observations: Sequence[Observation], found: Explanation, ways: Sequence[Way]
) -> list[Way]:
    """Return the ways that change the answer to any of some questions."""
    before = found.solution
    predicted = [o.predict(before) for o in observations]
    return [
        way
        for way in ways
        if any(
            not alike(answer, o.predict(found.solution_with(way)))
            for o, answer in zip(observations, predicted, strict=True)
        )
    ]


def _clash(way: Way, *others: Way) -> bool:
    return any(way.change.keys() & other.change.keys() for other in others)


def _all_fit(solution: Solution, observations: Sequence[Observation]) -> bool:
    return all(observation.fits(solution) for observation in observations)


def _mistake_of(finding: Finding, explanation: Explanation, table: Sequence[Way]) -> Mistake | None:
    """Return the mistake behind one finding."""
    if finding.right:
        return None
    solution = explanation.solution
    observed = [o for o in finding.observed if explanation.tells(o)]
    wrong = [o for o in observed if not o.fits(explanation.solved())]
    if wrong and _all_fit(solution, observed):
        # What the test itself asks stands last, what it builds on first.
        own = [o for o in wrong if o.ask != observed[0].ask] or wrong
        behind = []
        for way in explanation.ways:
            others = explanation.solution_with(without=way)
            if any(not alike(o.predict(solution), o.predict(others)) for o in own):
                behind.append(way)
        told = [
            _as_told(way, finding, explanation)
            for way in sorted(behind, key=table.index)
            if way.mistake.name not in explanation.untold
        ]
        if told:
            return replace(told[0], credit=min(mistake.credit for mistake in told))
        if behind:
            return None
    shadowed = any(
        explanation.unexplained & o.uses
        or explanation.answered_wrongly & o.shaped_by
        or not alike(o.predict(solution), o.predict(explanation.solved()))
        for o in finding.observed
    )
    for mistake in finding.mistakes:
        cause = _cause_of(mistake, explanation)
        if cause is not None:
            return cause
        if not (shadowed and mistake.of_shapes):
            return mistake
    return None


def _cause_of(mistake: Mistake, explanation: Explanation) -> Mistake | None:
    """Return the mistake that causes another one, if it was found, with what the other one leaves."""
    for way in explanation.ways:
        if way.mistake.name in mistake.caused_by:
            return replace(way.mistake, credit=mistake.credit)
    return None


def _as_told(way: Way, finding: Finding, explanation: Explanation) -> Mistake:
    """Return a way's mistake as it is told in a test: what is behind it, and what it leaves there."""
    cause = _cause_of(way.mistake, explanation)
    if cause is not None:
        return cause
    own = explanation.ways[way]
    mistake = replace(way.mistake, what=explanation.wordings[way])
    if any(o.ask == own for o in finding.observed):
        return mistake
    return replace(mistake, credit=max(mistake.credit, FOLLOW_ON))
