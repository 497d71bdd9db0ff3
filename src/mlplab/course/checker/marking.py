"""Run all checks on submissions, side by side, and mark them."""

from __future__ import annotations

import logging
import os
import threading
import warnings
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace

import numpy as np

from mlplab.course.checker.borrowing import copy_notes, library_notes
from mlplab.course.checker.checks import Finding
from mlplab.course.checker.checks.check import how_it_stopped
from mlplab.course.checker.diagnosis import choose_mistakes
from mlplab.course.checker.kit_files import COURSE_MODULES, KIT
from mlplab.course.checker.mistakes.errors import TIME
from mlplab.course.checker.pipes import Stopped
from mlplab.course.checker.points import Marking, read_points
from mlplab.course.checker.report import Mark, Report
from mlplab.course.checker.runner import FORKS, Runner
from mlplab.course.checker.style import modules_to_preload, style_advice
from mlplab.course.checker.submissions import Submission
from mlplab.course.checker.system import check_system

LOGGER = logging.getLogger("mlplab")


def check_submissions(
    submissions: Sequence[Submission],
    marking: Marking | None = None,
    jobs: int | None = None,
    finished: Callable[[int, Report], None] = lambda index, report: None,
) -> list[Report]:
    """Check submissions side by side; whatever is the matter with one, it costs no other anything.

    What goes wrong in the student's code costs marks. What goes wrong outside of it, in the checker or in
    what it needs, gives a report without marks, which says so, and is logged with its traceback.

    Parameters
    ----------
    submissions : sequence of Submission
    marking : Marking, optional
        Points and limits; the shipped ones if not given.
    jobs : int, optional
        How many at a time; the number of usable cores if not given.
    finished : callable
        Called with the index of each submission and its report, as soon as it is there.

    Returns
    -------
    list of Report
        In the order of the submissions.

    Raises
    ------
    KeyboardInterrupt
        If it is interrupted; the tests that ran are ended first.
    MlplabError
        If the system cannot run them, as Windows.

    Examples
    --------
    >>> [report] = check_submissions([Submission("anna", {"mlp.py": b"import nothing"})])
    >>> report.score, report.points
    (0.0, 100.0)
    >>> print(report.problem)
    Line 1 of mlp.py, `import nothing`: ModuleNotFoundError: No module named 'nothing'.
    """
    check_system()
    marking = read_points() if marking is None else marking
    marking.lab.draw(marking.seed)  # once for all
    stop = threading.Event()
    reports: dict[int, Report] = {}
    # What Python and NumPy have to remark on our own comparing, and on the student's escape sequences
    # when the file is read, is nothing that the student could use.
    with (
        warnings.catch_warnings(action="ignore"),
        ThreadPoolExecutor(jobs or usable_cores()) as pool,
    ):
        try:
            waiting = {
                pool.submit(_check_safely, submission, marking, stop): i
                for i, submission in enumerate(submissions)
            }
            for future in as_completed(waiting):
                reports[waiting[future]] = future.result()
                finished(waiting[future], reports[waiting[future]])
        except BaseException:
            stop.set()
            pool.shutdown(cancel_futures=True)
            raise
    return [reports[i] for i in range(len(submissions))]


def not_judged(submission: Submission, reason: str) -> Report:
    """Return a report without marks, for a person to look at.

    >>> not_judged(Submission("anna", {}), "the disk is full").problem
    'could not be judged: the disk is full'
    """
    problem = f"could not be judged: {reason}"
    notes, student_id = submission.notes, submission.student_id
    return Report(submission.name, (), (), problem, notes, student_id, judged=False)


def not_checked(submission: Submission) -> Report:
    """Return a report of what was not reached before an interrupt.

    >>> not_checked(Submission("anna", {})).problem
    'not checked yet'
    """
    return replace(not_judged(submission, ""), problem="not checked yet")


def _check_safely(submission: Submission, marking: Marking, stop: threading.Event) -> Report:
    try:
        with np.errstate(all="ignore"):
            return check_submission(submission, marking, stop)
    except Stopped:
        raise
    except Exception as error:  # a fault of ours: told as ours, and kept from the other submissions
        if (
            stop.is_set()
        ):  # what is ended in the middle may fail in any way, and nobody reads its report
            raise Stopped from error
        LOGGER.exception("the submission of %r could not be judged", submission.name)
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        whose = marking.lab.fault_of(error)
        return not_judged(submission, f"{reason} ({whose}; look at the file yourself)")


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
    lab = marking.lab
    source = submission.files[lab.file]
    modules = {name: (KIT / name).read_bytes() for name in COURSE_MODULES}
    preload = sorted(
        {name for file in submission.files.values() for name in modules_to_preload(file)}
    )
    with Runner(
        submission.files, modules, marking.limits, preload, stop=stop, forks=forks
    ) as runner:
        loaded = runner.run("load", file=lab.file)
        borrowed = set(loaded.borrowed)
        copies = copy_notes(submission.files)
        stopped = how_it_stopped(loaded)
        if stopped is not None:
            notes = (*submission.notes, *library_notes(borrowed), *copies)
            submission = replace(submission, notes=notes)
            stopped = lab.explained(_with_limit(stopped, marking))
            if loaded.ending != "answered":
                stopped = replace(stopped, facts=f"At the import of {lab.file}: {stopped.facts}")
            return _report_problem(submission, marking, stopped)
        found: dict[str, tuple[Finding, float]] = {}
        for check in lab.draw(marking.seed).values():
            answer = runner.run(check.action, **check.arguments)
            finding = lab.explained(_with_limit(check.find(answer), marking))
            found[check.name] = (finding, answer.seconds)
            borrowed |= set(answer.borrowed)
    unlimited = () if loaded.memory_limited else ("This system cannot limit a test's memory.",)
    notes = (*submission.notes, *library_notes(borrowed), *copies, *unlimited)
    advice = (*style_advice(source), *_advice(found, marking))
    marks = _marks(found, marking)
    return Report(
        submission.name,
        marks,
        advice,
        notes=notes,
        student_id=submission.student_id,
        seed=marking.seed,
    )


def _with_limit(finding: Finding, marking: Marking) -> Finding:
    """Say the limit of a test that took too long: what was measured depends on what else is running."""
    if TIME not in finding.mistakes:
        return finding
    limit = (
        f"It was ended after the limit of {marking.limits.seconds:g} s; is there an endless loop?"
    )
    return replace(finding, facts=limit)


def usable_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _report_problem(submission: Submission, marking: Marking, finding: Finding) -> Report:
    """Give no points for anything, and one reason for all."""
    found = {
        name: (finding, 0.0) for name in marking.lab.draw(marking.seed) if marking.points[name] > 0
    }
    marks = _marks(found, marking)
    nothing = tuple(
        Mark(mark.check, 0.0, mark.points, mark.finding, mark.mistake, 0.0) for mark in marks
    )
    problem = finding.facts or (finding.mistakes[0].what if finding.mistakes else "")
    notes, student_id = submission.notes, submission.student_id
    return Report(submission.name, nothing, (), problem, notes, student_id)


def _marks(found: Mapping[str, tuple[Finding, float]], marking: Marking) -> tuple[Mark, ...]:
    lab = marking.lab
    checks = lab.draw(marking.seed)
    counted = {
        name: entry
        for name, entry in found.items()
        if marking.points[name] > 0 or not (entry[0].absent or name in lab.basis)
    }
    findings = [finding for finding, _ in counted.values()]
    chosen = choose_mistakes(findings, lab.table, lab.solved)
    marks = []
    for (name, (finding, seconds)), mistake in zip(counted.items(), chosen, strict=True):
        points = marking.points[name]
        fraction = 1.0 if finding.right else marking.fraction(mistake) if mistake else 0.0
        marks.append(
            Mark(checks[name], round(points * fraction, 2), points, finding, mistake, seconds)
        )
    return tuple(marks)


def _advice(found: Mapping[str, tuple[Finding, float]], marking: Marking) -> list[str]:
    """Return what checks beyond the lab say that have no points, where what they build on is right."""
    return [
        found[name][0].facts
        for name, basis in marking.lab.basis.items()
        if not marking.points[name]
        and not found[name][0].right
        and all(found[other][0].right for other in basis)
    ]
