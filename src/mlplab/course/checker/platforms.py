"""What learning platforms call the files of a class.

Canvas       anderssonanna_LATE_1234_56789_mlp-2.py
Moodle       Anna Andersson_1234_assignsubmission_file_/mlp.py, or all in one folder:
             Anna Andersson_1234_assignsubmission_file_mlp.py, …_assignsubmission_onlinetext_…
Blackboard   Lab 1_aandersson_attempt_2026-03-01-12-30-00_mlp.py, and a .txt with the student's name
Gradescope   submission_1234/mlp.py, and submission_metadata.yml with the students of each
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from mlplab.course.checker.tree import Entry, Tree, by_folders

CANVAS = re.compile(
    r"(?P<name>.+?)_(?:LATE_)?(?P<id>\d+)_(?:\d+_(?P<file>.+)|(?P<text>(?:text|link)\.html))",
    re.DOTALL,
)
CANVAS_ANONYMOUS = re.compile(r"(?P<name>anon)_(?:LATE_)?(?P<id>\w{5})_\d+_(?P<file>.+)")
MOODLE = re.compile(
    r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)(?:_(?P<file>.*))?"
)
BLACKBOARD = re.compile(
    r"(?P<before>.+)_attempt_(?P<attempt>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|(?P<text>\.txt))"
)
BLACKBOARD_NAME = re.compile(
    r"^[^:\n]+:[ \t]*+(?P<name>[^\n]+?)(?<![ \t])[ \t]*+\((?P<id>[^()\n]+)\)\s*$", re.MULTILINE
)
GRADESCOPE = re.compile(r"submission_(?P<id>\d+)")
METADATA = PurePosixPath("submission_metadata.yml")
LARGEST_METADATA = 2**25


@dataclass
class PlatformSubmission:
    """What one student handed in on a platform.

    Attributes
    ----------
    name, student_id : str
    tree : dict of PurePosixPath to Entry
    earlier : int
        How many attempts before it do not count.
    """

    name: str
    student_id: str
    tree: dict[PurePosixPath, Entry]
    earlier: int = 0


def read_platform(tree: Tree) -> tuple[list[PlatformSubmission], set[PurePosixPath]]:
    """Return what each student handed in on a platform, and the paths of its files.

    Returns
    -------
    handins : list of PlatformSubmission
        Empty if the names are not those of a platform.
    used : set of PurePosixPath
        The files that are somebody's, or the platform's own.
    """
    for read in (_gradescope, _moodle, _blackboard, _canvas):
        handins, used = read(tree)
        if handins:
            return handins, used
    return [], set()


def _moodle(tree: Tree) -> tuple[list[PlatformSubmission], set[PurePosixPath]]:
    found: dict[tuple[str, str], PlatformSubmission] = {}
    used = set()
    for path, entry in tree.items():
        match = MOODLE.fullmatch(path.parts[0])
        if match is None:
            continue
        used.add(path)
        handin = _of(found, match["name"], match["id"])
        parts = [match["file"] or "", *path.parts[1:]]
        _put(handin, PurePosixPath(*filter(None, parts)), entry)
    return list(found.values()), used


def _canvas(tree: Tree) -> tuple[list[PlatformSubmission], set[PurePosixPath]]:
    found: dict[tuple[str, str], PlatformSubmission] = {}
    used = set()
    for path, entry in tree.items():
        name = path.parts[0]
        match = CANVAS.fullmatch(name) or CANVAS_ANONYMOUS.fullmatch(name)
        if match is None or entry.is_folder or len(path.parts) > 1:
            continue
        used.add(path)
        groups = match.groupdict()
        handin = _of(found, match["name"], match["id"])
        _put(handin, PurePosixPath(groups["file"] or groups["text"]), entry)
    return list(found.values()), used


def _blackboard(tree: Tree) -> tuple[list[PlatformSubmission], set[PurePosixPath]]:
    matches = {
        path: match
        for path in tree
        if len(path.parts) == 1 and (match := BLACKBOARD.fullmatch(path.name))
    }
    names = _blackboard_names(tree, matches)
    latest: dict[str, str] = {}
    attempts: dict[str, set[str]] = {}
    owners: dict[PurePosixPath, str] = {}
    for path, match in matches.items():
        owner = _blackboard_owner(match["before"], names)
        owners[path] = owner
        latest[owner] = max(latest.get(owner, ""), match["attempt"])
        attempts.setdefault(owner, set()).add(match["attempt"])
    found: dict[tuple[str, str], PlatformSubmission] = {}
    for path, match in matches.items():
        owner = owners[path]
        handin = _of(found, names.get(owner, owner), owner)
        handin.earlier = len(attempts[owner]) - 1
        if match["attempt"] == latest[owner] and match["file"]:
            _put(handin, PurePosixPath(match["file"]), tree[path])
    return list(found.values()), set(matches)


def _blackboard_names(tree: Tree, matches: Mapping[PurePosixPath, re.Match[str]]) -> dict[str, str]:
    """Return students' names by their ids, from the texts beside the files."""
    names = {}
    for path, match in matches.items():
        if match["text"]:
            content = tree[path].read_or_none(2**20) or b""
            said = BLACKBOARD_NAME.search(content.decode("utf-8-sig", "replace"))
            if said and match["before"].endswith(f"_{said['id']}"):
                names[said["id"]] = said["name"]
    return names


def _blackboard_owner(before: str, names: Mapping[str, str]) -> str:
    """Return the id at the end of a file's name; ids may have underscores, as the assignment may."""
    known = [name for name in names if before.endswith(f"_{name}")]
    return max(known, key=len) if known else before.rpartition("_")[2]


def _gradescope(tree: Tree) -> tuple[list[PlatformSubmission], set[PurePosixPath]]:
    tops = {path.parts[0] for path in tree}
    folders = {top for top in tops if GRADESCOPE.fullmatch(top)}
    if METADATA not in tree and (not folders or folders != tops):
        return [], set()
    students: dict[str, list[tuple[str, str]]] = {folder: [] for folder in sorted(folders)}
    if METADATA in tree:
        content = tree[METADATA].read_or_none(LARGEST_METADATA) or b""
        students |= _read_metadata(content.decode("utf-8-sig", "replace"))
    handins = []
    inside = by_folders(tree)
    for folder, submitters in students.items():
        files = inside.get(folder, {})
        # A group hands in once, and each of its students has a row.
        for name, student_id in submitters or [(folder, folder.rpartition("_")[2])]:
            handins.append(PlatformSubmission(name or folder, student_id, files))
    used = {path for path in tree if path.parts[0] in students or path == METADATA}
    return handins, used


def _read_metadata(text: str) -> dict[str, list[tuple[str, str]]]:
    r"""Return name and id of the students of each submission.

    The file is YAML, always written in the same way; only its lists of submitters are read.

    Examples
    --------
    >>> lines = ["submission_7:", "  :submitters:", "  - :name: Anna", "    :sid: '12'", "  :score: 1"]
    >>> _read_metadata("\n".join(lines))
    {'submission_7': [('Anna', '12')]}
    """
    found: dict[str, list[dict[str, str]]] = {}
    folder, listing = None, False
    for line in text.splitlines():
        if match := re.fullmatch(r"(\S+):\s*", line):
            folder, listing = match[1], False
            found[folder] = []
        elif folder is not None and re.fullmatch(r"  :submitters:\s*", line):
            listing = True
        elif listing and (match := re.fullmatch(r"\s{2,}(-\s+)?:(\w+):\s*(.*)", line)):
            if match[1] is None and not line.startswith("    "):
                listing = False
                continue
            if match[1]:
                found[folder or ""].append({})
            if found[folder or ""]:
                found[folder or ""][-1][match[2]] = match[3].strip().strip("'\"")
    return {
        folder: [
            (each.get("name", ""), each.get("sid") or each.get("email", "")) for each in listed
        ]
        for folder, listed in found.items()
    }


def _of(
    found: dict[tuple[str, str], PlatformSubmission], name: str, student_id: str
) -> PlatformSubmission:
    return found.setdefault((name, student_id), PlatformSubmission(name, student_id, {}))


def _put(handin: PlatformSubmission, path: PurePosixPath, entry: Entry) -> None:
    """Add a file; the student's folder itself is none."""
    if path.parts:
        handin.tree[path] = entry


def is_platform_name(name: str) -> bool:
    """Return whether a folder or file at the top has a name that a platform gave it.

    >>> is_platform_name("Anna Andersson_1234_assignsubmission_file_"), is_platform_name("anna")
    (True, False)
    """
    patterns = (MOODLE, GRADESCOPE, BLACKBOARD, CANVAS, CANVAS_ANONYMOUS)
    return any(pattern.fullmatch(name) for pattern in patterns)
