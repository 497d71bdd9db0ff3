"""The scripts of the gallery run without a warning, and each ends in a picture."""

from __future__ import annotations

import ast
import re
import runpy
from pathlib import Path

import pytest
from matplotlib.figure import Figure

GALLERY = Path(__file__).parents[2] / "docs" / "gallery"
SCRIPTS = sorted(GALLERY.glob("plot_*.py"))


def test_there_are_twelve() -> None:
    assert len(SCRIPTS) == 12


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_has_a_title_a_sentence_and_a_conclusion(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    title, line, blank, sentence = (ast.get_docstring(ast.parse(text)) or "").splitlines()[:4]
    assert line == "=" * len(title)
    assert blank == ""
    assert sentence
    last = text.rsplit("# %%\n", 1)[1]
    assert all(each.startswith("# ") for each in last.splitlines()), "it should end in words"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_ends_in_a_picture(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if script.stem == "plot_11_search_scikit_learn":
        pytest.importorskip(
            "sklearn", "1.7", reason="DecisionBoundaryDisplay has multiclass_colors"
        )
    left = runpy.run_path(str(script))
    pictures = [each for each in left.values() if isinstance(each, Figure)]
    assert len(pictures) == 1
    pictures[0].draw_without_rendering()
    said = capsys.readouterr().out
    assert said
    assert not re.search(r"\bnan\b", said)
