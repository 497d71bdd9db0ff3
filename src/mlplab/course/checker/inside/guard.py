"""mlplab itself, kept from the student's code: it has networks that are right, and a solution.

Whatever is imported of it is a stub, by any road. Its files cannot be opened, so that they can be
neither run nor copied, also where the import system was changed: an audit hook, which stays for the life
of the process, refuses. Only the course's `data_generator` gets the real one, while it is imported and
while one of its methods runs.

That is no sandbox. A program that the student's code starts can read the files, and code that takes
Python's own objects apart finds what `data_generator` uses.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.abc
import importlib.machinery
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from .borrowed import note

NAME = "mlplab"
PACKAGE = Path(__file__).resolve().parents[3]
OWN = str(PACKAGE / "course" / "checker" / "inside") + os.sep
"""Of the package's files, what runs here."""

REFUSED = ("open", "os.link", "os.rename")
"""Python's audit events whose first argument is a file that is about to be read, linked or moved."""


class Guard:
    """Says whether mlplab is to be seen, and refuses its files if not.

    Parameters
    ----------
    path : sequence of str
        Where modules are looked for while mlplab is to be seen: in none of the student's folders.
    """

    def __init__(self, path: Sequence[str]) -> None:
        self.is_open = False
        self._path = list(path)
        self._modules: dict[str, ModuleType] = {}
        sys.addaudithook(self._refuse)

    @contextlib.contextmanager
    def opened(self) -> Iterator[None]:
        """Let mlplab itself be imported meanwhile; afterwards no module of it is found any more."""
        if self.is_open:
            yield
            return
        stubs = _taken_out()
        path, sys.path[:] = sys.path[:], self._path
        sys.modules.update(self._modules)
        self.is_open = True
        try:
            yield
        finally:
            self.is_open = False
            sys.path[:] = path
            self._modules = _taken_out()
            sys.modules.update(stubs)

    def _refuse(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event not in REFUSED or self.is_open or not isinstance(arguments[0], str | bytes):
            return
        try:
            path = os.path.realpath(os.fsdecode(arguments[0]))
        except (OSError, ValueError):  # no path, or in a removed folder: nothing opens there
            return
        if not path.startswith(f"{PACKAGE}{os.sep}") or path.startswith(OWN):
            return
        if not path.endswith((".py", ".pyc")):
            return
        name = f"{NAME}/{os.path.relpath(path, PACKAGE)}"
        # Python itself looks for the lines of a traceback there, through its module tokenize.
        if sys._getframe(1).f_globals.get("__name__") != "tokenize":
            note(name)
        raise PermissionError(f"{name} cannot be read when your file is checked")


class CourseModule(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one of the course's modules with the mlplab that it needs.

    Parameters
    ----------
    path : Path
        Of the module's file, which is read now, before any of the student's code could change it.
    guard : Guard
    """

    def __init__(self, path: Path, guard: Guard) -> None:
        self._name, self._guard = path.stem, guard
        self._code = compile(path.read_bytes(), str(path), "exec")

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Take the one module."""
        if fullname != self._name:
            return None
        return importlib.machinery.ModuleSpec(fullname, self)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        """Leave it to Python."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the file, and leave no name in it that stands for mlplab as a whole."""
        with self._guard.opened():
            exec(self._code, module.__dict__)  # noqa: S102  # the course's own
        module.__dict__.pop(NAME, None)
        for value in list(vars(module).values()):
            if isinstance(value, type):
                self._open_in_methods(value)

    def _open_in_methods(self, kind: type) -> None:
        for name, method in list(vars(kind).items()):
            if isinstance(method, FunctionType):
                setattr(kind, name, self._opening(method))

    def _opening(self, method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def opening(*arguments: Any, **named: Any) -> Any:
            with self._guard.opened():
                return method(*arguments, **named)

        return opening


def _taken_out() -> dict[str, ModuleType]:
    """Take all modules of mlplab out of Python's list, and return them."""
    names = [name for name in sys.modules if name.split(".", maxsplit=1)[0] == NAME]
    return {name: sys.modules.pop(name) for name in names}
