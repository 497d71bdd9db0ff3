"""What one process compiled for a training, no other compiles again, kinds from outside included."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numba
import pytest

TOY = '''
from typing import Literal

import numpy as np
from mlplab.kernel import kernel
from mlplab.spec import Schedule


class Halved(Schedule):
    """Half the rate after so many updates, and half of that after as many more."""

    kind: Literal["halved"] = "halved"
    start: float = 0.5
    every: float = 4.0

    @staticmethod
    @kernel
    def rate(t: float, start: float, every: float) -> float:
        """η = start / 2^⌊t / every⌋."""
        return start / 2.0 ** np.floor(t / every)
'''

TRAIN = """
import sys
import numpy as np
from numba.core.event import install_recorder
sys.path.insert(0, sys.argv[1])
import toy
from mlplab.engine.jobs import make_jobs
from mlplab.engine.population import compile_for
from mlplab.spec import Experiment
from mlplab.training import train
from mlplab.trial import Trials, draw

x, y = np.arange(40.0).reshape(20, 2) % 7, np.arange(20) % 2

def experiment(dataset, optimizer):
    training = {"optimizer": optimizer, "batch_size": 4, "epochs": 2}
    return Experiment(dataset=dataset, network={"initializer": "he_normal"}, training=training)

polar = {"kind": "polar", "train_per_class": 5, "test_per_class": 3}
rate = {"kind": "halved", "start": 0.25}
groups = [
    Trials.from_seeds(experiment(polar, {"kind": "sgd", "learning_rate": rate}), range(17)),
    Trials.from_seeds(experiment("arrays", "adam"), range(17), (x, y)),
    Trials.from_trials([draw(experiment(polar, "adam"), 0)]),
]
with install_recorder("numba:compile") as prepared:
    compile_for(groups, make_jobs(groups, 1))
with install_recorder("numba:compile") as trained:
    losses = [train(trials, threads=1).test_loss.tobytes().hex() for trials in groups]
print(len(prepared.buffer), len(trained.buffer), *losses)
"""


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="says what only machine code does")
@pytest.mark.slow
def test_all_is_compiled_before_the_training_and_once_for_all_processes(tmp_path: Path):
    (tmp_path / "toy.py").write_text(TOY, encoding="utf-8")
    first, second = (
        subprocess.run(
            [sys.executable, "-W", "error", "-c", TRAIN, str(tmp_path)],
            env=dict(os.environ),
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        ).stdout.split()
        for _ in range(2)
    )
    # The first one may have found its code, too.
    assert first[1] == "0"
    assert second[:2] == ["0", "0"]
    assert first[2:] == second[2:]
