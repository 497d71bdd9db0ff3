"""Zip files that others made, read with care: nothing is written to the disk, nothing grows."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from pathlib import PurePosixPath

from mlplab.errors import MlplabError

MOST_FILES = 20_000
MOST_BYTES = 200 * 2**20
"""Of all files of an archive together, unpacked: as much as comes out, whatever the archive says."""

LARGEST_FILE = 2**20
"""Bytes of a Python file; nobody writes that much by hand."""

WANTED = (".py", ".zip")


class ArchiveError(MlplabError):
    """A zip file cannot be used."""


def read_archive(content: bytes, name: str) -> dict[PurePosixPath, bytes]:
    """Return the files within a zip file by their paths; only of Python and zip files the content.

    Nothing is unpacked to the disk, so that no path in the archive can lead anywhere; one that tries to
    (absolute, or with `..`) is refused with the whole archive, as are links.

    Parameters
    ----------
    content : bytes
    name : str
        Of the archive, for messages.

    Raises
    ------
    ArchiveError
        If it is damaged, encrypted, too large or too many files, or has such paths.

    Examples
    --------
    >>> whole = io.BytesIO()
    >>> with zipfile.ZipFile(whole, "w") as archive:
    ...     archive.writestr("anna/mlp.py", "x = 1")
    >>> read_archive(whole.getvalue(), "class.zip")
    {PurePosixPath('anna/mlp.py'): b'x = 1'}
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _read_members(archive, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise ArchiveError(f"{name} is not a zip file that can be read: {error}") from error


def _read_members(archive: zipfile.ZipFile, name: str) -> dict[PurePosixPath, bytes]:
    members = archive.infolist()
    if len(members) > MOST_FILES:
        raise ArchiveError(f"{name} holds {len(members)} files, expected {MOST_FILES} at most")
    found: dict[PurePosixPath, bytes] = {}
    left = MOST_BYTES
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts:
            raise ArchiveError(f"{name} holds a path that leads out of it: {member.filename!r}")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise ArchiveError(f"{name} holds a link: {member.filename!r}")
        if member.is_dir():
            continue
        if path.suffix.lower() not in WANTED:
            found[path] = b""
            continue
        if member.flag_bits & 1:
            raise ArchiveError(f"{name} is encrypted: {member.filename!r}")
        most = min(left, LARGEST_FILE if path.suffix.lower() == ".py" else left)
        with archive.open(member) as file:
            content = file.read(most + 1)
        if len(content) > most:
            raise ArchiveError(f"{name} is too large when unpacked, at {member.filename!r}")
        left -= len(content)
        found[path] = content
    return found
