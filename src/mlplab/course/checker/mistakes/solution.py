"""The lab, solved in small parts. A mistake is this solution with other parts.

It answers the questions that the tests ask: each is the name of a method, and its arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.course.checker.mistakes.mistake import Change, Float


@dataclass(frozen=True, eq=False)
class Network:
    """A network, and points to feed forward.

    Attributes
    ----------
    weights, biases : sequence of ndarray
        Shapes (outputs, inputs) and (outputs,).
    activation : str
    x : ndarray, shape (points, 2)
    """

    weights: Sequence[Float]
    biases: Sequence[Float]
    activation: str
    x: Float


@dataclass(frozen=True, eq=False)
class Descent(Network):
    """A network with labelled points, to go back from their mean squared error.

    Attributes
    ----------
    y : ndarray, shape (points, K)
        One-hot labels.
    """

    y: Float


@dataclass(frozen=True, eq=False)
class Outputs:
    """What the network gives on a split, and what is right.

    Attributes
    ----------
    p : ndarray, shape (points, K)
    y : ndarray of int, shape (points,)
    """

    p: Float
    y: NDArray[np.int64]

    @cached_property
    def one_hot(self) -> Float:
        """The labels as rows of shape (points, K)."""
        return np.eye(self.p.shape[1])[self.y]

    @cached_property
    def answered(self) -> NDArray[np.int64]:
        """The class with the largest output of each point."""
        return np.asarray(self.p.argmax(axis=1))

    @cached_property
    def of_right_class(self) -> Float:
        """The output of the right class of each point."""
        return self.p[np.arange(len(self.y)), self.y]


Splits = Mapping[str, Outputs]
"""Outputs on train, valid and test."""


class Solution:
    """The lab solved, in float64, with points as rows.

    A layer has sums z of shape (points, outputs), inputs h of shape (points, inputs), weights w of shape
    (outputs, inputs) and biases b of shape (outputs,). Outputs p and one-hot labels y have shape
    (points, K). `net` has all weights and biases; `o` are the outputs and labels of a split.
    """

    # activation(x, name)

    def linear(self, z: Float) -> Float:
        """Return x as it is."""
        return z

    def sigmoid(self, z: Float) -> Float:
        """Return 1 / (1 + exp(-x))."""
        return 1 / (1 + np.exp(-z))

    def relu(self, z: Float) -> Float:
        """Return max(0, x)."""
        return np.maximum(z, 0)

    def softmax(self, z: Float, **over: Any) -> Float:
        """Return exp(x) / sum(exp(x)), summed `over` an axis."""
        e = np.exp(z - z.max())
        return np.asarray(e / e.sum(**over))

    def softmax_layouts(self, layouts: Sequence[Float]) -> list[list[Float]]:
        """Return the softmax of arrays in several layouts, for each axis that a student may sum over."""
        return [
            [self.softmax(z, axis=axis, keepdims=True) for z in layouts] for axis in (-1, 0, None)
        ]

    # setup_model(W, b, activation)

    def hidden_layers(self, weights: Sequence[Float], biases: Sequence[Float]) -> float:
        """Return the number of hidden layers."""
        return len(weights) - 1

    def parameters(self, weights: Sequence[Float], biases: Sequence[Float]) -> float:
        """Return the number of parameters."""
        return sum(array.size for array in (*weights, *biases))

    # feedforward(x)

    def points(self, x: Float, net: Network) -> Float:
        """Return what the first layer is given."""
        return x

    def given(self, h: Float, x: Float, is_last: bool) -> Float:
        """Return what a layer is given: what the one before hands on, h, and not the points x."""
        return h

    def layers(self, count: int) -> Sequence[int]:
        """Return which layers are computed, in order."""
        return range(count)

    def weight_of(self, layer: int, count: int) -> int:
        """Return whose weights a layer has."""
        return layer

    def bias_of(self, layer: int, count: int) -> int:
        """Return whose biases a layer adds."""
        return layer

    def matrix(self, w: Float) -> Float:
        """Return the weights as a hidden layer uses them, shape (outputs, inputs)."""
        return w

    def matrix_last(self, w: Float) -> Float:
        """Return the weights as the last layer uses them."""
        return w

    def product(self, h: Float, w: Float) -> Float:
        """Return W h of each row."""
        return h @ w.T

    def weighted(self, h: Float, w: Float, b: Float) -> Float:
        """Return W h + b of each row, in a hidden layer."""
        return self.product(h, w) + b

    def weighted_last(self, h: Float, w: Float, b: Float) -> Float:
        """Return W h + b of each row, in the last layer."""
        return self.product(h, w) + b

    def hidden_name(self, net: Network) -> str:
        """Return which activation the hidden layers have."""
        return net.activation

    def activated(self, z: Float, net: Network) -> Float:
        """Return the chosen activation of z."""
        name = self.hidden_name(net)
        return np.asarray(self.over_classes(z) if name == "softmax" else getattr(self, name)(z))

    def hidden(self, z: Float, net: Network) -> Float:
        """Return what a hidden layer makes of its sums."""
        return self.activated(z, net)

    def over_classes(self, z: Float) -> Float:
        """Return the softmax as `feedforward` uses it."""
        return self.softmax(z, axis=1, keepdims=True)

    def last(self, z: Float, net: Network) -> Float:
        """Return what the last layer makes of its sums."""
        return self.over_classes(z)

    def hidden_layer(self, h: Float, w: Float, b: Float, net: Network) -> Float:
        """Return what a hidden layer hands on."""
        return self.hidden(self.weighted(h, self.matrix(w), b), net)

    def last_layer(self, h: Float, w: Float, b: Float, net: Network) -> Float:
        """Return what the last layer hands on."""
        return self.last(self.weighted_last(h, self.matrix_last(w), b), net)

    def output(self, p: Float) -> Float:
        """Return in which form the outputs are handed back."""
        return p

    def feedforward(self, net: Network) -> Float:
        """Return the outputs, shape (points, K)."""
        count = len(net.weights)
        x = h = self.points(net.x, net)
        order = self.layers(count)
        for place, layer in enumerate(order):
            w = net.weights[self.weight_of(layer, count)]
            b = net.biases[self.bias_of(layer, count)]
            is_last = place == len(order) - 1
            compute = self.last_layer if is_last else self.hidden_layer
            h = compute(self.given(h, x, is_last), w, b, net)
        return self.output(h)

    # evaluate()

    def loss_of(self, o: Outputs) -> float:
        """Return the mean squared error, over points and classes."""
        return float(np.mean((o.p - o.one_hot) ** 2))

    def accuracy_of(self, o: Outputs) -> float:
        """Return the fraction of the points whose largest output is that of their class."""
        return float(np.mean(o.answered == o.y))

    def loss_splits(self) -> tuple[str, str]:
        """Return on which points the loss is computed, for training and for test."""
        return "train", "test"

    def accuracy_splits(self) -> tuple[str, str]:
        """Return on which points the accuracy is computed."""
        return "train", "test"

    def loss(self, splits: Splits) -> list[float]:
        """Return the loss on training and on test points."""
        return [self.loss_of(splits[name]) for name in self.loss_splits()]

    def accuracy(self, splits: Splits) -> list[float]:
        """Return the accuracy on training and on test points."""
        return [self.accuracy_of(splits[name]) for name in self.accuracy_splits()]

    # backpropagation(x, y)

    def start(self, p: Float, y: Float) -> Float:
        """Return dL/dz of the last layer."""
        g = 2 * (p - y) / p.size
        return np.asarray(p * (g - (g * p).sum(axis=1, keepdims=True)))

    def slope(self, z: Float, h: Float, net: Network) -> Float:
        """Return the slope of the hidden activation at the sums z, where its output is h."""
        if net.activation == "sigmoid":
            return h * (1 - h)
        return (z > 0).astype(float) if net.activation == "relu" else np.ones_like(z)

    def back(self, delta: Float, w: Float) -> Float:
        """Return the gradient by a layer's inputs."""
        return delta @ w

    def factor(self, y: Float) -> float:
        """Return by what all gradients are multiplied."""
        return 1.0

    def gradients(self, net: Descent) -> Float:
        """Return dL/dW of each layer, then dL/db of each layer, all numbers in a row."""
        hs, zs = [net.x], []
        for w, b in zip(net.weights, net.biases, strict=True):
            zs.append(hs[-1] @ w.T + b)
            hs.append(self.activated(zs[-1], net))
        delta = self.start(self.over_classes(zs[-1]), net.y)
        weights: list[Float] = []
        biases: list[Float] = []
        for layer in reversed(range(len(zs))):
            weights.insert(0, delta.T @ hs[layer])
            biases.insert(0, delta.sum(axis=0))
            if layer:
                delta = self.back(delta, net.weights[layer])
                delta = delta * self.slope(zs[layer - 1], hs[layer], net)
        return self.factor(net.y) * np.concatenate([a.reshape(-1) for a in (*weights, *biases)])


def changed(*changes: Change, solved: Callable[[], Any] = Solution) -> Solution:
    """Return the solution with other methods; `solved` makes that of another lab.

    >>> changed({"relu": lambda self, z: abs(z)}).relu(-1)
    1
    """
    solution: Solution = solved()
    for change in changes:
        for name, method in change.items():
            setattr(solution, name, partial(method, solution))
    return solution
