"""The commands that the docs name for their tables run, with two runs for each line."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

SCRIPTS = sorted((Path(__file__).parents[2] / "docs" / "parts").glob("*.py"))


@pytest.mark.slow
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_table_of_the_docs_is_made(
    script: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(script.parent)  # as a script has it
    main = runpy.run_path(str(script))["main"]
    if script.stem == "cost":
        main.__globals__["WORK"] = 0  # one epoch each: what is measured is not looked at
    main(2)
    rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith("|")]
    assert len(rows) > 2
    assert not {"nan", "inf"} & set(" ".join(rows).split())
