"""What `mlplab check` writes, and what it does not write over."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlplab.course.checker import Submission, read_points
from mlplab.course.checker.journal import Journal
from mlplab.course.checker.report_file import ReportFile
from mlplab.errors import MlplabError


@pytest.mark.parametrize(
    ("kept", "blocked"), [("class.csv.judged", "class.csv"), ("class.csv", "class.csv.judged")]
)  # a case a line
def test_a_run_that_is_refused_keeps_what_an_earlier_one_left(
    tmp_path: Path, kept: str, blocked: str
) -> None:
    """Also where only the reports' own object finds out, as the command cannot know all that may fail."""
    (tmp_path / kept).write_text("of an hour")
    (tmp_path / blocked).mkdir()
    pair = [Submission(name, {}, "nothing") for name in ("anna", "bo")]
    with (
        pytest.raises(MlplabError, match="cannot write"),
        ReportFile(pair, read_points(), "csv", tmp_path / "class.csv", resume=False),
    ):
        pass
    assert (tmp_path / kept).read_text() == "of an hour"


def test_the_journal_is_closed_whatever_becomes_of_the_reports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = [Submission(name, {}, "nothing") for name in ("anna", "bo")]
    reports = ReportFile(pair, read_points(), "csv", tmp_path / "class.csv", resume=False)
    closed, close = [], Journal.__exit__
    monkeypatch.setattr(
        Journal, "__exit__", lambda self, *error: closed.append(close(self, *error))
    )
    reports.__enter__()
    (tmp_path / "class.csv").unlink()
    (tmp_path / "class.csv").mkdir()
    with pytest.raises(MlplabError, match="it is a folder"):
        reports.__exit__()
    assert len(closed) == 1


@pytest.mark.parametrize(
    ("arguments", "out"),
    [
        (["class.zip"], "class.zip"),
        (["class", "--roster", "students.csv"], "students.csv"),
        (["class", "--points", "points.toml"], "points.toml"),
        (["class", "--points", "points.toml"], "more.py"),
        (["class/anna/mlp.py"], "class/anna/mlp.py"),
        (["class"], "class/anna/mlp.py"),
        (["class"], "class/bo.py"),
        (["class"], "class/anna/new.csv"),
        (["class"], "link.csv"),
        (["class.zip", "--similar"], "class.zip"),
    ],
)
@pytest.mark.usefixtures("solved_class")
def test_what_is_read_is_not_written_over(
    refused: Callable[..., str], tmp_path: Path, arguments: list[str], out: str
) -> None:
    (tmp_path / "class" / "bo.py").write_text("x = 1")
    (tmp_path / "class.zip").write_bytes(b"PK\5\6" + bytes(18))
    (tmp_path / "students.csv").write_text("name\nAnna\n")
    (tmp_path / "more.py").write_text("MISTAKES = []")
    (tmp_path / "points.toml").write_text("[lab]\nfile = 'more.py'\n")
    (tmp_path / "link.csv").symlink_to(tmp_path / "class" / "bo.py")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert f"--out '{out}' is among what is read" in refused("check", *arguments, "--out", out)
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}


@pytest.mark.usefixtures("unrun_files")
def test_a_report_at_the_top_of_the_class_is_written_again(
    run: Callable[..., Any], tmp_path: Path
) -> None:
    for name in ("anna", "bo"):
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "mlp.py").write_text("import nothing")
    for _ in range(2):
        result = run("check", "class", "--format", "csv", "--out", "class/class.csv")
        assert result.exit_code == 0
    assert (tmp_path / "class" / "class.csv").read_text().count("\n") == 3


def test_a_report_is_not_written_over_a_pipe(refused: Callable[..., str], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    sentence = "cannot write the file 'pipe': it is not a plain file"
    assert refused("check", "nowhere", "--out", "pipe") == sentence


@pytest.mark.usefixtures("unrun_files")
def test_another_class_s_report_is_not_gone_on_with(
    run: Callable[..., Any], refused: Callable[..., str], tmp_path: Path
) -> None:
    for name in ("one/anna", "one/bo", "other/cia", "other/dan"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "mlp.py").write_text(f"import {Path(name).name}")
    arguments = ["--format", "csv", "--out", "class.csv"]
    run("check", "one", *arguments)
    before = (tmp_path / "class.csv").read_text()
    said = refused("check", "other", *arguments, "--resume")
    assert "'class.csv.judged' is the journal of another class" in said
    (tmp_path / "class.csv.judged").unlink()
    said = refused("check", "other", *arguments, "--resume")
    assert "'class.csv' has no journal class.csv.judged to go on from" in said
    assert (tmp_path / "class.csv").read_text() == before
    run("check", "one", *arguments)
    assert run("check", "one", "other", *arguments, "--resume").exit_code == 0
    assert (tmp_path / "class.csv").read_text().count("\n") == 5
