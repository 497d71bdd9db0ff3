"""Networks and points for the checks, drawn from a seed.

Weights and biases are about 1 in size, widths differ, and no two layers are alike, so that each typical
mistake gives another answer. Where chance makes one of them nearly right, another network is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

from mlplab.course.checker.mistakes import networks
from mlplab.course.checker.mistakes.mistake import Float
from mlplab.course.checker.mistakes.observation import Observation
from mlplab.course.checker.mistakes.solution import Network, changed
from mlplab.reference.network import MultilayerPerceptron
from mlplab.streams import normal, stream

T = TypeVar("T")

CLEAR = 5e-3
"""By how much a mistake moves the output at least, unless it cannot show in a network at all."""

TRIES = 1000


@dataclass(frozen=True, eq=False)
class Case(Network):
    """A network and points to feed forward, with what is right for them, and as it is sent."""

    @property
    def classes(self) -> int:
        """Number of classes K."""
        return len(self.weights[-1])

    @cached_property
    def output(self) -> Float:
        """What is right, by the reference: float64 of shape (points, K), rows that sum to 1."""
        network = MultilayerPerceptron(self.weights, self.biases, self.activation)
        return network.feedforward(self.x)

    def as_sent(self, flat: bool = False, dtype: DTypeLike = np.float64) -> dict[str, Any]:
        """Return the network as the course gives it, and its points: biases as columns, unless `flat`."""
        labels = np.arange(len(self.x)) % self.classes
        splits = dict.fromkeys(("train", "valid", "test"), (self.x, labels))
        dataset = dataset_message(splits, self.classes)
        message = network_message(self.weights, self.biases, self.activation, dataset, flat, dtype)
        return message | {"x": self.x.astype(dtype)}


def network_message(
    weights: Sequence[Float],
    biases: Sequence[Float],
    activation: str,
    dataset: dict[str, Any],
    flat: bool = False,
    dtype: DTypeLike = np.float64,
) -> dict[str, Any]:
    """Return what `setup_model` is given, and the dataset that `MLP` is given.

    Parameters
    ----------
    weights, biases : sequence of ndarray
        Shapes (outputs, inputs) and (outputs,).
    activation : str
    dataset : dict
        Of `dataset_message`.
    flat : bool
        Whether biases are sent in shape (outputs,), and not (outputs, 1).
    dtype : dtype
        Of weights and biases as they are sent.
    """
    columns = [b if flat else b[:, None] for b in biases]
    return {
        "W": [w.astype(dtype) for w in weights],
        "b": [b.astype(dtype) for b in columns],
        "activation": activation,
        "dataset": dataset,
    }


def dataset_message(
    splits: Mapping[str, tuple[Float, NDArray[Any]]], classes: int, kind: str = "linear"
) -> dict[str, Any]:
    """Return the attributes of a `DataGenerator`: points, labels, one-hot labels, counts per class.

    Parameters
    ----------
    splits : mapping
        Points of shape (n, 2) and labels of shape (n,), from 0 to K - 1, by train, valid and test.
    classes : int
        K.
    kind : str
        The name of the dataset.
    """
    message: dict[str, Any] = {"K": classes, "sigma": 0.1, "dataset": kind, "verbose": False}
    for name, (x, y) in splits.items():
        message |= {f"x_{name}": x, f"y_{name}": y, f"y_{name}_oh": np.eye(classes)[y]}
    message["N_train"] = len(splits["train"][1]) // classes
    message["N_test"] = len(splits["test"][1]) // classes
    return message


def draw_case(
    seed: int, part: int, widths: Sequence[int], activation: str, points: int, scale: float = 1.0
) -> Case:
    """Draw a network and points.

    Parameters
    ----------
    seed, part : int
        Each part of a seed is another network.
    widths : sequence of int
        Of inputs, hidden layers and outputs: (2, 4, 3) has one hidden layer.
    activation : str
    points : int
    scale : float
        Weights are normal with standard deviation scale · sqrt(2 / inputs), biases with 0.7.
    """
    generator = stream(seed, "weights", part)
    weights, biases = [], []
    for inputs, outputs in pairwise(widths):
        weights.append(scale * np.sqrt(2 / inputs) * normal(generator, (outputs, inputs)))
        biases.append(0.7 * normal(generator, outputs))
    return Case(weights, biases, activation, normal(stream(seed, "samples", part), (points, 2)))


def first_clear(
    drawn: Iterable[T | None], is_clear: Callable[[T], bool], count: int, what: str
) -> list[T]:
    """Return the first of some draws that are clear.

    Parameters
    ----------
    drawn : iterable
        Draws of one seed, None for one that came to nothing.
    is_clear : callable
    count : int
        How many are wanted.
    what : str
        What is drawn, for the message.

    Raises
    ------
    RuntimeError
        If there are not so many.

    Examples
    --------
    >>> first_clear([3, None, 4, 6, 8], lambda number: number % 2 == 0, 2, "even numbers")
    [4, 6]
    """
    found = list(islice((each for each in drawn if each is not None and is_clear(each)), count))
    if len(found) < count:
        raise RuntimeError(f"expected {count} clear {what} among the draws, found {len(found)}")
    return found


def visible_mistakes(case: Case) -> frozenset[int] | None:
    """Return which mistakes show in a network; None if one is nearly right, or a layer idle."""
    if not _is_lively(case):
        return None
    found = set()
    for place, way in enumerate(networks.CLEAR_OF):
        answer = Observation("feedforward", (case,), None).predict(changed(way.change))
        if answer is None:
            continue
        if answer.shape == case.output.shape:
            off = np.abs(answer - case.output).max()
            if 1e-9 < off < CLEAR:
                return None
            if off < CLEAR:
                continue
        found.add(place)
    return frozenset(found)


def _is_lively(case: Case) -> bool:
    """Return whether each relu layer keeps some numbers and drops others, and no output is 1."""
    h = case.x
    for w, b in zip(case.weights[:-1], case.biases[:-1], strict=True):
        z = h @ w.T + b
        if (
            case.activation == "relu"
            and not (z > 0.01).any(axis=0).sum() * (z < -0.01).any(axis=0).sum()
        ):
            return False
        h = np.asarray(getattr(changed(), case.activation)(z))
    return bool(np.median(case.output.max(axis=1)) < 0.95)


class Shape(NamedTuple):
    """A test of `feedforward`: its title, what its networks are like, and whether it asks twice."""

    title: str
    widths: tuple[int, ...]
    activation: str
    points: int
    scale: float = 1.0
    dtype: DTypeLike = np.float64
    twice: bool = False


SHAPES = {
    "feedforward-no-hidden-layer": Shape("feedforward, no hidden layer", (2, 3), "linear", 7),
    "feedforward-one-hidden-sigmoid": Shape(
        "feedforward, one hidden layer, sigmoid", (2, 4, 3), "sigmoid", 7, 1.5
    ),
    "feedforward-one-hidden-relu": Shape(
        "feedforward, one hidden layer, relu", (2, 5, 3), "relu", 8
    ),
    "feedforward-one-hidden-linear": Shape(
        "feedforward, one hidden layer, linear", (2, 4, 2), "linear", 6
    ),
    "feedforward-two-by-two": Shape(
        "feedforward, two neurons in each layer", (2, 2, 2, 2), "sigmoid", 2, 1.5
    ),
    "feedforward-ten-hidden": Shape(
        "feedforward, ten hidden layers, relu", (2, *(6,) * 10, 4), "relu", 9
    ),
    "feedforward-one-point": Shape("feedforward of one point", (2, 5, 3), "relu", 1),
    "feedforward-float32": Shape(
        "feedforward in float32", (2, 4, 4, 3), "sigmoid", 6, 1.5, np.float32
    ),
    "feedforward-inputs-untouched": Shape(
        "feedforward twice, inputs untouched", (2, 4, 3), "relu", 5, twice=True
    ),
}


def draw_cases(seed: int) -> dict[str, tuple[Case, Case]]:
    """Return two networks of each shape, in which the same mistakes show."""
    cases = {}
    for number, (name, shape) in enumerate(SHAPES.items()):
        first: dict[frozenset[int], Case] = {}
        for part in range(number * TRIES, (number + 1) * TRIES):
            case = draw_case(seed, part, shape.widths, shape.activation, shape.points, shape.scale)
            key = visible_mistakes(case)
            if key is not None and key in first:
                cases[name] = (first[key], case)
                break
            if key is not None:
                first[key] = case
        else:
            raise RuntimeError(f"no two networks were found for {name} with seed {seed}")
    return cases
