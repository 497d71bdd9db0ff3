"""What a user writes, for a strict type checker without our plugins: `make lint` runs it on this file."""

from __future__ import annotations

from typing import assert_type

import numpy as np

import mlplab
from mlplab.boundary import Extent, LinearRegions
from mlplab.explain import Explanation
from mlplab.models import Model

experiment = mlplab.Experiment(
    dataset="polar",
    network={"hidden_layers": 1, "layer_width": 8, "activation": "relu"},
    training={"optimizer": "adam", "epochs": 2},
)
runs = mlplab.train(experiment, replications=2)
assert_type(runs, mlplab.Runs)
run = runs[0]
assert_type(run, mlplab.Run)
labels: np.ndarray[tuple[int, ...], np.dtype[np.int64]] = run.predict([[0.1, 0.2]])
mlplab.models.save(run, "rings.safetensors")
model = mlplab.models.load("rings.safetensors")
assert_type(model, Model)
mlplab.models.export(model, "rings.h", to="c")
assert_type(mlplab.explain.why(runs), Explanation)
assert_type(mlplab.boundary.exact(run, Extent(0, 1, 0, 1)), LinearRegions)
classifier = mlplab.MLPClassifier(hidden_layer_sizes=(5,), max_iter=3)
assert_type(classifier.fit([[0.0], [1.0]], ["a", "b"]), mlplab.MLPClassifier)
probabilities: np.ndarray[tuple[int, ...], np.dtype[np.floating]] = classifier.predict_proba(
    [[0.0]]
)
