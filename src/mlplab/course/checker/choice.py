"""Which of a student's files is the `mlp.py`, and what is said where there is none."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from mlplab.course.checker.file_names import FILE, is_python, plain_name
from mlplab.course.checker.kit_files import COURSE_FILES
from mlplab.course.checker.notebooks import LARGEST_NOTEBOOK, definitions_of_notebook
from mlplab.course.checker.tree import Entry, Tree, UnreadableError

LARGEST_FILE = 2**20
"""Bytes of a Python file; nobody writes that much by hand."""

MOST_BESIDE = 2**24
"""Bytes of all Python files beside it together."""

SHOWN = 5
"""Files that are named where there is no `mlp.py`."""

DEFINITIONS = re.compile(rb"^(?:class\s+MLP\b|def\s+activation\b)", re.MULTILINE)


def is_candidate(path: PurePosixPath, wanted: str = FILE) -> bool:
    """Return whether a file is the one that is wanted, whatever a browser or platform added to its name.

    >>> is_candidate(PurePosixPath("mlp (1).py")), is_candidate(PurePosixPath("my_mlp.py"))
    (True, False)
    """
    plain = plain_name(path.name, wanted)
    return plain is not None and plain[0] == wanted


def choose_files(tree: Tree, wanted: str = FILE) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Return the files to run, and what is to be said of the choice.

    Our own lab's file is known by its definitions too, in a notebook or under another name.

    Raises
    ------
    UnreadableError
        If there is nothing to run, with what there is instead.
    """
    named = [path for path in tree if is_candidate(path, wanted)]
    if named:
        file = _only_one(tree, _highest(named), wanted)
        return _handed_in(tree, file, named, wanted)
    python = [
        path
        for path in tree
        if is_python(path) and (plain_name(path.name) or ("",))[0] not in COURSE_FILES
    ]
    is_ours = wanted == FILE
    solved = [path for path in python if is_ours and _defines_network(tree[path])]
    notebooks = {
        path: definitions
        for path, entry in tree.items()
        if is_ours and _is_notebook(path)
        if (content := entry.read_or_none(LARGEST_NOTEBOOK)) is not None
        if (definitions := definitions_of_notebook(content)) is not None
    }
    if not solved and notebooks:
        file = _only_one(tree, _highest(list(notebooks)), wanted)
        note = f"The notebook {file.name} was checked, as if its definitions were in {wanted}."
        return _with_beside(tree, file, notebooks[file], wanted), (note,)
    if solved or python:
        file = _only_one(tree, _highest(solved or python), wanted)
        return _handed_in(tree, file, python, wanted)
    raise UnreadableError(_nothing(tree, wanted))


def _handed_in(
    tree: Tree, file: PurePosixPath, others: list[PurePosixPath], wanted: str
) -> tuple[dict[str, bytes], tuple[str, ...]]:
    files = _with_beside(tree, file, tree[file].read(LARGEST_FILE), wanted)
    return files, _notes(file, others, wanted)


def _only_one(tree: Tree, paths: list[PurePosixPath], wanted: str) -> PurePosixPath:
    """Return the one of several files that counts.

    Of those that differ only in the number that a browser or Canvas added, it is the one without, else
    the last. Copies with the same content are one.
    """
    best: dict[PurePosixPath, tuple[tuple[bool, int], PurePosixPath]] = {}
    for path in paths:
        plain, number = plain_name(path.name, wanted) or (path.name, 0)
        place = path.parent / plain
        ranked = ((path.name.lower() == plain.lower(), number), path)
        best[place] = max(best.get(place, ranked), ranked)
    chosen = sorted(path for _, path in best.values())
    if len({tree[path].read_or_none(LARGEST_NOTEBOOK) for path in chosen}) > 1:
        listing = " and ".join(str(path) for path in chosen[:3])
        raise UnreadableError(
            f"It is not clear which file is meant, {listing}: hand in one {wanted}"
        )
    return _readable(tree, chosen[0])


def _readable(tree: Tree, path: PurePosixPath) -> PurePosixPath:
    try:
        tree[path].read(LARGEST_NOTEBOOK if _is_notebook(path) else LARGEST_FILE)
    except UnreadableError as error:
        raise UnreadableError(f"{path.name} cannot be read: {error}") from error
    return path


def _highest(paths: list[PurePosixPath]) -> list[PurePosixPath]:
    highest = min(len(path.parts) for path in paths)
    return [path for path in paths if len(path.parts) == highest]


def _notes(file: PurePosixPath, others: list[PurePosixPath], wanted: str) -> tuple[str, ...]:
    # Canvas adds -1, -2 to what is handed in again.
    is_named = re.sub(r"-\d+(?=\.py$)", "", file.name) == wanted
    notes = [] if is_named else [f"The file is called {file.name}; call it {wanted}."]
    left = [path.name for path in others if path.parent == file.parent and path != file]
    if left and is_candidate(file, wanted):
        notes.append(
            f"Beside {file.name} there is {', '.join(sorted(left))}, which was not checked."
        )
    return tuple(notes)


def _with_beside(tree: Tree, file: PurePosixPath, content: bytes, wanted: str) -> dict[str, bytes]:
    """Return the file under the name that is wanted, and the Python files beside it that it may import.

    Numbers that Canvas added to their names are taken off again, as nothing could be imported so.
    """
    files: dict[str, bytes] = {}
    left = MOST_BESIDE
    beside = {path: plain_name(path.name, wanted) for path in tree if path.parent == file.parent}
    # The file with the highest number is the latest; one without any comes last, and counts.
    named = [(path, plain) for path, plain in beside.items() if plain is not None and path != file]
    for path, (plain, _) in sorted(
        named, key=lambda item: (item[0].name == item[1][0], item[1][1])
    ):
        if plain in COURSE_FILES or plain == wanted or not plain.removesuffix(".py").isidentifier():
            continue
        text = tree[path].read_or_none(min(LARGEST_FILE, left))
        if text is not None:
            files[plain] = text
            left -= len(text)
    return {**files, wanted: content}


def _defines_network(entry: Entry) -> bool:
    return len(set(DEFINITIONS.findall(entry.read_or_none(LARGEST_FILE) or b""))) > 1


def _is_notebook(path: PurePosixPath) -> bool:
    return path.suffix.lower() == ".ipynb"


def _nothing(tree: Tree, wanted: str) -> str:
    """Say that there is no file, and what there is instead."""
    if not tree:
        return "Nothing was handed in"
    listed = [_described(path, entry, wanted) for path, entry in sorted(tree.items())]
    more = f" and {len(listed) - SHOWN} more" if len(listed) > SHOWN else ""
    return f"No file {wanted} was handed in, but {', '.join(listed[:SHOWN])}{more}"


def _described(path: PurePosixPath, entry: Entry, wanted: str) -> str:
    if _is_notebook(path) and wanted == FILE:
        return f"{path} (without definitions of activation and MLP)"
    if path.suffix.lower() in {".7z", ".rar", ".gz", ".tar", ".tgz", ".xz", ".bz2"}:
        return f"{path} (an archive that is not opened: hand in a zip file)"
    return f"{path} ({entry.problem})" if entry.problem else str(path)
