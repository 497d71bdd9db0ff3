"""The public names of mlplab: those in `__all__` of its public packages, each with its docstring.

This needs no Sphinx, so that the tests can ask whether every name has a docstring and a place.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from types import ModuleType
from typing import Any

PACKAGES = (
    "mlplab",
    "mlplab.spec",
    "mlplab.data",
    "mlplab.run",
    "mlplab.reference",
    "mlplab.statistics",
    "mlplab.boundary",
    "mlplab.explain",
    "mlplab.figures",
    "mlplab.models",
    "mlplab.estimators",
    "mlplab.sweep",
    "mlplab.sweep.cluster",
    "mlplab.store",
    "mlplab.parity",
    "mlplab.report",
    "mlplab.playground",
    "mlplab.course.checker",
    "mlplab.errors",
)
"""Those whose `__all__` is public, in the order of the reference."""


@dataclass(frozen=True)
class PublicName:
    """A name of a package's `__all__`."""

    package: str
    name: str
    value: Any
    home: str
    """The module that the package imports it from, or the package itself."""

    @property
    def path(self) -> str:
        """What one writes to import it."""
        return f"{self.package}.{self.name}"

    @property
    def kind(self) -> str:
        """What the Python domain of Sphinx calls it: class, exception, function or data."""
        if inspect.isclass(self.value):
            return "exception" if issubclass(self.value, BaseException) else "class"
        return "function" if inspect.isfunction(self.value) else "data"

    @cached_property
    def docstring(self) -> str:
        """Its own docstring; of a constant the text below its assignment. Empty if there is none."""
        if self.kind == "data":
            return constant_docstring(importlib.import_module(self.home), self.name)
        return inspect.cleandoc(self.value.__doc__ or "")

    @property
    def summary(self) -> str:
        """The first sentence of the docstring."""
        return first_sentence(self.docstring)


def public_names(package: str) -> list[PublicName]:
    """Return the public names of a package that are no modules, in the order of `__all__`."""
    module = importlib.import_module(package)
    homes = dict(_imported(module))
    values = {name: getattr(module, name) for name in module.__all__}
    return [
        PublicName(package, name, value, homes.get(name, package))
        for name, value in values.items()
        if not isinstance(value, ModuleType)
    ]


def all_public_names() -> Iterator[PublicName]:
    """Yield the public names of all packages; one that two packages have comes twice."""
    for package in PACKAGES:
        yield from public_names(package)


def documented_at() -> dict[str, str]:
    """Return where each path of a public name is documented: a name of two packages at the first one.

    Paths are those that one imports by, and those of the files in which names are defined.
    """
    places: dict[str, str] = {}
    first: dict[tuple[str, str], str] = {}
    for each in all_public_names():
        defined = f"{getattr(each.value, '__module__', each.home)}.{each.name}"
        known = (defined, each.name)
        if each.kind == "data":
            known = (f"{each.home}.{each.name}", each.name)
        place = first.setdefault(known, each.path)
        for path in (each.path, f"{each.home}.{each.name}"):
            places.setdefault(path, place)
        if each.kind != "data":
            places.setdefault(defined, place)
    return places


def constant_docstring(module: ModuleType, name: str) -> str:
    """Return the text below the assignment of a constant in a module, or "" if there is none."""
    statements = ast.parse(inspect.getsource(module)).body
    for statement, following in pairwise(statements):
        if name in _assigned(statement) and isinstance(following, ast.Expr):
            text = getattr(following.value, "value", None)
            return inspect.cleandoc(text) if isinstance(text, str) else ""
    return ""


def first_sentence(docstring: str) -> str:
    """Return the first sentence of a docstring, on one line."""
    paragraph = " ".join(docstring.partition("\n\n")[0].split())
    return re.split(r"(?<!et al)(?<=\.) (?=[A-Z`(])", paragraph, maxsplit=1)[0]


def _imported(module: ModuleType) -> Iterator[tuple[str, str]]:
    lazy = getattr(module, "_HOME", {})
    yield from lazy.items()
    for statement in ast.parse(inspect.getsource(module)).body:
        if isinstance(statement, ast.ImportFrom) and statement.module:
            for alias in statement.names:
                yield alias.asname or alias.name, statement.module


def _assigned(statement: ast.stmt) -> list[str]:
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    return [target.id for target in targets if isinstance(target, ast.Name)]
