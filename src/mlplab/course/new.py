"""A student's folder: the files of the lab, ready to be written."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from mlplab.course.notebook import Form, cells_of, notebook_of
from mlplab.errors import MlplabError

AS_THEY_ARE = ("README.md", "data_generator.py", "keras_mlp.py")
"""Files of the kit that are the same for student and teacher."""

MLP: dict[Form, str] = {"student": "mlp.py", "solution": "mlp_solution.py"}
"""Which file of the kit becomes `mlp.py`."""


def lab_files(solution: bool = False) -> dict[str, str]:
    """Return the lab's files: the text of each by its name.

    Parameters
    ----------
    solution : bool
        With the functions of `mlp.py` written, and the questions of the notebook answered.

    Examples
    --------
    >>> sorted(lab_files())
    ['README.md', 'data_generator.py', 'keras_mlp.py', 'lab.ipynb', 'mlp.py']
    """
    form: Form = "solution" if solution else "student"
    texts = {name: kit_text(name) for name in AS_THEY_ARE}
    texts["mlp.py"] = kit_text(MLP[form])
    texts["lab.ipynb"] = notebook_of(cells_of(kit_text("lab.py")), form)
    return texts


def kit_text(name: str) -> str:
    """Return the text of one of the kit's files."""
    return (files("mlplab.course") / "kit" / name).read_text(encoding="utf-8")


def check_empty(folder: Path) -> None:
    """Refuse a folder that holds something, so that nobody's work is overwritten.

    What is hidden does not count, such as the `.git` of a new repository.

    Raises
    ------
    MlplabError
        If there is a file or folder in it.
    """
    if folder.is_dir():
        held = sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
        if held:
            others = f" and {len(held) - 1} more" if len(held) > 1 else ""
            raise MlplabError(
                f"the lab needs a new or an empty folder, but '{folder}' holds '{held[0]}'{others}"
            )
