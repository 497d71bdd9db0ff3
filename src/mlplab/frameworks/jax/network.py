"""Feedforward and backpropagation of one network, as `mlplab.reference.network` explains them.

W is (outputs, inputs), b is (outputs,), samples are rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mlplab.frameworks.jax.backend import Array
from mlplab.frameworks.jax.formulas import by_jax
from mlplab.spec import Head
from mlplab.spec.activations import Activation


class Layers(NamedTuple):
    """W and b of each layer, first to last, or their gradients."""

    weights: tuple[Array, ...]
    biases: tuple[Array, ...]


class ForwardPass(NamedTuple):
    """What each layer was given, its pre-activations, and the outputs of the last one."""

    inputs: list[Array]
    pre_activations: list[Array]
    output: Array


def forward(
    layers: Layers,
    activations: Sequence[Activation],
    head: Head,
    x: Array,
    masks: Sequence[Array] | None,
) -> ForwardPass:
    """Pass samples through a network; `masks` multiply what its hidden layers pass on."""
    inputs, pre_activations = [x], []
    for i, (w, b) in enumerate(zip(*layers, strict=True)):
        z = inputs[-1] @ w.T + b
        pre_activations.append(z)
        if i < len(activations):
            h = by_jax(activations[i].function)(z)
            inputs.append(h if masks is None else h * masks[i])
    return ForwardPass(inputs, pre_activations, by_jax(head.output)(pre_activations[-1]))


def backpropagation(
    layers: Layers,
    activations: Sequence[Activation],
    passed: ForwardPass,
    delta: Array,
    masks: Sequence[Array] | None,
) -> Layers:
    """Return the gradient of the loss by every weight and bias, from δ of the last layer."""
    weights, biases = [], []
    for i in reversed(range(len(layers.weights))):
        weights.append(delta.T @ passed.inputs[i])
        biases.append(delta.sum(axis=0))
        if i > 0:
            slope = by_jax(activations[i - 1].derivative)
            delta = (delta @ layers.weights[i]) * slope(passed.pre_activations[i - 1])
            delta = delta if masks is None else delta * masks[i - 1]
    return Layers(tuple(reversed(weights)), tuple(reversed(biases)))
