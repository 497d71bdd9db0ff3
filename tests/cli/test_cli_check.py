"""`mlplab check` of one file, as a student calls it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlplab.course.checker import read_points
from mlplab.course.checker.fingerprints import THRESHOLD
from mlplab.course.checker.kit_files import KIT

Plain = Callable[[str], str]


def test_a_solved_file(run: Callable[..., Any], plain: Plain, solved: Path) -> None:
    result = run("check", "mlp.py")
    assert result.exit_code == 0
    page = plain(result.stdout)
    assert page.startswith("mlp.py: 100 of 100 points")
    assert "Everything is right." in page


@pytest.mark.usefixtures("unrun_files")
def test_the_seed_is_printed_and_can_be_given(run: Callable[..., Any], solved: Path) -> None:
    drawn = run("check", "mlp.py", "--format", "json")
    assert re.search(r"drawn with --seed \d+\.", drawn.stderr)
    given = run("check", "mlp.py", "--seed", "7")
    assert "--seed 7." in given.stderr
    assert run("check", "mlp.py", "--seed", "-1").exit_code == 2


def test_the_status_is_0_also_of_a_file_that_cannot_be_run(
    run: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "mlp.py").write_text("while True: pass")
    (tmp_path / "quick.toml").write_text("[limits]\nseconds = 0.2\n")
    result = run("check", "mlp.py", "--points", "quick.toml")
    assert result.exit_code == 0
    assert "It was ended after the limit of 0.2 s" in result.stdout


def test_an_open_file_is_told_what_to_write(
    run: Callable[..., Any], plain: Plain, tmp_path: Path
) -> None:
    (tmp_path / "mlp.py").write_bytes((KIT / "mlp.py").read_bytes())
    result = run("check", "mlp.py")
    assert result.exit_code == 0
    page = plain(result.stdout)
    assert page.startswith("mlp.py: 0 of 100 points")
    assert "1. activation is still to be written." in page


def test_the_shipped_points_can_be_printed_and_used(
    run: Callable[..., Any], tmp_path: Path, solved: Path
) -> None:
    (tmp_path / "points.toml").write_text(run("check", "--example").stdout)
    result = run("check", "mlp.py", "--points", "points.toml", "--format", "json", "--seed", "5")
    [found] = json.loads(result.stdout)["submissions"]
    assert (found["score"], found["seed"]) == (100, 5)


@pytest.mark.usefixtures("solved")
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere"], "cannot read 'nowhere': No such file or directory"),
        (["mlp.py", "--format", "xml"], "--format: unknown name 'xml'; known: text, gradescope, csv, json"),  # noqa: E501  # a case a line
        (["mlp.py", "--jobs", "0"], "--jobs must be at least 1, received 0"),
        (["mlp.py", "--points", "no.toml"], "cannot read 'no.toml': No such file or directory"),
        (["mlp.py", "mlp.py", "--format", "gradescope"], "--format gradescope is for one submission, received 2; for a class, use --format csv"),  # noqa: E501  # a case a line
        (["mlp.py", "--resume"], "--resume needs --out: the journal lies beside that file"),
        (["mlp.py", "--roster", "no.csv"], "cannot read 'no.csv': No such file or directory"),
        (["mlp.py", "--roster", "mlp.py"], "mlp.py: expected a line for each student below a line that names the columns, one of them name, full name, student, student name, display name, namn, vollständiger name, last name, surname, family name, lastname, efternamn, nachname, familienname, id, sid, student id, id number, idnumber, user id, userid, username, login, identifier, sis user id, sis login id, email, email address, e-mail, e-postadress, personnummer, matrikelnummer, anmeldename, benutzername, e-mail-adresse; received '\"\"\"Task 2, solved: a multilayer perceptron in NumPy.'"),  # noqa: E501  # a case a line
        (["mlp.py", "--out", "."], "cannot write the file '.': it is a folder"),
        (["mlp.py", "mlp.py", "--out", "."], "cannot write the file '.': it is a folder"),
        (["mlp.py", "--out", "..", "--resume"], "cannot write the file '..': it is a folder"),
        (["mlp.py", "--format", "gradescope", "--roster", "mlp.py"], "--format gradescope is for one submission, --roster for a class"),  # noqa: E501  # a case a line
        (["x" * 300], f"cannot read '{'x' * 300}': File name too long"),
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


def test_the_help_says_what_fraction_a_pair_has(run: Callable[..., Any], plain: Plain) -> None:
    assert f"{THRESHOLD} if not given" in plain(run("check", "--help").stdout)


def test_the_points_that_are_used_can_be_printed(run: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "few.toml").write_text("[points]\nactivation-relu = 7\n[limits]\nseconds = 3\n")
    page = run("check", "--example", "--points", "few.toml").stdout
    (tmp_path / "same.toml").write_text(page)
    same, few = (read_points(tmp_path / f"{name}.toml") for name in ("same", "few"))
    assert (same.points, same.limits, same.credit) == (few.points, few.limits, few.credit)
    assert same.points["activation-relu"] == 7


def test_without_a_path_one_sentence_is_said(refused: Callable[..., str]) -> None:
    assert refused("check") == "expected an mlp.py, a folder or a zip file to check"
