"""Train the networks of the parity checks with Keras, and write `data/keras.safetensors`.

    python -m mlplab.course.checker.make_weights

Keras trains three experiments of the lab as a student would (`fit`, with its own initial weights and
shuffles), and itself says what the trained networks give on some points, and with what loss and accuracy.
The checker compares a student's `mlp.py` with these numbers; it needs no Keras to do so.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from mlplab.course.checker.checks.keras_parity import FILE, NAMES
from mlplab.report.experiments import EXPERIMENTS
from mlplab.run import Run
from mlplab.spec import Experiment
from mlplab.trial import draw

SEED = 1
PER_CLASS = {"train": 30, "valid": 10, "test": 20}
"""So few points that also an `mlp.py` in plain Python is done in a second."""


def main(path: Path = FILE) -> None:
    """Train, evaluate and write."""
    tensors: dict[str, NDArray[Any]] = {}
    words = {"keras": version("keras"), "seed": str(SEED)}
    for name in NAMES:
        experiment = EXPERIMENTS[name]
        found, scores = _train_one(experiment)
        tensors |= {f"{name}/{key}": array for key, array in found.items()}
        words[name] = json.dumps(scores)
        print(name, scores)
    path.write_bytes(save(tensors, words))


def _train_one(experiment: Experiment) -> tuple[dict[str, NDArray[Any]], dict[str, float]]:
    """Return weights, points, labels and Keras's outputs, and Keras's loss and accuracy."""
    from mlplab.frameworks.keras import accuracy, fit, keras

    trial = draw(experiment, SEED)
    run = fit(trial)
    tensors: dict[str, NDArray[Any]] = {}
    for layer, (w, b) in enumerate(zip(run.weights, run.biases, strict=True)):
        tensors |= {f"W{layer}": w, f"b{layer}": b}
    model = _model_of(run)
    model.compile(loss=keras.losses.MeanSquaredError(), metrics=[accuracy])
    scores: dict[str, float] = {}
    for name, split in trial.dataset.splits.items():
        chosen = np.concatenate(
            [np.flatnonzero(split.y == k)[: PER_CLASS[name]] for k in range(trial.dataset.classes)]
        )
        x, y = split.x[chosen].astype(np.float32), split.y[chosen]
        labels = np.eye(trial.dataset.classes, dtype=np.float32)[y]
        tensors |= {f"x_{name}": x, f"y_{name}": y, f"p_{name}": model.predict(x, verbose=0)}
        loss, right = model.evaluate(x, labels, verbose=0)
        scores |= {f"{name}_loss": float(loss), f"{name}_accuracy": float(right)}
    return {key: np.ascontiguousarray(array) for key, array in tensors.items()}, scores


def _model_of(run: Run) -> Any:
    from mlplab.frameworks.keras import build_model, set_weights

    model = build_model(run.experiment, answers=len(run.biases[-1]))
    set_weights(model, run.weights, run.biases)
    return model


if __name__ == "__main__":
    main()
