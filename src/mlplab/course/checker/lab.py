"""A lab that the checker knows: ours, ours with more mistakes, or a teacher's own (`lab_file`)."""

from __future__ import annotations

import ast
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mlplab.course.checker.checks import BASIS, Check, Finding, draw_checks
from mlplab.course.checker.file_names import FILE
from mlplab.course.checker.kit_files import KIT
from mlplab.course.checker.mistakes import NAMES, TABLE, Way
from mlplab.course.checker.mistakes.errors import ANY_ERROR, not_written
from mlplab.course.checker.mistakes.solution import Solution
from mlplab.course.checker.parsing import parse
from mlplab.errors import MlplabError


class LabError(MlplabError):
    """The Python file of an own lab cannot be used."""


def names_of_open(functions: Iterable[str]) -> frozenset[str]:
    """Return the names of the mistakes that functions are still to be written.

    >>> sorted(names_of_open(["step"]))
    ['not-written', 'step-not-written']
    """
    return frozenset(not_written(function).name for function in (None, *functions))


def _functions_of_kit() -> Iterable[str]:
    tree = parse((KIT / "mlp.py").read_bytes())
    return [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


OUR_NAMES = NAMES | names_of_open([*_functions_of_kit(), "backpropagation"])
"""Of all that a submission of our lab can be told."""


@dataclass(frozen=True, eq=False)
class Lab:
    """What is asked of a submission, and what may be wrong with it.

    Attributes
    ----------
    file : str
        What the student hands in.
    draw : callable
        Returns the checks by their names, with values drawn from a seed.
    table : sequence of Way
        The mistakes that are known.
    mistakes : frozenset of str
        Names of all that a submission can be told.
    solved : callable
        Makes the solution that a mistake changes.
    points : mapping of str to float
        Of each test, where no file says otherwise.
    basis : mapping
        Checks beyond the lab, and what must be right before their advice helps anyone.
    path : Path or None
        The teacher's file.
    digest : str
        Of that file.
    """

    file: str = FILE
    draw: Callable[[int], Mapping[str, Check]] = field(default=draw_checks, repr=False)
    table: Sequence[Way] = field(default=TABLE, repr=False)
    mistakes: frozenset[str] = field(default=OUR_NAMES, repr=False)
    solved: Callable[[], Any] = field(default=Solution, repr=False)
    points: Mapping[str, float] = field(default_factory=dict, repr=False)
    basis: Mapping[str, Sequence[str]] = field(default_factory=lambda: BASIS, repr=False)
    path: Path | None = field(default=None, repr=False)
    digest: str = ""

    @property
    def is_own(self) -> bool:
        """Whether the tests are the teacher's."""
        return bool(self.points)

    @property
    def checks(self) -> Mapping[str, Check]:
        """Every check by its name, with the values of one seed."""
        return self.draw(0)

    def explained(self, finding: Finding) -> Finding:
        """Return a finding in which errors are explained only as far as that is true of this lab."""
        if not self.is_own:
            return finding
        mistakes = tuple(each if each.general else ANY_ERROR for each in finding.mistakes)
        return replace(finding, mistakes=mistakes)

    def fault_of(self, error: Exception) -> str:
        """Return whose an error outside the student's code is: the teacher's, with the line, or ours."""
        line = None if self.path is None else line_in(self.path, error)
        return "an error in mlplab" if line is None else f"an error in {self.path}, line {line}"


def line_in(path: Path, error: BaseException) -> int | None:
    """Return the last line of a file on the way to an error; None if it was not on it."""
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return error.lineno
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == str(path)
    ]
    return lines[-1] if lines else None
