"""What the guard takes for mlplab's own: files as they are now, while others write compiled code."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlplab.course.checker.inside import guard

OWN = "mlplab/course/mlp.py"


def identity(path: Path) -> guard.Identity:
    status = path.stat()
    return status.st_dev, status.st_ino


def test_the_number_of_a_file_that_was_replaced_is_not_known_any_more(tmp_path: Path) -> None:
    """A system gives the number of compiled code that was replaced to the next file: the student's."""
    handed_in = tmp_path / "mlp.py"
    handed_in.touch()
    names = dict.fromkeys([identity(handed_in)], "mlplab/engine/__pycache__/jobs.cpython-311.pyc")
    assert guard._found(str(handed_in), names) is None
    names = dict.fromkeys([identity(handed_in)], OWN)  # of which there is another one now
    assert guard._found(str(handed_in), names) is None


def test_a_file_of_the_package_is_known_under_every_name(tmp_path: Path) -> None:
    own = guard.PACKAGE.parent / OWN
    link = tmp_path / "link.py"
    link.symlink_to(own)
    for path in (own, link):
        assert guard._found(str(path), guard._identities()) == OWN
    new = guard.PACKAGE / "course" / "nothing_yet.py"
    assert guard._found(str(new), guard._identities()) == "mlplab/course"
    assert guard._found(str(guard.PACKAGE), guard._identities()) == "mlplab"


def test_a_file_that_goes_while_it_looks_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python and Numba write compiled code to a file of another name, and move it into place."""
    walk = os.walk

    def walked(folder: Path) -> Iterator[tuple[str, list[str], list[str]]]:
        for place, folders, files in walk(folder):
            yield place, folders, [*files, "jobs.cpython-311.pyc.140256"]

    expected = guard._identities()
    monkeypatch.setattr(os, "walk", walked)
    assert guard._identities() == expected
