"""`mlplab new`: the lab as a folder, whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import mlplab.course.new
from mlplab.cli.new import CONTENTS, SOLVED_CONTENTS, new
from mlplab.course.new import lab_files


@pytest.mark.parametrize("solution", [False, True])
def test_it_writes_the_lab_and_says_so(run: Callable[..., Any], solution: bool) -> None:
    result = run("new", "my lab", *["--solution"] * solution)
    assert result.exit_code == 0, result.output
    files = lab_files(solution)
    assert sorted(path.name for path in Path("my lab").iterdir()) == sorted(files)
    contents = CONTENTS | SOLVED_CONTENTS if solution else CONTENTS
    for name, text in files.items():
        assert (Path("my lab") / name).read_text(encoding="utf-8") == text
        [line] = [line for line in result.stdout.splitlines() if f"wrote my lab/{name} " in line]
        assert line.endswith(contents[name])
    assert "cd 'my lab'  and open lab.ipynb" in result.stdout


def test_every_file_is_mentioned() -> None:
    assert set(CONTENTS) == set(lab_files())
    assert set(SOLVED_CONTENTS) <= set(CONTENTS)


def test_an_empty_folder_is_taken_also_the_one_where_one_is(run: Callable[..., Any]) -> None:
    Path(".git").mkdir()
    result = run("new", ".")
    assert result.exit_code == 0, result.output
    assert "Go there" not in result.stdout
    assert sorted(path.name for path in Path().iterdir()) == sorted([".git", *lab_files()])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["held"], "the lab needs a new or an empty folder, but 'held' holds 'a.txt'"),
        (["full"], "the lab needs a new or an empty folder, but 'full' holds 'a.txt' and 1 more"),
        (["held/a.txt"], "cannot write to the folder 'held/a.txt': 'held/a.txt' is a file"),
        (["held/a.txt/lab"], "'held/a.txt' is a file"),
    ],
)
def test_what_is_there_is_never_touched(
    refused: Callable[..., str], arguments: list[str], sentence: str
) -> None:
    for name in ("held/a.txt", "full/a.txt", "full/b/c.txt"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("mine")
    assert refused("new", *arguments).endswith(sentence)
    assert Path("held/a.txt").read_text() == "mine"


def test_a_lab_that_cannot_be_written_leaves_nothing(
    refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = lab_files() | {"no/such/folder.txt": "text"}
    monkeypatch.setattr(mlplab.course.new, "lab_files", lambda solution: files)
    assert "No such file or directory" in refused("new", "lab")
    assert not Path("lab").exists()


def test_the_examples_of_the_help_run(run: Callable[..., Any]) -> None:
    examples = [line.split()[1:] for line in str(new.__doc__).splitlines() if " mlplab " in line]
    assert len(examples) == 2
    for example in examples:
        assert run(*example).exit_code == 0


def test_the_readme_says_how_to_get_mlplab_from_the_teacher_s_copy(
    run: Callable[..., Any], tmp_path: Path
) -> None:
    """No package of that name is published: to install one by its name would get somebody else's."""
    run("new", "lab")
    text = (tmp_path / "lab" / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"pip install ['\"]?(\S*mlplab\S*)", text)
    assert commands
    assert all(command.startswith("./") for command in commands)
