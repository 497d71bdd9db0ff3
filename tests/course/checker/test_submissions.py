"""Which file of what a student handed in is checked, and what is said where there is none."""

from __future__ import annotations

import io
import json
import os
import stat
import sys
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest

from mlplab.course.checker import find_submissions
from mlplab.errors import MlplabError

from .handed_in import named, write, zipped

NETWORK = "def activation(x, name): pass\nclass MLP: pass\n"


def notebook(*cells: str) -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells]})


def test_one_file_brings_what_lies_beside_it(tmp_path: Path) -> None:
    folder = write(tmp_path, "mlp.py", "helper.py", "data_generator.py", "mlp_solution.py")
    [found] = find_submissions([folder / "mlp.py"])
    assert set(found.files) == {"mlp.py", "helper.py"}
    assert found.name == str(folder / "mlp.py")


@pytest.mark.parametrize("name", ["mlp.py", "mine.py"])
def test_a_link_that_is_named_itself_is_followed(tmp_path: Path, name: str) -> None:
    folder = write(tmp_path, "work/anna.py", "here/helper.py")
    (folder / "here" / name).symlink_to(folder / "work" / "anna.py")
    [found] = find_submissions([folder / "here" / name])
    beside = {"helper.py": b"# here/helper.py"} if name == "mlp.py" else {}
    assert dict(found.files) == {"mlp.py": b"# work/anna.py", **beside}


def test_a_file_of_another_name_is_taken_alone(tmp_path: Path) -> None:
    folder = write(tmp_path, "anna.py", "berta.py")
    [found] = find_submissions([folder / "anna.py"])
    assert dict(found.files) == {"mlp.py": b"# anna.py"}


def test_a_folder_with_the_file_is_one_submission(tmp_path: Path) -> None:
    folder = write(tmp_path / "anna", "mlp.py", "helper.py", "keras_mlp.py", "old/mlp.py")
    [found] = find_submissions([folder])
    assert (found.name, set(found.files)) == ("anna", {"mlp.py", "helper.py"})


@pytest.mark.parametrize(
    ("names", "chosen", "note"),
    [
        (["mlp.PY"], "mlp.PY", "The file is called mlp.PY; call it mlp.py."),
        (["mlp (1).py"], "mlp (1).py", "The file is called mlp (1).py; call it mlp.py."),
        (["mlp-1.py", "mlp-2.py"], "mlp-2.py", "Beside mlp-2.py there is mlp-1.py, which was not checked."),  # noqa: E501  # a case a line
        (["mlp.py.txt"], "mlp.py.txt", "The file is called mlp.py.txt; call it mlp.py."),
        (["mlp - Copy.py"], "mlp - Copy.py", "The file is called mlp - Copy.py; call it mlp.py."),
        (["mlp.py", "mlp (2).py"], "mlp.py", "Beside mlp.py there is mlp (2).py, which was not checked."),
        (["network.py"], "network.py", "The file is called network.py; call it mlp.py."),
    ],
)  # fmt: skip
def test_what_programs_make_of_the_name_is_found(
    tmp_path: Path, names: list[str], chosen: str, note: str
) -> None:
    write(tmp_path / "class", *(f"anna/{name}" for name in names), "bo/mlp.py")
    anna, _ = find_submissions([tmp_path / "class"])
    assert anna.files["mlp.py"] == f"# anna/{chosen}".encode()
    assert note in anna.notes


def test_what_canvas_adds_to_a_name_is_not_told_as_the_student_s(tmp_path: Path) -> None:
    write(tmp_path / "class", "anna/mlp-2.py", "bo/mlp.py")
    anna, _ = find_submissions([tmp_path / "class"])
    assert (anna.files["mlp.py"], anna.notes) == (b"# anna/mlp-2.py", ())


def test_the_file_that_defines_the_network_is_found_among_others(tmp_path: Path) -> None:
    write(tmp_path / "class/anna", "plots.py", "task3.py")
    write(tmp_path / "class/anna", "my_network.py", text=NETWORK)
    write(tmp_path / "class", "bo/mlp.py")
    anna, _ = find_submissions([tmp_path / "class"])
    assert anna.files["mlp.py"] == NETWORK.encode()
    assert {"plots.py", "task3.py"} <= set(anna.files)


def test_a_notebook_that_defines_the_network_is_as_the_file(tmp_path: Path) -> None:
    write(tmp_path / "class", "bo/mlp.py")
    cells = [
        "%matplotlib inline\nimport numpy as np\nK = 3\nprint(undefined)",
        "def activation(x, name): return x",
        "class MLP:\n    pass\nmodel.fit(x)",
        "this is no Python",
    ]
    write(tmp_path / "class/anna", "lab.ipynb", text=notebook(*cells))
    anna, _ = find_submissions([tmp_path / "class"])
    space: dict[str, object] = {}
    exec(anna.files["mlp.py"], space)  # our own text
    assert {"np", "K", "activation", "MLP"} <= set(space)
    assert "The notebook lab.ipynb was checked" in anna.notes[0]


def test_a_folder_of_the_lab_whose_notebook_defines_the_network_is_checked(tmp_path: Path) -> None:
    write(tmp_path / "anna", "data_generator.py", "keras_mlp.py", "README.md")
    write(tmp_path / "anna", "lab.ipynb", text=notebook(NETWORK))
    [found] = find_submissions([tmp_path / "anna"])
    assert found.name == "anna"
    assert b"class MLP" in found.files["mlp.py"]


def test_a_folder_that_cannot_be_read_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever runs the tests as root can read every folder; so the system's answer is made up."""
    write(tmp_path / "class", "anna/mlp.py", "bo/mlp.py")
    scandir = os.scandir

    def refuse(path: str) -> Any:
        if str(path).endswith("anna"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert named(tmp_path / "class") == {
        "anna": "No file mlp.py was handed in, but a folder (Permission denied)",
        "bo": "# bo/mlp.py",
    }


@pytest.mark.parametrize("name", ["lab.ipynb", "LAB.IPYNB"])
def test_a_notebook_may_be_larger_than_a_file(tmp_path: Path, name: str) -> None:
    """For its pictures, whatever the case of its name."""
    write(tmp_path, name, text=notebook(NETWORK, "#" * 2**20))
    assert "class MLP: pass" in named(tmp_path / name)[name]


def test_a_cell_that_writes_the_file_is_the_file(tmp_path: Path) -> None:
    write(tmp_path, "lab.ipynb", text=notebook("x = 1", f"%%writefile mlp.py\n{NETWORK}"))
    assert named(tmp_path / "lab.ipynb") == {"lab.ipynb": NETWORK}


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda anna: None, "Nothing was handed in"),
        (lambda anna: write(anna, "report.txt"), "No file mlp.py was handed in, but report.txt"),
        (lambda anna: write(anna, "lab.ipynb", text=notebook("x = 1")), "No file mlp.py was handed in, but lab.ipynb (without definitions of activation and MLP)"),  # noqa: E501  # a case a line
        (lambda anna: write(anna, "lab.ipynb", text="{"), "No file mlp.py was handed in, but lab.ipynb (without definitions of activation and MLP)"),  # noqa: E501  # a case a line
        (lambda anna: write(anna, "lab.7z"), "No file mlp.py was handed in, but lab.7z (an archive that is not opened: hand in a zip file)"),  # noqa: E501  # a case a line
        (lambda anna: (anna / "mlp.py").symlink_to("/etc/passwd"), "mlp.py cannot be read: it is a link"),
        (lambda anna: write(anna, "a/mlp.py", "b/mlp.py"), "It is not clear which file is meant, a/mlp.py and b/mlp.py: hand in one mlp.py"),  # noqa: E501  # a case a line
        (lambda anna: write(anna, "mlp.py", text="#" * 2**20 + "#"), "mlp.py cannot be read: it is larger than 1 MiB"),  # noqa: E501  # a case a line
        (lambda anna: write(anna, "mlp.zip"), "No file mlp.py was handed in, but mlp.zip; mlp.zip is not a zip file"),  # noqa: E501  # a case a line
        (lambda anna: write(anna, *(f"{i}.txt" for i in range(7))), "No file mlp.py was handed in, but 0.txt, 1.txt, 2.txt, 3.txt, 4.txt and 2 more"),  # noqa: E501  # a case a line
        (lambda anna: write(anna, "helper.py", "task3.py"), "It is not clear which file is meant, helper.py and task3.py: hand in one mlp.py"),  # noqa: E501  # a case a line
    ],
)  # fmt: skip
def test_a_student_without_the_file_has_a_row_with_what_there_is(
    tmp_path: Path, make, problem: str
) -> None:
    write(tmp_path / "class", "bo/mlp.py")
    (tmp_path / "class" / "anna").mkdir()
    make(tmp_path / "class" / "anna")
    assert named(tmp_path / "class") == {"anna": problem, "bo": "# bo/mlp.py"}


def test_copies_of_one_file_are_one(tmp_path: Path) -> None:
    write(tmp_path / "anna", "a/mlp.py", "b/mlp.py", text="x = 1")
    assert named(tmp_path / "anna", single=True) == {"anna": "x = 1"}


def test_single_is_one_student_whatever_is_in_it(tmp_path: Path) -> None:
    write(tmp_path, "x.txt")
    assert named(tmp_path, single=True) == {
        tmp_path.name: "No file mlp.py was handed in, but x.txt"
    }


@pytest.mark.parametrize("name", ["../mlp.py", "/tmp/mlp.py", "a/../../mlp.py", "..\\mlp.py"])
def test_a_path_out_of_the_archive_is_not_followed(tmp_path: Path, name: str) -> None:
    found = named(zipped(tmp_path, name))
    assert found == {"class": "mlp.py cannot be read: its path leads out of the archive"}


def archive_with(name: str, content: str, change) -> bytes:
    """A zip file with one member, changed after it was made."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        member = zipfile.ZipInfo(name)
        change(member)
        archive.writestr(member, content, zipfile.ZIP_DEFLATED)
    return whole.getvalue()


def as_link(member: zipfile.ZipInfo) -> None:
    member.external_attr = (stat.S_IFLNK | 0o777) << 16


def test_a_link_in_an_archive_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "class.zip").write_bytes(archive_with("mlp.py", "/etc/passwd", as_link))
    assert named(tmp_path / "class.zip") == {"class": "mlp.py cannot be read: it is a link"}


def test_a_bomb_unfolds_no_further_than_a_file_may(tmp_path: Path) -> None:
    bomb = archive_with("mlp.py", "0" * 2**23, lambda member: None)
    assert len(bomb) < 2**15
    (tmp_path / "class.zip").write_bytes(bomb)
    assert named(tmp_path / "class.zip") == {
        "class": "mlp.py cannot be read: it is larger than 1 MiB"
    }


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit memory so")
def test_an_archive_that_asks_for_all_memory_costs_only_its_owner(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("mlp.py", "x = 1")
    header = b"\x5d\x00\x00\x80\x00"  # LZMA's properties, and 8 MiB as the size of its dictionary
    assert whole.getvalue().count(header) == 1
    write(tmp_path / "class", "bo/mlp.py", "anna/x.txt")
    content = whole.getvalue().replace(header, b"\x5d\xff\xff\xff\xff")
    (tmp_path / "class/anna/all.zip").write_bytes(content)
    before = resource.getrlimit(resource.RLIMIT_AS)
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + 2**30, before[1]))
    try:
        found = named(tmp_path / "class")
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
    assert found["bo"] == "# bo/mlp.py"
    assert "it asks for too much memory" in found["anna"]


def test_of_a_class_one_zip_file_is_in_memory_at_a_time(tmp_path: Path) -> None:
    for name in ("anna", "bo", "cia", "dan"):
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            archive.writestr("mlp.py", f"# {name}")
            archive.writestr("report.pdf", bytes(2**22))
    tracemalloc.start()
    try:
        found = named(tmp_path)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found == {name: f"# {name}" for name in ("anna", "bo", "cia", "dan")}
    assert most < 2 * 2**22 + 2**20


def test_zip_files_in_zip_files_end_somewhere(tmp_path: Path) -> None:
    content = b""
    for i in range(6):
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w") as archive:
            archive.writestr(f"{i}.zip" if content else "mlp.py", content or "x = 1")
        content = whole.getvalue()
    write(tmp_path / "class", "bo/mlp.py", "anna/x.txt")
    (tmp_path / "class/anna/all.zip").write_bytes(content)
    assert "lies in too many other zip files" in named(tmp_path / "class")["anna"]


def test_200_megabytes_of_pictures_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "class.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for i in range(2):
            archive.writestr(f"{i}/report.pdf", bytes(120 * 2**20))
            archive.writestr(f"{i}/mlp.py", f"x = {i}")
    assert named(path) == {"0": "x = 0", "1": "x = 1"}


def test_too_many_files_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for module in ("archive", "tree"):
        monkeypatch.setattr(f"mlplab.course.checker.{module}.MOST_FILES", 3)
    names = [f"{i}/mlp.py" for i in range(4)]
    with pytest.raises(MlplabError, match="holds more than 3 files"):
        find_submissions([zipped(tmp_path, *names)])
    with pytest.raises(MlplabError, match="holds more than 3 files: is it the right one"):
        find_submissions([write(tmp_path / "folder", *names)])


def test_of_several_archives_a_damaged_one_costs_no_other_anything(tmp_path: Path) -> None:
    good, bad = zipped(tmp_path, "mlp.py", called="anna.zip"), write(tmp_path, "bo.zip") / "bo.zip"
    found = named(good, bad)
    assert found["anna"] == "# mlp.py"
    assert "is not a zip file that can be read" in found["bo"]


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
