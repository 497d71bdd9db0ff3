"""Points files, and reports in every format."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from mlplab.course.checker import Report, read_points
from mlplab.course.checker.answer import Limits
from mlplab.course.checker.checks import Finding
from mlplab.course.checker.formats import FORMATS, as_csv, as_gradescope, as_json
from mlplab.course.checker.formats.terminal import print_reports
from mlplab.course.checker.journal import as_record
from mlplab.course.checker.mistakes import NAMES, Mistake
from mlplab.course.checker.report import LONGEST_TEXT
from mlplab.errors import MlplabError

from .conftest import marking_of

Check = Callable[..., Report]

LAST = (
    "z = self.W[-1] @ h + self.b[-1]",
    "z = activation(self.W[-1] @ h + self.b[-1], self.activation)",
)


@pytest.fixture(scope="module")
def mistaken(check: Check, solution: str) -> Report:
    """The report on the mistake of the lab report's own listing."""
    return check(solution.replace(*LAST))


@pytest.fixture(scope="module")
def right(check: Check, solution: str) -> Report:
    return check(solution)


def test_a_points_file_changes_what_it_names(tmp_path: Path) -> None:
    path = tmp_path / "points.toml"
    path.write_text("[points]\nactivation-relu = 20\n[limits]\nseconds = 2\n")
    before, after = read_points(), read_points(path)
    assert after.points == {**before.points, "activation-relu": 20}
    assert after.limits == replace(before.limits, seconds=2)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("[points]\nactivation-rlu = 1", "points.activation-rlu: unknown name; did you mean 'activation-relu'?"),  # noqa: E501  # a case a line
        ("[point]\n", "unknown table 'point'; did you mean 'points'?"),
        ("points = 3", "points must be a table, received 3"),
        ("[points]\nactivation-relu = '1'", "points.activation-relu must be a number, received '1'"),
        ("[points]\nactivation-relu = -1", "points.activation-relu must be from 0 to 1000, received -1"),
        ("[points]\nactivation-relu = nan", "points.activation-relu must be from 0 to 1000, received nan"),  # noqa: E501  # a case a line
        ("[limits]\nseconds = 0", "limits.seconds must be from 0.1 to 600, received 0"),
        ("[limits]\nmemory = 1.5", "limits.memory must be a whole number, received 1.5"),
        ("[partial_credit]\ngiven = 1", "partial_credit.given must be true or false, received 1"),
        ("[partial_credit]\nsoftmax-twise = 1", "did you mean 'softmax-twice'?"),
        ("[partial_credit]\nactivaton-not-written = 0.5", "did you mean 'activation-not-written'?"),
        ("[partial_credit]\nsoftmax-twice = 2", "partial_credit.softmax-twice must be from 0 to 1, received 2"),  # noqa: E501  # a case a line
        ("[points", "is not a TOML file"),
    ],
)  # fmt: skip
def test_a_bad_points_file_is_refused(tmp_path: Path, content: str, sentence: str) -> None:
    path = tmp_path / "points.toml"
    path.write_text(content)
    with pytest.raises(ValueError, match=r"^[^\n]+$") as caught:
        read_points(path)
    assert str(caught.value).startswith(str(path))
    assert sentence in str(caught.value)


def test_a_points_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "points.toml"
    path.write_bytes(b"\xef\xbb\xbf[points]\nactivation-relu = 20\n")
    assert read_points(path).points["activation-relu"] == 20


def test_every_name_that_a_report_can_show_is_taken_by_partial_credit(tmp_path: Path) -> None:
    names = NAMES | {"not-written", "activation-not-written", "evaluate-not-written"}
    path = tmp_path / "points.toml"
    path.write_text("[partial_credit]\n" + "".join(f"{name} = 0.1\n" for name in names))
    assert set(read_points(path).credit) == names


@pytest.mark.slow
def test_partial_credit_can_be_changed_or_left_out(check: Check, solution: str) -> None:
    marking = marking_of("activation-relu", "feedforward-one-hidden-relu")
    text = solution.replace(*LAST)
    ours = check(text, marking)
    none = check(text, replace(marking, partial=False)).score
    more = check(text, replace(marking, credit={"hidden-activation-on-last-layer": 0.9})).score
    assert none < ours.score < more < ours.points


def test_the_terminal_shows_the_mistake_once_and_where_it_hit(mistaken: Report) -> None:
    file = io.StringIO()
    print_reports([mistaken], Console(file=file, width=80))
    page = file.getvalue()
    assert page.startswith(f"anna: {mistaken.score:g} of 100 points\n")
    assert page.count("The last layer applies the hidden activation before softmax.") == 1
    assert page.count("see 1") == len(next(iter(mistaken.mistakes.values())))
    assert max(map(len, page.splitlines())) <= 80


def test_the_terminal_shows_a_class_at_a_glance(mistaken: Report, right: Report) -> None:
    file = io.StringIO()
    print_reports([mistaken, replace(right, name="[red]berta")], Console(file=file, width=80))
    page = file.getvalue()
    assert "[red]berta" in page
    assert "2 submissions," in page


def test_all_is_right_is_not_said_beside_points_that_are_missing(
    check: Check, solution: str
) -> None:
    """As where a part counts that was not handed in."""
    points = dict.fromkeys(read_points().points, 0.0) | {"task-3-boundary": 5.0}
    report = check(solution, replace(marking_of("task-3-boundary"), points=points))
    assert (report.score, report.points) == (0, 5)
    file = io.StringIO()
    print_reports([report], Console(file=file, width=100))
    for page in (file.getvalue(), as_gradescope(report)):
        assert "Everything is right" not in page
        assert re.search("not handed in", page, re.IGNORECASE)


def test_gradescope_says_what_is_wrong_also_where_no_mistake_is_known(right: Report) -> None:
    first, *others = right.marks
    wrong = replace(first, score=0, finding=Finding(False, "Expected 1, received 7."))
    page = as_gradescope(replace(right, marks=(wrong, *others)))
    assert "Everything is right" not in page
    assert "Expected 1, received 7." in json.loads(page)["output"]


def test_gradescope(mistaken: Report) -> None:
    content = json.loads(as_gradescope(mistaken))
    assert content["score"] == mistaken.score
    assert sum(test["score"] for test in content["tests"]) == pytest.approx(mistaken.score)
    assert sum(test["max_score"] for test in content["tests"]) == 100
    for number, test in enumerate(content["tests"], start=1):
        assert set(test) == {
            "name",
            "number",
            "score",
            "max_score",
            "status",
            "output",
            "visibility",
        }
        assert (test["number"], test["visibility"]) == (str(number), "visible")
        assert test["status"] == ("passed" if test["score"] == test["max_score"] else "failed")
    wrong, *others = [test for test in content["tests"] if test["status"] == "failed"]
    assert all(f"The mistake of test {wrong['number']}." in test["output"] for test in others)
    assert sum("In feedforward" in test["output"] for test in content["tests"]) == 1
    assert "before softmax" in wrong["output"]
    assert "In feedforward" in wrong["output"]


def test_csv(mistaken: Report, right: Report, check: Check) -> None:
    reports = [mistaken, replace(right, name="=berta()"), check("import nothing")]
    rows = list(csv.DictReader(io.StringIO(as_csv(reports))))
    assert [row["name"] for row in rows] == ["anna", "'=berta()", "anna"]
    assert [row["score"] for row in rows] == [f"{mistaken.score:g}", "100", "0"]
    assert rows[0]["mistakes"] == "hidden-activation-on-last-layer"
    assert rows[2]["problem"].startswith("Line 1 of mlp.py")
    assert rows[1]["feedforward-ten-hidden"] == "6"


def test_json_has_everything(mistaken: Report) -> None:
    [found] = json.loads(as_json([mistaken]))["submissions"]
    assert found["score"] == mistaken.score
    wrong = [test for test in found["tests"] if test["outcome"] != "right"]
    assert {test["mistake"]["name"] for test in wrong} == {"hidden-activation-on-last-layer"}
    assert found["advice"]


def test_every_format_takes_a_file_that_cannot_be_imported(check: Check) -> None:
    report = check("import nothing")
    for write in FORMATS.values():
        assert "nothing" in write([report])


def test_no_text_in_a_report_is_longer_than_anybody_reads(right: Report) -> None:
    """A forged answer can hold an error's message of sixty million characters."""
    long = "x\u202e" * 10**6
    mistake = Mistake(long, long, long)
    marks = tuple(
        replace(mark, finding=Finding(False, long), mistake=mistake) for mark in right.marks
    )
    report = Report(long, marks, (long,) * 200, None, (long,) * 200, long)
    texts = [as_csv([report]), as_json([report]), as_gradescope(report)]
    assert all(len(text) < 2 * 10**6 for text in [*texts, str(as_record(report))])
    [row] = csv.DictReader(io.StringIO(texts[0]))
    assert max(map(len, row.values())) <= LONGEST_TEXT
    assert len(Report("anna", (), problem=long).problem or "") == LONGEST_TEXT


@pytest.mark.slow
@pytest.mark.parametrize("text", ["import time; time.sleep(9)", "{}"])
def test_of_what_takes_too_long_the_limit_is_said(check: Check, solution: str, text: str) -> None:
    """What was measured depends on what else the machine does."""
    endless = solution.replace("return np.maximum(0, x)", "\n        while True: pass")
    marking = replace(marking_of("activation-relu"), limits=Limits(seconds=0.5))
    report = check(text.replace("{}", endless), marking)
    said = report.problem or report.marks[0].finding.facts
    assert said.endswith("ended after the limit of 0.5 s; is there an endless loop?")


ODD = [
    "a = " + "[" * 10**5,
    "a = " + "{a = " * 3000 + "1" + "}" * 3000,
    "[points]\n" + "a." * 2000 + "b = 1",
    "[limits]\nseconds = " + "9" * 5000,
    "[lab]\nfile = '.'",
    "[[points]]\na = 1",
]


@pytest.mark.parametrize("content", ODD, ids=range(len(ODD)))
def test_an_odd_file_of_points_is_refused_in_a_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "points.toml"
    path.write_text(content)
    with pytest.raises(MlplabError):
        read_points(path)


def test_the_name_that_is_meant_is_said_first(tmp_path: Path) -> None:
    path = tmp_path / "points.toml"
    path.write_text("[points]\nrelu = 3\n")
    with pytest.raises(MlplabError, match="did you mean 'activation-relu'"):
        read_points(path)
