"""What one student hands in takes bounded time and memory to read, and costs only the own row."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from mlplab.course.checker import find_submissions
from mlplab.course.checker.archive import LARGEST_LIST, LONGEST_NAME
from mlplab.course.checker.file_names import plain_name
from mlplab.course.checker.fingerprints import fingerprints
from mlplab.course.checker.platforms import BLACKBOARD_NAME, is_platform_name

from .handed_in import said, write

Archive = zipfile.ZipFile


def zip_of(fill: Callable[[Archive], None]) -> bytes:
    whole = io.BytesIO()
    with Archive(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        fill(archive)
    return whole.getvalue()


def seconds_of(call: Callable[[], object]) -> float:
    begun = time.process_time()
    call()
    return time.process_time() - begun


LONG = {
    "spaces": lambda n: plain_name(f"a0{' ' * n}.c"),
    "spaces and brackets": lambda n: plain_name(f"a{' (1' * n}.py"),
    "hyphens": lambda n: plain_name(f"a{' - ' * n}.py"),
    "digits": lambda n: plain_name(f"a-{'1' * n}.c"),
    "copies": lambda n: plain_name(f"a{' - copy (1' * n}.py"),
    "canvas": lambda n: is_platform_name(f"{'a_1_' * n}\n"),
    "blackboard, spaces": lambda n: BLACKBOARD_NAME.search(f"Name:{' ' * n}"),
    "blackboard, spaces in the name": lambda n: BLACKBOARD_NAME.search(f"Name: a{' ' * n}b"),
    "open strings": lambda n: fingerprints({"mlp.py": b"'''\\" * n}),
    "deep brackets": lambda n: fingerprints({"mlp.py": b"[(" * n}),
}


@pytest.mark.parametrize("kind", LONG)
def test_a_text_of_four_times_the_length_takes_about_four_times_as_long(kind: str) -> None:
    """Where it were sixteen times, sixty thousand spaces in a name cost half a minute."""
    call, n = LONG[kind], 15_000
    times = [min(seconds_of(lambda: call(k)) for _ in range(2)) for k in (n, 4 * n)]  # noqa: B023
    assert times[1] < 10 * times[0] + 0.05


def rows_beside(tmp_path: Path, content: bytes) -> dict[str, str]:
    """The rows of a class in which bo hands in a zip file."""
    write(tmp_path / "class", "anna/mlp.py", "eva/mlp.py")
    (tmp_path / "class" / "bo.zip").write_bytes(content)
    found = {each.name: said(each) for each in find_submissions([tmp_path / "class"])}
    assert (found["anna"], found["eva"]) == ("# anna/mlp.py", "# eva/mlp.py")
    return found


def test_a_long_name_in_an_archive_is_cut(tmp_path: Path) -> None:
    def fill(archive: Archive) -> None:
        archive.writestr(f"a0{' ' * 60_000}.py", "x = 1")
        archive.writestr(f"{'a/' * 30_000}mlp.py", "x = 1")

    problem = rows_beside(tmp_path, zip_of(fill))["bo"]
    assert "(its name is too long)" in problem
    assert len(problem) < 3 * LONGEST_NAME


def test_what_is_no_zip_file_is_not_unpacked(tmp_path: Path) -> None:
    """A hundred members of 256 MiB of zeros, in a file of 26 MB, would be read for minutes."""

    def fill(archive: Archive) -> None:
        for i in range(3):
            with archive.open(f"{i}.zip", "w") as member:
                member.write(b"\0" * 2**27)

    content = zip_of(fill)
    assert seconds_of(lambda: rows_beside(tmp_path, content)) < 0.5
    assert "0.zip is not a zip file" in rows_beside(tmp_path, content)["bo"]


def test_all_that_is_read_of_one_student_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlplab.course.checker.submissions.MOST_READ", 2**21)

    def fill(archive: Archive) -> None:
        for i in range(9):
            archive.writestr(f"{i}.py", b"#" * 2**20)

    assert "more than 2 MiB would have to be read" in rows_beside(tmp_path, zip_of(fill))["bo"]


def test_zip_files_beside_each_other_end_somewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlplab.course.checker.submissions.MOST_ARCHIVES", 2)
    one = zip_of(lambda archive: archive.writestr("notes.txt", ""))

    def fill(archive: Archive) -> None:
        for i in range(9):
            archive.writestr(f"{i}.zip", one)

    problem = rows_beside(tmp_path, zip_of(fill))["bo"]
    assert "2.zip is not opened after so much else" in problem
    assert "8.zip is" not in problem


def test_a_list_of_members_without_end_is_not_read(tmp_path: Path) -> None:
    entry = zip_of(lambda archive: archive.writestr("a", ""))
    begin, end = entry.index(b"PK\1\2"), entry.index(b"PK\5\6")
    copies = LARGEST_LIST // (end - begin) + 1
    size = copies * (end - begin)
    tail = entry[end : end + 12] + size.to_bytes(4, "little") + entry[end + 16 :]
    content = entry[:begin] + entry[begin:end] * copies + tail
    assert "it lists too many files" in rows_beside(tmp_path, content)["bo"]


@pytest.mark.slow
def test_a_thousand_folders_called_as_a_platform_s_take_no_longer_each(tmp_path: Path) -> None:
    def take(count: int) -> float:
        def fill(archive: Archive) -> None:
            for i in range(count):
                archive.writestr(f"submission_{i}/mlp.py", "")

        path = tmp_path / f"{count}.zip"
        path.write_bytes(zip_of(fill))
        return seconds_of(lambda: find_submissions([path]))

    assert take(8000) < 8 * take(2000)


def test_of_one_path_what_can_be_read_counts(tmp_path: Path) -> None:
    """A member that leads out of the archive takes no other's place, wherever it stands in the list."""

    def fill(archive: Archive) -> None:
        archive.writestr("anna/mlp.py", "# anna/mlp.py")
        archive.writestr("../anna/mlp.py", "harm")
        archive.writestr("../bo/mlp.py", "harm")
        archive.writestr("bo/mlp.py", "# bo/mlp.py")

    (tmp_path / "class.zip").write_bytes(zip_of(fill))
    found = find_submissions([tmp_path / "class.zip"])
    assert [said(each) for each in found] == ["# anna/mlp.py", "# bo/mlp.py"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_members_with_one_path_the_later_counts_and_it_is_said(tmp_path: Path) -> None:
    def fill(archive: Archive) -> None:
        for text in ("first", "second"):
            archive.writestr("anna/mlp.py", text)
        archive.writestr("bo/mlp.py", "")

    (tmp_path / "class.zip").write_bytes(zip_of(fill))
    anna, _ = find_submissions([tmp_path / "class.zip"])
    assert anna.files["mlp.py"] == b"second"
    assert anna.notes == ("Beside mlp.py there is mlp (1).py, which was not checked.",)


def test_names_that_differ_in_capitals_are_two_students(tmp_path: Path) -> None:
    def fill(archive: Archive) -> None:
        for name in ("Anna/mlp.py", "anna/mlp.py", "Bo/mlp.py", "bo.py", "Eva.py", "eva.py"):
            archive.writestr(name, f"# {name}")

    (tmp_path / "class.zip").write_bytes(zip_of(fill))
    found = {each.name: said(each) for each in find_submissions([tmp_path / "class.zip"])}
    assert found == {
        "Anna": "# Anna/mlp.py", "anna": "# anna/mlp.py", "Bo": "# Bo/mlp.py",
        "Eva": "# Eva.py", "eva": "# eva.py",
    }  # fmt: skip


def test_a_name_of_spaces_is_shown(tmp_path: Path) -> None:
    write(tmp_path / "class", " /mlp.py", "bo/mlp.py")
    assert [each.name for each in find_submissions([tmp_path / "class"])] == ["(no name)", "bo"]


def changed(content: bytes, record: bytes, offset: int, value: bytes) -> bytes:
    """A zip file with other bytes at a place in its first record of a kind."""
    place = content.index(record) + offset
    return content[:place] + value + content[place + len(value) :]


def zip64(archive: Archive) -> None:
    with archive.open("mlp.py", "w", force_zip64=True) as member:
        member.write(b"x = 1")


PLAIN = zip_of(lambda archive: archive.writestr("mlp.py", "x = 1"))
KINDS = {
    "zip64": (zip_of(zip64), "x = 1"),
    "junk at its end": (PLAIN + b"junk", "x = 1"),
    "encrypted": (changed(PLAIN, b"PK\1\2", 8, b"\1"), "mlp.py cannot be read: it is encrypted"),
    "unknown compression": (changed(PLAIN, b"PK\1\2", 10, b"\x63"), "method is not supported"),
    "another checksum": (changed(PLAIN, b"PK\1\2", 16, b"\1\1\1\1"), "Bad CRC-32"),
    "a place beyond its end": (changed(PLAIN, b"PK\1\2", 42, b"\xff\xff\xff\x7f"), "it is damaged"),
    "a list beyond its end": (changed(PLAIN, b"PK\5\6", 16, b"\xff\xff\xff\xff"), "it is damaged"),
    "cut": (PLAIN[:-9], "is not a zip file"),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_of_odd_zip_files_the_row_says_what_is_the_matter(tmp_path: Path, kind: str) -> None:
    content, text = KINDS[kind]
    assert text in rows_beside(tmp_path, content)["bo"]
