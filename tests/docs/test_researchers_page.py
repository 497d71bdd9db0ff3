"""The worked example of `docs/researchers.md` can be followed, and says what the page says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mlplab.cli import app

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "researchers.md").read_text(encoding="utf-8")
OWN_DATA = (DOCS / "own-data.md").read_text(encoding="utf-8")
STEPS = re.findall(r"^```sh\n(.*?)^```$(?:\n\n```text\n(.*?)^```$)?", PAGE, re.M | re.S)


def first(language: str, page: str) -> str:
    """Return the page's first block of a language."""
    return re.search(rf"^```{language}\n(.*?)^```$", page, re.M | re.S)[1]


@pytest.mark.slow
def test_the_comparison_of_two_optimizers_can_be_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("sklearn")
    pytest.importorskip("pyarrow")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("mlplab.figures.save", lambda figure, stem: None)
    exec(first("python", OWN_DATA), {})  # our own page
    Path("iris.toml").write_text(first("toml", OWN_DATA), encoding="utf-8")
    Path("rates.toml").write_text(first("toml", PAGE), encoding="utf-8")
    assert [bool(said) for _, said in STEPS] == [True, True]
    for commands, said in STEPS:
        for command in commands.splitlines():
            words = shlex.split(command.removeprefix("mlplab "))
            done = CliRunner().invoke(app, words, prog_name="mlplab")
            assert done.exit_code == 0, (command, done.output)
        assert " ".join(said.split()) in " ".join(done.stdout.split())
