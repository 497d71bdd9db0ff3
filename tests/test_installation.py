"""How mlplab was installed, what it needs, and what it says of what is missing."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from typer.main import get_command
from typer.testing import CliRunner

from mlplab import installation
from mlplab.cli import app
from mlplab.cli.doctor import NEEDED_FOR
from mlplab.installation import command_for, install_command, packages

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
OF_THOSE_WHO_DEVELOP = {"all", "dev", "docs"}


def test_a_path_with_a_space_is_one_argument() -> None:
    origin = {"url": "file:///home/ann%20b/mlplab", "dir_info": {}}
    assert command_for(origin, "keras") == "pip install '/home/ann b/mlplab[keras]'"


def test_a_path_with_an_apostrophe_is_one_argument() -> None:
    origin = {"url": "file:///home/o%27hara/mlplab%20%C3%B6", "dir_info": {}}
    command = command_for(origin, "keras")
    assert shlex.split(command) == ["pip", "install", "/home/o'hara/mlplab ö[keras]"]


def test_a_file_of_the_web_is_named_by_its_address() -> None:
    origin = {"url": "https://example.org/mlplab-0.1.0.tar.gz", "archive_info": {}}
    assert command_for(origin, "data") == (
        "pip install 'mlplab[data] @ https://example.org/mlplab-0.1.0.tar.gz'"
    )


def test_where_it_is_not_installed_its_folder_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: str) -> Any:
        raise installation.PackageNotFoundError

    monkeypatch.setattr(installation, "distribution", missing)
    folder = Path(installation.__file__).parents[2]
    assert install_command("data") == f"pip install '{folder}[data]'"


def test_the_doctor_knows_every_extra() -> None:
    extras = set(PROJECT["optional-dependencies"]) - OF_THOSE_WHO_DEVELOP
    assert extras == set(NEEDED_FOR) - {""}


def test_the_doctor_names_options_that_there_are() -> None:
    commands = get_command(app).commands
    named = re.findall(r"(\w+) (--[\w-]+)", " ".join(NEEDED_FOR.values()))
    assert len(named) == " ".join(NEEDED_FOR.values()).count("--")
    for command, option in named:
        assert option in {name for each in commands[command].params for name in each.opts}


def test_the_doctor_lists_what_is_always_needed_first() -> None:
    always = {Requirement(each).name for each in PROJECT["dependencies"]}
    assert {each.name for each in packages(NEEDED_FOR) if not each.extra} == always
    assert [each.extra for each in packages(NEEDED_FOR)][: len(always)] == [""] * len(always)


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str | None], None]:
    """Let a package be missing, or have another version."""

    def change(name: str, found: str | None) -> None:
        real = installation.version

        def version(asked: str) -> str:
            if asked != name:
                return real(asked)
            if found is None:
                raise installation.PackageNotFoundError(name)
            return found

        monkeypatch.setattr(installation, "version", version)

    return change


def test_the_doctor_says_what_is_there() -> None:
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == 0
    assert "kernels   compiled once" in result.stdout
    for package in packages(NEEDED_FOR):
        assert f"{package.name} {package.installed}" in result.stdout


def test_a_missing_extra_is_named_with_its_command(
    without: Callable[[str, str | None], None],
) -> None:
    without("optuna", None)
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == 0
    assert "optuna is missing (>=4)" in result.stdout
    assert f"to install:  {install_command('tune')}" in result.stdout


def test_what_is_too_old_is_said_and_fails(without: Callable[[str, str | None], None]) -> None:
    without("scipy", "1.2")
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == 1
    assert "scipy 1.2 is not >=1.15" in " ".join(result.stdout.split())
