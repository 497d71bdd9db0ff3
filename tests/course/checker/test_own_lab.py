"""The page "A lab of your own" is followed, and what can be wrong with a teacher's file is told."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from mlplab.cli import app
from mlplab.course.checker import LabTest, Report, read_points
from mlplab.course.checker.journal import as_record, from_record
from mlplab.course.checker.lab import LabError
from mlplab.course.checker.lab_file import read_lab_file

pytestmark = pytest.mark.slow  # a process or more for each test

PAGE = Path(__file__).parents[3] / "docs" / "own-lab.md"
FILES = dict(re.findall(r"```(?:python|toml) (\S+)\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of the page."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def check_lab(folder: Path, *paths: str, points: str = "points.toml", seed: int = 1) -> Any:
    """Return what `mlplab check` says of files, as JSON."""
    words = ["--points", str(folder / points), "--format", "json", "--seed", str(seed)]
    result = CliRunner().invoke(app, ["check", *(str(folder / path) for path in paths), *words])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)["submissions"]


def names(report: Any) -> list[str | None]:
    return [test["mistake"] and test["mistake"]["name"] for test in report["tests"]]


def refused(folder: Path, points: str = "points.toml") -> str:
    """Return the sentence with which a teacher's file is refused."""
    words = ["check", str(folder / "right"), "--points", str(folder / points)]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    return " ".join(str(result.output).split())


def test_the_page_is_followed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    [commands] = re.findall(r"```shell\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    right, wrong = (CliRunner().invoke(app, line.split()[1:]) for line in commands.splitlines())
    assert right.exit_code == wrong.exit_code == 0
    assert "right/network.py: 11 of 11 points" in right.output
    assert "Everything is right." in right.output
    assert "The biases are not added." in wrong.output
    assert "In forward, each layer computes h @ w + b." in wrong.output


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("x @ w)", "x @ w)", [None, "biases-left-out", "biases-left-out"]),
        ("z > 0", "z >= 0", ["step-one-at-zero", "biases-left-out", "biases-left-out"]),
        ("x @ w)", "0 * x @ w + 0.5)", [None, None, None]),
        ("class Network", "class Net", [None, "undefined-name", "undefined-name"]),
        ("def __init__(self, layers)", "def __init__(self)", [None, "error", "error"]),
        (
            "for w, b in",
            "__import__('time').sleep(9)\n        for w, b in",
            [None, "too-slow", "too-slow"],
        ),
    ],
)
def test_causes_are_named_across_the_tests_of_an_own_lab(
    folder: Path, before: str, after: str, expected: list[str | None]
) -> None:
    file = folder / "wrong" / "network.py"
    file.write_text(FILES["wrong/network.py"].replace(before, after))
    (folder / "points.toml").write_text(
        FILES["points.toml"].replace("seconds = 2", "seconds = 0.5")
    )
    [report] = check_lab(folder, "wrong/network.py")
    assert names(report) == expected


def test_results_that_are_kept_show(folder: Path) -> None:
    file = folder / "wrong" / "network.py"
    kept = "def step(z, kept=[]):\n    kept.append((z > 0).astype(float))\n    return kept[0]"
    text = FILES["right/network.py"].replace("def step(z):\n    return (z > 0).astype(float)", kept)
    file.write_text(text)
    [report] = check_lab(folder, "wrong/network.py")
    assert report["tests"][0]["outcome"] == "wrong"
    assert re.match(r"step\(z\)\[\d\] is [01], expected [01]\.", report["tests"][0]["facts"])


def test_a_class_of_an_own_lab_has_a_row_for_each(folder: Path) -> None:
    students = folder / "class"
    for name, file in {"anna": "network.py", "bo": "Network (1).PY", "cy": "mlp.py"}.items():
        (students / name).mkdir(parents=True)
        (students / name / file).write_text(FILES["right/network.py"])
    (students / "dee").mkdir()
    (students / "dee" / "a.ipynb").write_text("{}")
    rows = {report["name"]: report for report in check_lab(folder, "class")}
    assert [rows[name]["score"] for name in ("anna", "bo", "cy", "dee")] == [11, 11, 11, 0]
    assert rows["cy"]["notes"] == ["The file is called mlp.py; call it network.py."]
    assert rows["dee"]["problem"] == "No file network.py was handed in, but a.ipynb."


def test_pairs_of_an_own_lab_are_found(folder: Path) -> None:
    students = folder / "class"
    for name in ("anna", "bo", "cy"):
        (students / name).mkdir(parents=True)
        (students / name / "network.py").write_text(FILES["right/network.py"])
        (students / name / "other.py").write_text("x = 1")
    (students / "cy" / "network.py").write_text("from other import x")
    command = ["check", str(students), "--similar", "--points", str(folder / "points.toml")]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    assert re.search(r"anna\s+bo", result.output)
    assert not re.search(r"\bcy\b", result.output)


def test_a_mistake_is_added_to_our_lab(
    folder: Path, check: Callable[..., Report], solution: str
) -> None:
    marking = read_points(folder / "more.toml")
    assert len(marking.points) == len(read_points().points)
    relu = next(line for line in solution.splitlines() if "np.maximum" in line)
    mine = re.sub(r"np\.maximum\(.*\)", "x * (x > 1)", relu)
    report = check(solution.replace(relu, mine), marking)
    [mistake] = report.mistakes
    assert mistake.name == "relu-with-threshold"
    [mark] = [mark for mark in report.marks if mark.check.name == "activation-relu"]
    assert mark.score == 0.25 * mark.points
    unknown = check(solution.replace(relu, mine))
    assert not any(mistake.name == "relu-with-threshold" for mistake in unknown.mistakes)


def test_reports_of_an_own_lab_are_kept_for_resume(folder: Path) -> None:
    words = ["check", str(folder / "right"), str(folder / "wrong"), "--format", "csv", "--points"]
    out = folder / "class.csv"
    command = [*words, str(folder / "points.toml"), "--out", str(out)]
    assert CliRunner().invoke(app, command).exit_code == 0
    before, kept = out.read_text(), Path(f"{out}.judged").read_text().splitlines()
    assert CliRunner().invoke(app, [*command, "--resume"]).exit_code == 0
    assert out.read_text() == before
    after = Path(f"{out}.judged").read_text().splitlines()
    assert [line for line in after if '"key"' in line] == [line for line in kept if '"key"' in line]
    (folder / "my_lab.py").write_text(FILES["my_lab.py"] + "\n# another lab\n")
    assert CliRunner().invoke(app, [*command, "--resume"]).exit_code == 0
    assert Path(f"{out}.judged").read_text().count('"key"') == 4
    checks = read_points(folder / "points.toml").lab.checks
    record = json.loads(next(line for line in kept if '"key"' in line))["report"]
    assert as_record(from_record(record, checks)) == record


LINE = FILES["my_lab.py"].splitlines().index("TESTS = [") + 1
"""Of the list of tests."""


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("import numpy as np", "import numpy as", "my_lab.py, line 1: SyntaxError: invalid syntax"),
        ("import numpy as np", "1 / 0", "my_lab.py, line 1: ZeroDivisionError: division by zero"),
        ("import numpy as np", "raise SystemExit", "my_lab.py, line 1: SystemExit"),
        ('FILE = "network.py"', "FILE = 3", "FILE must be what students hand in, such as 'network.py', received 3"),  # noqa: E501  # a case a line
        ("class SOLUTION:", "class Other:", "SOLUTION must be a class"),
        ("TESTS = [", "TESTS = []\nOTHERS = [", f"line {LINE}: TESTS has no test"),
        ("TESTS = [", "TESTS = [3,", f"line {LINE}: TESTS must be a list of LabTest(...), received 3"),
        ("TESTS = [", "A = [", "the mistake 'step-one-at-zero' replaces 'step', which the solution does not have"),  # noqa: E501  # a case a line
        ('name="predict"', 'name="forward"', "there are two tests of the name 'forward'"),
        ('"biases-left-out"', '"step-one-at-zero"', "there are two mistakes of the name 'step-one-at-zero'"),  # noqa: E501  # a case a line
        ('"biases-left-out"', '"error"', "there are two mistakes of the name 'error', ours"),
        ('name="predict"', 'name="score"', "a test cannot be called 'score': the table of a class has a column of that name"),  # noqa: E501  # a case a line
        ('name="predict"', 'name="Predict it"', "the name of a test must be small letters and digits"),
        ("points=3", "points=-3", "the points of the test 'predict' must be a number from 0 to 1000"),
        ('"network.predict(x)"', '"y = 3"', "the last line of the code of the test 'predict' must be"),
        ('"network.predict(x)"', '"3 +"', "the code of the test 'predict' is not Python"),
        ('ask="predict"', 'ask="predicted"', "asks for 'predicted', which SOLUTION does not have"),
        ("sums=lambda", "summs=lambda", "replaces 'summs', which the solution does not have; did you mean 'sums'?"),  # noqa: E501  # a case a line
        ("solution, h, w, b: h @ w", "h, w: h @ w", "must take what 'sums' of the solution takes"),
        ("solution, h, w, b: h @ w", "solution, h, w, b: nq", "NameError: name 'nq' is not defined"),
        ("return h @ w + b", "return h @ nq + b", "line 13: NameError: name 'nq' is not defined"),
        ("layers = [2, 6, 3]", "layers = [2, 6, nq]", "NameError: name 'nq' is not defined"),
        ("layers = [2, 6, 3]", "layers = {2, 6, 3}", "TypeError: 'set' object is not subscriptable"),
        ("def draw_network(generator)", "def draw_network()", "draw_network() takes 0 positional arguments"),  # noqa: E501  # a case a line
        ('"layers": layers', '"layers": object()', "the inputs of the test 'forward': cannot write object"),  # noqa: E501  # a case a line
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_teachers_file_is_told_before_any_is_judged(
    folder: Path, before: str, after: str, sentence: str
) -> None:
    assert before in FILES["my_lab.py"]
    (folder / "my_lab.py").write_text(FILES["my_lab.py"].replace(before, after))
    said = refused(folder)
    assert sentence in said
    assert re.search(r"my_lab\.py(, line \d+)?: ", said)


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        ("lab = 3", "lab must be a table, received 3"),
        ("[lab]\nfile = 3", "lab.file must name a Python file, such as 'my_lab.py', received 3"),
        ("[lab]\nfiles = 'a.py'", "lab.files: unknown name; did you mean 'file'?"),
        ("[lab]\nfile = 'a.py'", "a.py': No such file or directory"),
        ("[lab]\nfile = 'empty.py'", "empty.py defines neither TESTS nor MISTAKES"),
        ("[lab]\nfile = 'my_lab.py'\n[points]\nforwrd = 1", "points.forwrd: unknown name; did you mean"),
        ("[lab]\nfile = 'my_lab.py'\n[points]\nactivation-relu = 1", "unknown name"),
        ("[lab]\nfile = 'my_lab.py'\n[partial_credit]\nsoftmax-twice = 1", "unknown name"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_points_file_is_told(folder: Path, points: str, sentence: str) -> None:
    (folder / "empty.py").write_text("")
    (folder / "other.toml").write_text(points)
    assert sentence in refused(folder, "other.toml")


@pytest.mark.parametrize(
    ("methods", "sentence"),
    [
        ("relu=lambda solution, z: nq", "line 10: NameError: name 'nq' is not defined"),
        (
            "hidden_layers=lambda solution, w, b: w.size",
            "line 10: AttributeError: 'list' object has no",
        ),
        ("loss_of=lambda solution, o: o.q", "line 10: AttributeError: 'Outputs' object has no"),
        (
            "start=lambda solution, p, y: y.q",
            "line 10: AttributeError: 'numpy.ndarray' object has no",
        ),
    ],
)
def test_a_mistake_of_our_lab_is_tried_before_any_is_judged(
    folder: Path, methods: str, sentence: str
) -> None:
    text = FILES["more_mistakes.py"]
    relu = "relu=lambda solution, z: z * (z > 1)"
    assert text.splitlines().index(f"        {relu},") == 8
    (folder / "more_mistakes.py").write_text(f"\n{text.replace(relu, methods)}")
    assert f"more_mistakes.py, {sentence}" in refused(folder, "more.toml")


def test_a_mistake_whose_arrays_do_not_fit_may_be_added(folder: Path) -> None:
    text = FILES["more_mistakes.py"].replace(
        "relu=lambda solution, z: z * (z > 1)", "points=lambda solution, x, net: x[:, 5]"
    )
    (folder / "more_mistakes.py").write_text(text)
    assert read_points(folder / "more.toml").lab.table[-1].mistake.name == "relu-with-threshold"


def test_credit_is_taken_for_what_the_lab_asks_to_write(folder: Path) -> None:
    marking = folder / "points.toml"
    text = FILES["points.toml"]
    marking.write_text(f"{text}\n[partial_credit]\nforward-not-written = 0.5\nnot-written = 0.1\n")
    assert read_points(marking).credit["forward-not-written"] == 0.5
    marking.write_text(f"{text}\n[partial_credit]\nforwrd-not-written = 0.5\n")
    assert "did you mean 'forward-not-written'" in refused(folder)


def test_the_lines_of_a_test_are_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports are made side by side, and Python 3.11 cannot parse so."""
    test = LabTest("double", "", 1, "y = 2\ndouble( x )", "double", lambda generator: {"x": 1.0})
    check = test.draw(0, 0, "network.py", object)
    monkeypatch.setattr(ast, "parse", lambda *_: pytest.fail("it is parsed again"))
    assert test.last_line == "double(x)"
    assert not check.judge({"answers": []}).right


JUDGED = '        ask="predict",\n        judge=lambda came, layers, weights, biases, x: '


def test_a_judge_takes_each_of_several_right_answers(folder: Path) -> None:
    judge = f"{JUDGED}bool((came % 10 == SOLUTION().predict(layers, weights, biases, x)).all()),\n"
    text = FILES["my_lab.py"].replace('        ask="predict",\n', judge)
    (folder / "my_lab.py").write_text(text)
    for name in ("right", "wrong"):
        file = folder / name / "network.py"
        file.write_text(file.read_text().replace("np.argmax(", "10 + np.argmax("))
    right, wrong = check_lab(folder, "right", "wrong")
    assert [right["score"], names(wrong)[:2]] == [11, [None, "biases-left-out"]]
    assert wrong["tests"][2]["outcome"] == "wrong"


def test_an_error_in_a_judge_costs_nobody_marks(folder: Path) -> None:
    judge = f"{JUDGED}came[0] < 10 or 1 / 0 > 1,\n"
    text = FILES["my_lab.py"].replace('        ask="predict",\n', judge)
    (folder / "my_lab.py").write_text(text)
    line = text[: text.index("1 / 0")].count("\n") + 1
    file = folder / "wrong" / "network.py"
    file.write_text(FILES["right/network.py"].replace("np.argmax(", "10 + np.argmax("))
    paths = [str(folder / "right"), str(folder / "wrong")]
    words = ["--points", str(folder / "points.toml"), "--format", "json"]
    result = CliRunner().invoke(app, ["check", *paths, *words])
    assert result.exit_code == 1
    right, wrong = json.loads(result.stdout)["submissions"]
    assert right["score"] == 11
    assert wrong["judged"] is False
    assert wrong["problem"].startswith(
        "could not be judged: ZeroDivisionError: division by zero (an"
    )
    assert f"my_lab.py, line {line}; look at the file yourself" in wrong["problem"]


@pytest.mark.parametrize("credit", ["2.5", "-1", "True", "'half'", "float('nan')"])
def test_the_fraction_that_a_mistake_leaves_is_from_0_to_1(tmp_path: Path, credit: str) -> None:
    line = f"MISTAKES = [row('mine', 'What.', 'Look.', {credit}, relu=lambda s, z: z)]"
    (tmp_path / "lab.py").write_text(f"from mlplab.course.checker import row\n\n{line}\n")
    sentence = "line 3: the fraction of points that the mistake 'mine' leaves must be from 0 to 1"
    with pytest.raises(LabError, match=sentence):
        read_lab_file(tmp_path / "lab.py")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [("TEST = []", "unknown name 'TEST'; did you mean 'TESTS'?"),
     ("MISTAKE = []", "unknown name 'MISTAKE'; did you mean 'MISTAKES'?"),
     ("TESTS = []\nSOLUTIONS = 3", "unknown name 'SOLUTIONS'; did you mean 'SOLUTION'?")],
)  # fmt: skip
def test_a_name_that_is_misspelt_is_said(tmp_path: Path, line: str, sentence: str) -> None:
    (tmp_path / "lab.py").write_text(line)
    with pytest.raises(LabError) as refused:
        read_lab_file(tmp_path / "lab.py")
    assert sentence in str(refused.value)
