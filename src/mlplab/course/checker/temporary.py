"""A temporary folder that is removed in the end, whatever a student's code has made of it.

It may have been moved or locked, replaced by a file or a link, or filled with folders so deep that no
path leads to the last.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import weakref
from itertools import count
from pathlib import Path

OPEN_TO_US = 0o700


class TemporaryFolder:
    """Makes a folder; `remove` removes it, and what has taken its place.

    The folder is held open until then: the number of one that is gone may be given to the next, which
    may be anybody's.

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
        descriptor = os.open(self.path, os.O_RDONLY)
        self._close = weakref.finalize(self, os.close, descriptor)
        self._status = os.fstat(descriptor)

    def is_there(self) -> bool:
        """Return whether the folder itself has its name, no file, link or other folder."""
        return self._is_at(self.path)

    def remove(self) -> None:
        """Remove what has its name, and the folder itself where it has another one beside it."""
        remove(self.path)
        with contextlib.suppress(OSError), os.scandir(self.path.parent) as entries:
            for path in list(map(Path, entries)):
                if self._is_at(path):
                    remove(path)
        self._close()

    def _is_at(self, path: Path) -> bool:
        try:
            return os.path.samestat(path.lstat(), self._status)
        except OSError:
            return False


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
