"""What one student handed in: the files to run, in zip files too, or why there are none."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import PurePosixPath

from mlplab.course.checker.archive import open_entry
from mlplab.course.checker.choice import choose_files
from mlplab.course.checker.file_names import FILE
from mlplab.course.checker.tree import MOST_FILES, Budget, Entry, Tree, UnreadableError

DEEPEST_ARCHIVE = 3
"""How many zip files may lie in each other."""

MOST_ARCHIVES = 50
"""Zip files of one student that are opened."""

MOST_PROBLEMS = 5
"""Zip files that cannot be read and are named."""

MOST_READ = 2**29
"""Bytes of one student's files that are read, all readings together."""


@dataclass(frozen=True)
class Submission:
    """What one student handed in.

    Attributes
    ----------
    name : str
        Of the student, as the platform or the folder says it.
    files : mapping of str to bytes
        `mlp.py`, or what another lab wants, under this name whatever it was called, and the Python
        files beside it.
    problem : str or None
        Why there is nothing to run.
    notes : tuple of str
        What the student should know about the files.
    student_id : str
        Of the platform; empty if it says none.
    """

    name: str
    files: Mapping[str, bytes]
    problem: str | None = None
    notes: tuple[str, ...] = ()
    student_id: str = ""


def read_submission(name: str, tree: Tree, student_id: str = "", wanted: str = FILE) -> Submission:
    """Return what one student's files hold: the `mlp.py` that lies highest, in zip files too.

    Where there is none of that name, the only file that defines the lab's network counts, be it Python
    or a notebook.

    Parameters
    ----------
    name : str
    tree : mapping of PurePosixPath to Entry
    student_id : str
    wanted : str
        What the file is called in the lab.
    """
    with ExitStack() as files_open:
        budget = Budget(MOST_READ)
        limited = {path: budget.limit(entry) for path, entry in tree.items()}
        everything, problems = _Archives(budget, files_open).opened(limited)
        try:
            files, notes = choose_files(everything, wanted)
        except UnreadableError as error:
            problem = "; ".join([str(error), *problems])
            return Submission(name, {}, problem, student_id=student_id)
        return Submission(name, files, None, notes, student_id)


class _Archives:
    """Opens one student's zip files, while `files_open` lasts."""

    def __init__(self, budget: Budget, files_open: ExitStack) -> None:
        self._budget, self._files_open = budget, files_open
        self._archives, self._files = MOST_ARCHIVES, MOST_FILES

    def opened(self, tree: Tree, depth: int = 1) -> tuple[dict[PurePosixPath, Entry], list[str]]:
        """Return files, also those in zip files, and what is the matter with zip files."""
        everything = {path: entry for path, entry in tree.items() if not entry.is_folder}
        problems = []
        for path, entry in tree.items():
            if path.suffix.lower() != ".zip" or entry.is_folder:
                continue
            try:
                inner, more = self.opened(self._open(path.name, entry, depth), depth + 1)
            except UnreadableError as error:
                said = str(error)
                problems.append(said if path.name in said else f"{path.name}: {said}")
                continue
            problems += more
            everything |= {path.with_suffix("") / file: inner[file] for file in inner}
            del everything[path]
        return everything, problems[:MOST_PROBLEMS]

    def _open(self, name: str, entry: Entry, depth: int) -> Tree:
        if depth > DEEPEST_ARCHIVE:
            raise UnreadableError(f"{name} lies in too many other zip files")
        if not self._archives or self._files < 0:
            raise UnreadableError(f"{name} is not opened after so much else")
        self._archives -= 1
        inner = open_entry(entry, name, self._files_open)
        self._files -= len(inner)
        return {path: self._budget.limit(file) for path, file in inner.items()}
