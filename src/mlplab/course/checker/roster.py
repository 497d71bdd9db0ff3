"""The list of a class, matched with what was handed in: who is missing, and what each is called."""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from pathlib import Path

from mlplab.course.checker.submissions import Submission
from mlplab.course.checker.visible import visible_line
from mlplab.errors import MlplabError, shown

NAMES = ("name", "full name", "student", "student name", "display name", "namn",
         "vollständiger name")  # fmt: skip
FIRST_NAMES = ("first name", "given name", "firstname", "förnamn", "vorname")
LAST_NAMES = ("last name", "surname", "family name", "lastname", "efternamn", "nachname",
              "familienname")  # fmt: skip
IDS = ("id", "sid", "student id", "id number", "idnumber", "user id", "userid", "username", "login",
       "identifier", "sis user id", "sis login id", "email", "email address", "e-mail", "e-postadress",
       "personnummer", "matrikelnummer", "anmeldename", "benutzername", "e-mail-adresse")  # fmt: skip
"""Words at the heads of columns, as platforms and people write them."""

NO_STUDENTS = {"points possible"}
"""Lines of Canvas's gradebook that are nobody's."""

NOTHING = "Nothing was handed in"
MOST_NAME_PARTS = 5
NOT_LISTED = "This name is not on the roster."


@dataclass(frozen=True)
class Student:
    """A line of the roster: a name, and everything that may identify the student."""

    name: str
    ids: tuple[str, ...]


def read_roster(path: Path) -> list[Student]:
    """Read a CSV file with a column of names (or two), a column of ids, or both.

    Raises
    ------
    MlplabError
        If it cannot be read, or its head names none of these columns.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise MlplabError(f"cannot read '{path}': {error.strerror}") from error
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        students = [_student(row) for row in rows]
    except csv.Error as error:
        raise MlplabError(f"{path} is not a CSV file: {error}") from error
    students = [
        student
        for student in students
        if (student.name or student.ids) and student.name.lower() not in NO_STUDENTS
    ]
    students = list(dict.fromkeys(students))  # a list put together from several names some twice
    if not students:
        raise MlplabError(
            f"{path}: expected a line for each student below a line that names the columns, one of them "
            f"{', '.join((*NAMES, *LAST_NAMES, *IDS))}; received {shown(visible_line(first.strip()))}"
        )
    return students


def match_roster(submissions: Sequence[Submission], roster: Sequence[Student]) -> list[Submission]:
    """Return a submission for each student of the roster, and those that belong to nobody on it.

    Ids go before names. A name is matched whatever the order, case and accents of its parts, and run
    together as Canvas writes it, or by a part that only one student has; one that fits several students
    is matched with none. Several submissions that match one student are all kept, and say so.

    Parameters
    ----------
    submissions : sequence of Submission
    roster : sequence of Student

    Examples
    --------
    >>> found = match_roster(
    ...     [Submission("berggrenbo", {})], [Student("Bo Berggren", ("7",)), Student("Eva Ek", ("8",))]
    ... )
    >>> [(each.name, each.student_id, each.problem) for each in found]
    [('Bo Berggren', '7', None), ('Eva Ek', '8', 'Nothing was handed in')]
    """
    by_id = _unique((key, i) for i, student in enumerate(roster) for key in map(_key, student.ids))
    by_name = _unique((key, i) for i, student in enumerate(roster) for key in _name_keys(student))
    by_part = _unique(
        (part, i) for i, student in enumerate(roster) for part in _parts(student.name)
    )
    by_name = by_part | by_name
    places = [_find(submission, by_id, by_name) for submission in submissions]
    matched: list[Submission] = []
    for submission, i in zip(submissions, places, strict=True):
        if i is None:
            matched.append(replace(submission, notes=(*submission.notes, NOT_LISTED)))
            continue
        student = roster[i]
        others = [other.name for other, j in zip(submissions, places, strict=True) if i == j]
        notes = submission.notes
        if len(others) > 1:
            notes = (*notes, f"{len(others)} submissions match this student: {', '.join(others)}.")
        student_id = student.ids[0] if student.ids else submission.student_id
        name = student.name or submission.name
        matched.append(replace(submission, name=name, student_id=student_id, notes=notes))
    for i, student in enumerate(roster):
        if i not in places:
            student_id = student.ids[0] if student.ids else ""
            matched.append(Submission(student.name, {}, NOTHING, student_id=student_id))
    return sorted(matched, key=lambda submission: submission.name.lower())


def _student(row: Mapping[str | None, str | list[str] | None]) -> Student:
    cells = {
        _head(head): cell.strip()
        for head, cell in row.items()
        if isinstance(head, str) and isinstance(cell, str)
    }
    name, first, last = (_first(cells, heads) for heads in (NAMES, FIRST_NAMES, LAST_NAMES))
    if not name or last:
        name = f"{first} {last}".strip() or name
    elif (
        first and first.lower() not in name.lower()
    ):  # Name is the family name where Vorname is the other
        name = f"{first} {name}"
    return Student(name, tuple(cells[head] for head in IDS if cells.get(head)))


def _decoded(content: bytes) -> str:
    """Return a text, UTF-8 or as Windows writes it: UTF-16 with a byte order mark, or cp1252.

    >>> _decoded("Åsa".encode("utf-16")), _decoded("Åsa".encode("cp1252"))
    ('Åsa', 'Åsa')
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _head(text: str) -> str:
    return " ".join(re.split(r"[\s_]+", text.strip().lower()))


def _first(cells: Mapping[str, str], heads: Sequence[str]) -> str:
    return next((cells[head] for head in heads if cells.get(head)), "")


def _find(
    submission: Submission, by_id: Mapping[str, int], by_name: Mapping[str, int]
) -> int | None:
    for text in (submission.student_id, submission.name):
        if text and _key(text) in by_id:
            return by_id[_key(text)]
    for text in (submission.name, re.sub(r"[_ -]?mlp\b.*$", "", Path(submission.name).stem)):
        key = _run_together(text)
        if key and key in by_name:
            return by_name[key]
    return None


def _name_keys(student: Student) -> set[str]:
    """Return a name's parts run together in every order (of names with many parts: as it is)."""
    parts = _parts(student.name)
    orders = permutations(parts) if len(parts) <= MOST_NAME_PARTS else [parts]
    return {"".join(order) for order in orders if order}


def _unique(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return where each key belongs; those that belong to several students to none."""
    found: dict[str, int] = {}
    several = set()
    for key, i in pairs:
        if key in found and found[key] != i:
            several.add(key)
        found[key] = i
    return {key: i for key, i in found.items() if key not in several}


def _key(text: str) -> str:
    """Return an id for comparing: of an e-mail address, what stands before the @.

    >>> _key("Anna@example.org"), _key("Participant 12")  # as Moodle writes it in its worksheet
    ('anna', '12')
    """
    return text.strip().lower().removeprefix("participant").partition("@")[0].strip()


def _run_together(text: str) -> str:
    return "".join(_parts(text))


def _parts(text: str) -> list[str]:
    """Return a name's parts in small letters without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(each for each in plain if not unicodedata.combining(each))
    return re.findall(r"[^\W_]+", letters)
