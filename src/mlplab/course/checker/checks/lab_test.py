"""A test of a lab of the teacher's own: lines that are run with the student's file, and what is right.

The teacher writes a `LabTest`. With values drawn from a seed it becomes a check like all others.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from mlplab.course.checker.checks.check import Check, Finding, Float, observed, output_of
from mlplab.course.checker.lab import LabError
from mlplab.course.checker.mistakes.mistake import TOLERANCE, same
from mlplab.course.checker.mistakes.observation import Observation
from mlplab.course.checker.parsing import parse
from mlplab.errors import shown
from mlplab.streams import stream

NAME = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
DRAWS = 2
"""How often the lines are run in one process, with other values each time: kept results show."""

RESERVED = ("name", "id", "score", "points", "mistakes", "unexplained", "problem", "notes", "seed")
"""Columns of a class's table beside those of the tests, which cannot be called so."""


@dataclass(frozen=True, eq=False)
class LabTest:
    """A test of an own lab.

    Attributes
    ----------
    name : str
        Small letters and digits with hyphens, by which points files call it.
    title : str
        For people.
    points : float
    code : str
        Lines that are run with the names of the student's file and the inputs; the last one is an
        expression, whose value is judged.
    ask : str
        The method of the solution that gives what is right; it is called with the inputs by their names.
    inputs : callable
        Draws the inputs from a `numpy.random.Generator`: arrays, numbers, texts, and lists of them by
        their names.
    tolerance : float
        Absolute for values up to 1, relative beyond.
    judge : callable or None
        Called with the array that came and the inputs by their names; returns whether it is right, where
        more than one answer is.
    last_line : str
        The expression that is judged.

    Raises
    ------
    LabError
        If the name, the points or the code make no sense.

    Examples
    --------
    >>> LabTest("double", "twice x", 2, "double(x)", "double", lambda generator: {"x": 1.0}).points
    2
    """

    name: str
    title: str
    points: float
    code: str
    ask: str
    inputs: Callable[[np.random.Generator], Mapping[str, Any]]
    tolerance: float = TOLERANCE
    judge: Callable[..., bool] | None = None
    last_line: str = field(init=False)

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not NAME.fullmatch(self.name):
            raise LabError(
                "the name of a test must be small letters and digits with hyphens, such as "
                f"forward-two-layers, received {shown(self.name)}"
            )
        if self.name in RESERVED:
            raise LabError(
                f"a test cannot be called '{self.name}': the table of a class has a column of that name"
            )
        is_number = isinstance(self.points, int | float) and not isinstance(self.points, bool)
        if not is_number or not 0 <= self.points <= 1000:
            raise LabError(
                f"the points of the test '{self.name}' must be a number from 0 to 1000, received "
                f"{shown(self.points)}"
            )
        try:
            lines = parse(self.code).body
        except SyntaxError as error:
            raise LabError(
                f"the code of the test '{self.name}' is not Python: {error.msg}"
            ) from error
        if not lines or not isinstance(lines[-1], ast.Expr):
            raise LabError(
                f"the last line of the code of the test '{self.name}' must be an expression, such as "
                f"network.forward(x), received {shown(self.code)}"
            )
        object.__setattr__(self, "last_line", ast.unparse(lines[-1]))

    def draw(self, seed: int, number: int, file: str, solved: Callable[[], Any]) -> CodeCheck:
        """Return the check with inputs drawn from a seed, each numbered test with others."""
        drawn = [
            dict(self.inputs(stream(seed, "samples", number * DRAWS + i))) for i in range(DRAWS)
        ]
        return CodeCheck(self.name, self.title, test=self, file=file, drawn=drawn, solved=solved)


@dataclass(frozen=True, eq=False)
class CodeCheck(Check):
    """A test of an own lab with its inputs.

    Attributes
    ----------
    test : LabTest
    file : str
        What the student hands in.
    drawn : sequence of dict
        Inputs by their names.
    solved : callable
        Makes the lab's solution.
    """

    test: LabTest = field(kw_only=True)
    file: str = field(kw_only=True)
    drawn: Sequence[dict[str, Any]] = field(kw_only=True)
    solved: Callable[[], Any] = field(kw_only=True)
    action = "call"

    @property
    def arguments(self) -> dict[str, Any]:
        """Run the lines with each draw of the inputs."""
        return {"file": self.file, "code": self.test.code, "drawn": self.drawn}

    def right(self, inputs: Mapping[str, Any]) -> Float:
        """Return what the solution gives."""
        return np.asarray(getattr(self.solved(), self.test.ask)(**inputs), dtype=float)

    def judge(self, content: Mapping[str, Any]) -> Finding:
        """All must be right."""
        outputs = [output_of(entry, self.test.last_line) for entry in content["answers"]]
        observations = []
        wrong: list[Finding] = []
        for inputs, output in zip(self.drawn, outputs, strict=False):
            agrees = partial(self._agree, inputs, output)
            seen = observed(self.test.ask, (), output, agrees)
            observations.append(replace(seen, named=inputs))
            if isinstance(output, Finding):
                wrong.append(output)
            elif not agrees(self.right(inputs)):
                wrong.append(Finding(False, self._difference(output, self.right(inputs))))
        observed_all: tuple[Observation, ...] = tuple(observations)
        if not wrong and len(outputs) == len(self.drawn):
            return Finding(True, observed=observed_all)
        first = wrong[0] if wrong else Finding(False)
        return replace(first, observed=observed_all)

    def _agree(self, inputs: Mapping[str, Any], output: Any, other: Any) -> bool:
        """Return whether two answers are the same, or both are right."""
        judge = self.test.judge
        if judge is not None and judge(output, **inputs):
            return bool(judge(np.asarray(other, dtype=float), **inputs))
        return same(output, other, self.test.tolerance)

    def _difference(self, output: Float, right: Float) -> str:
        called = self.test.last_line
        if output.shape != right.shape:
            return f"{called} has shape {output.shape}, expected {right.shape}."
        if not output.size:
            return f"{called} is wrong."
        off = np.where(np.isfinite(output), abs(output - right), np.inf)
        at = tuple(int(i) for i in np.unravel_index(off.argmax(), off.shape))
        place = f"[{', '.join(map(str, at))}]" if at else ""
        if self.test.judge is not None:
            return f"{called}{place} is {output[at]:.6g}; right would be, for one, {right[at]:.6g}."
        return f"{called}{place} is {output[at]:.6g}, expected {right[at]:.6g}."
