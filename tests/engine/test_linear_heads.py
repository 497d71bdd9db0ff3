"""Networks with linear outputs learn targets as the network from scratch does: alone, in a block and in
parts, whose scores and stops are the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mlplab.engine.answers import with_answers
from mlplab.engine.drawn import Drawn
from mlplab.engine.heads import HEADS, head_name
from mlplab.engine.jobs import Shape
from mlplab.engine.lanes import LANES
from mlplab.engine.layout import pack_samples
from mlplab.engine.prepared import Block, Single
from mlplab.engine.single_evaluation import predict_single
from mlplab.reference import MultilayerPerceptron
from mlplab.spec import Experiment
from mlplab.spec.regression import REGRESSION_HEADS
from mlplab.streams import permutation
from mlplab.trial import Trials

Array = NDArray[Any]
Layers = list[tuple[Array, Array]]

COUNTS = (44, 9, 7)
RATE, EPOCHS, BATCH = 0.05, 3, 6
WIDTHS = (5, 17)

VARIANTS = [
    (loss, is_weighted, targets)
    for loss, is_weighted, targets in product(REGRESSION_HEADS, (False, True), (1, 3))
]
each_variant = pytest.mark.parametrize(("loss", "is_weighted", "targets"), VARIANTS)


class Networks:
    """As many networks of one shape as there are lanes, each with its own samples, weights and key."""

    def __init__(
        self,
        loss: str,
        is_weighted: bool,
        targets: int,
        dtype: str = "float64",
        features: int = 3,
        **training: Any,
    ) -> None:
        generator = np.random.default_rng(7)
        self.loss, self.targets, self.features, self.is_weighted = (
            loss,
            targets,
            features,
            is_weighted,
        )
        how = {"batch_size": BATCH, "epochs": EPOCHS, "dtype": dtype}
        optimizer = {"kind": "sgd", "learning_rate": RATE}
        self.experiment = Experiment(
            dataset="polar",
            network={"hidden_layers": 2, "layer_width": WIDTHS, "activation": "tanh"},
            training={"optimizer": optimizer, **how, **training},
        )
        trials = Trials.from_seeds(self.experiment, range(1))
        plain = Shape.from_trials(trials)
        self.shape = replace(
            plain,
            counts=COUNTS,
            sizes=(features, *WIDTHS, targets),
            classes=0,
            head=head_name(loss, has_targets=True, is_weighted=is_weighted),
            batch_size=BATCH,
        )
        self.x = [generator.normal(size=(LANES, n, features)).astype(dtype) for n in COUNTS]
        mixed = generator.normal(size=(features, targets))
        self.y = [np.sin(x @ mixed) + 0.1 * np.arange(targets, dtype=dtype) for x in self.x]
        self.weight = generator.uniform(0, 3, (LANES, COUNTS[0])).astype(dtype)
        self.layers: Layers = [
            (
                (0.5 * generator.normal(size=(LANES, b, a))).astype(dtype),
                (0.1 * generator.normal(size=(LANES, b))).astype(dtype),
            )
            for a, b in zip(self.shape.sizes[:-1], self.shape.sizes[1:], strict=True)
        ]
        self.keys = generator.integers(1 << 60, size=LANES).astype(np.uint64)
        splits = [
            np.concatenate([pack_samples(a, b, dtype) for a, b in zip(x, y, strict=True)])
            for x, y in zip(self.x, self.y, strict=True)
        ]
        self.splits = with_answers(
            splits, [trials] * LANES, [self.experiment.training] * LANES, self.shape
        )
        if is_weighted:
            place = HEADS[self.shape.head].places(targets)["weight"].start
            self.splits[0][..., features + place] = self.weight

    def drawn(self, lanes: slice) -> Drawn:
        return Drawn(
            experiments=[self.experiment] * len(self.keys[lanes]),
            splits=[split[lanes] for split in self.splits],
            layers=[(w[lanes], b[lanes]) for w, b in self.layers],
            keys=self.keys[lanes],
            noise_keys=np.zeros_like(self.keys[lanes]),
            standardising=None,
        )

    def block(self) -> tuple[Block, Array]:
        return trained(Block(self.shape, self.drawn(slice(None))))

    def alone(self, lane: int) -> tuple[Single, Array]:
        return trained(Single(self.shape, self.drawn(slice(lane, lane + 1))))

    def reference(self, lane: int) -> tuple[MultilayerPerceptron, Array]:
        """Train by the network from scratch; return it, and its history, shape (epochs, 4)."""
        head = REGRESSION_HEADS[self.loss]
        weights, biases = zip(*((w[lane], b[lane]) for w, b in self.layers), strict=True)
        network = MultilayerPerceptron(weights, biases, "tanh", head)
        x, y = self.x[0][lane], self.y[0][lane]
        scores = []
        for epoch in range(EPOCHS):
            order = permutation(int(self.keys[lane]), epoch, len(x))
            lost, outputs = 0.0, np.empty_like(y)
            for first in range(0, len(x), BATCH):
                batch = order[first : first + BATCH]
                weight = self.weight[lane, batch, None] if self.is_weighted else 1.0
                forward = network.forward(x[batch])
                gradients = network.backpropagation(forward, y[batch], head, weight)
                lost += len(batch) * head.mean_loss(forward.output, y[batch], weight)
                outputs[batch] = forward.output
                pairs = zip(
                    (*network.weights, *network.biases),
                    (*gradients.weights, *gradients.biases),
                    strict=True,
                )
                for w, gradient in pairs:
                    w -= RATE * gradient
            scores.append(
                (lost / len(x), head.metric(outputs, y), *self.scores(network, lane, split=1))
            )
        return network, np.array(scores)

    def scores(self, network: MultilayerPerceptron, lane: int, split: int) -> tuple[float, float]:
        p, y = network.forward(self.x[split][lane]).output, self.y[split][lane]
        return network.head.mean_loss(p, y), network.head.metric(p, y)


def trained(networks: Any) -> tuple[Any, Array]:
    return networks, networks.train(np.zeros(1, np.uint8), np.zeros(1, np.int64))


def evaluated(networks: Block | Single, split: int) -> Array:
    seen, predicted = networks.evaluate(split, np.zeros(1, np.uint8))
    assert predicted.shape[0] == 0
    return seen


def flat(layers: Sequence[Sequence[Array]]) -> list[Array]:
    return [part for parts in layers for part in parts]


@each_variant
def test_linear_networks_follow_the_reference(
    loss: str, is_weighted: bool, targets: int, tolerance: Any
):
    networks = Networks(loss, is_weighted, targets)
    near = {"rtol": 0, "atol": tolerance.trajectory_float64}
    for lane in (0, 5):
        ref, history = networks.reference(lane)
        comp, seen = networks.alone(lane)
        for a, b in zip((*ref.weights, *ref.biases), flat(comp.network()), strict=True):
            np.testing.assert_allclose(b, a, **near)
        np.testing.assert_allclose(seen[:, :, 0], history, **near)
        for split in range(3):
            wanted = networks.scores(ref, lane, split)  # no sample is weighted
            np.testing.assert_allclose(evaluated(comp, split)[:, 0], wanted, **near)


@pytest.mark.parametrize("features", [1, 3, 6])
@each_variant
def test_a_linear_network_is_the_same_alone_and_in_a_block(
    loss: str, is_weighted: bool, targets: int, features: int
):
    networks = Networks(loss, is_weighted, targets, "float32", features)
    block, history = networks.block()
    for lane in (0, 7, 15):
        alone, own = networks.alone(lane)
        for a, b in zip(flat(alone.network()), flat(block.network(lane)), strict=True):
            assert a.tobytes() == b.tobytes()
        assert own[:, :, 0].tobytes() == history[:, :, lane].tobytes()
        for split in range(3):
            mine, all_of_them = evaluated(alone, split), evaluated(block, split)
            assert mine[:, 0].tobytes() == all_of_them[:, lane].tobytes()


@pytest.mark.parametrize("loss", REGRESSION_HEADS)
def test_what_is_predicted_are_the_targets(loss: str):
    networks = Networks(loss, is_weighted=False, targets=2)
    alone, _ = networks.alone(3)
    weights, biases = alone.network()
    ref = MultilayerPerceptron(weights, biases, "tanh", REGRESSION_HEADS[loss])
    x = networks.x[2][3]
    predictions = np.empty((2, len(x)))
    first = networks.features + sum(WIDTHS)
    samples = pack_samples(x, np.zeros(len(x)), np.float64)
    predict_single(alone._theta, *alone._described, samples, first, predictions)
    np.testing.assert_allclose(predictions.T, ref.forward(x).output, rtol=0, atol=1e-12)
