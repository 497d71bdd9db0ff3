"""Files appear whole or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

import pytest

from mlplab.errors import MlplabError, UnwrittenFileError
from mlplab.staging import errors_named, staged, staged_file


def contents(folder: Path) -> dict[str, str]:
    return {
        str(p.relative_to(folder)): p.read_text() if p.is_file() else "(folder)"
        for p in folder.rglob("*")
    }


def write(out: Path, *names: str, then: type[BaseException] | None = None) -> None:
    with staged(out) as stage:
        for name in names:
            (stage / name).write_text("new")
        if then:
            raise then


def test_files_move_into_a_new_folder_at_the_end(tmp_path: Path) -> None:
    out = tmp_path / "a" / "b"
    with staged(out) as stage:
        (stage / "x.txt").write_text("new")
        assert not (out / "x.txt").exists()
    assert contents(out) == {"x.txt": "new"}


def test_files_of_the_same_name_are_replaced_and_others_left_alone(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("old")
    (tmp_path / "y.txt").write_text("mine")
    with staged(tmp_path) as stage:
        (stage / "x.txt").write_text("new")
        assert (tmp_path / "x.txt").read_text() == "old"
    assert contents(tmp_path) == {"x.txt": "new", "y.txt": "mine"}


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_what_is_raised_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    (tmp_path / "x.txt").write_text("old")
    for out in (tmp_path, tmp_path / "a" / "b"):
        with pytest.raises(error):
            write(out, "x.txt", then=error)
    assert contents(tmp_path) == {"x.txt": "old"}


def test_a_folder_that_was_empty_before_is_not_removed(tmp_path: Path) -> None:
    out = tmp_path / "mine"
    out.mkdir()
    with pytest.raises(KeyboardInterrupt):
        write(out, "x.txt", then=KeyboardInterrupt)
    assert out.is_dir()


@pytest.mark.parametrize("below", ["file", "file/a", "file/a/b"])
def test_a_file_in_the_way_is_known_before_any_work(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(MlplabError, match=r"file' is a file$"), staged(tmp_path / below):
        pytest.fail("work was begun")
    assert contents(tmp_path) == {"file": "mine"}


@pytest.mark.parametrize("expected", ["folder", "file/a.txt"])
def test_what_is_in_the_way_of_an_expected_file_is_known_before_any_work(
    tmp_path: Path, expected: str
) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    with pytest.raises(MlplabError, match="folder"), staged(tmp_path, [expected]):
        pytest.fail("work was begun")


def test_a_place_without_permission_is_known_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> str:
        raise PermissionError(13, "Permission denied")

    # Not by chmod: a superuser may write everywhere.
    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    with pytest.raises(MlplabError, match=r"b': Permission denied"), staged(tmp_path / "a" / "b"):
        pytest.fail("work was begun")
    assert contents(tmp_path) == {}


def test_a_name_that_the_system_refuses_is_one_sentence(tmp_path: Path) -> None:
    with (
        pytest.raises(MlplabError, match=r"xx': File name too long"),
        staged(tmp_path / ("x" * 300)),
    ):
        pytest.fail("work was begun")
    assert contents(tmp_path) == {}


def test_a_folder_called_like_a_file_stops_all_files(tmp_path: Path) -> None:
    (tmp_path / "x.txt").mkdir()
    with pytest.raises(MlplabError, match=r"x\.txt': it is a folder"):
        write(tmp_path, "a.txt", "x.txt")
    assert contents(tmp_path) == {"x.txt": "(folder)"}


def test_one_file_is_staged_too(tmp_path: Path) -> None:
    path = tmp_path / "new" / "points.csv"
    with staged_file(path) as stage:
        stage.write_text("new")
        assert not path.exists()
    assert contents(tmp_path) == {"new": "(folder)", "new/points.csv": "new"}
    with pytest.raises(MlplabError, match="it is a folder"), staged_file(tmp_path / "new"):
        pytest.fail("work was begun")


def test_a_link_stays_and_the_file_that_it_leads_to_is_written(tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(tmp_path / "folder" / "points.csv")
    for text in ("first", "second"):
        with staged_file(tmp_path / "link.csv") as stage:
            stage.write_text(text)
        assert (tmp_path / "link.csv").is_symlink()
        assert (tmp_path / "folder" / "points.csv").read_text() == text


@pytest.mark.parametrize("kind", ["pipe", "device", "link to a device", "link to itself"])
def test_nothing_but_a_plain_file_is_replaced(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "points.csv"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path = Path(os.devnull)
    else:
        path.symlink_to(os.devnull if kind == "link to a device" else path)
    with pytest.raises(MlplabError, match="it is not a plain file"), staged_file(path):
        pytest.fail("work was begun")


def test_the_file_that_is_printed_to_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "points.csv"
    with path.open("w") as file:
        fstat = os.fstat
        monkeypatch.setattr(
            "os.fstat", lambda number: fstat(file.fileno() if number == 1 else number)
        )
        with pytest.raises(MlplabError, match="what is printed goes there"), staged_file(path):
            pytest.fail("work was begun")


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_full_disk_leaves_the_files_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "x.txt").write_text("old")
    monkeypatch.setattr(os, call, full)
    for out in (tmp_path, tmp_path / "a" / "b"):
        with pytest.raises(MlplabError) as refused:
            write(out, "x.txt")
        sentence = f"cannot write the file '{out / 'x.txt'}': No space left on device"
        assert str(refused.value) == sentence
    assert contents(tmp_path) == {"x.txt": "old"}


def test_an_error_names_the_file_by_the_path_that_it_would_have_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with (
        pytest.raises(MlplabError) as refused,
        staged(Path("new")) as stage,
        errors_named(stage / "deep" / "x.txt"),
    ):
        raise OSError(28, "No space left on device")
    place = Path("new", "deep", "x.txt")
    assert str(refused.value) == f"cannot write the file '{place}': No space left on device"
    # What lies elsewhere keeps its own name.
    with pytest.raises(FileNotFoundError, match=r"'other\.txt'$"), staged(Path("new")):
        Path("other.txt").read_text()


def test_a_figure_is_named_by_the_path_that_it_would_have_had(tmp_path: Path) -> None:
    with (
        pytest.raises(UnwrittenFileError, match=r"out/x\.png': it is so$") as told,
        staged(tmp_path / "out") as stage,
    ):
        raise UnwrittenFileError(stage / "x.png", "it is so")
    assert told.value.path == tmp_path / "out" / "x.png"
    other = UnwrittenFileError(tmp_path / "x.png", "it is so")
    with pytest.raises(UnwrittenFileError) as told, staged(tmp_path / "out"):
        raise other
    assert told.value is other


def test_a_full_disk_that_names_nothing_is_that_of_what_is_written(tmp_path: Path) -> None:
    full = OSError(errno.ENOSPC, "it is full")
    with (
        pytest.raises(MlplabError, match=r"cannot write to the folder '.*out': it is full$"),
        staged(tmp_path / "out"),
    ):
        raise full
    with (
        pytest.raises(MlplabError, match=r"cannot write the file '.*out/x.txt': it is full$"),
        staged_file(tmp_path / "out" / "x.txt"),
    ):
        raise OSError(errno.ENOSPC, "it is full")
    with pytest.raises(ConnectionResetError), staged_file(tmp_path / "out" / "x.txt"):
        raise ConnectionResetError(errno.ECONNRESET, "it is not of the disk")
    assert contents(tmp_path) == {}


def test_content_is_on_the_disk_before_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    flush, rename = os.fsync, Path.replace

    def flushed(number: int) -> None:
        calls.append("flush")
        flush(number)

    def renamed(path: Path, target: Path) -> Path:
        calls.append("rename")
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(Path, "replace", renamed)
    write(tmp_path, "x.txt", "y.txt")
    assert calls == ["flush", "flush", "rename", "rename"]


def test_another_process_that_writes_to_the_same_new_folder_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It begins just when this one, which had made the folder, gives up and removes it."""
    out, remove = tmp_path / "out", Path.rmdir

    def removed(path: Path) -> None:
        if path == out:
            (out / "another's").mkdir()
        remove(path)

    monkeypatch.setattr(Path, "rmdir", removed)
    with pytest.raises(KeyboardInterrupt):
        write(out, "x.txt", then=KeyboardInterrupt)
    assert contents(tmp_path) == {"out": "(folder)", "out/another's": "(folder)"}


def test_a_new_folder_that_another_process_removes_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That one had made it as well, and gives up just when this one begins."""
    out, make, gives_up = tmp_path / "out", tempfile.mkdtemp, iter([True])

    def made(**named: str) -> str:
        if next(gives_up, False):
            out.rmdir()
        return make(**named)

    monkeypatch.setattr(tempfile, "mkdtemp", made)
    write(out, "x.txt")
    assert contents(tmp_path) == {"out": "(folder)", "out/x.txt": "new"}
