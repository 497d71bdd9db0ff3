"""Zip files that others made, read with care: nothing is written to the disk, nothing grows."""

from __future__ import annotations

import io
import stat
import zipfile
from contextlib import ExitStack
from itertools import count
from pathlib import Path, PurePosixPath

from mlplab.course.checker.file_names import decoded_name
from mlplab.course.checker.tree import (
    FOLDER,
    MOST_FILES,
    Entry,
    UnreadableError,
    is_ignored,
    unreadable,
)
from mlplab.zip_errors import ZIP_ERRORS

LARGEST_ARCHIVE = 2**28
"""Bytes of a zip file within another one."""

LARGEST_LIST = 2**23
"""Bytes of the list of all members at its end."""

LONGEST_NAME, LONGEST_PATH = 255, 4096
"""Characters of a member's name, and of its path: more than a disk takes."""

BEGINS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
"""The first bytes of a zip file: of a member, of the end of an empty one, of one cut into parts."""

UTF_8 = 0x800
"""The flag of a member whose name is UTF-8."""

ENCRYPTED = 0x1


def open_archive(
    file: Path | bytes, name: str, files_open: ExitStack
) -> dict[PurePosixPath, Entry]:
    """Return what is in a zip file. Contents are read when they are asked for, while `files_open` lasts.

    Nothing is unpacked to the disk, so that no path in the archive can lead anywhere. Members that try
    to (an absolute path, or `..`), links and encrypted ones are listed, and cannot be read.

    Parameters
    ----------
    file : Path or bytes
        Where it is, or its content.
    name : str
        For messages.
    files_open : ExitStack
        Closes the file.

    Raises
    ------
    UnreadableError
        If it is damaged, or holds more files than anybody hands in.

    Examples
    --------
    >>> whole = io.BytesIO()
    >>> with zipfile.ZipFile(whole, "w") as archive:
    ...     archive.writestr("anna/mlp.py", "x = 1")
    >>> with ExitStack() as stack:
    ...     tree = open_archive(whole.getvalue(), "class.zip", stack)
    ...     tree[PurePosixPath("anna/mlp.py")].read(100)
    b'x = 1'
    """
    try:
        whole = _Source(io.BytesIO(file)) if isinstance(file, bytes) else _Source(io.FileIO(file))
        archive = files_open.enter_context(zipfile.ZipFile(files_open.enter_context(whole)))
    except ZIP_ERRORS as error:
        raise UnreadableError(
            f"{name} is not a zip file that can be read: {_said(error)}"
        ) from error
    whole.is_open = True
    tree: dict[PurePosixPath, Entry] = {}
    for member in archive.infolist():
        path = PurePosixPath(_name(member).replace("\\", "/"))
        parts = [part for part in path.parts if part not in ("/", "..")]
        if not parts or is_ignored(PurePosixPath(*parts)):
            continue
        leads_out = len(parts) != len(path.parts)
        place, entry = PurePosixPath(*parts), _entry(archive, member)
        if leads_out:
            entry = unreadable("its path leads out of the archive")
        elif len(str(path)) > LONGEST_PATH or max(map(len, parts)) > LONGEST_NAME:
            place = PurePosixPath(f"{parts[0][:LONGEST_NAME]}...")
            entry = unreadable("its name is too long")
        _put(tree, place, entry)
        if len(tree) > MOST_FILES:
            raise UnreadableError(f"{name} holds more than {MOST_FILES} files")
    return tree


def open_entry(entry: Entry, name: str, files_open: ExitStack) -> dict[PurePosixPath, Entry]:
    """Return what is in a zip file that lies in a folder or in another one, as `open_archive` does.

    What does not begin as a zip file is not read any further.
    """
    if not entry.start(len(BEGINS[0])).startswith(BEGINS):
        raise UnreadableError(f"{name} is not a zip file")
    return open_archive(entry.read(LARGEST_ARCHIVE), name, files_open)


class _Source(io.BufferedReader):
    """A zip file, whose list of members is not read if it is longer than that of any class."""

    is_open = False

    def read(self, size: int | None = -1, /) -> bytes:
        """Return bytes; until the archive is open, no more than a list of members has."""
        if not self.is_open and size is not None and size > LARGEST_LIST:
            raise zipfile.BadZipFile("it lists too many files")
        return super().read(size)


def _put(tree: dict[PurePosixPath, Entry], place: PurePosixPath, entry: Entry) -> None:
    """Add a member. What can be read goes before what cannot; of two, the later one counts.

    The earlier one stays, with a number as browsers add it: it can be told that it was not checked.
    """
    before = tree.get(place)
    if before is None or before.problem or before.is_folder:
        tree[place] = before if before is not None and entry.problem else entry
    elif not (entry.problem or entry.is_folder):
        number = next(i for i in count(1) if _numbered(place, i) not in tree)
        tree[_numbered(place, number)] = before
        tree[place] = entry


def _numbered(place: PurePosixPath, number: int) -> PurePosixPath:
    return place.with_name(f"{place.stem} ({number}){place.suffix}")


def _said(error: Exception) -> str:
    """Return what an error says; Python says nothing where memory does not suffice."""
    return "it asks for too much memory" if isinstance(error, MemoryError) else str(error)


def _name(member: zipfile.ZipInfo) -> str:
    if member.flag_bits & UTF_8:
        return member.filename
    return decoded_name(member.filename.encode("cp437", "replace"))


def _entry(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Entry:
    if stat.S_ISLNK(member.external_attr >> 16):
        return unreadable("it is a link")
    if member.is_dir():
        return FOLDER
    if member.flag_bits & ENCRYPTED:
        return unreadable("it is encrypted")

    def start(size: int) -> bytes:
        try:
            with archive.open(member) as file:
                return file.read(size)
        except ZIP_ERRORS as error:
            raise UnreadableError(f"it is damaged: {_said(error)}") from error

    return Entry(start)
