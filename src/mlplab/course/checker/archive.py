"""Zip files that others made, read with care: nothing is written to the disk, nothing grows."""

from __future__ import annotations

import io
import lzma
import stat
import struct
import zipfile
import zlib
from contextlib import ExitStack
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

LARGEST_ARCHIVE = 2**28
"""Bytes of a zip file within another one."""

UTF_8 = 0x800
"""The flag of a member whose name is UTF-8."""

ENCRYPTED = 0x1

ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,  # NotImplementedError too: a kind of compression that Python does not know
    OverflowError,
    IndexError,
    MemoryError,
)
"""What `zipfile` raises for one that is damaged or made to do harm."""


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
    source = io.BytesIO(file) if isinstance(file, bytes) else file
    try:
        archive = files_open.enter_context(zipfile.ZipFile(source))
    except ZIP_ERRORS as error:
        raise UnreadableError(
            f"{name} is not a zip file that can be read: {_said(error)}"
        ) from error
    tree: dict[PurePosixPath, Entry] = {}
    for member in archive.infolist():
        path = PurePosixPath(_name(member).replace("\\", "/"))
        parts = [part for part in path.parts if part not in ("/", "..")]
        if not parts or is_ignored(PurePosixPath(*parts)):
            continue
        leads_out = len(parts) != len(path.parts)
        tree[PurePosixPath(*parts)] = (
            unreadable("its path leads out of the archive")
            if leads_out
            else _entry(archive, member)
        )
        if len(tree) > MOST_FILES:
            raise UnreadableError(f"{name} holds more than {MOST_FILES} files")
    return tree


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

    def read(most: int) -> bytes:
        try:
            with archive.open(member) as file:
                content = file.read(most + 1)
        except ZIP_ERRORS as error:
            raise UnreadableError(f"it is damaged: {_said(error)}") from error
        if len(content) > most:
            raise UnreadableError(f"it is larger than {most // 2**20} MiB")
        return content

    return Entry(read)
