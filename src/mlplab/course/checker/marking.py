"""Run all checks on submissions, side by side, and mark them."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path

from mlplab.course.checker.checks import ASKED, BASIS, BEYOND, CHECKS, OPTIONAL, Check, Finding
from mlplab.course.checker.checks.check import how_it_stopped
from mlplab.course.checker.diagnosis import choose_mistakes
from mlplab.course.checker.mistakes import Mistake
from mlplab.course.checker.points import Marking, read_samples
from mlplab.course.checker.process import FORKS, Workplace
from mlplab.course.checker.style import modules_to_preload, style_advice
from mlplab.course.checker.submissions import FILE, Submission

KIT = Path(__file__).parents[1] / "kit"
COURSE_MODULES = ("data_generator.py",)
"""What lies beside a student's `mlp.py`: not the solution, and `keras_mlp` is hollow, as Keras is."""


@dataclass(frozen=True, eq=False)
class Mark:
    """One test of one submission.

    Attributes
    ----------
    check : Check
    score, points : float
        What was reached, and what could be.
    finding : Finding
    mistake : Mistake or None
        What explains a wrong answer best.
    seconds : float
    """

    check: Check
    score: float
    points: float
    finding: Finding
    mistake: Mistake | None
    seconds: float


@dataclass(frozen=True, eq=False)
class Report:
    """One submission, checked.

    Attributes
    ----------
    name : str
    marks : tuple of Mark
        Of all tests that count, and of optional parts that were handed in.
    advice : tuple of str
        What costs nothing.
    problem : str or None
        Why no test could run, for all tests alike.
    notes : tuple of str
        What the reader should know about the checking itself.
    """

    name: str
    marks: tuple[Mark, ...]
    advice: tuple[str, ...] = ()
    problem: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def score(self) -> float:
        """Points reached."""
        return round(sum(mark.score for mark in self.marks), 2)

    @property
    def points(self) -> float:
        """Points that could be reached."""
        return round(sum(mark.points for mark in self.marks), 2)

    @property
    def mistakes(self) -> dict[Mistake, list[Mark]]:
        """What to mend: each mistake with the tests that it hit, in the order of the tests.

        What stands first in a network often is behind what goes wrong later.
        """
        first: dict[str, Mistake] = {}
        hit: dict[Mistake, list[Mark]] = {}
        for mark in self.marks:
            if mark.mistake is not None:
                mistake = first.setdefault(mark.mistake.name, mark.mistake)
                hit.setdefault(mistake, []).append(mark)
        return hit


def check_submissions(
    submissions: Sequence[Submission],
    marking: Marking | None = None,
    jobs: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Report]:
    """Check submissions side by side; one that hangs holds up nobody.

    Parameters
    ----------
    submissions : sequence of Submission
    marking : Marking, optional
        Points and limits; the shipped ones if not given.
    jobs : int, optional
        How many at a time; the number of usable cores if not given.
    progress : callable
        Called with the number of submissions done and of all.

    Returns
    -------
    list of Report
        In the order of the submissions.

    Examples
    --------
    >>> [report] = check_submissions([Submission("anna", {"mlp.py": b"import nothing"})])
    >>> report.score, report.points
    (0.0, 100.0)
    >>> print(report.problem)
    Line 1 of mlp.py, `import nothing`: ModuleNotFoundError: No module named 'nothing'.
    """
    marking = read_samples() if marking is None else marking
    stop = threading.Event()
    reports: dict[int, Report] = {}
    with ThreadPoolExecutor(jobs or usable_cores()) as pool:
        try:
            waiting = {
                pool.submit(check_submission, submission, marking, stop): i
                for i, submission in enumerate(submissions)
            }
            for done, future in enumerate(as_completed(waiting), start=1):
                reports[waiting[future]] = future.result()
                progress(done, len(submissions))
        except BaseException:
            stop.set()
            pool.shutdown(cancel_futures=True)
            raise
    return [reports[i] for i in range(len(submissions))]


def check_submission(
    submission: Submission,
    marking: Marking,
    stop: threading.Event | None = None,
    forks: bool = FORKS,
) -> Report:
    """Check one submission.

    Raises
    ------
    Stopped
        If `stop` is set meanwhile.
    """
    if submission.problem is not None:
        return _report_problem(submission, marking, Finding(False, f"{submission.problem}."))
    source = submission.files[FILE]
    modules = {name: (KIT / name).read_bytes() for name in COURSE_MODULES}
    preload = sorted(
        {name for file in submission.files.values() for name in modules_to_preload(file)}
    )
    with Workplace(
        submission.files, modules, marking.limits, preload, stop=stop, forks=forks
    ) as workplace:
        loaded = workplace.run("load")
        stopped = how_it_stopped(loaded)
        if stopped is not None:
            if loaded.ending != "answered":
                stopped = replace(stopped, facts=f"At the import of {FILE}: {stopped.facts}")
            return _report_problem(submission, marking, stopped)
        found: dict[str, tuple[Finding, float]] = {}
        for check in (*ASKED, *OPTIONAL, *BEYOND):
            answer = workplace.run(check.action, **check.arguments)
            found[check.name] = (check.find(answer), answer.seconds)
    notes = tuple(
        f"This system does not limit a test's {name}, so that it was not limited."
        for name in loaded.unlimited
    )
    advice = (*submission.notes, *style_advice(source), *_advice(found, marking))
    return Report(submission.name, _marks(found, marking), advice, notes=notes)


def usable_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _report_problem(submission: Submission, marking: Marking, finding: Finding) -> Report:
    """Give no points for anything, and one reason for all."""
    found = {name: (finding, 0.0) for name in CHECKS if marking.points[name] > 0}
    marks = _marks(found, marking)
    nothing = tuple(
        Mark(mark.check, 0.0, mark.points, mark.finding, mark.mistake, 0.0) for mark in marks
    )
    problem = finding.facts or (finding.mistakes[0].what if finding.mistakes else "")
    return Report(submission.name, nothing, submission.notes, problem)


def _marks(found: Mapping[str, tuple[Finding, float]], marking: Marking) -> tuple[Mark, ...]:
    beyond = {check.name for check in BEYOND}
    counted = {
        name: entry
        for name, entry in found.items()
        if marking.points[name] > 0 or not (entry[0].absent or name in beyond)
    }
    chosen = choose_mistakes([finding for finding, _ in counted.values()])
    marks = []
    for (name, (finding, seconds)), mistake in zip(counted.items(), chosen, strict=True):
        points = marking.points[name]
        share = 1.0 if finding.right else marking.share(mistake) if mistake else 0.0
        marks.append(
            Mark(CHECKS[name], round(points * share, 2), points, finding, mistake, seconds)
        )
    return tuple(marks)


def _advice(found: Mapping[str, tuple[Finding, float]], marking: Marking) -> list[str]:
    """Return what checks beyond the lab say that have no points, where what they build on is right."""
    return [
        found[check.name][0].facts
        for check in BEYOND
        if not marking.points[check.name]
        and not found[check.name][0].right
        and all(found[name][0].right for name in BASIS[check.name])
    ]
