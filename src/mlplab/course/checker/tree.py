"""What lies in a folder or an archive, by path; contents are read only when they are asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
    read : callable
        Returns the content as bytes; takes how many of them it may have at most, and raises
        `UnreadableError` if there are more or it cannot be read.
    is_folder : bool
    problem : str
        Why it can never be read; empty if it can.
    """

    read: Callable[[int], bytes]
    is_folder: bool = False
    problem: str = ""

    def read_or_none(self, most: int) -> bytes | None:
        """Return the content; None if it has more than `most` bytes or cannot be read."""
        try:
            return self.read(most)
        except UnreadableError:
            return None


Tree = Mapping[PurePosixPath, Entry]


def unreadable(reason: str) -> Entry:
    """Return the entry of a file that is there and cannot be read."""

    def read(most: int) -> bytes:
        del most
        raise UnreadableError(reason)

    return Entry(read, problem=reason)


FOLDER = Entry(unreadable("it is a folder").read, is_folder=True)


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

    def read(most: int) -> bytes:
        try:
            with path.open("rb") as file:
                size = os.fstat(
                    file.fileno()
                ).st_size  # Python sets aside as much as it is asked for
                content = file.read(min(most, size) + 1)
        except OSError as error:
            raise UnreadableError(error.strerror or str(error)) from error
        if len(content) > most:
            raise UnreadableError(f"it is larger than {most // 2**20} MiB")
        return content

    return Entry(read)


def below(tree: Tree, folder: str) -> dict[PurePosixPath, Entry]:
    """Return what lies in a folder at the top, by the paths below it."""
    return {
        PurePosixPath(*path.parts[1:]): entry
        for path, entry in tree.items()
        if path.parts[0] == folder and len(path.parts) > 1
    }


def is_ignored(path: PurePosixPath) -> bool:
    """Return whether a path leads to what no student wrote."""
    return any(part in IGNORED or part.startswith((".", "~$")) for part in path.parts)
