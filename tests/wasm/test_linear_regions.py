"""Linear regions and decision boundaries by the modules are those of `exact`, to the last bit."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from mlplab.boundary import Extent, exact
from mlplab.boundary.workspace import FIRST_REGIONS
from mlplab.reference import MultilayerPerceptron
from mlplab.spec.activations import ACTIVATIONS
from mlplab.spec.heads import HEADS
from mlplab.spec.regression import REGRESSION_HEADS

RunInNode = Callable[[str, bytes], bytes]
MODULES = ("fused", "exact")
BOX = Extent(-1.0, 1.5, -2.0, 0.25)
SOFTMAX, SIGMOID = HEADS["mean_squared_error"], HEADS["binary_crossentropy"]
TARGET = REGRESSION_HEADS["mean_squared_error"]

SHAPES = [
    ([2, 3], SOFTMAX),
    ([2, 5, 2], SOFTMAX),
    ([2, 7, 6, 4], SOFTMAX),
    ([2, 9, 1], SIGMOID),
    ([2, 8, 5, 1], TARGET),
]


def network(seed: int, sizes: list[int], activations: list[str], head: Any) -> MultilayerPerceptron:
    """A network of float32 weights; some are zero, so that lines meet and neurons are dead."""
    generator = np.random.default_rng(seed)
    layers = [
        (generator.normal(size=(b, a)) * (generator.random((b, a)) < 0.9), generator.normal(size=b))
        for a, b in pairwise(sizes)
    ]
    weights = [w.astype(np.float32) for w, _ in layers]
    return MultilayerPerceptron(
        weights, [b.astype(np.float32) for _, b in layers], activations, head
    )


def case_of(
    of: MultilayerPerceptron, activations: list[str], module: str, most: int
) -> dict[str, Any]:
    sizes = [2, *(len(b) for b in of.biases)]
    classes = 0 if of.head.has_targets else max(2, sizes[-1])
    return {
        "module": module,
        "sizes": sizes,
        "weights": [w.ravel().tolist() for w in of.weights],
        "biases": [b.tolist() for b in of.biases],
        "activations": activations,
        "classes": classes,
        "box": [BOX.x1_min, BOX.x1_max, BOX.x2_min, BOX.x2_max],
        "most": most,
    }


def segments(text: str) -> Any:
    return np.frombuffer(bytes.fromhex(text)).reshape(-1, 2, 2)


def test_they_are_the_same(run_in_node: RunInNode) -> None:
    piecewise = [name for name, each in ACTIVATIONS.items() if each.kinks is not None]
    networks = [
        ((sizes, [piecewise[(i + j) % len(piecewise)] for j in range(len(sizes) - 2)]), head)
        for sizes, head in SHAPES
        for i in range(len(piecewise))
    ]
    made = [
        (network(seed, sizes, activations, head), activations)
        for seed, ((sizes, activations), head) in enumerate(networks)
    ]
    # More regions than there is room for at first.
    made.append((network(0, [2, 60, 40, 3], ["relu", "relu"], SOFTMAX), ["relu", "relu"]))
    cases = [
        case_of(of, activations, module, most=10**5)
        for of, activations in made
        for module in MODULES
    ]
    answers = json.loads(run_in_node("linear_regions", json.dumps(cases).encode()))
    wanted = [exact(of, BOX) for of, _ in made for _ in MODULES]
    assert wanted[-1].region_count > FIRST_REGIONS
    for found, answer in zip(wanted, answers, strict=True):
        inner = found.edges[(found.edge_regions >= 0).all(axis=1)]
        assert answer["count"] == found.region_count
        assert segments(answer["edges"]).tolist() == found.regions.vertices[inner].tolist()
        assert segments(answer["boundary"]).tolist() == found.boundary.tolist()


@pytest.mark.parametrize(("most", "none"), [(100, "too many"), (10**4, None)])
def test_too_many_are_none(run_in_node: RunInNode, most: int, none: str | None) -> None:
    of = network(0, [2, 60, 40, 3], ["relu", "relu"], SOFTMAX)
    cases = [case_of(of, ["relu", "relu"], "fused", most)]
    [answer] = json.loads(run_in_node("linear_regions", json.dumps(cases).encode()))
    assert answer.get("none") == none


def test_values_that_are_not_finite_have_none(run_in_node: RunInNode) -> None:
    weights = [np.full((4, 4 if i else 2), 3e38, np.float32) for i in range(10)]
    of = MultilayerPerceptron(weights, [np.ones(4, np.float32)] * 10, "relu")
    cases = [case_of(of, ["relu"] * 9, "fused", 100)]
    [answer] = json.loads(run_in_node("linear_regions", json.dumps(cases).encode()))
    assert answer == {"none": "not finite"}
