"""`mlplab check` of a class: its table, its roster, and what Gradescope is given."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlplab.course.checker.kit_files import KIT
from mlplab.course.checker.runner import Answer, Runner

SOLVED = (KIT / "mlp_solution.py").read_text(encoding="utf-8")


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


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A checker with a fault of its own, which shows at files of bo; it runs none."""

    def fail(runner: Runner, *_: object, **__: object) -> Answer:
        if b"# bo" in runner.files["mlp.py"]:
            raise ZeroDivisionError
        return Answer("crash", {}, None, 0.0)

    monkeypatch.setattr(Runner, "run", fail)


@pytest.mark.usefixtures("broken", "solved_class")
@pytest.mark.parametrize("form", ["text", "csv", "json"])
def test_the_status_is_1_if_one_could_not_be_judged(
    run: Callable[..., Any], tmp_path: Path, form: str
) -> None:
    result = run("check", "class", "--format", form)
    assert result.exit_code == 1
    assert "could not be judged: ZeroDivisionError" in " ".join(result.stdout.split())
    assert "mlplab: 1 of 2 could not be judged" in result.stderr
    if form == "json":
        found = json.loads(result.stdout)["submissions"]
        assert [(each["score"], each["judged"]) for each in found] == [(0, True), (None, False)]


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


@pytest.mark.usefixtures("unrun_files")
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


@pytest.mark.usefixtures("unrun_files")
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


@pytest.mark.usefixtures("unrun_files")
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
    (tmp_path / "class" / "anna\x1b[31m" / "mlp.py").write_text("raise ValueError('\\x1b[2J')")
    for form in ("text", "csv", "json"):
        page = run("check", "class", "--format", form).stdout
        assert "\x1b" not in page
        assert "\u202e" not in page
    assert "\x1b" not in run("check", "nowhere\x1b[31m").stderr


@pytest.mark.slow
def test_seed_and_unnamed_wrong_answers_are_in_the_table(
    run: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "mlp.py").write_text(SOLVED.replace("np.maximum(x, 0)", "np.maximum(x, 0.37)"))
    page = run("check", "mlp.py", "--format", "csv", "--seed", "5").stdout
    [row] = csv.DictReader(page.splitlines())
    assert (row["mistakes"], row["seed"]) == ("", "5")
    assert "activation-relu" in row["unexplained"].split()


@pytest.mark.usefixtures("unrun_files")
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
