"""The logic of the page passes its own tests, in Node, and its types are right."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "page"

NODE = shutil.which("node")

pytestmark = [
    pytest.mark.skipif(
        NODE is None, reason="the page's logic is tested in Node, which is not there"
    ),
    pytest.mark.skipif(
        not (PAGE / "node_modules" / "esbuild").is_dir(),
        reason="the page's tests are bundled by esbuild, which is not there: npm install, in page/",
    ),
]


def in_page(*command: str) -> None:
    """Run a command of Node in the page's folder; what it writes is shown if it fails."""
    done = subprocess.run(
        [str(NODE), *command],
        cwd=PAGE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-8000:]


def test_the_logic_passes_its_tests() -> None:
    in_page("tests/run.mjs")


def test_the_types_are_right() -> None:
    in_page("node_modules/typescript/bin/tsc", "--noEmit")
