"""What the tests of the page share: a visit to it, and with those of the modules Node."""

from __future__ import annotations

import base64
import io
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.page.exported_sessions import SESSIONS, Files
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


@pytest.fixture(scope="session")
def files(run_in_node: Callable[[str, bytes], bytes]) -> dict[str, Files]:
    """The files of each session, by their names; the Keras program's archive is opened."""
    sessions = [
        {**each, "experiment": each["experiment"].model_dump(mode="json")}
        for each in SESSIONS.values()
    ]
    written = json.loads(run_in_node("exported", json.dumps(sessions).encode()))
    found = {}
    for name, each in zip(SESSIONS, written, strict=True):
        found[name] = {path: base64.b64decode(content) for path, content in each.items()}
        with zipfile.ZipFile(io.BytesIO(found[name]["network_keras.zip"])) as archive:
            assert archive.testzip() is None
            assert archive.namelist() == ["network_keras.py", "points.csv"]
            assert archive.read("points.csv") == found[name]["points.csv"]
            found[name]["network_keras.py"] = archive.read("network_keras.py")
    return found
