"""`mlplab new`: the lab as a folder, to be worked on or to be looked up."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from mlplab.cli.output import say_written
from mlplab.staging import staged

CONTENTS = {
    "lab.ipynb": "the tasks, with room for answers",
    "mlp.py": "the network of task 2, to be written",
    "data_generator.py": "the lab's datasets",
    "keras_mlp.py": "the lab's network in Keras",
    "README.md": "how to begin",
}

SOLVED_CONTENTS = {"lab.ipynb": "the tasks, answered", "mlp.py": "the network of task 2, written"}


def new(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Where to write the lab; new, or empty.")
    ],
    *,
    solution: Annotated[
        bool, typer.Option("--solution", help="With answers, and with mlp.py written.")
    ] = False,
) -> None:
    """Write the lab into a folder: a notebook with the tasks, and the modules that it needs.

    The notebook runs with mlplab's extras keras and notebook.

    For example:
        mlplab new lab
        mlplab new lab-solved --solution
    """
    from mlplab.course.new import check_empty, lab_files

    check_empty(folder)
    texts = lab_files(solution)
    with staged(folder) as stage:
        for name, text in texts.items():
            (stage / name).write_text(text, encoding="utf-8")
    contents = CONTENTS | SOLVED_CONTENTS if solution else CONTENTS
    say_written({str(folder / name): what for name, what in contents.items()})
    if folder.resolve() != Path.cwd():
        typer.echo(f"Go there with  cd {shlex.quote(str(folder))}  and open lab.ipynb.")
