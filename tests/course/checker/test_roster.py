"""Lists of a class as programs and people write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlplab.course.checker import Submission
from mlplab.course.checker.roster import match_roster, read_roster
from mlplab.errors import MlplabError

LINES = {
    "semicolons": ("Name;Vorname;Matrikelnummer\nMüller;Anna;7\nEk;Eva;8\n", "utf-8"),
    "Excel's Unicode text": (
        "Name\tVorname\tMatrikelnummer\nMüller\tAnna\t7\nEk\tEva\t8\n",
        "utf-16",
    ),
    "big endian": ("\ufeffNachname,Vorname,Matrikelnummer\nMüller,Anna,7\nEk,Eva,8\n", "utf-16-be"),
    "Windows": ("Nachname,Vorname,Matrikelnummer\r\nMüller,Anna,7\r\nEk,Eva,8\r\n", "cp1252"),
    "empty lines": ("name,id\n\nAnna Müller,7\n,\n\nEva Ek,8\n\n", "utf-8"),
    "quotes": ('"name","id"\n"Müller, Anna",7\n"Ek, Eva",8\n', "utf-8"),
    "long and short rows": ("id,name\n7,Anna Müller,x,y\n8,Eva Ek\n9\n", "utf-8"),
}


@pytest.mark.parametrize("kind", LINES)
def test_rosters_as_programs_write_them(tmp_path: Path, kind: str) -> None:
    text, encoding = LINES[kind]
    (tmp_path / "roster.csv").write_bytes(text.encode(encoding))
    students = read_roster(tmp_path / "roster.csv")[:2]
    assert [student.ids for student in students] == [("7",), ("8",)]
    found = match_roster([Submission("muelleranna", {}), Submission("anna müller", {})], students)
    assert "7" in [each.student_id for each in found if each.name != "muelleranna"]


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"name,id\n", b"name,id", b"\xff\xfe", b"\0\0", b"x,y\n1,2\n", b'"name\n', b"," * 999],
)  # fmt: skip
def test_a_roster_without_students_is_refused_with_the_columns_that_are_known(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "roster.csv").write_bytes(content)
    with pytest.raises(MlplabError, match="expected a line for each student") as refused:
        read_roster(tmp_path / "roster.csv")
    assert all(word in str(refused.value) for word in ("nachname", "matrikelnummer", "username"))
    assert len(str(refused.value)) < 800


def test_a_student_who_is_on_the_roster_twice_has_one_row(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text("name,id\nAnna Ek,7\nAnna Ek,7\nBo Berg,8\nBo Berg,9\n")
    students = read_roster(tmp_path / "roster.csv")
    found = match_roster([Submission("annaek", {})], students)
    rows = [(each.name, each.student_id, each.problem) for each in found]
    assert rows == [
        ("Anna Ek", "7", None),
        ("Bo Berg", "8", "Nothing was handed in"),
        ("Bo Berg", "9", "Nothing was handed in"),
    ]
