"""What one student handed in: the files to run, in zip files too, or why there are none."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import PurePosixPath

from mlplab.course.checker.archive import LARGEST_ARCHIVE, open_archive
from mlplab.course.checker.choice import choose_files
from mlplab.course.checker.file_names import FILE
from mlplab.course.checker.tree import Entry, Tree, UnreadableError

DEEPEST_ARCHIVE = 3
"""How many zip files may lie in each other."""


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
        everything, problems = _with_archives(tree, files_open)
        try:
            files, notes = choose_files(everything, wanted)
        except UnreadableError as error:
            problem = "; ".join([str(error), *problems])
            return Submission(name, {}, problem, student_id=student_id)
        return Submission(name, files, None, notes, student_id)


def _with_archives(
    tree: Tree, files_open: ExitStack, depth: int = 1
) -> tuple[dict[PurePosixPath, Entry], list[str]]:
    """Return files, also those in zip files, and what is the matter with zip files."""
    everything = {path: entry for path, entry in tree.items() if not entry.is_folder}
    problems = []
    for path, entry in tree.items():
        if path.suffix.lower() != ".zip" or entry.is_folder:
            continue
        if depth > DEEPEST_ARCHIVE:
            problems.append(f"{path.name} lies in too many other zip files")
            continue
        try:
            inner = open_archive(entry.read(LARGEST_ARCHIVE), path.name, files_open)
            found, more = _with_archives(inner, files_open, depth + 1)
        except UnreadableError as error:
            said = str(error)
            problems.append(said if path.name in said else f"{path.name}: {said}")
            continue
        problems += more
        everything |= {path.with_suffix("") / file: found[file] for file in found}
        del everything[path]
    return everything, problems
