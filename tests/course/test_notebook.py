"""The notebook made from its source: its format, its two forms, and sources that are not right."""

from __future__ import annotations

import ast
import re
from typing import Any

import pytest

from mlplab.course.new import AS_THEY_ARE, MLP, kit_text, lab_files
from mlplab.course.notebook import Cell, cells_of, notebook_of

FORMS = ("student", "solution")


def notebook(form: str) -> Any:
    nbformat = pytest.importorskip("nbformat")
    return nbformat.reads(lab_files(solution=form == "solution")["lab.ipynb"], as_version=4)


@pytest.mark.parametrize("form", FORMS)
def test_it_is_a_notebook_without_outputs(form: str) -> None:
    nbformat = pytest.importorskip("nbformat")
    made = notebook(form)
    nbformat.validate(made)
    assert (made.nbformat, made.nbformat_minor) == (4, 5)
    assert made.metadata.kernelspec.name == "python3"
    code = [cell for cell in made.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    assert len({cell.id for cell in made.cells}) == len(made.cells)
    for cell in code:
        ast.parse(cell.source)


@pytest.mark.parametrize("form", FORMS)
def test_every_task_has_questions_answers_and_a_hundred_runs(form: str) -> None:
    text = "\n".join(cell.source for cell in notebook(form).cells)
    answers = {"student": "**Your answers**", "solution": "**Answers**"}[form]
    parts = re.split(r"^#+ Task (?=1\.|2|3)", text, flags=re.MULTILINE)[1:]
    assert [part[:3].rstrip(":") for part in parts] == ["1.1", "1.2", "1.3", "1.4", "2: ", "3: "]
    for part in parts:
        for needed in ("A hundred times", "**Questions**", answers):
            assert needed in part


@pytest.mark.parametrize("form", FORMS)
def test_tasks_1_3_and_1_4_warn_of_one_initializer_for_all_layers(form: str) -> None:
    text = " ".join("\n".join(cell.source for cell in notebook(form).cells).split())
    by_hand, glorot = re.split(r"### Task 1\.[34]: ", text)[1:]
    assert "one object lets all layers of one shape begin with *equal* weights" in by_hand
    assert "would give them equal weights" in glorot
    for part, name in ((by_hand, "random_normal"), (glorot, "glorot_normal")):
        assert "a new" in part
        assert f'`"{name}"`' in part


def test_the_forms_keep_to_themselves() -> None:
    student, solution = ("\n".join(cell.source for cell in notebook(form).cells) for form in FORMS)
    assert "**Answers**" not in student
    assert "solved lab" not in student
    assert "…\n" not in solution
    assert "**Your answers**" not in solution


def test_questions_and_answers_are_equally_many() -> None:
    for form in FORMS:
        texts = [cell.source for cell in notebook(form).cells if cell.cell_type == "markdown"]
        questions = [text for text in texts if text.startswith("**Questions**")]
        answers = [text for text in texts if text.startswith(("**Your answers**", "**Answers**"))]
        assert len(questions) == len(answers) == 6
        for question, answer in zip(questions, answers, strict=True):
            for number in range(1, 6):
                assert (f"\n{number}. " in question) == (f"\n{number}. " in answer)


def test_the_notebook_goes_with_the_kit() -> None:
    assert set(lab_files()) == {*AS_THEY_ARE, "mlp.py", "lab.ipynb"}
    for form in FORMS:
        files = lab_files(solution=form == "solution")
        assert files["mlp.py"] == kit_text(MLP[form])
    assert lab_files()["mlp.py"] != lab_files(solution=True)["mlp.py"]


def test_cells_of_both_forms() -> None:
    source = (
        "# for maintainers\n\n"
        "# %% [markdown]\n# Text\n#\n# more\n\n"
        '# %% tags=["student"]\nx = None\n\n\n'
        '# %% tags=["solution"]\nx = 1  # one\n\n# said\n'
    )
    cells = cells_of(source)
    assert cells == [
        Cell("markdown", "Text\n\nmore", None),
        Cell("code", "x = None", "student"),
        Cell("code", "x = 1  # one\n\n# said", "solution"),
    ]
    assert "for maintainers" not in notebook_of(cells, "student")
    assert "x = None" in notebook_of(cells, "student")
    assert "x = None" not in notebook_of(cells, "solution")


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("# %%markdown\n", "expected '# %%'"),
        ('# %% tags=["teacher"]\n', "received '# %% tags"),
        ("# %% [markdown]\n# Text\nx = 1\n", "expected text behind '# ', received 'x = 1'"),
    ],
)
def test_a_source_that_is_not_right_is_refused(source: str, sentence: str) -> None:
    with pytest.raises(ValueError, match="expected") as refusal:
        cells_of(source)
    assert sentence in str(refusal.value)
