"""mlplab itself, kept from the student's code: it has networks that are right, and a solution.

Whatever is imported of it is a stub, by any road. None of its files and folders can be opened, listed,
linked or entered, so that they can be neither run nor copied, also where the import system was changed:
an audit hook, which stays for the life of the process, refuses. It knows them by what they are on the
disk, whatever the name and the folder that the name starts in. Only the course's `data_generator` gets
the real one, while it is imported and while one of its methods runs.

That is no sandbox. What is still open stands in docs/hostile-files.md.
"""

from __future__ import annotations

import builtins
import contextlib
import functools
import importlib.abc
import importlib.machinery
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from .borrowed import note

NAME = "mlplab"

OPEN_FILES = 256
"""How many files a test may have open at a time."""

PACKAGE = Path(__file__).resolve().parents[3]
PLACE = str(PACKAGE.parent)

HIDDEN = (NAME, "safetensors")
"""What only mlplab itself may import: it, and the library that reads its numbers past Python's `open`."""

REFUSED = frozenset(
    {
        "open",
        *(
            f"os.{name}"
            for name in (
                "chdir", "chflags", "chmod", "chown", "getxattr", "link", "listdir", "listxattr", "mkdir",
                "remove", "removexattr", "rename", "rmdir", "scandir", "setxattr", "symlink", "truncate",
                "utime",
            )
        ),
    }
)  # fmt: skip
"""Python's audit events that have paths of files and folders as arguments."""

Identity = tuple[int, int]
"""Device and number of a file, which it has under every name and by every road."""


class Guard:
    """Says whether mlplab is to be seen, and refuses its files and folders if not.

    Parameters
    ----------
    path : sequence of str
        Where modules are looked for while mlplab is to be seen: in none of the student's folders.
    """

    def __init__(self, path: Sequence[str]) -> None:
        self.is_open = False
        self._path = list(path)
        self._modules: dict[str, ModuleType] = {}
        sys.addaudithook(_with_own_names(partial(_refuse, self, _identities())))

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


def _identities() -> dict[Identity, str]:
    """Return the name of each file and folder of the package by its identity.

    An empty file says nothing, and may be one with empty files of others, where a package manager links
    what is equal.
    """
    found = {}
    for folder, _, files in os.walk(PACKAGE):
        for path in (Path(folder), *(Path(folder, file) for file in files)):
            try:
                status = path.stat()
            except FileNotFoundError:  # compiled code is written aside, and then moved
                continue
            if status.st_size or path == Path(folder):
                name = f"{NAME}/{path.relative_to(PACKAGE)}".removesuffix("/.")
                found[status.st_dev, status.st_ino] = name
    return found


def _with_own_names(hook: partial[None]) -> partial[None]:
    """Return a hook whose functions have names of their own, of Python's and of ours.

    The student's code may put others in place of theirs.
    """
    own: dict[str, Any] = {**globals(), "__builtins__": dict(vars(builtins))}
    for name in ("_refuse", "_found", "_descriptors", "_identity"):
        own[name] = FunctionType(own[name].__code__, own)
    return partial(own["_refuse"], *hook.args)


def _refuse(
    guard: Guard, identities: dict[Identity, str], event: str, arguments: tuple[Any, ...]
) -> None:
    """Refuse what is about to be done with a file or a folder of the package: an audit hook."""
    if guard.is_open or event not in REFUSED:
        return
    for argument in arguments:
        # Exactly text or bytes: the methods of a class derived from them may say anything.
        if isinstance(argument, str):
            path = str.__str__(argument)
        elif isinstance(argument, bytes):
            path = _fsdecode(bytes.__getitem__(argument, slice(None)))
        else:
            continue
        name = _found(path, identities)
        if name is None:
            continue
        # Python itself looks for the lines of a traceback there, through its module tokenize.
        if _getframe(1).f_globals.get("__name__") != "tokenize":
            note(name)
        raise PermissionError(f"{name} cannot be read when your file is checked")


def _found(path: str, identities: dict[Identity, str]) -> str | None:
    """Return what of the package a path leads to; of a new file, in which of its folders it would be.

    A path that starts nowhere may start in the folder of any open descriptor. The number of a file that
    was replaced meanwhile, as compiled code is, may be that of one of the student's by now.
    """
    head = path.rpartition("/")[0] or ("/" if path[:1] == "/" else ".")
    for start in (None,) if path[:1] == "/" else (None, *_descriptors()):
        identity = _identity(path, start) or _identity(head, start)
        if (
            identity in identities
            and _identity(f"{PLACE}/{identities[identity]}", None) == identity
        ):
            return identities[identity]
    return None


def _descriptors() -> Iterable[int]:
    """Return the numbers of the descriptors that are open, or of all that may be."""
    try:
        return [int(name) for name in _listdir("/dev/fd")]
    except (OSError, ValueError):  # there is no such list here, or no descriptor left to read it
        return range(OPEN_FILES)


def _identity(path: str, start: int | None) -> Identity | None:
    try:
        status = _stat(path, dir_fd=start)
    except (OSError, ValueError):  # there is none, or no such descriptor of a folder
        return None
    return status.st_dev, status.st_ino


_stat, _listdir, _fsdecode, _getframe = os.stat, os.listdir, os.fsdecode, sys._getframe


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
    """Take all modules that are hidden out of Python's list, and return them."""
    names = [name for name in sys.modules if name.split(".", maxsplit=1)[0] in HIDDEN]
    return {name: sys.modules.pop(name) for name in names}
