"""The same numbers on every processor, and by the same functions where nothing is compiled.

A script prints a hash of all that is drawn, scheduled and trained. It runs for this processor, by the
settings of NumPy and Numba that are made for it for another, and without compilation.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import numba
import pytest

SCRIPT = """
import sys
from hashlib import sha256

import numpy as np

from mlplab import Experiment, draw, train
from mlplab.engine import LANES
from mlplab.engine.jobs import Shape
from mlplab.spec import ACTIVATIONS, SGD, Adam, InitializerSpec, Schedule, recipes
from mlplab.trial import Trials

SCHEDULES = {
    "exponential_decay": {"initial_learning_rate": 0.3, "decay_steps": 7, "decay_rate": 0.7},
    "piecewise_constant_decay": {"boundaries": (3, 40), "values": (0.3, 0.2, 0.1)},
    "polynomial_decay": {"initial_learning_rate": 0.3, "decay_steps": 90, "power": 1.5},
    "inverse_time_decay": {"initial_learning_rate": 0.3, "decay_steps": 7, "decay_rate": 0.5},
    "cosine_decay": {"initial_learning_rate": 0.3, "decay_steps": 90},
    "cosine_decay_restarts": {"initial_learning_rate": 0.3, "first_decay_steps": 7, "t_mul": 1.7},
}

# Whole tiles of every processor's products, and remainders of them.
WIDTHS = (7, 18, *[5] * (len(ACTIVATIONS) - 2))


def say(name, *arrays):
    bits = b"".join(np.ascontiguousarray(a).tobytes() for a in arrays)
    print(name, sha256(bits).hexdigest()[:16], flush=True)


def experiment(dataset, initializer, widths=(5,), activations="relu", **training):
    return Experiment(
        dataset={"kind": dataset, "train_per_class": 40, "test_per_class": 7},
        network={
            "hidden_layers": len(widths),
            "layer_width": widths,
            "activation": activations,
            "initializer": initializer,
        },
        training=training,
    )


def say_drawn():
    for kind in recipes():
        trial = draw(experiment(kind, "zeros", dtype="float64"), seed=5)
        say(kind, *(split.x for split in trial.dataset.splits.values()))
    for kind in InitializerSpec.kinds:
        trial = draw(experiment("xor", kind, dtype="float64"), seed=5)
        say(kind, *trial.weights)
    biases = {"network.bias_initializer": {"kind": "he_normal"}}
    say("biases", *draw(experiment("xor", "zeros").varied(biases), seed=5).biases)


def say_scheduled():
    for kind, part in Schedule.kinds.items():
        schedule = part(**SCHEDULES[kind])
        for optimizer in (SGD, Adam):
            steps = np.arange(100, dtype=np.float64)
            say(f"{kind} {optimizer.__name__}", optimizer(learning_rate=schedule).step_sizes(steps))


def say_trained():
    spec = experiment(
        *("spirals", "glorot_normal", WIDTHS, tuple(ACTIVATIONS)),
        **{"optimizer": "adam", "batch_size": 16, "epochs": 3, "dtype": "float64"},
    )
    trials = Trials.from_seeds(spec, range(LANES))
    assert Shape.from_trials(trials).block_worth < LANES
    runs = train(trials)
    scores = [runs.train_loss, runs.test_loss, runs.history.validation_loss]
    say("a block", *runs.weights, *runs.biases, *scores)


PARTS = {"drawn": say_drawn, "scheduled": say_scheduled, "trained": say_trained}
for what in sys.argv[1:]:
    PARTS[what]()
"""


def hashes(*what: str, **environment: str) -> dict[str, str]:
    """Run the script in an environment, and return its hashes by their names."""
    hidden = ("NUMBA_CPU_NAME", "NUMBA_CPU_FEATURES", "NPY_DISABLE_CPU_FEATURES")
    inherited = {name: value for name, value in os.environ.items() if name not in hidden}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SCRIPT, *what],
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    lines = [line.rsplit(" ", 1) for line in done.stdout.splitlines()]
    assert len(lines) == len(dict(lines)) > 0
    return dict(lines)


def numpy_s_features() -> str:
    """What NumPy has code of its own for, of this processor's abilities, and can go without."""
    from numpy._core import _multiarray_umath as core

    return " ".join(name for name in core.__cpu_dispatch__ if core.__cpu_features__[name])


@pytest.mark.slow
@pytest.mark.skipif(
    platform.machine() not in ("x86_64", "AMD64"), reason="names a processor of the x86-64 kind"
)
@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="compares machine code")
def test_a_processor_of_no_abilities_trains_to_the_same_bits(
    tmp_path: Path, pytestconfig: pytest.Config
):
    # Vectors of two numbers, and no fused multiply-add: what is farthest from this processor. To compile
    # takes long, so this is a block in float64; float32, alone too, is what the browser's modules train,
    # which are compiled for no processor in particular (`tests/wasm/test_bits`).
    # What is compiled for others is kept, too, apart from what this processor runs.
    kept = pytestconfig.cache.mkdir("numba") if hasattr(pytestconfig, "cache") else tmp_path
    environment = {
        "NUMBA_CPU_NAME": "generic",
        "NUMBA_CACHE_DIR": str(kept),
        "NPY_DISABLE_CPU_FEATURES": numpy_s_features(),
    }
    assert hashes("trained", **environment) == hashes("trained")


@pytest.mark.slow
def test_python_without_compilation_computes_the_same_bits():
    compiled = hashes("drawn", "scheduled", NUMBA_DISABLE_JIT="0")
    assert hashes("drawn", "scheduled", NUMBA_DISABLE_JIT="1") == compiled
