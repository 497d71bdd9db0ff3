"""`mlplab check` as a student and a teacher call it."""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlplab.course.checker import Submission, read_points
from mlplab.course.checker.fingerprints import THRESHOLD
from mlplab.course.checker.journal import Journal
from mlplab.course.checker.kit_files import KIT
from mlplab.course.checker.report_file import ReportFile
from mlplab.errors import MlplabError

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


@pytest.mark.slow
def test_the_seed_is_printed_and_can_be_given(run: Callable[..., Any], solved: Path) -> None:
    drawn = run("check", "mlp.py", "--format", "json")
    assert re.search(r"drawn with --seed \d+\.", drawn.stderr)
    given = run("check", "mlp.py", "--seed", "7")
    assert "--seed 7." in given.stderr
    assert run("check", "mlp.py", "--seed", "-1").exit_code == 2


@pytest.mark.slow
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
    content = (tmp_path / "out" / "class.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")  # without which Excel misreads names
    lines = content.decode("utf-8-sig").splitlines()
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


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A checker with a fault of its own, which shows at files of bo."""

    def fail(source: bytes) -> list[str]:
        if b"# bo" in source:
            raise ZeroDivisionError
        return []

    monkeypatch.setattr("mlplab.course.checker.marking.style_advice", fail)


def write_class(folder: Path) -> None:
    for name in ("anna", "bo"):
        (folder / "class" / name).mkdir(parents=True)
        (folder / "class" / name / "mlp.py").write_text(f"{SOLVED}\n# {name}\n")


@pytest.mark.slow
@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("form", ["text", "csv", "json"])
def test_the_status_is_1_if_one_could_not_be_judged(
    run: Callable[..., Any], tmp_path: Path, form: str
) -> None:
    write_class(tmp_path)
    result = run("check", "class", "--format", form)
    assert result.exit_code == 1
    assert "100" in result.stdout
    assert "could not be judged: ZeroDivisionError" in " ".join(result.stdout.split())
    assert "mlplab: 1 of 2 could not be judged" in result.stderr
    if form == "json":
        found = json.loads(result.stdout)["submissions"]
        assert [(each["score"], each["judged"]) for each in found] == [(100, True), (None, False)]


@pytest.mark.usefixtures("broken")
def test_gradescope_has_a_result_also_of_what_could_not_be_judged(
    run: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "mlp.py").write_text("# bo")
    result = run("check", "mlp.py", "--format", "gradescope", "--out", "results.json")
    assert result.exit_code == 1
    content = json.loads((tmp_path / "results.json").read_text())
    assert (content["score"], content["tests"]) == (0, [])
    assert "Could not be judged" in content["output"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["damaged.zip", "empty", "many"])
def test_gradescope_has_a_result_whatever_was_handed_in(
    run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("mlplab.course.checker.tree.MOST_FILES", 3)
    (tmp_path / "damaged.zip").write_bytes(b"PK\x03\x04")
    (tmp_path / "empty").mkdir()
    (tmp_path / "many").mkdir()
    for i in range(5):
        (tmp_path / "many" / f"{i}.txt").touch()
    result = run("check", name, "--format", "gradescope", "--out", "results.json")
    assert result.exit_code == 0
    assert "No test could be run." in json.loads((tmp_path / "results.json").read_text())["output"]


def test_a_roster_names_everyone_and_shows_who_is_missing(
    run: Callable[..., Any], tmp_path: Path
) -> None:
    for name in ("anderssonanna_12_34_mlp.py", "bergbo_13_35_mlp.py", "strange_14_36_mlp.py"):
        (tmp_path / "class").mkdir(exist_ok=True)
        (tmp_path / "class" / name).write_text("import nothing")
    (tmp_path / "students.csv").write_text(
        "\ufeffEfternamn;Förnamn;Email\nAndersson;Anna;anna@example.org\nBerg;Bo;bo@example.org\n"
        "Ek;Eva;eva@example.org\n", encoding="utf-8"
    )  # fmt: skip
    result = run("check", "class", "--roster", "students.csv", "--format", "csv")
    assert result.exit_code == 0
    rows = {line.split(",")[0]: line for line in result.stdout.splitlines()[1:]}
    assert list(rows) == ["Anna Andersson", "Bo Berg", "Eva Ek", "strange"]
    assert rows["Eva Ek"].startswith("Eva Ek,eva@example.org,0,100,,,Nothing was handed in")
    assert rows["strange"].startswith("strange,14,0,100")
    assert "This name is not on the roster." in rows["strange"]


def test_two_submissions_of_one_student_on_the_roster_say_so(
    run: Callable[..., Any], tmp_path: Path
) -> None:
    for name in ("anna", "annaek", "bo"):
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "mlp.py").write_text("import nothing")
    (tmp_path / "students.csv").write_text("name,id\nAnna Ek,7\nBo Berg,8\n")
    page = run("check", "class", "--roster", "students.csv", "--format", "csv").stdout
    rows = [(row["name"], row["id"], row["notes"]) for row in csv.DictReader(page.splitlines())]
    twice = ("Anna Ek", "7", "2 submissions match this student: anna, annaek.")
    assert rows == [twice, twice, ("Bo Berg", "8", "")]


@pytest.mark.slow
@pytest.mark.parametrize("form", ["text", "csv", "json"])
def test_no_name_makes_a_line_of_its_own(
    run: Callable[..., Any], tmp_path: Path, form: str
) -> None:
    """A folder called so would have a line that looks like another student's."""
    forged = "cia\nbo: 100 of 100 points"
    for name in ("anna", forged):
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "mlp.py").write_text("import nothing")
    (tmp_path / "class" / "dan").mkdir()
    (tmp_path / "class" / "dan" / f"{forged}.txt").touch()
    for paths in (["class"], [f"class/{forged}"], ["class", "--similar"]):
        page = run("check", *paths, "--format", form).stdout
        assert not re.search("^ *bo: 100", page, re.MULTILINE)
        assert "cia" in page or "similar" in paths[-1]
    assert "\n" not in run("check", f"{forged} 2").stderr.rstrip()


@pytest.mark.slow
def test_escape_sequences_in_names_do_not_reach_the_terminal(
    run: Callable[..., Any], tmp_path: Path
) -> None:
    for name in ("anna\x1b[31m", "bo\u202e"):
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "mlp.py").write_text("raise ValueError('\\x1b[2J')")
    for form in ("text", "csv", "json"):
        page = run("check", "class", "--format", form).stdout
        assert "\x1b" not in page
        assert "\u202e" not in page
    assert "\x1b" not in run("check", "nowhere\x1b[31m").stderr


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


def test_the_help_says_what_fraction_a_pair_has(run: Callable[..., Any], plain: Plain) -> None:
    assert f"{THRESHOLD} if not given" in plain(run("check", "--help").stdout)


def test_one_file_is_similar_to_none(refused: Callable[..., str], solved: Path) -> None:
    assert "at least two submissions, found 1" in refused("check", solved, "--similar")


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
def test_what_is_read_is_not_written_over(
    refused: Callable[..., str], tmp_path: Path, arguments: list[str], out: str
) -> None:
    write_class(tmp_path)
    (tmp_path / "class" / "bo.py").write_text("x = 1")
    (tmp_path / "class.zip").write_bytes(b"PK\5\6" + bytes(18))
    (tmp_path / "students.csv").write_text("name\nAnna\n")
    (tmp_path / "more.py").write_text("MISTAKES = []")
    (tmp_path / "points.toml").write_text("[lab]\nfile = 'more.py'\n")
    (tmp_path / "link.csv").symlink_to(tmp_path / "class" / "bo.py")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert f"--out '{out}' is among what is read" in refused("check", *arguments, "--out", out)
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}


@pytest.mark.slow
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


@pytest.mark.slow
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


def test_the_points_that_are_used_can_be_printed(run: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "few.toml").write_text("[points]\nactivation-relu = 7\n[limits]\nseconds = 3\n")
    page = run("check", "--example", "--points", "few.toml").stdout
    (tmp_path / "same.toml").write_text(page)
    same, few = (read_points(tmp_path / f"{name}.toml") for name in ("same", "few"))
    assert (same.points, same.limits, same.credit) == (few.points, few.limits, few.credit)
    assert same.points["activation-relu"] == 7


def test_without_a_path_one_sentence_is_said(refused: Callable[..., str]) -> None:
    assert refused("check") == "expected an mlp.py, a folder or a zip file to check"


@pytest.mark.slow
def test_seed_and_unnamed_wrong_answers_are_in_the_table(
    run: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "mlp.py").write_text(SOLVED.replace("np.maximum(x, 0)", "np.maximum(x, 0.37)"))
    page = run("check", "mlp.py", "--format", "csv", "--seed", "5").stdout
    [row] = csv.DictReader(page.splitlines())
    assert (row["mistakes"], row["seed"]) == ("", "5")
    assert "activation-relu" in row["unexplained"].split()
    content = json.loads(run("check", "mlp.py", "--format", "json", "--seed", "5").stdout)
    assert content["submissions"][0]["seed"] == 5


def test_gradescope_refuses_a_class_and_says_a_problem_once(
    run: Callable[..., Any], refused: Callable[..., str], tmp_path: Path
) -> None:
    for name in ("Anna Ek_12_assignsubmission_file_", "Bo Berg_13_assignsubmission_file_"):
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "mlp.py").write_text("x = 1")
    said = refused("check", "class", "--format", "gradescope")
    assert "is for one submission, 'class' holds those of 2 students" in said
    (tmp_path / "upload").mkdir()
    page = run("check", "upload", "--format", "gradescope").stdout
    assert page.count("Nothing was handed in") == 1
    (tmp_path / "upload" / "fig_1_2_a.py").write_text("x = 1")
    (tmp_path / "upload" / "fig_2_2_b.py").write_text("x = 2")
    (tmp_path / "upload" / "mlp.py").write_text("import nothing")
    assert run("check", "upload", "--format", "gradescope").exit_code == 0
