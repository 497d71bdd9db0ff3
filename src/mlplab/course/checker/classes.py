"""Whose files are to be checked: one file, a folder or a zip file becomes submissions with names.

A submission is a file `mlp.py`. What learning platforms make of a class is understood (`platforms`), and
what people do:

    mlp.py                       one file: one submission
    anna/mlp.py, helper.py       a folder with it: one submission, with what it imports beside it
    class/anna/mlp.py, …         a folder of folders, or of zip files: one submission each
    class/group/anna/mlp.py, …   a folder of such folders
    class/anna_mlp.py, …         a folder of files with other names: one submission each
    class.zip                    a zip file of any of these

Every student has a submission, also those who handed in something else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path, PurePosixPath

from mlplab.course.checker.archive import open_archive, open_entry
from mlplab.course.checker.choice import is_candidate
from mlplab.course.checker.file_names import FILE, disk_name, is_python, plain_name
from mlplab.course.checker.kit_files import COURSE_FILES
from mlplab.course.checker.platforms import PlatformSubmission, is_platform_name, read_platform
from mlplab.course.checker.submissions import Submission, read_submission
from mlplab.course.checker.tree import (
    Entry,
    Tree,
    UnreadableError,
    by_folders,
    file_on_disk,
    read_folder,
)
from mlplab.course.checker.visible import visible_line
from mlplab.errors import MlplabError

CLASS_FILE_SUFFIXES = {
    ".txt",
    ".md",
    ".csv",
    ".toml",
    ".yml",
    ".yaml",
    ".json",
    ".html",
    ".log",
    ".judged",
    "",
}
"""Ends of files at the top of a class that are nobody's submission: lists, points, journals."""


NO_NAME = "(no name)"
"""Of a folder that is called by spaces only."""


def find_submissions(
    paths: Sequence[Path], single: bool = False, wanted: str = FILE
) -> list[Submission]:
    """Return the submissions in files, folders and zip files, by name.

    Parameters
    ----------
    paths : sequence of Path
    single : bool
        Each path is one student's, whatever is in it.
    wanted : str
        What the file is called in the lab.

    Returns
    -------
    list of Submission
        One for each student, also those without a file to run; no two without an id have one name.

    Raises
    ------
    MlplabError
        If a path is not there or holds nothing that could be a submission.
    """
    found = []
    for path in paths:
        try:
            found += _find(path, single, wanted)
        except UnreadableError as error:
            if len(paths) == 1 and not single:
                raise
            found.append(Submission(disk_name(path.stem), {}, str(error)))
    found = [each if each.name.strip() else replace(each, name=NO_NAME) for each in found]
    return sorted(_with_distinct_names(found), key=lambda submission: submission.name.lower())


def _find(path: Path, single: bool, wanted: str) -> list[Submission]:
    shown = visible_line(disk_name(str(path)))
    try:
        path.stat()
    except OSError as error:
        raise MlplabError(f"cannot read '{shown}': {error.strerror}") from error
    with ExitStack() as files_open:
        if path.is_dir():
            name = disk_name(path.resolve().name)
            tree: Tree = read_folder(path)
        elif path.suffix.lower() == ".zip":
            name = disk_name(path.stem)
            tree = _unwrapped(open_archive(path, f"'{shown}'", files_open))
        elif plain_name(path.name) is not None or path.suffix.lower() == ".ipynb":
            return [_single_file(path, wanted)]
        else:
            raise MlplabError(
                f"'{shown}': expected a Python file such as {wanted}, a folder or a zip file"
            )
        if single:
            _refuse_class(shown, tree)
            return [read_submission(name, tree, wanted=wanted)]
        submissions, is_class = _gather(name, tree, wanted)
        is_meant = is_class or any(is_candidate(path, wanted) for path in tree)
        if is_meant or any(submission.files for submission in submissions):
            return submissions
        whole = read_submission(name, tree, wanted=wanted)
    if not whole.files:
        raise MlplabError(f"there is no {wanted} in '{shown}', nor in its folders")
    return [whole]  # one student's folder, with a notebook in place of the file


def _refuse_class(shown: str, tree: Tree) -> None:
    """Refuse what a platform made of several students' files, where one's are expected."""
    handins, used = read_platform(tree)
    with_python = [each for each in handins if any(map(is_python, each.tree))]
    if len(with_python) > 1 and used.issuperset(tree):
        raise MlplabError(
            f"--format gradescope is for one submission, '{shown}' holds those of {len(handins)} "
            "students; for a class, use --format csv"
        )


def _single_file(path: Path, wanted: str) -> Submission:
    """Return a file as a submission, with the Python files beside it that it may import.

    A file with another name than `mlp.py` may lie among those of others, and is taken alone. A link is
    followed, as it was named by the one who checks, and not found in what was handed in.
    """
    name = disk_name(path.name)
    named = file_on_disk(path.resolve())
    tree = {PurePosixPath(name): named}
    if path.name != wanted:
        return replace(read_submission(name, tree, wanted=wanted), notes=())
    for other in sorted(path.parent.glob("*.py")):
        tree.setdefault(PurePosixPath(disk_name(other.name)), file_on_disk(other))
    return replace(read_submission(name, tree, wanted=wanted), name=disk_name(str(path)), notes=())


def _gather(name: str, tree: Tree, wanted: str) -> tuple[list[Submission], bool]:
    """Return the submissions in a folder or zip file, and whether it surely is a class."""
    handins, used = read_platform(tree)
    if handins:
        rest = {path: entry for path, entry in tree.items() if path not in used}
        submissions = [_of_handin(handin, wanted) for handin in handins]
        return [*submissions, *_by_tops(rest, wanted)], True
    if _is_one_student(tree, wanted):
        return [read_submission(name, tree, wanted=wanted)], False
    groups = _groups(tree, wanted)
    if not groups:
        return _by_tops(tree, wanted), False
    submissions = []
    folders = by_folders(tree)
    for group in groups:
        found, _ = _gather(group, folders[group], wanted)
        submissions += found
    rest = {path: entry for path, entry in tree.items() if path.parts[0] not in groups}
    return [*submissions, *_by_tops(rest, wanted)], True


def _of_handin(handin: PlatformSubmission, wanted: str) -> Submission:
    submission = read_submission(handin.name, handin.tree, handin.student_id, wanted)
    if not handin.earlier:
        return submission
    note = f"The latest of {handin.earlier + 1} attempts was checked."
    return replace(submission, notes=(*submission.notes, note))


def _is_one_student(tree: Tree, wanted: str) -> bool:
    """Return whether an `mlp.py` at the top is a student's, and not one left in the folder of a class."""
    at_top = [path for path in tree if len(path.parts) == 1]
    if not any(is_candidate(path, wanted) and not tree[path].is_folder for path in at_top):
        return False
    holding = {path.parts[0] for path in tree if len(path.parts) > 1 and is_candidate(path, wanted)}
    holding |= {path.name for path in at_top if path.suffix.lower() == ".zip"}
    return len(holding) < 2


def _groups(tree: Tree, wanted: str) -> list[str]:
    """Return the folders at the top that are groups of students, if the students lie two folders deep.

    They do if no folder at the top has an `mlp.py` itself, one has several folders with it, and no two
    of these have the same name (as `first try` and `second try` of each student would have).
    """
    inner: dict[str, set[str]] = {}
    for path in tree:
        if len(path.parts) > 1 and is_platform_name(path.parts[1]):
            return [path.parts[0]]
        if is_candidate(path, wanted) and len(path.parts) > 1:
            inner.setdefault(path.parts[0], set()).add(path.parts[1].lower())
            if len(path.parts) == 2:
                return []
    names = Counter(name for folders in inner.values() for name in folders)
    is_deep = any(len(folders) > 1 for folders in inner.values()) and max(names.values()) == 1
    return sorted(inner) if is_deep else []


def _by_tops(tree: Tree, wanted: str) -> list[Submission]:
    """Return a submission for each folder, zip file and Python file at the top, by their names.

    A folder, a zip file and a Python file of one name are one student's: one is made from the other.
    """
    submissions = []
    students: dict[str, dict[PurePosixPath, Entry]] = {}
    names: dict[str, str] = {}
    folders = by_folders(tree)
    named: list[tuple[PurePosixPath, str, str]] = []
    for top in sorted({path.parts[0] for path in tree}):
        path = PurePosixPath(top)
        entry = tree.get(path)
        is_folder = top in folders or (entry is not None and entry.is_folder)
        is_link = entry is not None and bool(entry.problem) and not path.suffix
        if _is_of_the_class(path, wanted) and not is_folder and not is_link:
            continue
        archived = _of_archive(path, tree, wanted) if path.suffix.lower() == ".zip" else []
        if archived:
            submissions += archived
            continue
        plain = plain_name(top, wanted)
        name = top if is_folder else plain[0].removesuffix(".py") if plain else path.stem
        named.append((path, name, "folder" if is_folder else path.suffix.lower()))
    several = _spelt_in_several_ways((kind, name) for _, name, kind in named)
    for path, name, kind in named:
        key = name if name.lower() in several else name.lower()
        names.setdefault(key, name)
        files = students.setdefault(key, {})
        files.update(folders.get(path.name, {}))
        if kind != "folder":
            files[path] = tree[path]
    return [
        *submissions,
        *(_of_files(names[key], files, wanted) for key, files in students.items()),
    ]


def _spelt_in_several_ways(named: Iterable[tuple[str, str]]) -> set[str]:
    """Return the names, in small letters, that two things of one kind have but for capitals.

    >>> _spelt_in_several_ways([("folder", "Bo"), (".zip", "bo"), ("folder", "Ek"), ("folder", "ek")])
    {'ek'}
    """
    spellings: dict[tuple[str, str], set[str]] = {}
    for kind, name in named:
        spellings.setdefault((kind, name.lower()), set()).add(name)
    return {name for (_, name), found in spellings.items() if len(found) > 1}


def _of_files(name: str, files: Tree, wanted: str) -> Submission:
    submission = read_submission(name, files, wanted=wanted)
    # A file by itself is called after its student, and must not be called mlp.py.
    alone = [plain_name(path.name, wanted) for path in files]
    is_own_name = len(alone) == 1 and alone[0] is not None and alone[0][0] == f"{name}.py"
    return replace(submission, notes=()) if is_own_name else submission


def _of_archive(path: PurePosixPath, tree: Tree, wanted: str) -> list[Submission]:
    """Return the submissions in a zip file that a platform made; none if it is a student's own.

    Of a class with a zip file for each student, one is in memory at a time.
    """
    with ExitStack() as files_open:
        try:
            inner = open_entry(tree[path], path.name, files_open)
        except (UnreadableError, KeyError):
            return []
        handins, _ = read_platform(inner)
        return [_of_handin(handin, wanted) for handin in handins]


def _is_of_the_class(path: PurePosixPath, wanted: str = FILE) -> bool:
    """Return whether a file at the top of a class is nobody's.

    >>> [_is_of_the_class(PurePosixPath(name)) for name in ("README.md", "mlp.py", "anna_mlp.py.txt")]
    [True, True, False]
    """
    if is_python(path):
        return is_candidate(path, wanted) or path.name in COURSE_FILES
    return path.suffix.lower() in CLASS_FILE_SUFFIXES or path.name == "lab.ipynb"


def _with_distinct_names(submissions: Sequence[Submission]) -> list[Submission]:
    total = Counter(submission.name for submission in submissions)
    seen: Counter[str] = Counter()
    distinct = []
    for submission in submissions:
        name = submission.name
        seen[name] += 1
        if total[name] > 1 and not submission.student_id:
            submission = replace(submission, name=f"{name} ({seen[name]})")
        distinct.append(submission)
    return distinct


def _unwrapped(tree: Tree) -> Tree:
    """Take a zip file's contents out of the one folder that all of them lie in, if they do.

    A folder with a platform's name stays: it says whose the file is.
    """
    tops = {path.parts[0] for path in tree}
    if len(tops) != 1 or all(len(path.parts) == 1 for path in tree):
        return tree
    [top] = tops
    return tree if is_platform_name(top) else by_folders(tree)[top]
