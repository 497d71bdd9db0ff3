"""Whether mlplab works where nothing but its wheel was installed; run by that environment's Python.

python .ci/bare.py FOLDER      # an empty one, to write into
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import mlplab
from mlplab.installation import install_command

OF_EXTRAS = ("keras", "jax", "pandas", "pyarrow", "typst", "distributed", "optuna", "sklearn")
COMMAND = Path(sys.executable).absolute().with_name("mlplab")


def said(*words: str, status: int = 0) -> str:
    """Return what a command prints; complain if it ends with another status."""
    done = subprocess.run([COMMAND, *words], capture_output=True, text=True, check=False)
    if done.returncode != status:
        sys.exit(f"mlplab {' '.join(words)} ended with {done.returncode}: {done.stderr}")
    return done.stdout + done.stderr


def main(folder: Path) -> None:
    """Import everything that needs no extra, and train, draw and look."""
    there = [name for name in OF_EXTRAS if find_spec(name)]
    if there:
        sys.exit(f"this environment is not bare: it has {', '.join(there)}")
    os.chdir(folder)
    for name in mlplab.__all__:
        getattr(mlplab, name)
    needy = []
    for module in pkgutil.walk_packages(mlplab.__path__, "mlplab.", onerror=needy.append):
        if module.name.endswith("__main__"):
            continue  # it is a program
        try:
            importlib.import_module(module.name)
        except ImportError as error:
            if str(error.name).partition(".")[0] not in OF_EXTRAS:
                raise
            needy.append(module.name)
        except mlplab.MlplabError:  # it says which extra it needs
            needy.append(module.name)
    Path("1.3.toml").write_text(said("train", "--example"), encoding="utf-8")
    said("train", "1.3.toml", "--set", "training.epochs=2", "--out", "runs")
    said("regions", "1.3.toml", "--set", "network.hidden_layers=1", "--set", "training.epochs=2")
    said("play", "--export", "page.html")
    sentence = said("train", "1.3.toml", "--trainer", "keras", status=2)
    if install_command("keras") not in sentence:
        sys.exit(f"what installs Keras is not said: {sentence}")
    print(f"the bare wheel works; what needs an extra: {', '.join(needy)}")


main(Path(sys.argv[1]))
