"""`import keras` and `from tensorflow import keras` in the lab's folder, each in a Python of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from mlplab.course.new import lab_files
from mlplab.installation import install_command

pytestmark = pytest.mark.slow

pytest.importorskip("keras")

no_tensorflow = pytest.mark.skipif(
    find_spec("tensorflow") is not None, reason="TensorFlow itself is installed"
)


@pytest.fixture
def in_the_lab(tmp_path: Path) -> Callable[[str], str]:
    """Give a function that runs code in the lab's folder, KERAS_BACKEND unset, and gives its output."""
    for name, text in lab_files().items():
        (tmp_path / name).write_text(text)
    environment = {k: v for k, v in os.environ.items() if k != "KERAS_BACKEND"}

    def run(code: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@no_tensorflow
def test_keras_comes_from_tensorflow_without_tensorflow(in_the_lab: Callable[[str], str]) -> None:
    """And Keras itself, which uses TensorFlow where it finds it, must not take the stand-in for it.

    The package alone makes no stand-in.
    """
    printed = in_the_lab(
        "import importlib, sys\n"
        "import mlplab.course.keras_mlp\n"
        "print('tensorflow' in sys.modules)\n"
        "import data_generator\n"
        "importlib.reload(data_generator)\n"
        "from tensorflow import keras\n"
        "import keras as itself\n"
        "import keras_mlp\n"
        "importlib.reload(keras_mlp)\n"
        "print(keras is itself, keras is keras_mlp.keras, keras.backend.backend())\n"
        "keras.utils.set_random_seed(1)\n"
        "data = data_generator.DataGenerator(verbose=False)\n"
        "data.generate()\n"
        "model = keras_mlp.KerasMLP(data, verbose=False)\n"
        "model.setup_model()\n"
        "model.compile()\n"
        "model.train(epochs=1)\n"
        "model.model.save('model.keras')\n"
        "print(keras.saving.load_model('model.keras').count_params())\n"
        "scaled = keras.layers.Normalization(mean=[1.0, 1.0], variance=[4.0, 4.0])\n"
        "scaled.build((None, 2))\n"
        "print(float(scaled(data.x_train[:1] * 0 + 3.0)[0, 0]))\n"
        "importlib.reload(data_generator)\n"
        "import tensorflow\n"
        "print(tensorflow.keras is keras, importlib.util.find_spec('tensorflow') is not None)\n"
        "try: tensorflow.constant(1)\n"
        "except AttributeError as error: print(error)\n"
    ).splitlines()
    assert printed[:5] == ["False", "True True jax", "6", "1.0", "True True"]
    assert "'constant': TensorFlow is not installed" in printed[5]


def test_tensorflow_is_left_alone(in_the_lab: Callable[[str], str], tmp_path: Path) -> None:
    (tmp_path / "tensorflow.py").write_text("MARK = 'the real one'")
    assert (
        in_the_lab("import data_generator, tensorflow; print(tensorflow.MARK)") == "the real one\n"
    )


def test_a_chosen_backend_is_kept(in_the_lab: Callable[[str], str]) -> None:
    code = (
        "import os; os.environ['KERAS_BACKEND'] = 'numpy'\n"
        "try: import data_generator\n"
        "except ValueError as error: print(error)"
    )
    assert "KERAS_BACKEND must name one that can train" in in_the_lab(code)


def test_without_keras_the_points_are_there(in_the_lab: Callable[[str], str]) -> None:
    printed = in_the_lab(
        "import sys\n"
        "sys.modules['keras'] = None\n"
        "import data_generator\n"
        "data = data_generator.DataGenerator(verbose=False)\n"
        "data.generate(seed=1)\n"
        "print(data.x_train.shape)\n"
        "try: import keras_mlp\n"
        "except ImportError as error: print(type(error))\n"
        "except ValueError as error: print(error)\n"
    ).splitlines()
    assert printed[0] == "(64, 2)"
    assert f"keras is missing: install it with  {install_command('keras')}" in printed[1]
