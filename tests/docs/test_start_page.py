"""What `docs/start.md` says to do works, and says what the page says, from an empty folder on."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mlplab.cli import app

PAGE = (Path(__file__).parents[2] / "docs" / "start.md").read_text(encoding="utf-8")
STEPS = re.findall(r"^    mlplab (?!play)([^\n]*)\n\n```text\n(.*?)^```$", PAGE, re.M | re.S)


def without_times(text: str) -> str:
    return re.sub(r"[\d.]+ [mµ]?s\b", "TIME", " ".join(text.split()))


def test_the_page_can_be_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("mlplab.figures.save", lambda figure, stem: None)
    Path("rings.toml").write_text(re.search(r"^```toml\n(.*?)^```$", PAGE, re.M | re.S)[1])
    assert len(STEPS) == 5
    for command, said in STEPS:
        done = CliRunner().invoke(app, shlex.split(command), prog_name="mlplab")
        assert done.exit_code == 0, (command, done.output)
        assert without_times(done.stdout) == without_times(said), command
    code, printed = re.search(
        r"^```python\n(.*?)^```\n\n```text\n(.*?)^```$", PAGE, re.M | re.S
    ).groups()
    exec(code, {})
    assert capsys.readouterr().out == printed
