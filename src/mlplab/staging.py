"""Files appear whole or not at all: written aside first, moved into place at the end."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from mlplab.errors import MlplabError, UnwrittenFileError

FULL = tuple(getattr(errno, name) for name in ("ENOSPC", "EDQUOT") if hasattr(errno, name))
"""Errors of a disk, or of a user's part of it, that is full; Windows has no quota's."""


@contextmanager
def staged(folder: Path, expected: Sequence[str] = ()) -> Iterator[Path]:
    """Give a temporary folder whose files move to `folder` if all goes well.

    The temporary folder lies inside `folder`, so that moving is a renaming, and files are on the disk
    before they are renamed: a full disk or a loss of power leaves each file as it was or as it is to be.
    Files of the same name are replaced, others left alone, also in folders within. If anything is raised,
    an interrupt too, nothing is left, not even a folder that was made.

    Parameters
    ----------
    folder : Path
        Made at once, parents too, so that a place that cannot be written is known before any work.
    expected : sequence of str
        Files that will come, by their paths below `folder`: what is in their way is known at once, too.

    Raises
    ------
    MlplabError
        If `folder` is a file or below one, cannot be written, or holds a folder that is called like a
        file to be moved, or the other way round. An `OSError` or an `UnwrittenFileError` at a file in the
        temporary folder is raised as this, too, and names the file by the path that it would have had. A
        full disk that names no file is taken for that of the folder.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as place:
    ...     with staged(Path(place) / "out") as stage:
    ...         _ = (stage / "a.txt").write_text("a")
    ...     [path.name for path in (Path(place) / "out").iterdir()]
    ['a.txt']
    """
    missing = _missing_folders(folder)
    for name in expected:
        _check_place(folder / name)
    try:
        stage = _make_stage(folder)
        try:
            with _full_disk_named(stage):
                yield stage
            _move_files(stage, folder)
        except UnwrittenFileError as error:
            if stage not in error.path.parents:
                raise
            place = folder / error.path.relative_to(stage)
            raise UnwrittenFileError(place, error.reason) from error
        except OSError as error:
            file = Path(error.filename) if isinstance(error.filename, str) else None
            if file == stage:
                raise _unwritten_folder(folder, error) from error
            if file is None or stage not in file.parents:
                raise
            place = folder / file.relative_to(stage)
            raise UnwrittenFileError(place, str(error.strerror)) from error
        finally:
            shutil.rmtree(stage)
    finally:
        _remove_empty(missing)


@contextmanager
def staged_file(path: Path) -> Iterator[Path]:
    """Give a temporary path that becomes `path` if all goes well; as `staged`, for one file.

    Of a link, it becomes the file that the link leads to.

    Raises
    ------
    MlplabError
        If `path` is a folder or a device, or its folder cannot be written.
    """
    check_file(path)
    place = Path(os.path.realpath(path)) if path.is_symlink() else path
    with staged(place.parent) as stage, _full_disk_named(stage / place.name):
        yield stage / place.name


def check_file(path: Path) -> None:
    """Refuse a path where something else than a file would be replaced by one.

    Raises
    ------
    MlplabError
        If it is a folder, a device such as `/dev/null`, a link that leads to one or to itself, or what
        standard output is redirected to, as `/dev/stdout` is then.
    """
    if path.is_dir() or not path.name:
        raise MlplabError(f"cannot write the file '{path}': it is a folder")
    place = Path(os.path.realpath(path)) if path.is_symlink() else path
    if place.is_symlink() or (place.exists() and not place.is_file()):
        raise MlplabError(f"cannot write the file '{path}': it is not a plain file")
    if place.exists() and any(_is_open(place, descriptor) for descriptor in (1, 2)):
        raise MlplabError(f"cannot write the file '{path}': what is printed goes there already")


@contextmanager
def errors_named(path: Path) -> Iterator[None]:
    """Let an `OSError` name a file: a full disk does not say which file it had no space for."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


@contextmanager
def _full_disk_named(path: Path) -> Iterator[None]:
    """As `errors_named`, of a full disk alone: around other work, another error may be of anything."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL and error.filename is None:
            error.filename = str(path)
        raise


def _unwritten_folder(folder: Path, error: OSError) -> MlplabError:
    return MlplabError(f"cannot write to the folder '{folder}': {error.strerror}")


def _is_open(file: Path, descriptor: int) -> bool:
    """Return whether a descriptor of this process is open on a file."""
    try:
        return os.path.samestat(file.stat(), os.fstat(descriptor))
    except OSError:
        return False


def _missing_folders(folder: Path) -> list[Path]:
    """Return the folder and those above it that do not exist yet, deepest first."""
    missing = []
    try:
        for path in (folder, *folder.parents):
            if path.is_dir():
                break
            if path.exists():
                raise MlplabError(f"cannot write to the folder '{folder}': '{path}' is a file")
            missing.append(path)
    except OSError as error:  # to look there is not allowed, or the name is too long
        raise _unwritten_folder(folder, error) from error
    return missing


def _make_stage(folder: Path) -> Path:
    try:
        try:
            return _make_both(folder)
        except FileNotFoundError:  # a process that had made the folder as well removed it just now
            return _make_both(folder)
    except OSError as error:
        raise _unwritten_folder(folder, error) from error


def _make_both(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=".mlplab-", dir=folder))


def _move_files(stage: Path, folder: Path) -> None:
    """Move files, also those in folders, to the same places below `folder`; none if one cannot go."""
    files = sorted(path.relative_to(stage) for path in stage.rglob("*") if path.is_file())
    for file in files:
        _check_place(folder / file)
    for file in files:
        with errors_named(stage / file):
            _flush(stage / file)
    for file in files:
        with errors_named(stage / file):
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (stage / file).replace(folder / file)


def _flush(file: Path) -> None:
    """Wait until a file's content is on the disk: a name must not point to what is not there yet."""
    # Windows flushes only what is open for writing.
    with file.open("r+b") as content:
        os.fsync(content.fileno())


def _check_place(file: Path) -> None:
    _missing_folders(file.parent)
    if file.is_dir():
        raise MlplabError(f"cannot write the file '{file}': it is a folder")


def _remove_empty(folders: list[Path]) -> None:
    """Remove those folders that exist and are empty, deepest first.

    The system looks whether they are: another process may be writing there.
    """
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()
