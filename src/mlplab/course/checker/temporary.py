"""A temporary folder that is removed in the end, whatever a student's code has made of it.

It may have been moved or locked, replaced by a file or a link, or filled with folders so deep that no
path leads to the last.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from itertools import count
from pathlib import Path

OPEN_TO_US = 0o700


class TemporaryFolder:
    """Makes a folder; `remove` removes it, and what has taken its place.

    Parameters
    ----------
    prefix : str
        How its name starts.
    within : Path, optional
        The folder that it is made in; that of temporary files if not given.

    Attributes
    ----------
    path : Path
        Without links.
    """

    def __init__(self, prefix: str, within: Path | None = None) -> None:
        self.path = Path(tempfile.mkdtemp(prefix=prefix, dir=within)).resolve()
        self._number = self.path.stat().st_ino

    def is_there(self) -> bool:
        """Return whether the folder itself has its name, no file, link or other folder."""
        try:
            return self.path.lstat().st_ino == self._number
        except OSError:
            return False

    def remove(self) -> None:
        """Remove what has its name, and the folder itself where it has another one beside it."""
        remove(self.path)
        with contextlib.suppress(OSError), os.scandir(self.path.parent) as entries:
            moved = [
                entry.path
                for entry in entries
                if entry.inode() == self._number and entry.is_dir(follow_symlinks=False)
            ]
            for path in moved:
                remove(Path(path))


def remove(path: Path) -> None:
    """Remove a file, a link, or a folder with all that is in it, as far as the system allows."""
    with contextlib.suppress(OSError):
        if path.is_symlink() or not path.is_dir():
            path.unlink(missing_ok=True)
            return
        _empty(path)
        path.rmdir()


def _empty(folder: Path) -> None:
    """Remove all that is in a folder. What is deeper is moved up first, so that no path grows long."""
    names = (folder / f"moved-up-{os.urandom(8).hex()}-{number}" for number in count())
    inner = _folders_in(folder)
    while inner:
        for path in inner:
            for deeper in _folders_in(path):
                os.rename(deeper, next(names))
            os.rmdir(path)
        inner = _folders_in(folder)


def _folders_in(folder: str | Path) -> list[str]:
    """Return the folders in a folder, and remove all else that is in it."""
    os.chmod(folder, OPEN_TO_US)
    found = []
    with os.scandir(folder) as entries:
        for entry in list(entries):
            if entry.is_dir(follow_symlinks=False):
                os.chmod(entry.path, OPEN_TO_US)
                found.append(entry.path)
            else:
                os.unlink(entry.path)
    return found
