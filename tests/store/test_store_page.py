"""The page about the store says what is so: its Python runs, and its commands are ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mlplab.cli import app
from mlplab.store import READABLE, Store

PAGE = (Path(__file__).parents[2] / "docs" / "store.md").read_text("utf-8")


def test_the_pages_python_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pandas")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        exec(block, names)  # our own page
    assert capsys.readouterr().out.startswith("0 ")
    assert len(names["frame"]) == 1  # type: ignore[arg-type]
    with Store("mlplab-runs.sqlite", read_only=True) as store:
        assert store.count() == (100, 1)
        assert {"seconds", "finished_at", "command"} < set(READABLE)


def test_the_pages_commands_are_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    lines = re.findall(r"^    mlplab (.*?)\s*(?:#.*)?$", PAGE, re.MULTILINE)
    assert len(lines) == 6
    for line in lines:
        words = [word.strip("'") for word in line.split()]
        said = CliRunner().invoke(app, words, prog_name="mlplab").stderr
        # They get as far as the file that is not there.
        assert "1.3.toml" in said or "there is no store of runs" in said
