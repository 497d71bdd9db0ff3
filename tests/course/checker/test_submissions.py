"""Files, folders and zip files become submissions with names; archives that mean harm are refused."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest

from mlplab.course.checker import find_submissions
from mlplab.course.checker.archive import ArchiveError, read_archive
from mlplab.errors import MlplabError


def write(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}")
    return folder


def zipped(folder: Path, *names: str) -> Path:
    path = folder / "class.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, f"# {name}")
    return path


def named(*paths: Path, single: bool = False) -> dict[str, str]:
    """The name of each submission, and what its mlp.py says, or its problem."""
    return {
        found.name: found.files.get("mlp.py", b"").decode() or str(found.problem)
        for found in find_submissions(paths, single)
    }


def test_one_file_brings_what_lies_beside_it(tmp_path: Path) -> None:
    folder = write(tmp_path, "mlp.py", "helper.py", "data_generator.py", "mlp_solution.py")
    [found] = find_submissions([folder / "mlp.py"])
    assert set(found.files) == {"mlp.py", "helper.py"}
    assert found.name == str(folder / "mlp.py")


def test_a_file_of_another_name_is_taken_alone(tmp_path: Path) -> None:
    folder = write(tmp_path, "anna.py", "berta.py")
    [found] = find_submissions([folder / "anna.py"])
    assert dict(found.files) == {"mlp.py": b"# anna.py"}


def test_a_folder_with_the_file_is_one_submission(tmp_path: Path) -> None:
    folder = write(tmp_path / "anna", "mlp.py", "helper.py", "keras_mlp.py", "old/mlp.py")
    [found] = find_submissions([folder])
    assert (found.name, set(found.files)) == ("anna", {"mlp.py", "helper.py"})


def test_a_class(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
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
    zipped(write(folder / "frida", "x.txt"), "inner/mlp.py").rename(
        folder / "frida" / "hand-in.zip"
    )
    found = named(folder)
    assert found == {
        "anna": "# anna/mlp.py",
        "berta": "# berta/lab 1/mlp.py",
        "carl": "# carl/network.py",
        "dora": "No file mlp.py was handed in",
        "erik_mlp": "# erik_mlp.py",
        "frida": "# inner/mlp.py",
        "two": "It is not clear which file is meant, a/mlp.py and b/mlp.py: hand in one mlp.py",
    }
    [carl] = [each for each in find_submissions([folder]) if each.name == "carl"]
    assert carl.notes == ("The file is called network.py; call it mlp.py.",)


@pytest.mark.parametrize("top", ["", "submissions/"])
def test_a_zip_file_is_as_its_folder(tmp_path: Path, top: str) -> None:
    names = [f"{top}{name}" for name in ("anna/mlp.py", "berta/mlp.py", "__MACOSX/anna/mlp.py")]
    assert set(named(zipped(tmp_path, *names))) == {"anna", "berta"}


def test_a_zip_file_of_one_student(tmp_path: Path) -> None:
    assert named(zipped(tmp_path, "mlp.py")) == {"class": "# mlp.py"}


def test_a_damaged_zip_file_within_costs_only_its_owner(tmp_path: Path) -> None:
    folder = write(tmp_path, "anna/mlp.py", "berta/mlp.zip")
    found = named(folder)
    assert found["anna"] == "# anna/mlp.py"
    assert found["berta"].startswith("mlp.zip is not a zip file that can be read")


def test_names_stay_apart(tmp_path: Path) -> None:
    one, other = (write(tmp_path / name / "anna", "mlp.py") for name in ("a", "b"))
    assert list(named(one, other)) == ["anna (1)", "anna (2)"]


def test_single_is_one_student_whatever_is_in_it(tmp_path: Path) -> None:
    write(tmp_path, "x.txt")
    assert named(tmp_path, single=True) == {tmp_path.name: "No file mlp.py was handed in"}


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("nowhere", "cannot read '{path}': No such file or directory"),
        ("nowhere.py", "cannot read '{path}': No such file or directory"),
        ("notes.txt", "'{path}': expected a Python file such as mlp.py, a folder or a zip file"),
        ("empty", "there is no mlp.py in '{path}', nor in its folders"),
    ],
)
def test_bad_paths_are_said(tmp_path: Path, name: str, sentence: str) -> None:
    write(tmp_path, "notes.txt", "empty/x.txt")
    path = tmp_path / name
    with pytest.raises(MlplabError) as caught:
        find_submissions([path])
    assert str(caught.value) == sentence.format(path=path)


@pytest.mark.parametrize("name", ["../mlp.py", "/tmp/mlp.py", "a/../../mlp.py", "..\\mlp.py"])
def test_a_path_out_of_the_archive_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ArchiveError, match="leads out of it"):
        find_submissions([zipped(tmp_path, name)])


def test_a_link_in_an_archive_is_refused() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        link = zipfile.ZipInfo("mlp.py")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(ArchiveError, match="holds a link"):
        read_archive(content.getvalue(), "a.zip")


@pytest.mark.parametrize("suffix", [".py", ".zip"])
def test_a_bomb_is_refused_before_it_unfolds(monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    monkeypatch.setattr("mlplab.course.checker.archive.MOST_BYTES", 2**20)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"mlp{suffix}", b"0" * 2**23)
    assert len(content.getvalue()) < 2**15
    with pytest.raises(ArchiveError, match="too large when unpacked"):
        read_archive(content.getvalue(), "a.zip")


def test_too_many_files_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("mlplab.course.checker.archive.MOST_FILES", 3)
    with pytest.raises(ArchiveError, match="holds 4 files, expected 3 at most"):
        find_submissions([zipped(tmp_path, *(f"{i}/mlp.py" for i in range(4)))])


def test_a_link_in_a_folder_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path, "secret.py", "class/anna/mlp.py", "class/berta/x.txt")
    (tmp_path / "class" / "berta" / "mlp.py").symlink_to(tmp_path / "secret.py")
    assert named(tmp_path / "class")["berta"] == "No file mlp.py was handed in"
