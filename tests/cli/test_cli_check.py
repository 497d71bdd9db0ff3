"""`mlplab check` as a student and a teacher call it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlplab.course.checker.marking import KIT

SOLVED = (KIT / "mlp_solution.py").read_text(encoding="utf-8")
Plain = Callable[[str], str]


@pytest.fixture
def solved(tmp_path: Path) -> Path:
    path = tmp_path / "mlp.py"
    path.write_text(SOLVED, encoding="utf-8")
    return path


def test_a_solved_file(run: Callable[..., Any], plain: Plain, solved: Path) -> None:
    result = run("check", "mlp.py")
    assert result.exit_code == 0
    page = plain(result.stdout)
    assert page.startswith("mlp.py: 100 of 100 points")
    assert "Everything is right." in page


@pytest.mark.parametrize(
    "content", ["", "import nothing", "while True: pass", SOLVED.replace("@", "*")]
)
def test_the_status_is_0_whatever_the_marks(
    run: Callable[..., Any], tmp_path: Path, content: str
) -> None:
    (tmp_path / "mlp.py").write_text(content)
    (tmp_path / "quick.toml").write_text("[limits]\nseconds = 0.5\n")
    result = run("check", "mlp.py", "--points", "quick.toml")
    assert result.exit_code == 0
    assert "100 of 100" not in result.stdout


def test_an_open_file_is_told_what_to_write(
    run: Callable[..., Any], plain: Plain, tmp_path: Path
) -> None:
    (tmp_path / "mlp.py").write_bytes((KIT / "mlp.py").read_bytes())
    page = plain(run("check", "mlp.py").stdout)
    assert page.startswith("mlp.py: 0 of 100 points")
    assert "1. activation is still to be written." in page


def test_a_class_goes_into_a_file(run: Callable[..., Any], tmp_path: Path) -> None:
    for name, text in (("anna", SOLVED), ("berta", "import nothing")):
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "mlp.py").write_text(text)
    result = run("check", "class", "--format", "csv", "--out", "out/class.csv")
    assert (result.exit_code, result.stdout) == (0, "wrote out/class.csv\n"), repr(result.exception)
    lines = (tmp_path / "out" / "class.csv").read_text().splitlines()
    marks = [line.split(",")[:4] for line in lines[1:]]
    assert marks == [["anna", "", "100", "100"], ["berta", "", "0", "100"]]


def test_gradescope_is_for_one_folder_whatever_is_in_it(
    run: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "submission").mkdir()
    (tmp_path / "submission" / "notes.txt").write_text("sorry")
    result = run("check", "submission", "--format", "gradescope")
    assert result.exit_code == 0
    content = json.loads(result.stdout)
    assert content["score"] == 0
    assert "No file mlp.py was handed in" in content["output"]


def test_the_shipped_points_can_be_printed_and_used(
    run: Callable[..., Any], tmp_path: Path, solved: Path
) -> None:
    (tmp_path / "points.toml").write_text(run("check", "--example").stdout)
    result = run("check", "mlp.py", "--points", "points.toml", "--format", "json")
    assert json.loads(result.stdout)["submissions"][0]["score"] == 100


@pytest.mark.usefixtures("solved")
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere"], "cannot read 'nowhere': No such file or directory"),
        (["mlp.py", "--format", "xml"], "--format: unknown name 'xml'; known: text, gradescope, csv, json"),  # noqa: E501  # a case a line
        (["mlp.py", "--jobs", "0"], "--jobs must be at least 1, received 0"),
        (["mlp.py", "--points", "no.toml"], "cannot read 'no.toml': No such file or directory"),
        (["mlp.py", "mlp.py", "--format", "gradescope"], "--format gradescope is for one submission, received 2; for a class, use --format csv"),  # noqa: E501  # a case a line
        (["mlp.py", "--out", "."], "cannot write the file '.': it is a folder"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said(
    refused: Callable[..., str], arguments: list[str], sentence: str
) -> None:
    assert refused("check", *arguments) == sentence


def test_the_help_says_what_isolation_does_not(run: Callable[..., Any], plain: Plain) -> None:
    page = plain(run("check", "--help").stdout)
    assert "For example: mlplab check mlp.py" in page
    assert "It is no sandbox" in page
