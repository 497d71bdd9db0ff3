"""The page about maps says what is so: its Python runs, its commands are ones, its pictures are there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from mlplab.cli import app

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "maps.md").read_text("utf-8")


def test_the_pages_python_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (block,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(block, {})  # our own page
    assert capsys.readouterr().out.startswith("(3, 5) (")


def test_the_pages_commands_are_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They get as far as training, which is not done here."""
    monkeypatch.chdir(tmp_path)
    seen: list[int] = []

    def note(plan: Any, *_: object, **__: object) -> None:
        seen.append(plan.run_count)
        raise KeyboardInterrupt

    monkeypatch.setattr("mlplab.sweep.train_map", note)
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    example = CliRunner().invoke(app, ["train", "--example"]).stdout
    (tmp_path / "1.3.toml").write_text(example, encoding="utf-8")
    for line in re.findall(r"^    mlplab (map .*)$", PAGE, re.MULTILINE):
        result = CliRunner().invoke(app, shlex.split(line), prog_name="mlplab")
        assert "interrupted; 0 of" in result.stderr, result.stderr
    assert seen == [19_200, 2_100, 1_080, 1_048_576]


def test_the_pages_pictures_are_there() -> None:
    for name in re.findall(r"!\[.*?\]\((.*?)\)", PAGE):
        assert (ROOT / "docs" / name).is_file(), name
