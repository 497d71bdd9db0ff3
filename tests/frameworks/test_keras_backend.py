"""The backend that Keras runs on: which may train, and what is said where one is missing."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from mlplab.installation import install_command


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python anew, without a KERAS_BACKEND but a given one."""
    inherited = {name: value for name, value in os.environ.items() if name != "KERAS_BACKEND"}
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


HIDDEN = """
import sys

class Hidden:
    def find_spec(name, *_):
        if name == "{}":
            raise ModuleNotFoundError(f"No module named '{{name}}'", name=name)

sys.meta_path.insert(0, Hidden)
"""

REFUSED = """
from mlplab.errors import MlplabError
{before}
try:
    import mlplab.frameworks.keras
except MlplabError as error:
    print(error)
"""


@pytest.mark.parametrize("backend", ["numpy", "nonsense"])
def test_a_backend_that_cannot_train_is_refused_in_one_sentence(backend: str):
    done = python(REFUSED.format(before=""), KERAS_BACKEND=backend)
    assert done.stdout == (
        "KERAS_BACKEND must name one that can train (jax, tensorflow, torch), or be unset for jax, "
        f"received '{backend}'\n"
    )
    assert done.stderr == ""
    assert done.returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("missing", "backend", "sentence"),
    [
        (
            "keras",
            "jax",
            "this needs keras and its backend jax, and keras is missing: "
            f"install it with  {install_command('keras')}",
        ),
        (
            "jax",
            "jax",
            "this needs keras and its backend jax, and jax is missing: "
            f"install it with  {install_command('keras')}",
        ),
        (
            "torch",
            "torch",
            "KERAS_BACKEND names torch, which is not installed: install it, or unset KERAS_BACKEND "
            "for jax",
        ),
    ],
)
def test_what_is_not_installed_is_named_in_one_sentence(missing: str, backend: str, sentence: str):
    done = python(REFUSED.format(before=HIDDEN.format(missing)), KERAS_BACKEND=backend)
    assert (done.stdout, done.stderr) == (f"{sentence}\n", "")


@pytest.mark.slow
def test_without_a_backend_jax_trains_and_nothing_is_printed():
    done = python(
        "from mlplab import Experiment, train\n"
        "runs = train(Experiment(dataset='linear'), trainer='keras')\n"
        "import keras\n"
        "assert runs.updates.tolist() == [32]\n"
        "assert keras.backend.backend() == 'jax'\n"
    )
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)
