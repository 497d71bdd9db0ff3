"""What XLA optimizes, as users have it, trains as the reference does: the other tests leave that out."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

pytest.importorskip("keras")
pytest.importorskip("jax")

PROGRAM = """
import json, sys
import numpy as np
from mlplab import Experiment, train

experiment = Experiment.model_validate({
    "dataset": {"kind": "polar", "classes": 3, "train_per_class": 40},
    "network": {
        "hidden_layers": 1,
        "layer_width": 8,
        "activation": "tanh",
        "dropout": 0.25,
        "kernel_regularizer": {"kind": "l2", "l2": 0.01},
    },
    "training": {"epochs": 5, "batch_size": 12, "optimizer": "adam"},
})
deviations = {}
for dtype in ("float32", "float64"):
    spec = experiment.varied({"training.dtype": dtype})
    reference, *others = (train(spec, 2, trainer=name) for name in ("reference", "keras", "jax"))
    deviations[dtype] = max(
        float(np.abs(a - b).max())
        for runs in others
        for run, expected in zip(runs, reference)
        for a, b in zip((*run.weights, *run.biases), (*expected.weights, *expected.biases))
    )
json.dump(deviations, sys.stdout)
"""


@pytest.mark.slow
def test_optimized_programs_train_as_the_reference(tolerance):
    environment = {name: value for name, value in os.environ.items() if name != "XLA_FLAGS"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    deviations = json.loads(done.stdout)
    assert 0 < deviations["float64"] < tolerance.trajectory_float64
    assert 0 < deviations["float32"] < tolerance.trajectory_float32
