"""A student's file, right and with mistakes, and small trials."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlplab.spec import Experiment
from mlplab.trial import Trial, draw

START = "p * (g - (g * p).sum(axis=1, keepdims=True))"
SLOPE = "(h > 0) * 1.0"

FILE = """
import numpy as np


def activation(x, name):
    if name == "relu":
        return np.maximum(x, 0)
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


class MLP:
    def __init__(self, dataset):
        self.dataset = dataset

    def setup_model(self, W, b, activation="linear"):
        self.W, self.b = W, b

    def {method}(self, x, y):
        hs = [x]
        for layer, (w, v) in enumerate(zip(self.W, self.b)):
            z = hs[-1] @ w.T + v.reshape(1, -1)
            hs.append(activation(z, "relu" if layer < len(self.W) - 1 else "softmax"))
        p = hs[-1]
        g = 2 * (p - y) / p.size
        delta = {start}
        dW, db = [], []
        for layer in range(len(self.W) - 1, -1, -1):
            h = hs[layer]
            dW.insert(0, delta.T @ h)
            db.insert(0, delta.sum(axis=0))
            delta = (delta @ self.W[layer]) * ({slope})
        return dW, db
"""


@pytest.fixture
def write_mine(tmp_path: Path) -> Callable[..., Path]:
    def write(start: str = START, slope: str = SLOPE, method: str = "backpropagation") -> Path:
        path = tmp_path / "mlp.py"
        path.write_text(FILE.format(start=start, slope=slope, method=method))
        return path

    return write


def small(network: dict[str, Any] | None = None, **training: Any) -> Trial:
    """Draw a trial of three classes and two hidden layers, 3 updates an epoch, the last batch smaller."""
    experiment = Experiment(
        dataset={
            "kind": "polar",
            "classes": 3,
            "sigma": 0.1,
            "train_per_class": 25,
            "test_per_class": 20,
        },
        network={"hidden_layers": 2, "layer_width": 6, "activation": "relu"} | (network or {}),
        training={"dtype": "float64", "batch_size": 30, "epochs": 4} | training,
    )
    return draw(experiment, 3)
