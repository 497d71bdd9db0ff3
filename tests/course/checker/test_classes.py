"""A class becomes a submission for each student, as four platforms and as people make it."""

from __future__ import annotations

import os
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

from mlplab.course.checker import find_submissions

from .handed_in import named, said, write, zipped


class Row(NamedTuple):
    """What a teacher sees of a submission."""

    name: str
    student_id: str
    said: str


def rows(path: Path) -> list[Row]:
    return [Row(found.name, found.student_id, said(found)) for found in find_submissions([path])]


def archive(folder: Path, files: dict[str, str]) -> Path:
    path = folder / "submissions.zip"
    with zipfile.ZipFile(path, "w") as whole:
        for name, content in files.items():
            whole.writestr(name, content)
    return path


CANVAS = {
    "anderssonanna_1234_90001_mlp.py": "from helper import x",
    "anderssonanna_1234_90002_helper.py": "x = 1",
    "bergbo_LATE_1235_90003_mlp-2.py": "import helper",
    "bergbo_LATE_1235_90004_helper-1.py": "x = 2",
    "carlssoncia_1236_90005_report.pdf": "%PDF",
    "dahldan_1237_text.html": "<p>sorry</p>",
}
MOODLE = {
    "Anna Andersson_1234_assignsubmission_file_/mlp.py": "x = 1",
    "Anna Andersson_1234_assignsubmission_file_/task3.py": "W = []",
    "Anna Andersson_1234_assignsubmission_onlinetext_/onlinetext.html": "<p>hello</p>",
    "Bo Berg_1235_assignsubmission_file_/lab/mlp.py": "x = 2",
    "Cia Carlsson_1236_assignsubmission_file_/report.pdf": "%PDF",
    "Dan Dahl_1237_assignsubmission_onlinetext_/onlinetext.html": "<p>sorry</p>",
}
MOODLE_FLAT = {
    "Anna Andersson_1234_assignsubmission_file_mlp.py": "x = 1",
    "Anna Andersson_1234_assignsubmission_file_task3.py": "W = []",
    "Anna Andersson_1234_assignsubmission_onlinetext_onlinetext.html": "<p>hello</p>",
    "Bo Berg_1235_assignsubmission_file_mlp.py": "x = 2",
    "Cia Carlsson_1236_assignsubmission_file_report.pdf": "%PDF",
    "Dan Dahl_1237_assignsubmission_onlinetext_onlinetext.html": "<p>sorry</p>",
}
ANNA = "Name: Anna Andersson (a_andersson)\nAssignment: Lab_1"
BLACKBOARD = {
    "Lab_1_a_andersson_attempt_2026-03-01-12-30-00_mlp.py": "x = 0",
    "Lab_1_a_andersson_attempt_2026-03-01-12-30-00.txt": ANNA,
    "Lab_1_a_andersson_attempt_2026-03-02-09-00-00_mlp.py": "x = 1",
    "Lab_1_a_andersson_attempt_2026-03-02-09-00-00_task3.py": "W = []",
    "Lab_1_a_andersson_attempt_2026-03-02-09-00-00.txt": ANNA,
    "Lab_1_bberg_attempt_2026-03-01-12-31-00_mlp.py": "x = 2",
    "Lab_1_ccarlsson_attempt_2026-03-01-12-32-00_report.pdf": "%PDF",
    "Lab_1_ddahl_attempt_2026-03-01-12-33-00.txt": "Name: Dan Dahl (ddahl)\nAssignment: Lab_1",
}  # fmt: skip
GRADESCOPE = {
    "assignment_77_export/submission_metadata.yml": "\n".join(
        [
            "submission_501:", "  :submitters:", "  - :name: Anna Andersson", "    :sid: '1234'",
            "    :email: anna@example.org", "  - :name: Bo Berg", "    :sid: '1235'",
            "  :created_at: 2026-03-01",
            "  :score: 0.0", "  :history:", "  - :id: 4", "submission_502:", "  :submitters:",
            "  - :name: Cia Carlsson", "    :sid: ", "    :email: cia@example.org", "submission_503:",
            "  :submitters:", "  - :name: Dan Dahl", "    :sid: '1237'",
        ]
    ),
    "assignment_77_export/submission_501/mlp.py": "x = 1",
    "assignment_77_export/submission_501/task3.py": "W = []",
    "assignment_77_export/submission_502/report.pdf": "%PDF",
}  # fmt: skip

NOTHING = "Nothing was handed in"
REPORT = "No file mlp.py was handed in, but report.pdf"
PLATFORMS = {
    "Canvas": (
        CANVAS,
        [
            Row("anderssonanna", "1234", "from helper import x"),
            Row("bergbo", "1235", "import helper"),
            Row("carlssoncia", "1236", REPORT),
            Row("dahldan", "1237", "No file mlp.py was handed in, but text.html"),
        ],
    ),
    "Moodle, folders": (
        MOODLE,
        [
            Row("Anna Andersson", "1234", "x = 1"),
            Row("Bo Berg", "1235", "x = 2"),
            Row("Cia Carlsson", "1236", REPORT),
            Row("Dan Dahl", "1237", "No file mlp.py was handed in, but onlinetext.html"),
        ],
    ),
    "Moodle, flat": (
        MOODLE_FLAT,
        [
            Row("Anna Andersson", "1234", "x = 1"),
            Row("Bo Berg", "1235", "x = 2"),
            Row("Cia Carlsson", "1236", REPORT),
            Row("Dan Dahl", "1237", "No file mlp.py was handed in, but onlinetext.html"),
        ],
    ),
    "Blackboard": (
        BLACKBOARD,
        [
            Row("Anna Andersson", "a_andersson", "x = 1"),
            Row("bberg", "bberg", "x = 2"),
            Row("ccarlsson", "ccarlsson", REPORT),
            Row("Dan Dahl", "ddahl", NOTHING),
        ],
    ),
    "Gradescope": (
        GRADESCOPE,
        [
            Row("Anna Andersson", "1234", "x = 1"),
            Row("Bo Berg", "1235", "x = 1"),
            Row("Cia Carlsson", "cia@example.org", REPORT),
            Row("Dan Dahl", "1237", NOTHING),
        ],
    ),
}


@pytest.mark.parametrize("unpacked", [False, True])
@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_platform_s_archive_has_a_row_for_each_student(
    tmp_path: Path, platform: str, unpacked: bool
) -> None:
    files, expected = PLATFORMS[platform]
    path = archive(tmp_path, files)
    if unpacked:
        with zipfile.ZipFile(path) as whole:
            whole.extractall(tmp_path / "class")
        path = tmp_path / "class"
    assert rows(path) == expected


@pytest.mark.parametrize("platform", PLATFORMS)
def test_files_beside_it_come_along(tmp_path: Path, platform: str) -> None:
    files, _ = PLATFORMS[platform]
    first, second, *_ = find_submissions([archive(tmp_path, files)])
    assert set(first.files) == {"mlp.py", "helper.py" if platform == "Canvas" else "task3.py"}
    if platform == "Canvas":
        assert second.files["helper.py"] == b"x = 2"
    if platform == "Blackboard":
        assert "The latest of 2 attempts was checked." in first.notes


@pytest.mark.parametrize("platform", [name for name in PLATFORMS if name != "Gradescope"])
def test_one_student_s_archive_of_a_platform_keeps_the_name(tmp_path: Path, platform: str) -> None:
    files, expected = PLATFORMS[platform]
    first = next(iter(files))
    [found] = rows(archive(tmp_path, {first: "x = 1"}))
    assert found.name == ("andersson" if platform == "Blackboard" else expected[0].name)


def test_a_class_of_folders(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "class",
        "anna/mlp.py",
        "berta/lab 1/mlp.py",
        "carl/network.py",
        "dora/report.txt",
        "erik_mlp.py",
        "data_generator.py",
        "README.md",
        "__MACOSX/mlp.py",
        ".git/mlp.py",
        "two/a/mlp.py",
        "two/b/mlp.py",
    )
    (folder / "gus").mkdir()
    (folder / "hal").symlink_to(folder / "anna")
    write(folder / "frida", "x.txt")
    zipped(folder / "frida", "inner/mlp.py", called="hand-in.zip")
    assert named(folder) == {
        "anna": "# anna/mlp.py",
        "berta": "# berta/lab 1/mlp.py",
        "carl": "# carl/network.py",
        "dora": "No file mlp.py was handed in, but report.txt",
        "erik_mlp": "# erik_mlp.py",
        "frida": "# inner/mlp.py",
        "gus": NOTHING,
        "hal": "No file mlp.py was handed in, but hal (it is a link)",
        "two": "It is not clear which file is meant, a/mlp.py and b/mlp.py: hand in one mlp.py",
    }


def test_files_that_are_called_after_students_need_no_other_name(tmp_path: Path) -> None:
    folder = write(tmp_path, "anna_mlp.py", "bo.py", "cia.mlp.py.txt")
    found = find_submissions([folder])
    assert [each.name for each in found] == ["anna_mlp", "bo", "cia.mlp"]
    assert [each.notes for each in found] == [(), (), ()]


@pytest.mark.parametrize("top", ["", "submissions/"])
def test_a_zip_file_is_as_its_folder(tmp_path: Path, top: str) -> None:
    names = [f"{top}{name}" for name in ("anna/mlp.py", "berta/mlp.py", "__MACOSX/anna/mlp.py")]
    assert set(named(zipped(tmp_path, *names))) == {"anna", "berta"}


def test_a_zip_file_of_one_student(tmp_path: Path) -> None:
    assert named(zipped(tmp_path, "mlp.py")) == {"class": "# mlp.py"}


def test_a_damaged_zip_file_within_costs_only_its_owner(tmp_path: Path) -> None:
    folder = write(tmp_path, "anna/mlp.py", "berta/mlp.zip", "carl.zip")
    found = named(folder)
    assert found["anna"] == "# anna/mlp.py"
    assert "mlp.zip is not a zip file" in found["berta"]
    assert "carl.zip is not a zip file" in found["carl"]


def test_an_mlp_left_at_the_top_of_a_class_is_nobody_s(tmp_path: Path) -> None:
    folder = write(tmp_path, "mlp.py", "anna/mlp.py", "bo/mlp.py", "bo/old/mlp.py")
    assert named(folder) == {"anna": "# anna/mlp.py", "bo": "# bo/mlp.py"}


def test_students_two_folders_deep(tmp_path: Path) -> None:
    folder = write(
        tmp_path, "A/anna/mlp.py", "A/bo/mlp.py", "A/eva/report.txt", "B/cia/mlp.py", "B/list.csv"
    )
    assert named(folder) == {
        "anna": "# A/anna/mlp.py",
        "bo": "# A/bo/mlp.py",
        "cia": "# B/cia/mlp.py",
        "eva": "No file mlp.py was handed in, but report.txt",
    }


def test_the_same_folders_of_each_student_are_no_students(tmp_path: Path) -> None:
    names = [f"{name}/{lab}/mlp.py" for name in ("anna", "bo") for lab in ("first", "second")]
    assert list(named(write(tmp_path, *names))) == ["anna", "bo"]


def test_a_folder_its_zip_file_and_a_file_of_one_name_are_one_student_s(tmp_path: Path) -> None:
    folder = write(tmp_path / "class", "anna/mlp.py", "bo/mlp.py", "bo.py")
    zipped(folder, "mlp.py", called="bo.zip")
    assert named(folder) == {"anna": "# anna/mlp.py", "bo": "# bo/mlp.py"}


def test_a_platform_s_zip_file_within_a_folder_is_a_class(tmp_path: Path) -> None:
    archive(tmp_path, MOODLE)
    found = rows(tmp_path)
    assert found == PLATFORMS["Moodle, folders"][1]


def test_names_stay_apart(tmp_path: Path) -> None:
    one, other = (write(tmp_path / name / "anna", "mlp.py") for name in ("a", "b"))
    assert list(named(one, other)) == ["anna (1)", "anna (2)"]


@pytest.mark.parametrize("encoding", ["utf-8", "cp437", "cp1252"])
def test_names_in_zip_files_without_the_flag_are_read(tmp_path: Path, encoding: str) -> None:
    names = ["Åsa Öberg", "Zoë Müller"]
    path = tmp_path / "class.zip"
    with zipfile.ZipFile(path, "w") as whole:
        for i, name in enumerate(names):
            whole.writestr(f"{i}{'x' * (len(name.encode(encoding)) - 1)}/mlp.py", name)
    content = path.read_bytes()
    for i, name in enumerate(names):
        raw = name.encode(encoding)
        content = content.replace(f"{i}{'x' * (len(raw) - 1)}/mlp.py".encode(), raw + b"/mlp.py")
    path.write_bytes(content)
    assert {row.name for row in rows(path)} == set(names)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_names_on_the_disk_that_are_not_utf_8_are_read(tmp_path: Path) -> None:
    os.makedirs(os.fsencode(tmp_path / "class") + b"/\xc5sa")
    Path(os.fsdecode(os.fsencode(tmp_path / "class") + b"/\xc5sa/mlp.py")).write_text("x = 1")
    assert named(tmp_path / "class") == {"Åsa": "x = 1"}
