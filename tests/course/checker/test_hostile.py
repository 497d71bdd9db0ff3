"""Hostile files are checked as one class: each has its row, and the right one among them its points."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mlplab.course.checker import (
    Report,
    Submission,
    check_submissions,
    find_submissions,
)
from mlplab.course.checker.answer import Limits
from mlplab.course.checker.formats import FORMATS

from .conftest import marking_of

HERE = Path(__file__).parent
FILES = tomllib.loads((HERE / "hostile.toml").read_text(encoding="utf-8"))["file"]
PAGE = HERE.parents[2] / "docs" / "hostile-files.md"
# Some of the checker's tests: after each of them, what a file has destroyed is made anew.
TESTS = (
    "activation-relu",
    "count-parameters",
    "feedforward-one-hidden-relu",
    "evaluate-accuracy",
)
HURRY = replace(marking_of(*TESTS), limits=Limits(seconds=0.6, memory=512, file_size=1))
OUTCOMES = {
    "full": "all points",
    "some": "loses the tests that it hits",
    "none": "no points",
    "not judged": "not judged: a person must look",
}


def content_of(file: dict[str, Any], solution: str) -> bytes:
    if "code" in file:
        text = file["code"] + file.get("repeat", "") * 100_000
    else:
        text = solution
        if "relu" in file:
            text = text.replace("return np.maximum(0, x)", file["relu"])
        if "evaluate" in file:
            head = "def evaluate(self):\n"
            assert head in text
            text = text.replace(head, f"{head}        {file['evaluate']}\n")
        text = f"{file.get('before', '')}\n{text}"
    return text.encode(file.get("encoding", "utf-8"))


@pytest.fixture(scope="module")
def reports(solution: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    folder = tmp_path_factory.mktemp("hostile")
    for number, file in enumerate(FILES):
        place = folder / f"{number:03d}"
        place.mkdir()
        (place / "mlp.py").write_bytes(content_of(file, solution))
    submissions = [*find_submissions([folder]), Submission("right", {"mlp.py": solution.encode()})]
    return {report.name: report for report in check_submissions(submissions, HURRY)}


def outcome(report: Report) -> str:
    if not report.judged:
        return "not judged"
    return {0: "none", report.points: "full"}.get(report.score, "some")


@pytest.mark.slow
def test_every_hostile_file_has_the_outcome_that_the_page_says(reports: dict[str, Report]) -> None:
    wrong = []
    for number, file in enumerate(FILES):
        report = reports[f"{number:03d}"]
        said = " ".join([report.problem or "", *(each.name for each in report.mistakes)])
        if outcome(report) != file["outcome"] or file.get("says", "") not in said:
            wrong.append((file["what"], outcome(report), report.score, said[:200]))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.slow
def test_they_cost_the_right_one_among_them_nothing(reports: dict[str, Report]) -> None:
    assert len(reports) == len(FILES) + 1
    assert outcome(reports["right"]) == "full"


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMATS)
def test_every_format_takes_all_of_them(reports: dict[str, Report], form: str) -> None:
    for report in reports.values():
        text = FORMATS[form]([report])
        assert "\x1b" not in text
        assert "\u202e" not in text
        text.encode()


def table() -> str:
    lines = ["| file | outcome |", "| --- | --- |"]
    lines += [f"| {file['what']} | {OUTCOMES[file['outcome']]} |" for file in FILES]
    return "\n".join(lines)


def test_the_page_of_hostile_files_is_in_step() -> None:
    assert len(FILES) >= 65
    page = PAGE.read_text(encoding="utf-8")
    assert table() in page
    assert f"has {len(FILES)} files" in page
    assert "by four of the checker's tests" in page
    assert len(TESTS) == 4
