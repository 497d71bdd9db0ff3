"""Networks and points for the checks, drawn once and the same for ever.

Weights and biases are about 1 in size, widths differ, and no two layers are alike, so that each typical
mistake gives another answer. The tests of mlplab hold them to that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from mlplab.course.checker.mistakes.mistake import Float
from mlplab.course.checker.mistakes.networks import Net
from mlplab.reference.network import MultilayerPerceptron
from mlplab.streams import normal, stream


@dataclass(frozen=True, eq=False)
class Case(Net):
    """A network and points to feed forward, with what is right for them, and as it is sent."""

    @property
    def classes(self) -> int:
        """Number of classes K."""
        return len(self.weights[-1])

    @cached_property
    def output(self) -> Float:
        """What is right, by the reference."""
        network = MultilayerPerceptron(self.weights, self.biases, self.activation)
        return network.feedforward(self.x)

    def as_sent(self, flat: bool = False, dtype: DTypeLike = np.float64) -> dict[str, Any]:
        """Return the network as the course gives it: biases as columns, unless `flat`."""
        labels = np.arange(len(self.x)) % self.classes
        return network_message(
            self.weights,
            self.biases,
            self.activation,
            dataset_message(dict.fromkeys(("train", "valid", "test"), (self.x, labels)), self.classes),
            flat,
            dtype,
        )  # fmt: skip


def network_message(
    weights: Sequence[Float],
    biases: Sequence[Float],
    activation: str,
    dataset: dict[str, Any],
    flat: bool = False,
    dtype: DTypeLike = np.float64,
) -> dict[str, Any]:
    """Return what `setup_model` is given, and the dataset that `MLP` is given."""
    columns = [b if flat else b[:, None] for b in biases]
    return {
        "W": [w.astype(dtype) for w in weights],
        "b": [b.astype(dtype) for b in columns],
        "activation": activation,
        "dataset": dataset,
    }


def dataset_message(
    splits: dict[str, tuple[Float, NDArray[Any]]], classes: int, kind: str = "linear"
) -> dict[str, Any]:
    """Return the attributes of a `DataGenerator`: points, labels, one-hot labels, counts per class."""
    message: dict[str, Any] = {"K": classes, "sigma": 0.1, "dataset": kind, "verbose": False}
    for name, (x, y) in splits.items():
        message |= {f"x_{name}": x, f"y_{name}": y, f"y_{name}_oh": np.eye(classes)[y]}
    message["N_train"] = len(splits["train"][1]) // classes
    message["N_test"] = len(splits["test"][1]) // classes
    return message


def draw_case(
    seed: int, widths: Sequence[int], activation: str, points: int, scale: float = 1.0
) -> Case:
    """Draw a network and points.

    Parameters
    ----------
    seed : int
    widths : sequence of int
        Of inputs, hidden layers and outputs: (2, 4, 3) has one hidden layer.
    activation : str
    points : int
    scale : float
        Weights are normal with standard deviation scale · sqrt(2 / inputs), biases with 0.7.
    """
    generator = stream(seed, "weights")
    weights, biases = [], []
    for inputs, outputs in pairwise(widths):
        weights.append(scale * np.sqrt(2 / inputs) * normal(generator, (outputs, inputs)))
        biases.append(0.7 * normal(generator, outputs))
    return Case(weights, biases, activation, normal(stream(seed, "samples"), (points, 2)))


NO_HIDDEN = draw_case(1, (2, 3), "linear", 7)
ONE_SIGMOID = draw_case(4, (2, 4, 3), "sigmoid", 7, scale=1.5)
ONE_RELU = draw_case(8, (2, 5, 3), "relu", 8)
ONE_LINEAR = draw_case(4, (2, 4, 2), "linear", 6)
SQUARE = draw_case(43, (2, 2, 2), "sigmoid", 2, scale=1.5)
TEN_RELU = draw_case(54, (2, *(6,) * 10, 4), "relu", 9)
ONE_POINT = draw_case(50, (2, 5, 3), "relu", 1)
FLOAT32 = draw_case(3, (2, 4, 4, 3), "sigmoid", 6, scale=1.5)
UNTOUCHED = draw_case(10, (2, 4, 3), "relu", 5)

CASES = {
    "feedforward-no-hidden-layer": NO_HIDDEN,
    "feedforward-one-hidden-sigmoid": ONE_SIGMOID,
    "feedforward-one-hidden-relu": ONE_RELU,
    "feedforward-one-hidden-linear": ONE_LINEAR,
    "feedforward-two-by-two": SQUARE,
    "feedforward-ten-hidden": TEN_RELU,
    "feedforward-one-point": ONE_POINT,
    "feedforward-float32": FLOAT32,
    "feedforward-inputs-untouched": UNTOUCHED,
}
