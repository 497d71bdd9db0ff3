"""Mistakes in `feedforward`: what a network with one of them gives for the same weights and points."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mlplab.course.checker.mistakes.activations import ELEMENTWISE
from mlplab.course.checker.mistakes.mistake import Float, Registry
from mlplab.spec.heads import softmax


@dataclass(frozen=True, eq=False)
class Net:
    """A network, and points to feed forward: the question that a mistake answers.

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

    def sigma(self, z: Float) -> Float:
        """Apply the hidden activation."""
        return ELEMENTWISE[self.activation](z)


Layer = Callable[[Float], Float]
Sum = Callable[[Float, Float, Float], Float]


def weighted(h: Float, w: Float, b: Float) -> Float:
    """Return W h + b of each row."""
    return h @ w.T + b


def feed(
    net: Net,
    hidden: Layer | None = None,
    last: Layer = softmax,
    hidden_sum: Sum = weighted,
    last_sum: Sum | None = None,
) -> Float | None:
    """Feed forward, with other functions in some places; None where shapes do not fit."""
    hidden = net.sigma if hidden is None else hidden
    last_sum = hidden_sum if last_sum is None else last_sum
    h = net.x
    layers = list(zip(net.weights, net.biases, strict=True))
    try:
        for w, b in layers[:-1]:
            h = hidden(hidden_sum(h, w, b))
        return last(last_sum(h, *layers[-1]))
    except ValueError:
        return None


MISTAKES: Registry[Net] = Registry()
_LAST = (
    "In feedforward, the hidden activation belongs to the hidden layers only, and softmax to the last "
    "layer only: loop over the hidden layers, and do the last layer after the loop."
)


@MISTAKES.entry(
    "hidden-activation-on-last-layer",
    "The last layer applies the hidden activation before softmax.",
    _LAST + " Check also hidden_layers: it is len(W) - 1.",
    credit=0.5,
)
def _hidden_on_last(net: Net) -> Float | None:
    return feed(net, last=lambda z: softmax(net.sigma(z)))


@MISTAKES.entry(
    "softmax-missing",
    "The outputs are no probabilities: the softmax of the last layer is missing.",
    "In feedforward, apply activation(z, 'softmax') to the last layer's weighted sums.",
    credit=0.5,
)
def _no_softmax(net: Net) -> Float | None:
    return feed(net, last=lambda z: z)


@MISTAKES.entry(
    "hidden-activation-in-place-of-softmax",
    "The last layer has the hidden activation where softmax belongs.",
    _LAST,
    credit=0.5,
)
def _hidden_for_softmax(net: Net) -> Float | None:
    return feed(net, last=net.sigma)


_EVERYWHERE = (
    "softmax-in-every-layer",
    "Softmax acts in every layer.",
    "In feedforward, look at the indentation: the line with softmax belongs after the loop "
    "over the layers, "
    "not into it.",
    0.5,
)


@MISTAKES.entry(*_EVERYWHERE)
def _softmax_everywhere(net: Net) -> Float | None:
    def both(z: Float) -> Float:
        return softmax(net.sigma(z))

    return feed(net, hidden=both, last=both) if len(net.weights) > 1 else None


@MISTAKES.entry(*_EVERYWHERE)
def _softmax_after_each_hidden(net: Net) -> Float | None:
    return feed(net, hidden=lambda z: softmax(net.sigma(z)))


@MISTAKES.entry(
    "softmax-in-place-of-hidden-activation",
    "The hidden layers have softmax where their own activation belongs.",
    _LAST,
    credit=0.5,
)
def _softmax_hidden(net: Net) -> Float | None:
    return feed(net, hidden=softmax)


@MISTAKES.entry(
    "softmax-twice",
    "Softmax is applied twice to the last layer.",
    "In feedforward, apply it once: either in the loop's last turn or after the loop.",
    credit=0.5,
)
def _softmax_twice(net: Net) -> Float | None:
    return feed(net, last=lambda z: softmax(softmax(z)))


@MISTAKES.entry(
    "softmax-over-points",
    "Softmax sums over the points and not over the classes: the columns of the output sum to "
    "1, not the rows.",
    "In activation, softmax must sum over a point's classes: with points as rows that is axis=1 with "
    "keepdims=True; with each point as a column it is axis=0.",
    credit=0.5,
)
def _softmax_over_points(net: Net) -> Float | None:
    return feed(net, last=lambda z: softmax(z.T).T)


@MISTAKES.entry(
    "softmax-over-everything",
    "Softmax sums over all points and classes together: the whole output sums to 1, not each row.",
    "In activation, softmax without an axis is right for one point only. For points as rows, sum with "
    "axis=1 and keepdims=True, or feed the points forward one by one.",
    credit=0.5,
)
def _softmax_over_everything(net: Net) -> Float | None:
    return feed(net, last=lambda z: softmax(z.reshape(1, -1)).reshape(z.shape))


@MISTAKES.entry(
    "softmax-without-keepdims",
    "Softmax divides each row by the sums of other rows.",
    "In activation, sum with axis=1 and keepdims=True, so that the sums are a column beside the rows.",
    credit=0.5,
)
def _softmax_without_keepdims(net: Net) -> Float | None:
    return feed(net, last=lambda z: np.exp(z) / np.exp(z).sum(axis=1))


@MISTAKES.entry(
    "hidden-activation-missing",
    "The hidden layers have no activation: what they pass on is the weighted sum itself.",
    "In feedforward, apply activation(z, self.activation) in each hidden layer, and go on "
    "with its result.",
    credit=0.25,
)
def _no_hidden_activation(net: Net) -> Float | None:
    return feed(net, hidden=lambda z: z)


@MISTAKES.entry(
    "hidden-activation-twice",
    "The hidden activation is applied twice in each layer.",
    "In feedforward, apply activation(z, self.activation) once.",
    credit=0.5,
)
def _activation_twice(net: Net) -> Float | None:
    return feed(net, hidden=lambda z: net.sigma(net.sigma(z)))


@MISTAKES.entry(
    "activation-before-bias",
    "The activation is applied before the bias is added.",
    "In feedforward, the bias belongs into the weighted sum: activation(W h + b), brackets included.",
    credit=0.5,
)
def _activation_before_bias(net: Net) -> Float | None:
    h = net.x
    for w, b in zip(net.weights[:-1], net.biases[:-1], strict=True):
        h = net.sigma(h @ w.T) + b
    return softmax(h @ net.weights[-1].T + net.biases[-1])


@MISTAKES.entry(
    "activation-before-bias",
    "The activation is applied before the bias is added.",
    "In feedforward, the bias belongs into the weighted sum: activation(W h + b), brackets included.",
    credit=0.5,
)
def _activation_before_every_bias(net: Net) -> Float | None:
    h = net.x
    for w, b in zip(net.weights[:-1], net.biases[:-1], strict=True):
        h = net.sigma(h @ w.T) + b
    return softmax(h @ net.weights[-1].T) + net.biases[-1]


@MISTAKES.entry(
    "activation-on-input",
    "The activation is applied to the points before the first layer.",
    "In feedforward, the first layer takes x as it is.",
    credit=0.5,
)
def _activation_on_input(net: Net) -> Float | None:
    return feed(replace(net, x=net.sigma(net.x)))
