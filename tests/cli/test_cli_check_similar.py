"""`mlplab check --similar` lists files that are alike."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlplab.course.checker.kit_files import KIT

SOLVED = (KIT / "mlp_solution.py").read_text(encoding="utf-8")
Plain = Callable[[str], str]


@pytest.fixture
def trio(tmp_path: Path) -> Path:
    """A class of three, one of whom has another's file with other names and layout."""
    texts = {
        "anna": SOLVED,
        "bo": SOLVED.replace("layer", "number").replace("output", "out").replace("    ", "\t"),
        "eve": 'print("all of my own")\n',
    }
    for name, text in texts.items():
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "mlp.py").write_text(text, encoding="utf-8")
    return tmp_path / "class"


def test_similar_files_are_listed(run: Callable[..., Any], plain: Plain, trio: Path) -> None:
    result = run("check", trio, "--similar")
    assert result.exit_code == 0
    page = plain(result.stdout)
    assert re.search(r"anna\s+bo\s+\d+%\s+\d+%", page)
    assert "no proof" in page
    assert "eve" not in page


def test_similar_files_as_a_table_and_as_json(run: Callable[..., Any], trio: Path) -> None:
    out = trio.parent / "pairs.csv"
    result = run("check", trio, "--similar", "--format", "csv", "--out", out)
    [row] = csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines())
    assert (row["one"], row["other"]) == ("anna", "bo")
    assert float(row["fraction_of_one"]) > 0.9
    assert "no proof" in result.stderr
    content = json.loads(run("check", trio, "--similar", "--format", "json").stdout)
    assert [pair["other"]["name"] for pair in content["pairs"]] == ["bo"]
    assert "no proof" in content["note"]


def test_how_much_is_similar_can_be_chosen(run: Callable[..., Any], trio: Path) -> None:
    (trio / "bo" / "mlp.py").write_text(SOLVED[: len(SOLVED) // 2] + "\nx = 1 if (2) else [3]" * 9)
    assert (
        "No pair reaches the threshold." in run("check", trio, "--similar", "--threshold", 1).stdout
    )
    assert "anna" in run("check", trio, "--similar", "--threshold", 0.3).stdout


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--threshold", 0.5], "--threshold needs --similar"),
        (
            ["--similar", "--threshold", 1.5],
            "--threshold must be above 0 and at most 1, received 1.5",
        ),
        (["--similar", "--format", "gradescope"], "--similar is for a class"),
        (["--similar", "--jobs", 2], "--similar checks nothing"),
        (["--similar", "--seed", 2], "leave out --jobs, --resume and --seed"),
    ],
)
def test_options_that_do_not_go_with_similar(
    refused: Callable[..., str], trio: Path, options: list[Any], sentence: str
) -> None:
    assert sentence in refused("check", trio, *options)


def test_one_file_is_similar_to_none(refused: Callable[..., str], solved: Path) -> None:
    assert "at least two submissions, found 1" in refused("check", solved, "--similar")
