"""A library in a process of its own: `python -m mlplab.parity.worker`, which reads one request as JSON.

It is asked for an experiment, a seed, a library and a number of updates, and writes what it finds to an
.npz file. Updates done are told on its output, a number on each line.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from os import environ
from pathlib import Path

import numpy as np

from mlplab.errors import MlplabError
from mlplab.parity.differences import Differences, train_beside_reference
from mlplab.parity.libraries import LIBRARIES, Library
from mlplab.spec import Experiment
from mlplab.trial import Trial, draw

TOLD_EVERY = 20
"""Updates between two lines of progress."""

FAULT = 3
"""Exit status of a process whose library refused the experiment, with the reason on its error output."""


def train_in_process(
    trial: Trial,
    library: Library,
    updates: int,
    progress: Callable[[int], None] = lambda done: None,
) -> Differences:
    """Compare a library with the reference in a process of its own.

    The process draws the trial again, from its experiment and seed.

    Raises
    ------
    MlplabError
        If the library cannot be used there; with the last line that it wrote.
    """
    with tempfile.TemporaryDirectory(prefix="mlplab-parity-") as place:
        file = Path(place) / "found.npz"
        request = {
            "experiment": trial.experiment.to_toml(),
            "seed": trial.seed,
            "library": library.name,
            "updates": updates,
            "file": str(file),
        }
        complaint = Path(place) / "complaint.txt"
        with complaint.open("w") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", "mlplab.parity.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,  # a file: a pipe that nobody reads meanwhile would fill up
                text=True,
                env=dict(environ) | dict(library.variables),
            )
            with process:
                try:
                    _tell(process, request, progress)
                except BaseException:
                    process.kill()
                    raise
        if process.returncode:
            lines = complaint.read_text().strip().splitlines()
            lines = lines or [f"it ended with {process.returncode}"]
            raise MlplabError(f"{library.name} could not be run: {lines[-1]}")
        with np.load(file) as content:
            layers = len(trial.weights)
            weights = tuple(content[f"w{i}"] for i in range(layers))
            biases = tuple(content[f"b{i}"] for i in range(layers))
            return Differences(library.name, content["by_layer"], (weights, biases))


def _tell(
    process: subprocess.Popen[str], request: dict[str, object], progress: Callable[[int], None]
) -> None:
    """Send the request, and pass on what is told of the progress."""
    if process.stdin is None or process.stdout is None:
        raise MlplabError("the process of a library has no pipes")
    process.stdin.write(json.dumps(request))
    process.stdin.close()
    for line in process.stdout:
        if line.strip().isdigit():
            progress(int(line))


def main() -> None:
    """Do what the request on the input asks for."""
    request = json.loads(sys.stdin.read())
    experiment = Experiment.from_toml_text(request["experiment"])
    library = next(each for each in LIBRARIES if each.name == request["library"])

    def told(done: int) -> None:
        if done % TOLD_EVERY == 0:
            print(done, flush=True)

    try:
        trial = draw(experiment, request["seed"])
        found = train_beside_reference(trial, library.name, library.begin, request["updates"], told)
    except MlplabError as error:
        print(error, file=sys.stderr)
        raise SystemExit(FAULT) from None
    weights, biases = found.network
    arrays = {f"w{i}": w for i, w in enumerate(weights)} | {
        f"b{i}": b for i, b in enumerate(biases)
    }
    np.savez(request["file"], allow_pickle=False, by_layer=found.by_layer, **arrays)


if __name__ == "__main__":
    main()
