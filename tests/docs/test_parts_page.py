"""The commands that the docs name for their tables run, with two runs for each line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = sorted((Path(__file__).parents[2] / "docs" / "parts").glob("*.py"))


@pytest.mark.slow
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_table_of_the_docs_is_made(script: Path):
    done = subprocess.run(
        [sys.executable, str(script), "2"], check=True, capture_output=True, text=True
    )
    rows = [line for line in done.stdout.splitlines() if line.startswith("|")]
    assert len(rows) > 2
    assert not {"nan", "inf"} & set(" ".join(rows).split())
