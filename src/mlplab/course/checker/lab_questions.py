"""A question for each thing that our lab asks, with which a teacher's own mistakes are tried."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from mlplab.course.checker.mistakes.solution import Descent, Outputs
from mlplab.streams import stream, uniform

SIZES = (2, 4, 3, 3)
"""Inputs, and outputs of each layer."""


def _questions() -> Iterator[tuple[str, tuple[Any, ...]]]:
    generator = stream(0, "samples")
    x, y = uniform(generator, (6, SIZES[0])) - 0.5, np.arange(6) % SIZES[-1]
    weights = [uniform(generator, (n, m)) - 0.5 for m, n in pairwise(SIZES)]
    biases = [uniform(generator, n) - 0.5 for n in SIZES[1:]]
    for name in ("linear", "sigmoid", "relu"):
        yield name, (x,)
    yield "softmax_layouts", ([x, x.T, x[0]],)
    yield "hidden_layers", (weights, biases)
    yield "parameters", (weights, biases)
    for name in ("linear", "sigmoid", "relu", "softmax"):
        network = Descent(weights, biases, name, x, np.eye(SIZES[-1])[y])
        yield "feedforward", (network,)
        yield "gradients", (network,)
    outputs = uniform(generator, (6, SIZES[-1]))
    splits = {split: Outputs(outputs, y) for split in ("train", "valid", "test")}
    yield "loss", (splits,)
    yield "accuracy", (splits,)


QUESTIONS = tuple(_questions())
"""Methods of `Solution`, and what they are asked."""
