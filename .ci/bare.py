"""Whether mlplab works where nothing but its wheel was installed; run by that environment's Python.

python .ci/bare.py FOLDER      # an empty one, to write into
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import shlex
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import mlplab
from mlplab.installation import install_command

OF_EXTRAS = ("keras", "jax", "pandas", "pyarrow", "typst", "distributed", "optuna", "sklearn")
COMMAND = Path(sys.executable).absolute().with_name("mlplab")

SMALL = "1.3.toml --set network.hidden_layers=1 --set network.layer_width=4 --set training.epochs=2"
AXES = "--x training.batch_size=16,32 --y network.layer_width=2,4"

WORKS = (
    f"train {SMALL} --out runs --replications 2",
    f"train {SMALL} --out others --replications 2 --trainer reference",
    f"train {SMALL} --store store.sqlite",
    f"regions {SMALL}",
    f"step {SMALL}",
    f"parity {SMALL} --updates 2 --no-defaults",
    f"landscape {SMALL} --grid 5",
    f"sweep {SMALL} space.toml --sampler grid --replications 2 --final 2 --yes",
    "data polar",
    "boundary 'x2 = 1 - x1'",
    "compare runs others",
    "export runs --seed 0 --to model --out model.safetensors",
    "export model.safetensors --to torch --out weights.safetensors",
    "export model.safetensors --to numpy",
    "import weights.safetensors --activation relu --output softmax --out again.safetensors",
    "predict again.safetensors points.csv",
    "runs list --store store.sqlite",
    "runs export --store store.sqlite runs.csv",
    "new lab",
    "check lab/mlp.py",
    "play --export page.html",
    "doctor",
)
"""What needs no extra."""

NEEDS = (
    ("keras", "train 1.3.toml --trainer keras"),
    ("jax", "train 1.3.toml --trainer jax"),
    ("jax", "bench --device cpu"),
    ("keras", "export model.safetensors --to keras"),
    ("onnx", "export model.safetensors --to onnx"),
    ("data", "predict model.safetensors points.parquet"),
    ("data", "data points.parquet"),
    ("data", "data polar --export points.parquet"),
    ("data", "runs export --store store.sqlite runs.parquet"),
    ("data", f"map {SMALL} {AXES} --numbers parquet"),
    ("cluster", f"map {SMALL} {AXES} --scheduler tcp://127.0.0.1:1"),
    ("tune", f"sweep {SMALL} space.toml --sampler tpe --candidates 2"),
    ("report", "reproduce"),
)
"""What does, and which."""


def said(line: str, status: int = 0) -> str:
    """Return what a command prints; complain if it ends with another status."""
    words = [COMMAND, *shlex.split(line)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode != status:
        sys.exit(f"mlplab {line} ended with {done.returncode}: {done.stderr}")
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
    Path("1.3.toml").write_text(said("train --example"), encoding="utf-8")
    Path("space.toml").write_text("training.batch_size = [16, 32, 64]", encoding="utf-8")
    Path("points.csv").write_text("x1,x2\n0.1,0.2\n", encoding="utf-8")
    Path("points.parquet").touch()
    for line in WORKS:
        said(line)
    for extra, line in NEEDS:
        sentence = said(line, status=2)
        if sentence.count("\n") != 1 or not sentence.endswith(f"  {install_command(extra)}\n"):
            sys.exit(
                f"mlplab {line} must say in a line what installs [{extra}], received: {sentence}"
            )
    print(f"the bare wheel works; what needs an extra: {', '.join(needy)}")


main(Path(sys.argv[1]))
