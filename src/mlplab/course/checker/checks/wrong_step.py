"""The step at which a student's backpropagation leaves the reference, with its numbers.

What is handed in are ∂L/∂W and ∂L/∂b. Of the δ of a layer, summed over the points, ∂L/∂b tells; so it can
be said which of δ, ∂L/∂W and ∂L/∂b is the first that is wrong.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from mlplab.course.checker.checks.cases import Case
from mlplab.course.checker.checks.check import Float
from mlplab.reference.network import ForwardPass, MultilayerPerceptron
from mlplab.spec.activations import ACTIVATIONS
from mlplab.spec.formulas import briefly, filled
from mlplab.spec.heads import HEADS
from mlplab.spec.symbols import MOST_TERMS, in_parentheses, products, subscript

Quantity = Literal["δ", "dL/dW", "dL/db"]


class WrongStep(NamedTuple):
    """Where an answer leaves the reference.

    Attributes
    ----------
    layer : int
        Counted from 0: the last one that has a wrong gradient.
    quantity : str
        The first in it that differs, in the order of the computation.
    at : tuple of int
        The entry that differs most, counted from 0.
    expected, received : float
        Of a δ, summed over the points.
    """

    layer: int
    quantity: Quantity
    at: tuple[int, ...]
    expected: float
    received: float


def first_wrong_step(
    layer: int, found: tuple[Float, Float], right: tuple[Float, Float], is_wrong: tuple[bool, bool]
) -> WrongStep:
    """Return which quantity of a layer is the first that differs.

    Parameters
    ----------
    layer : int
    found, right : pair of ndarray
        dL/dW and dL/db of this layer.
    is_wrong : pair of bool
        Which of both differ.
    """
    quantity: Quantity = "δ" if all(is_wrong) else "dL/dW" if is_wrong[0] else "dL/db"
    part = 0 if quantity == "dL/dW" else 1
    off = np.abs(found[part] - right[part])
    at = tuple(int(i) for i in np.unravel_index(off.argmax(), off.shape))
    return WrongStep(layer, quantity, at, float(right[part][at]), float(found[part][at]))


def explain_step(step: WrongStep, case: Case, y: Float) -> str:
    """Return the step with its formula filled in, in two or three sentences.

    Parameters
    ----------
    step : WrongStep
    case : Case
        The network, and the points.
    y : ndarray, shape (points, K)
        One-hot labels.
    """
    network = MultilayerPerceptron(case.weights, case.biases, case.activation)
    forward = network.forward(case.x)
    deltas = deltas_of(network, forward, y)
    delta, neuron = deltas[step.layer], step.at[0]
    name, number = subscript(neuron + 1), step.layer + 1
    numbers = f"expected {briefly(step.expected)}, received {briefly(step.received)}"
    if step.quantity == "dL/db":
        terms = " + ".join(in_parentheses(float(value)) for value in delta[:, neuron])
        return (
            f"dL/dW of layer {number} is right, and so is its δ: the sum of δ over the points goes "
            f"wrong. Of neuron {neuron + 1} it is {terms}: {numbers}."
        )
    if step.quantity == "dL/dW":
        source = step.at[1]
        inputs = forward.inputs[step.layer][:, source]
        pairs = list(zip(delta[:, neuron].tolist(), inputs.tolist(), strict=True))
        came = f"{'x' if step.layer == 0 else 'h'}{subscript(source + 1)}"
        return (
            f"dL/db of layer {number} is right, and so is its δ: the product δ·h goes wrong. Of the "
            f"entry ({neuron + 1}, {source + 1}) it is δ{name}·{came}, summed over the points: "
            f"{products(pairs, MOST_TERMS)}: {numbers}."
        )
    if step.layer == len(deltas) - 1:
        how = _of_output(forward, y, neuron)
    else:
        how = _of_hidden(case, forward, deltas, step.layer, neuron)
    of_first = briefly(float(delta[0, neuron]))
    return (
        f"So δ = dL/dz of layer {number} goes wrong: of neuron {neuron + 1}, summed over the points, "
        f"{numbers}. For the first point it should be δ{name} = {how} = {of_first}."
    )


def deltas_of(network: MultilayerPerceptron, forward: ForwardPass, y: Float) -> list[Float]:
    """Return δ = ∂L/∂z of each layer, first to last, shape (points, outputs of the layer)."""
    deltas = [network.head.delta(forward.output, y)]
    for i in range(len(network.weights) - 1, 0, -1):
        slope = network.activations[i - 1].derivative(forward.pre_activations[i - 1])
        deltas.insert(0, (deltas[0] @ network.weights[i]) * slope)
    return deltas


def _of_output(forward: ForwardPass, y: Float, neuron: int) -> str:
    head = HEADS["mean_squared_error"]
    p = forward.output[:1]
    slope = head.loss.derivative(forward.output, y)[:1]
    values = {"p": p[0].tolist(), "y": y[0].tolist(), "g": slope[0].tolist()}
    numbers = filled(head.backward_formula, values, neuron)
    which = subscript(neuron + 1)
    g = f"g{which} = dL/dp{which} = 2·({in_parentheses(float(p[0, neuron]))} - {y[0, neuron]:g})/{y.size}"
    return f"p{which}·(g{which} - Σ g·p), with {g}; that is {numbers}"


def _of_hidden(
    case: Case, forward: ForwardPass, deltas: list[Float], layer: int, neuron: int
) -> str:
    weights = case.weights[layer + 1][:, neuron].tolist()
    pairs = list(zip(weights, deltas[layer + 1][0].tolist(), strict=True))
    activation = ACTIVATIONS[case.activation]
    z = forward.pre_activations[layer][0, neuron : neuron + 1]
    h = float(activation.function(z)[0])
    slope = filled(activation.slope, {"z": float(z[0]), "h": h})
    return f"({products(pairs, MOST_TERMS)}) · ({slope})"
