"""What lies in a folder or an archive, by path; contents are read only when they are asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from mlplab.course.checker.file_names import disk_name
from mlplab.course.checker.visible import visible_line
from mlplab.errors import MlplabError

MOST_FILES = 20_000

IGNORED = {"__MACOSX", "__pycache__", "node_modules", "venv", "env", "site-packages", "desktop.ini"}


class UnreadableError(MlplabError):
    """A file or an archive cannot be read."""


@dataclass(frozen=True)
class Entry:
    """A file, a folder, or what is neither.

    Attributes
    ----------
    start : callable
        Returns the first bytes of the content; takes how many of them, and raises `UnreadableError` if
        it cannot be read.
    is_folder : bool
    problem : str
        Why it can never be read; empty if it can.
    """

    start: Callable[[int], bytes]
    is_folder: bool = False
    problem: str = ""

    def read(self, most: int) -> bytes:
        """Return the content.

        Raises
        ------
        UnreadableError
            If it has more than `most` bytes or cannot be read.
        """
        content = self.start(most + 1)
        if len(content) > most:
            raise UnreadableError(f"it is larger than {most // 2**20} MiB")
        return content

    def read_or_none(self, most: int) -> bytes | None:
        """Return the content; None if it has more than `most` bytes or cannot be read."""
        try:
            return self.read(most)
        except UnreadableError:
            return None


Tree = Mapping[PurePosixPath, Entry]


def unreadable(reason: str) -> Entry:
    """Return the entry of a file that is there and cannot be read."""

    def start(size: int) -> bytes:
        del size
        raise UnreadableError(reason)

    return Entry(start, problem=reason)


FOLDER = Entry(unreadable("it is a folder").start, is_folder=True)


def read_folder(folder: Path) -> dict[PurePosixPath, Entry]:
    """Return what lies below a folder. Links are not followed, hidden files left out.

    Raises
    ------
    UnreadableError
        If there is more than anybody hands in.
    """
    tree: dict[PurePosixPath, Entry] = {}

    def place_of(path: str) -> PurePosixPath:
        return PurePosixPath(*(disk_name(part) for part in Path(path).relative_to(folder).parts))

    def note(error: OSError) -> None:
        tree[place_of(error.filename) / "a folder"] = unreadable(error.strerror or str(error))

    for place, folders, files in os.walk(folder, onerror=note):
        folders[:] = sorted(name for name in folders if not is_ignored(PurePosixPath(name)))
        below = place_of(place)
        for name in folders:
            is_link = Path(place, name).is_symlink()
            tree[below / disk_name(name)] = unreadable("it is a link") if is_link else FOLDER
        for name in sorted(files):
            if not is_ignored(PurePosixPath(name)):
                tree[below / disk_name(name)] = file_on_disk(Path(place, name))
        if len(tree) > MOST_FILES:
            raise UnreadableError(
                f"'{visible_line(disk_name(str(folder)))}' holds more than {MOST_FILES} files: "
                "is it the right one?"
            )
    return tree


def file_on_disk(path: Path) -> Entry:
    """Return the entry of a file on the disk."""
    if path.is_symlink():
        return unreadable("it is a link")
    if not path.is_file():
        return unreadable("it is not a plain file")

    def start(size: int) -> bytes:
        try:
            with path.open("rb") as file:
                # Python sets aside as much as it is asked for.
                return file.read(min(size, os.fstat(file.fileno()).st_size + 1))
        except OSError as error:
            raise UnreadableError(error.strerror or str(error)) from error

    return Entry(start)


def by_folders(tree: Tree) -> dict[str, dict[PurePosixPath, Entry]]:
    """Return what lies in each folder at the top, by the paths below it."""
    folders: dict[str, dict[PurePosixPath, Entry]] = {}
    for path, entry in tree.items():
        if len(path.parts) > 1:
            folders.setdefault(path.parts[0], {})[PurePosixPath(*path.parts[1:])] = entry
    return folders


class Budget:
    """Bytes that may be read of one student's files, all readings together.

    Small zip files can hold gigabytes, and each file of them may be asked for several times.

    Examples
    --------
    >>> entry = Budget(6).limit(Entry(lambda size: b"1234"[:size]))
    >>> entry.read(4), entry.read_or_none(4)
    (b'1234', None)
    """

    def __init__(self, most: int) -> None:
        self._left = most
        self._reason = f"more than {most // 2**20} MiB would have to be read"

    def limit(self, entry: Entry) -> Entry:
        """Return the same file; it cannot be read once nothing is left."""

        def start(size: int) -> bytes:
            if self._left < 0:
                raise UnreadableError(self._reason)
            content = entry.start(min(size, self._left + 1))
            self._left -= len(content)
            if self._left < 0:
                raise UnreadableError(self._reason)
            return content

        return replace(entry, start=start)


def is_ignored(path: PurePosixPath) -> bool:
    """Return whether a path leads to what no student wrote."""
    return any(part in IGNORED or part.startswith((".", "~$")) for part in path.parts)
