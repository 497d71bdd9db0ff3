"""Whose files are to be checked: one file, a folder or a zip file becomes submissions with names.

A submission is a file `mlp.py`. What learning platforms make of a class is understood:

    mlp.py                       one file: one submission
    anna/mlp.py, helper.py       a folder with it: one submission, with what it imports beside it
    class/anna/mlp.py, …         a folder of folders, or of zip files: one submission each
    class/anna_mlp.py, …         a folder of files with other names: one submission each
    class.zip                    a zip file of any of these
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from mlplab.course.checker.archive import (
    LARGEST_FILE,
    MOST_BYTES,
    MOST_FILES,
    ArchiveError,
    read_archive,
)
from mlplab.errors import MlplabError

FILE = "mlp.py"
BESIDE = {"data_generator.py", "keras_mlp.py", "mlp_solution.py"}
"""Files of the course that lie beside a student's; none of them is handed in."""

IGNORED = {"__MACOSX", "__pycache__", "node_modules", "venv", "site-packages"}

Tree = Mapping[PurePosixPath, bytes]
"""Files by their path below a folder; the content of those that are not wanted is left out."""


@dataclass(frozen=True)
class Submission:
    """What one student handed in.

    Attributes
    ----------
    name : str
    files : mapping of str to bytes
        `mlp.py`, under this name whatever it was called, and the Python files beside it.
    problem : str or None
        Why there is nothing to run.
    notes : tuple of str
        What the student should know about the files.
    """

    name: str
    files: Mapping[str, bytes]
    problem: str | None = None
    notes: tuple[str, ...] = ()


def find_submissions(paths: Sequence[Path], single: bool = False) -> list[Submission]:
    """Return the submissions in files, folders and zip files, by name.

    Parameters
    ----------
    paths : sequence of Path
    single : bool
        Each path is one student's, whatever is in it.

    Raises
    ------
    MlplabError
        If a path is not there or holds no Python file, or a zip file cannot be used.
    """
    found = [submission for path in paths for submission in _find(path, single)]
    return sorted(_with_distinct_names(found), key=lambda submission: submission.name.lower())


def _find(path: Path, single: bool) -> list[Submission]:
    try:
        if path.is_dir():
            name = path.resolve().name
            tree: Tree = _read_folder(path)
        elif path.suffix.lower() == ".zip":
            name = path.stem
            tree = _unwrapped(read_archive(_read_file(path, MOST_BYTES), str(path)))
        elif path.suffix.lower() == ".py":
            return [_single_file(path)]
        else:
            raise MlplabError(
                f"'{path}': expected a Python file such as mlp.py, a folder or a zip file"
                if path.exists()
                else f"cannot read '{path}': No such file or directory"
            )
    except OSError as error:
        raise MlplabError(f"cannot read '{error.filename or path}': {error.strerror}") from error
    if single or PurePosixPath(FILE) in tree:
        return [_one(name, tree)]
    submissions = _several(tree)
    if not any(submission.files for submission in submissions):
        raise MlplabError(f"there is no {FILE} in '{path}', nor in its folders")
    return submissions


def _single_file(path: Path) -> Submission:
    """Return a file as a submission, with the Python files beside it that it may import.

    A file with another name than `mlp.py` may lie among those of others, and is taken alone.
    """
    content = _read_file(path, LARGEST_FILE)
    if path.name != FILE:
        return Submission(path.name, {FILE: content})
    beside = {
        PurePosixPath(other.name): _read_file(other, LARGEST_FILE)
        for other in sorted(path.parent.glob("*.py"))
        if other.is_file() and other.stat().st_size <= LARGEST_FILE
    }
    return replace(_one(path.name, beside), name=str(path))


def _several(tree: Tree) -> list[Submission]:
    """Return the submissions of a class: each folder, zip file and Python file at the top is one."""
    submissions = []
    for top in sorted({path.parts[0] for path in tree}):
        below = {
            PurePosixPath(*path.parts[1:]): content
            for path, content in tree.items()
            if path.parts[0] == top and len(path.parts) > 1
        }
        path = PurePosixPath(top)
        if below:
            submissions.append(_one(top, below))
        elif path.suffix.lower() == ".zip":
            submissions.append(_one(path.stem, {path: tree[path]}))
        elif path.suffix.lower() == ".py" and top not in BESIDE:
            submissions.append(Submission(path.stem, {FILE: tree[path]}))
    return submissions


def _one(name: str, tree: Tree) -> Submission:
    """Return what one student's files hold: the `mlp.py` that lies highest, in zip files too."""
    problem = None
    everything = dict(tree)
    for path, content in tree.items():
        if path.suffix.lower() == ".zip":
            try:
                inner = read_archive(content, path.name)
            except ArchiveError as error:
                problem = str(error)
                continue
            everything |= {path.with_suffix("") / file: inner[file] for file in inner}
    python = [path for path in everything if path.suffix == ".py" and path.name not in BESIDE]
    named = [path for path in python if path.name == FILE]
    highest = min((len(path.parts) for path in named or python), default=0)
    chosen = [path for path in named or python if len(path.parts) == highest]
    if not chosen:
        return Submission(name, {}, problem or f"No file {FILE} was handed in")
    if len(chosen) > 1:
        listing = " and ".join(str(path) for path in sorted(chosen)[:3])
        return Submission(
            name, {}, f"It is not clear which file is meant, {listing}: hand in one {FILE}"
        )
    [file] = chosen
    notes = () if named else (f"The file is called {file.name}; call it {FILE}.",)
    beside = {
        path.name: everything[path]
        for path in python
        if path.parent == file.parent and path != file
    }
    return Submission(name, {**beside, FILE: everything[file]}, notes=notes)


def _with_distinct_names(submissions: Sequence[Submission]) -> list[Submission]:
    total = Counter(submission.name for submission in submissions)
    seen: Counter[str] = Counter()
    distinct = []
    for submission in submissions:
        name = submission.name
        seen[name] += 1
        if total[name] > 1:
            submission = replace(submission, name=f"{name} ({seen[name]})")
        distinct.append(submission)
    return distinct


def _read_folder(folder: Path) -> dict[PurePosixPath, bytes]:
    """Return the files below a folder; links are not followed, hidden files left out."""
    tree: dict[PurePosixPath, bytes] = {}
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _is_ignored(PurePosixPath(name)))
        for path in (Path(place, name) for name in sorted(files)):
            relative = PurePosixPath(path.relative_to(folder).as_posix())
            if _is_ignored(relative) or not path.is_file() or path.is_symlink():
                continue
            if len(tree) == MOST_FILES:
                raise MlplabError(
                    f"'{folder}' holds more than {MOST_FILES} files: is it the right one?"
                )
            most = {".zip": MOST_BYTES, ".py": LARGEST_FILE}.get(path.suffix.lower())
            tree[relative] = b"" if most is None else _read_file(path, most)
    return tree


def _unwrapped(tree: Tree) -> Tree:
    """Take a zip file's contents out of the one folder that all of them lie in, if they do."""
    tree = {path: content for path, content in tree.items() if not _is_ignored(path)}
    tops = {path.parts[0] for path in tree}
    if len(tops) != 1 or any(len(path.parts) == 1 for path in tree):
        return tree
    return {PurePosixPath(*path.parts[1:]): content for path, content in tree.items()}


def _is_ignored(path: PurePosixPath) -> bool:
    return any(part in IGNORED or part.startswith(".") for part in path.parts)


def _read_file(path: Path, most: int) -> bytes:
    if path.stat().st_size > most:
        raise MlplabError(f"'{path}' is too large: {path.stat().st_size} bytes, at most {most}")
    return path.read_bytes()
