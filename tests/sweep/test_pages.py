"""The pages about maps and sweeps say what is so: Python runs, commands are ones, pictures are there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from mlplab.cli import app
from mlplab.errors import MlplabError

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {name: (DOCS / f"{name}.md").read_text("utf-8") for name in ("maps", "sweeps")}


@pytest.mark.parametrize(("page", "prints"), [("maps", "(3, 5) ("), ("sweeps", "{'training.batch")])
def test_the_pages_python_runs(
    page: str,
    prints: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (block,) = re.findall(r"```python\n(.*?)```", PAGES[page], re.DOTALL)
    exec(block, {})  # our own page
    assert capsys.readouterr().out.startswith(prints)


@pytest.mark.parametrize(
    ("page", "train", "runs"),
    [
        ("maps", "train_map", [19_200, 2_100, 1_080, 1_048_576]),
        ("sweeps", "train_search", [615, 1_902, 2_348]),
    ],
)
def test_the_pages_commands_are_understood(
    page: str, train: str, runs: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They get as far as training, which is not done here."""
    monkeypatch.chdir(tmp_path)
    seen: list[int] = []

    def note(plan: Any, *_: object, **__: object) -> None:
        seen.append(plan.run_count)
        raise KeyboardInterrupt

    monkeypatch.setattr(f"mlplab.sweep.{train}", note)
    (tmp_path / "docs").symlink_to(DOCS)
    example = CliRunner().invoke(app, ["train", "--example"]).stdout
    (tmp_path / "1.3.toml").write_text(example, encoding="utf-8")
    for space in re.findall(r"```toml\n(.*?)```", PAGES[page], re.DOTALL):
        (tmp_path / "space.toml").write_text(space, encoding="utf-8")
    for line in re.findall(r"^    mlplab ((?:map|sweep) .*)$", PAGES[page], re.MULTILINE):
        result = CliRunner().invoke(app, shlex.split(line), prog_name="mlplab")
        assert "interrupted; 0 of" in result.stderr, result.stderr
    assert seen == runs


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_pictures_and_files_are_there(page: str) -> None:
    for name in re.findall(r"\]\(([^)#]*?)\)", PAGES[page]):
        assert (DOCS / name).is_file(), name


def test_the_forms_of_a_space_are_those_of_the_page() -> None:
    from mlplab.spec import Experiment
    from mlplab.sweep import Space

    experiment = Experiment(dataset="linear")
    rows = re.findall(r"^\| (`.*?`) \| ", PAGES["sweeps"], re.MULTILINE)
    forms = [form for row in rows for form in re.findall(r"`([^`]*:[^`]*)`", row)]
    assert len(forms) == 4
    for form in forms:
        table = {"training.optimizer.learning_rate": form.strip('"')}
        try:
            assert Space.from_table(table, experiment).choices
        except MlplabError as error:
            pytest.fail(f"{form}: {error}")
