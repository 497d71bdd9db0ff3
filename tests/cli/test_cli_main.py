"""The command line as a whole: help, version, and how it fails."""

from __future__ import annotations

import errno
import itertools
import json
import re
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from mlplab.cli import Commands, app
from mlplab.errors import MissingExtraError, MlplabError

COMMANDS = [
    command.name or command.callback.__name__
    for command in app.registered_commands
    if command.callback
]

# Not pydantic, which typer itself imports for the options of a command.
HEAVY = ("numpy", "scipy", "matplotlib", "safetensors", "jax", "keras", "typst")


def start(code: str, *arguments: str, **streams: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, **streams)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["train", "--help"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import json, sys\n"
        "from mlplab.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "finally: print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    )
    process = start(code, *arguments, stdout=subprocess.DEVNULL)
    imported = json.loads(process.communicate()[1])
    assert process.returncode == 0
    assert "mlplab.cli" in imported
    assert not set(HEAVY) & set(imported)


def test_version(run: Callable[..., Any]) -> None:
    result = run("--version")
    assert (result.exit_code, result.stdout) == (0, f"mlplab {version('mlplab')}\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_the_lines_of_a_help_text_are_full(command: str, run: Callable[..., Any]) -> None:
    page = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", run(command, "--help").stdout)
    prose = page.split("╭─")[0].split("For example:")[0]
    lines = [line.strip() for line in prose.splitlines()]
    assert len(lines) > 3
    for line, following in itertools.pairwise(lines):
        first_word = following.split(" ")[0]
        assert not line or not first_word or len(line) + 1 + len(first_word) > 70, line


def test_python_runs_the_package_as_the_command() -> None:
    command = [sys.executable, "-m", "mlplab", "--version"]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stdout == f"mlplab {version('mlplab')}\n"


def test_help_lists_the_commands(run: Callable[..., Any], plain: Callable[[str], str]) -> None:
    page = plain(run("--help").stdout)
    assert {"data", "train", "boundary"} <= set(COMMANDS)
    for name in COMMANDS:
        assert f" {name} " in page
    assert "--install-completion" in page
    assert plain(run("-h").stdout) == page


@pytest.mark.parametrize("name", ["data", "train", "boundary"])
def test_help_of_a_command_has_an_example(
    run: Callable[..., Any], plain: Callable[[str], str], name: str
) -> None:
    assert f"For example: mlplab {name} " in plain(run(name, "--help").stdout)


def test_without_arguments_it_shows_help(
    run: Callable[..., Any], plain: Callable[[str], str]
) -> None:
    result = run()
    assert result.exit_code == 2
    assert "Usage: mlplab" in plain(result.output)


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["trian"], "No such command 'trian'. Did you mean 'train'?"),
        (["data", "polar", "--sgima", "1"], "No such option: --sgima (Possible options: --sigma"),
        (["data", "polar", "--classes", "two"], "Invalid value for '--classes'"),
        (["train"], "Missing argument 'SPEC.toml'"),
    ],
)
def test_wrong_usage_is_said(
    run: Callable[..., Any], plain: Callable[[str], str], arguments: list[str], hint: str
) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert hint in plain(result.stderr)


def failing(error: BaseException) -> typer.Typer:
    """A command line of our kind whose one command raises."""
    commands = typer.Typer(cls=Commands)

    @commands.callback()
    def group() -> None:
        pass

    @commands.command()
    def fail() -> None:
        raise error

    return commands


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (MlplabError("two lines\nare one"), 2, "two lines are one"),
        (MissingExtraError("it needs x", "x"), 2, "it needs x: install it with"),
        (OSError(errno.ENOSPC, "No space left on device"), 2, "No space left on device"),
        (OSError(errno.EACCES, "Permission denied", "a.csv"), 2, "a.csv: Permission denied"),
        (OSError("no number"), 2, "no number"),
        (MemoryError("1 TiB"), 2, "there is not enough memory for this: 1 TiB"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
def test_what_a_user_can_mend_is_one_sentence(
    error: BaseException, status: int, sentence: str
) -> None:
    result = CliRunner().invoke(failing(error), ["fail"])
    assert (result.exit_code, result.stdout) == (status, "")
    assert isinstance(result.exception, SystemExit)
    [line] = result.stderr.splitlines()
    assert line.startswith(f"mlplab: {sentence}")


def test_an_option_that_writes_at_once_fails_in_a_sentence(
    refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unwritten(_: str) -> str:
        raise OSError(errno.EROFS, "Read-only file system", "/home/a/.bashrc")

    monkeypatch.setattr("mlplab.cli.version", unwritten)
    assert refused("--version") == "/home/a/.bashrc: Read-only file system"


@pytest.mark.parametrize("error", [ValueError("ours"), ZeroDivisionError("ours")])
def test_our_own_faults_are_not_hidden(error: Exception) -> None:
    result = CliRunner().invoke(failing(error), ["fail"])
    assert result.exception is error


def test_a_process_fails_with_status_2_and_without_a_traceback() -> None:
    code = "from mlplab.cli import main; main()"
    process = start(code, "data", "none.csv", stdout=subprocess.PIPE)
    out, err = process.communicate()
    assert (process.returncode, out) == (2, "")
    assert err == "mlplab: cannot read 'none.csv': No such file or directory\n"


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    code = "from mlplab.cli import main; main()"
    process = start(code, "train", "--example", stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    with process.stderr as stderr:
        assert stderr.read() == ""
    assert process.wait() == 1
