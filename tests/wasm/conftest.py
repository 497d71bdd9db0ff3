"""What the tests of the modules share: Node, with the page's own programs for it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from mlplab.wasm import BUILT

PAGE = Path(__file__).parents[2] / "page"
NODE = shutil.which("node")
BUNDLER = PAGE / "node_modules" / ".bin" / "esbuild"

Run = Callable[[str, bytes], bytes]


@pytest.fixture(scope="session")
def run_in_node(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A function that runs one of `page/tests/*.ts`, given its name and its input; returns its output."""
    if NODE is None or not BUNDLER.exists():
        pytest.skip(
            "what a browser runs is tested in Node: install Node 20, then `npm install` in page/"
        )
    folder = tmp_path_factory.mktemp("node")

    def run(name: str, given: bytes) -> bytes:
        bundled = folder / f"{name}.mjs"
        if not bundled.exists():
            how = ["--bundle", "--platform=node", "--format=esm", "--log-level=warning"]
            source = PAGE / "tests" / f"{name}.ts"
            subprocess.run([BUNDLER, source, *how, f"--outfile={bundled}"], check=True)
        command = [NODE, "--no-warnings", str(bundled), str(BUILT)]
        return subprocess.run(command, input=given, stdout=subprocess.PIPE, check=True).stdout

    return run
