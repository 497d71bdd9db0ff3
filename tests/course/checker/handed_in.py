"""What the tests of submissions share: files, zip files, and what became of them."""

from __future__ import annotations

import zipfile
from pathlib import Path

from mlplab.course.checker import Submission, find_submissions


def write(folder: Path, *names: str, text: str | None = None) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}" if text is None else text)
    return folder


def zipped(folder: Path, *names: str, called: str = "class.zip") -> Path:
    path = folder / called
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, f"# {name}")
    return path


def said(found: Submission) -> str:
    return found.files.get("mlp.py", b"").decode() or str(found.problem)


def named(*paths: Path, single: bool = False) -> dict[str, str]:
    """The name of each submission, and what its mlp.py says, or its problem."""
    return {found.name: said(found) for found in find_submissions(paths, single)}
