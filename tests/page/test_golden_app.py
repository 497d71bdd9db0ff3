"""The file that the page's stepper is checked by is what Python makes now."""

from __future__ import annotations

from pathlib import Path

import pytest

from .golden_app import FILES, written


@pytest.mark.parametrize("path", FILES, ids=lambda path: Path(path).name)
def test_a_file_is_what_python_makes_now(path: Path) -> None:
    assert path.read_text() == written(FILES[path]), "python -m tests.page.golden_app"
