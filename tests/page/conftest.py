"""What the tests of the page share: a visit to it, and with those of the modules Node."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.page.visit import BUILT, Visit
from tests.wasm.conftest import run_in_node

__all__ = ["run_in_node"]


@pytest.fixture
def visit(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Visit]]:
    """A function that opens the page from a folder in which there is nothing else."""
    file = tmp_path / "page.html"
    shutil.copyfile(BUILT, file)
    visits: list[Visit] = []

    def go(kind: type[Visit] = Visit, **options: Any) -> Visit:
        visits.append(kind(browser, file, **options))
        return visits[-1]

    yield go
    for each in visits:
        each.close()
