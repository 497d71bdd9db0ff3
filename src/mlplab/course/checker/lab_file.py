"""The teacher's Python file that `points.toml` names: more mistakes for our lab, or a lab of one's own.

    MISTAKES    rows of the table of mistakes (`row`): methods in place of the solution's
    TESTS       tests (`LabTest`), and with them
    FILE        what the student hands in, such as "network.py"
    SOLUTION    a class whose methods give what is right

The file is trusted: it runs in the checker's process, and never in the student's. All of it is tried
before any submission is judged.
"""

from __future__ import annotations

import ast
import difflib
import hashlib
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from mlplab.course.checker.checks.lab_test import CodeCheck, LabTest
from mlplab.course.checker.inside.messages import pack
from mlplab.course.checker.lab import OUR_NAMES, Lab, LabError, line_in, names_of_open
from mlplab.course.checker.lab_questions import QUESTIONS
from mlplab.course.checker.mistakes import TABLE, Way
from mlplab.course.checker.mistakes.errors import GENERAL
from mlplab.course.checker.mistakes.solution import Solution, changed
from mlplab.course.checker.parsing import parse
from mlplab.errors import MlplabError, shown, suggestion

MODULE = "mlplab_lab_file"
"""What the teacher's file is called while it is imported."""


def read_lab_file(path: Path) -> Lab:
    """Read a teacher's file, and try all of it.

    Raises
    ------
    LabError
        If it cannot be read or run, or defines what makes no sense: in one sentence, with the line.
    """
    try:
        source = path.read_bytes()
    except OSError as error:
        raise LabError(f"cannot read '{path}': {error.strerror}") from error
    module = ModuleType(MODULE)
    module.__file__ = str(path)
    with _told(path):
        sys.modules[MODULE] = module  # where dataclasses look for the names of their own module
        exec(compile(source, str(path), "exec"), vars(module))  # noqa: S102  # the teacher's own
    given = _Given(path, source, vars(module))
    tests, rows = given.listed("TESTS", LabTest), given.listed("MISTAKES", tuple)
    given.refuse_misspelt("TESTS", "MISTAKES", *(("FILE", "SOLUTION") if tests is not None else ()))
    if tests is None and rows is None:
        raise LabError(f"{path} defines neither TESTS nor MISTAKES")
    digest = hashlib.sha256(source).hexdigest()
    if tests is None:
        table = given.table(rows or [], Solution, OUR_NAMES)
        names = OUR_NAMES | {way.mistake.name for way in table}
        with _told(path):
            for method, arguments in QUESTIONS:
                _try_mistakes(table, Solution, method, *arguments)
        return Lab(table=(*TABLE, *table), mistakes=names, path=path, digest=digest)
    if not tests:
        raise given.error("TESTS", "TESTS has no test")
    given.distinct([test.name for test in tests], "test")
    file, solved = given.file(), given.solution()
    for test in tests:
        if not callable(getattr(solved, test.ask, None)):
            said = f"the test '{test.name}' asks for '{test.ask}', which SOLUTION does not have"
            raise given.error(test.name, said)
    table = given.table(rows or [], solved, GENERAL)

    @lru_cache(maxsize=8)
    def draw(seed: int) -> Mapping[str, CodeCheck]:
        with _told(path):
            checks = [test.draw(seed, i, file, solved) for i, test in enumerate(tests)]
            for check in checks:
                _try(check, table, solved)
        return {check.name: check for check in checks}

    draw(0)
    return Lab(
        file=file,
        draw=draw,
        table=table,
        mistakes=GENERAL | {way.mistake.name for way in table} | names_of_open(_names(tests)),
        solved=solved,
        points={test.name: float(test.points) for test in tests},
        basis={},
        path=path,
        digest=digest,
    )


class _Given:
    """What the file defines, and where."""

    def __init__(self, path: Path, source: bytes, names: Mapping[str, Any]) -> None:
        self.path, self.tree, self.names = path, parse(source), names

    def error(self, word: str, said: str) -> LabError:
        """Return an error at the last line on which a name is assigned, or a text stands."""
        lines = [
            node.lineno
            for node in ast.walk(self.tree)
            if (isinstance(node, ast.Name) and node.id == word)
            or (isinstance(node, ast.Constant) and node.value == word)
        ]
        return LabError(f"{self.path}{f', line {max(lines)}' if lines else ''}: {said}")

    def listed(self, name: str, kind: type) -> Sequence[Any] | None:
        """Return a list, in which all is of one kind; None if it is not defined."""
        if name not in self.names:
            return None
        value = self.names[name]
        what = "LabTest(...)" if kind is LabTest else "row(...)"
        if not isinstance(value, list | tuple):
            raise self.error(name, f"{name} must be a list of {what}, received {shown(value)}")
        for part in value:
            if not isinstance(part, kind):
                raise self.error(name, f"{name} must be a list of {what}, received {shown(part)}")
        return value

    def refuse_misspelt(self, *known: str) -> None:
        """Refuse a name that is nearly one of those that count, where that one is missing."""
        others = [name for name in self.names if name.isupper()]
        for name in known:
            near = difflib.get_close_matches(name, others, n=1, cutoff=0.8)
            if name not in self.names and near:
                raise self.error(near[0], f"unknown name '{near[0]}'; did you mean '{name}'?")

    def distinct(
        self, names: Sequence[str], what: str, known: frozenset[str] = frozenset()
    ) -> None:
        """Refuse a name that is there twice."""
        for place, name in enumerate(names):
            if name in known or name in names[:place]:
                whose = ", ours" if name in known else ""
                raise self.error(name, f"there are two {what}s of the name '{name}'{whose}")

    def file(self) -> str:
        """Return what the student hands in."""
        file = self.names.get("FILE")
        if not isinstance(file, str) or not (
            file.endswith(".py") and file.removesuffix(".py").isidentifier()
        ):
            raise self.error(
                "FILE",
                f"FILE must be what students hand in, such as 'network.py', received {shown(file)}",
            )
        return file

    def solution(self) -> Callable[[], Any]:
        """Return the class that gives what is right."""
        solved = self.names.get("SOLUTION")
        if not isinstance(solved, type):
            raise self.error(
                "SOLUTION",
                f"SOLUTION must be a class whose methods give what is right, received {shown(solved)}",
            )
        return solved

    def table(
        self, rows: Sequence[Any], solved: Callable[[], Any], known: frozenset[str]
    ) -> tuple[Way, ...]:
        """Return all ways to make the mistakes, each of which replaces methods that are there."""
        if not all(isinstance(way, Way) for ways in rows for way in ways):
            raise self.error("MISTAKES", "MISTAKES must be a list of row(...)")
        self.distinct([ways[0].mistake.name for ways in rows if ways], "mistake", known)
        table = tuple(way for ways in rows for way in ways)
        methods = [name for name in dir(solved) if not name.startswith("_")]
        for way in table:
            name = way.mistake.name
            credit = way.mistake.credit
            is_number = isinstance(credit, int | float) and not isinstance(credit, bool)
            if not is_number or not 0 <= credit <= 1:
                said = (
                    f"the fraction of points that the mistake '{name}' leaves must be from 0 to 1"
                )
                raise self.error(name, f"{said}, received {shown(credit)}")
            if not way.change:
                raise self.error(name, f"the mistake '{name}' replaces no method of the solution")
            for method, function in way.change.items():
                if method not in methods:
                    hint = suggestion(method, methods)
                    said = f"the mistake '{name}' replaces '{method}', which the solution does not have"
                    raise self.error(name, f"{said}; {hint}")
                if not _takes(function, getattr(solved, method)):
                    said = f"the mistake '{name}' must take what '{method}' of the solution takes"
                    raise self.error(name, said)
        return table


def _takes(function: Callable[..., Any], method: Callable[..., Any]) -> bool:
    """Return whether a function can stand in place of a method, as far as that can be known.

    >>> _takes(lambda s, z: 0, Solution.relu), _takes(lambda z: 0, Solution.relu)
    (True, False)
    """
    needed = [
        name
        for name, parameter in inspect.signature(method).parameters.items()
        if parameter.kind is parameter.POSITIONAL_OR_KEYWORD
    ]
    try:
        inspect.signature(function).bind(*needed)
    except TypeError:
        return False
    except ValueError:  # a function written in C may have no signature
        return True
    return True


def _try(check: CodeCheck, table: Sequence[Way], solved: Callable[[], Any]) -> None:
    """Ask the solution, and each mistake, with the inputs of a test."""
    test = check.test
    for inputs in check.drawn:
        try:
            pack(inputs)
        except TypeError as error:
            raise LabError(f"the inputs of the test '{test.name}': {error}") from error
        right = check.right(inputs)
        if test.judge is not None and not test.judge(right, **inputs):
            raise LabError(f"the judge of the test '{test.name}' refuses what SOLUTION gives")
        _try_mistakes(table, solved, test.ask, **inputs)


def _try_mistakes(
    table: Sequence[Way], solved: Callable[[], Any], method: str, *arguments: Any, **named: Any
) -> None:
    """Ask the solution with each mistake; that its arrays do not fit together is an answer."""
    for way in table:
        try:
            with np.errstate(all="ignore"):
                getattr(changed(way.change, solved=solved), method)(*arguments, **named)
        except (ValueError, IndexError):
            continue


def _names(tests: Sequence[LabTest]) -> set[str]:
    """Return the names that the tests' lines ask for, among them those of what students write."""
    nodes = [node for test in tests for node in ast.walk(parse(test.code))]
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return names | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Tell any error in the teacher's file in one sentence, with the line."""
    try:
        yield
    except (Exception, SystemExit) as error:
        line = line_in(path, error)
        place = f"{path}{'' if line is None else f', line {line}'}"
        if isinstance(error, MlplabError):
            raise LabError(f"{place}: {error}") from error
        text = error.msg if isinstance(error, SyntaxError) else str(error)
        said = " ".join(f"{type(error).__name__}: {text}".split()).rstrip(": ")
        raise LabError(f"{place}: {said}") from error
