"""The commands of `docs/why.md` say what the page says they do, line by line."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mlplab.cli import app

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "why.md").read_text(encoding="utf-8")
ANSWERED = re.findall(
    r"^    mlplab (why \S+ [^\n]*)\n\n```text\n(.*?)```$", PAGE, re.MULTILINE | re.DOTALL
)


def test_every_question_is_answered_by_a_command() -> None:
    questions = re.findall(r"^## (.*)$", PAGE, re.MULTILINE)
    assert len(ANSWERED) == len(questions) - 2 >= 10  # the last two chapters have none
    files = {shlex.split(command)[1] for command, _ in ANSWERED}
    assert files == {f"docs/why/{path.name}" for path in (ROOT / "docs" / "why").glob("*.toml")}


@pytest.mark.slow
@pytest.mark.parametrize(("command", "said"), ANSWERED, ids=lambda text: text.split(".toml")[0])
def test_an_answer_is_what_the_command_says(
    command: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    done = CliRunner().invoke(app, shlex.split(command))
    assert done.exit_code == 0, done.output
    assert done.stdout.rstrip() == said.rstrip()
