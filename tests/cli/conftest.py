"""How the tests of the command line run it, and what a failure must look like."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cli.small import SMALL
from typer.main import get_command
from typer.testing import CliRunner

from mlplab.cli import app
from mlplab.course.checker.kit_files import KIT
from mlplab.course.checker.runner import Answer, Runner


@pytest.fixture(autouse=True)
def _in_an_empty_folder_and_80_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE"):  # which make rich see a terminal
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _coarse_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw pictures of 60 dots an inch, in half the time: here, nobody looks into them."""
    monkeypatch.setattr("mlplab.figures.file.DOTS_PER_INCH", 60)


@pytest.fixture
def small_toml(_in_an_empty_folder_and_80_columns: None) -> None:
    """The experiment `small.toml`, in the folder."""
    Path("small.toml").write_text(SMALL)


@pytest.fixture
def without_keras(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Keras be missing, though it may have been imported before."""
    for module in [name for name in sys.modules if name.startswith("mlplab.frameworks.keras")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "keras", None)


@pytest.fixture
def undrawn_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw no pictures, which take most of the time, where nobody looks at them."""
    monkeypatch.setattr("mlplab.figures.save", lambda figure, stem: None)


def crash(*_: object, **__: object) -> Answer:
    """What the checker makes of a file that ends its own process."""
    return Answer("crash", {}, None, 0.0)


@pytest.fixture
def unrun_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run no student's file, which takes a process of its own, where nobody looks at its points: none."""
    monkeypatch.setattr(Runner, "run", crash)


made_once = functools.cache(get_command)
"""Typer's own runner makes all commands anew for each call, which takes as long as many a call."""


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Return a function that runs `mlplab` with arguments."""
    monkeypatch.setattr("typer.testing._get_command", made_once, raising=False)
    return lambda *arguments: CliRunner().invoke(app, list(map(str, arguments)), prog_name="mlplab")


@pytest.fixture
def refused(run: Callable[..., Any], tmp_path: Path) -> Callable[..., str]:
    """Return a function that runs `mlplab`, checks that it fails as it should, and gives its sentence.

    It must exit with status 2, print nothing but one line on stderr, and leave no file.
    """

    def run_and_check(*arguments: object) -> str:
        before = sorted(tmp_path.rglob("*"))
        result = run(*arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        assert isinstance(result.exception, SystemExit)
        assert sorted(tmp_path.rglob("*")) == before
        [line] = result.stderr.splitlines()
        assert line.startswith("mlplab: ")
        return line.removeprefix("mlplab: ")

    return run_and_check


@pytest.fixture
def plain() -> Callable[[str], str]:
    """Return a function that takes colours, boxes and line breaks out of a printed page."""

    def strip(page: str) -> str:
        colourless = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", page)
        return " ".join(re.sub(r"[^\x00-\x7f]", " ", colourless).split())

    return strip


@pytest.fixture
def solved(tmp_path: Path) -> Path:
    """The kit's solved file as mlp.py."""
    path = tmp_path / "mlp.py"
    path.write_bytes((KIT / "mlp_solution.py").read_bytes())
    return path


@pytest.fixture
def solved_class(tmp_path: Path) -> None:
    """A folder `class` of two solved files, those of anna and bo."""
    solved = (KIT / "mlp_solution.py").read_text(encoding="utf-8")
    for name in ("anna", "bo"):
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "mlp.py").write_text(f"{solved}\n# {name}\n")
