"""The lab as a student runs it: its notebooks, and one that was written for the course, executed."""

from __future__ import annotations

import os
import re
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from mlplab.course.new import lab_files
from mlplab.slow_compiling import SENTENCE

nbformat = pytest.importorskip("nbformat")
for needed in ("nbclient", "ipykernel", "keras"):
    pytest.importorskip(needed)

JUPYTER = Path(sysconfig.get_path("scripts")) / "jupyter-execute"


def executed(folder: Path, *, solution: bool, **replaced: Any) -> Any:
    """Write the lab into a folder, execute its notebook as a student would, and return it.

    `replaced` are files of the lab, by their names without suffix, that are written with another text.
    """
    for name, text in lab_files(solution).items():
        (folder / name).write_text(replaced.get(Path(name).stem, text), encoding="utf-8")
    environment = {k: v for k, v in os.environ.items() if k != "KERAS_BACKEND"}
    done = subprocess.run(
        [JUPYTER, "lab.ipynb", "--inplace"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    return nbformat.read(folder / "lab.ipynb", as_version=4)


def outputs(notebook: Any) -> list[tuple[str, int]]:
    """Return what each cell of code says in text, and how many pictures it shows.

    That kernels are compiled is said by the first run of the tests only.
    """
    found = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            pictures = [o for o in cell.outputs if "image/png" in o.get("data", {})]
            printed = "".join(
                o.text if o.output_type == "stream" else o.data["text/plain"]
                for o in cell.outputs
                if o not in pictures and SENTENCE not in o.get("text", "")
            )
            found.append((printed, len(pictures)))
    return found


COURSE = [
    "import importlib\n"
    "import data_generator\n"
    "importlib.reload(data_generator)\n"
    "data = data_generator.DataGenerator()\n"
    "data.generate(dataset='linear', N_train=32, N_test=64, K=2, sigma=0.1)\n"
    "data.plot()",
    "import keras_mlp\n"
    "importlib.reload(keras_mlp)\n"
    "from tensorflow import keras\n"
    "init = keras.initializers.RandomNormal(mean=0.1, stddev=0.1)\n"
    "model_k = keras_mlp.KerasMLP(data, verbose=True)\n"
    "model_k.setup_model(hidden_layers=1, layer_width=5, activation='relu', init=init)\n"
    "model_k.compile(loss_fn=keras.losses.MeanSquaredError(),\n"
    "                optimizer=keras.optimizers.SGD(learning_rate=1.0, momentum=0.0))\n"
    "model_k.train(epochs=2, batch_size=16)\n"
    "model_k.plot_training()\n"
    "model_k.evaluate()\n"
    "data.plot_classifier(model_k, save_path='keras.png')",
    "import numpy as np\n"
    "import mlp\n"
    "importlib.reload(mlp)\n"
    "W, b = model_k.get_weights()\n"
    "model = mlp.MLP(data)\n"
    "model.setup_model(W, b, activation='relu')\n"
    "model.evaluate()\n"
    "data.plot_classifier(model)",
    "W = [np.array([[-1,0],[0,1]])]\n"
    "b = [np.array([[1],[0]])]\n"
    "model.setup_model(W, b)\n"
    "model.evaluate()\n"
    "data.plot_classifier(model)",
]
"""Cells in the style of the course, that know nothing of mlplab."""


def quickly(notebook: str) -> Any:
    """Return a notebook with less of the same: runs, epochs, hidden layers, trainings in a loop."""
    for much, little in {
        "replications=100": "replications=2",
        r'epochs(\\": |=)\d+': r"epochs\g<1>2",
        r'hidden_layers(\\": |=)10': r"hidden_layers\g<1>2",
        r"for batch_size in \(512, 16\)": "for batch_size in [512]",
        r"for activation in \(.*\):": "for activation in ['relu']:",
    }.items():
        notebook, found = re.subn(much, little, notebook)
        assert found, much
    return nbformat.reads(notebook, as_version=4)


@pytest.mark.slow
def test_the_notebooks_of_the_course_and_of_the_solved_lab_run_from_top_to_bottom(
    tmp_path: Path,
) -> None:
    """In one process, which takes long to begin: the course's cells first, and unchanged."""
    notebook = quickly(lab_files(solution=True)["lab.ipynb"])
    notebook.cells[:0] = map(nbformat.v4.new_code_cell, COURSE)
    found = outputs(executed(tmp_path, solution=True, lab=nbformat.writes(notebook)))
    check_the_course_s_cells(found[: len(COURSE)])
    assert (tmp_path / "keras.png").read_bytes().startswith(b"\x89PNG")
    check_the_solved_cells(found[len(COURSE) :])


def check_the_course_s_cells(found: list[tuple[str, int]]) -> None:
    assert [pictures for _, pictures in found] == [1, 2, 1, 1]
    points, by_keras, own, by_hand = (text for text, _ in found)
    assert "(64, 2)" in points
    assert "(128, 2)" in points
    assert "Total params" in by_keras
    assert "Epoch 2/2" in by_keras
    performance = by_keras.split("Model performance:")[1]
    assert own.split("Model performance:")[1].split() == performance.split()
    assert "Number of hidden layers:  1" in own
    assert "Number of model weights:  27" in own
    assert "Number of hidden layers:  0" in by_hand


def check_the_solved_cells(found: list[tuple[str, int]]) -> None:
    printed = "\n".join(text for text, _ in found)
    assert "Not yet" not in printed
    assert "Number of model weights:  2955" in printed
    assert "By 0.0" in printed  # the own network's accuracy differs from the engine's
    assert "These weights draw the line x2 = 1 - x1" in printed
    assert printed.count("of 2 (95 % interval") == 9
    pictures = [pictures for _, pictures in found]
    assert pictures == [0, 1, 0, 0, 2, 1, 0, 2, 1, 1, 0, 2, 1, 0, 2, 1, 1, 0, 0, 1, 1]
    # Keras and the own network, of the same weights.
    shown = [text for text, _ in found if "For comparison, Keras:" in text]
    own, keras = shown[0].split("For comparison, Keras:")
    assert (
        own.split("Model performance:")[1].split() == keras.split("Model performance:")[1].split()
    )


@pytest.mark.slow
def test_the_notebook_runs_before_anything_is_solved(tmp_path: Path) -> None:
    unpredicted, missing = lab_files()["lab.ipynb"], r"\": ...,"
    assert unpredicted.count(missing) == 7
    notebook = quickly(unpredicted.replace(missing, r"\": 50,"))
    # The trainings of tasks 1.1 and 1.2, of several networks each, are cells of the solved notebook, too.
    kept = [cell for cell in notebook.cells if "\nfor " not in cell.source]
    assert len(kept) == len(notebook.cells) - 2
    notebook.cells = kept
    found = outputs(executed(tmp_path, solution=False, lab=nbformat.writes(notebook)))
    printed = "\n".join(text for text, _ in found)
    assert printed.count("Not yet: `setup_model` in mlp.py is still to be written (task 2).") == 3
    assert "These weights draw no line" in printed
    assert printed.count("you predicted: 50 %") == 7
