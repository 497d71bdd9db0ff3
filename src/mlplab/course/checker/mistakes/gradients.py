"""Mistakes in backpropagation, each as the gradient that it gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from mlplab.course.checker.mistakes.mistake import Float, Registry
from mlplab.reference.network import MultilayerPerceptron
from mlplab.spec.activations import ACTIVATIONS
from mlplab.spec.heads import softmax_backward

Lists = tuple[list[Float], list[Float]]


@dataclass(frozen=True, eq=False)
class Descent:
    """Backpropagation of the mean squared error.

    Attributes
    ----------
    weights, biases : sequence of ndarray
        Shapes (outputs, inputs) and (outputs,).
    activation : str
    x : ndarray, shape (points, 2)
    y : ndarray, shape (points, K)
        One-hot labels.
    """

    weights: Sequence[Float]
    biases: Sequence[Float]
    activation: str
    x: Float
    y: Float


def backpropagate(
    question: Descent,
    first: Callable[[Float, Float], Float] | None = None,
    slope: bool = True,
    transposed: bool = False,
    slope_of_output: bool = False,
) -> Lists:
    """Return dL/dW and dL/db of each layer, with one step done wrongly if asked.

    Parameters
    ----------
    question : Descent
    first : callable, optional
        Of outputs and labels: what to begin with at the last layer's sums, in place of the right one.
    slope : bool
        Whether to multiply by the slope of the hidden activation.
    transposed : bool
        Whether to go back through W in place of its transpose, where the shapes allow it.
    slope_of_output : bool
        Whether to take the slope at the activation's output, not at its sum.
    """
    network = MultilayerPerceptron(question.weights, question.biases, question.activation)
    forward = network.forward(question.x)
    p, y = forward.output, question.y
    delta = softmax_backward(p, 2 * (p - y) / p.size) if first is None else first(p, y)
    weights: list[Float] = []
    biases: list[Float] = []
    for i in reversed(range(len(network.weights))):
        weights.insert(0, delta.T @ forward.inputs[i])
        biases.insert(0, delta.sum(axis=0))
        if i > 0:
            w = network.weights[i]
            delta = delta @ (w.T if transposed and w.shape[0] == w.shape[1] else w)
            if slope:
                at = forward.inputs[i] if slope_of_output else forward.pre_activations[i - 1]
                delta = delta * ACTIVATIONS[question.activation].derivative(at)
    return weights, biases


def flat(gradients: tuple[Sequence[Float], Sequence[Float]]) -> Float:
    """Return all numbers of dL/dW and dL/db in a row."""
    return np.concatenate([array.reshape(-1) for part in gradients for array in part])


MISTAKES: Registry[Descent] = Registry()


def _enter() -> None:
    entries: list[tuple[str, str, str, float, Callable[[Descent], Lists]]] = [
        (
            "slope-missing",
            "The slope of the hidden activation is missing.",
            "Going back through a layer, multiply by sigma'(z) of its weighted sums.",
            0.5,
            lambda q: backpropagate(q, slope=False),
        ),
        (
            "slope-of-output",
            "The slope of the activation is taken at its output h, not at the weighted sum z.",
            "Keep z of each layer; sigma' is a function of z. For the sigmoid, sigma'(z) = h (1 - h).",
            0.5,
            lambda q: backpropagate(q, slope_of_output=True),
        ),
        (
            "softmax-slope-missing",
            "The derivative of softmax is missing: the gradient by the outputs is taken for "
            "the one by the sums.",
            "dL/dz_j = p_j (g_j - sum_k g_k p_k), with g = dL/dp.",
            0.5,
            lambda q: backpropagate(q, lambda p, y: 2 * (p - y) / p.size),
        ),
        (
            "softmax-slope-diagonal",
            "The derivative of softmax is taken as p (1 - p), as if each output depended on "
            "its own sum only.",
            "dL/dz_j = p_j (g_j - sum_k g_k p_k), with g = dL/dp.",
            0.5,
            lambda q: backpropagate(q, lambda p, y: 2 * (p - y) / p.size * p * (1 - p)),
        ),
        (
            "gradient-of-cross-entropy",
            "This is the gradient of the cross-entropy; the lab's loss is the mean squared error.",
            "p - y at the last layer is right for the cross-entropy only; for the mean "
            "squared error it is 2 (p - y) / (nK), "
            "carried back through softmax.",
            0.5,
            lambda q: backpropagate(q, lambda p, y: (p - y) / len(p)),
        ),
        (
            "gradient-of-cross-entropy",
            "This is the gradient of the cross-entropy, summed over the points; the lab's "
            "loss is the mean squared error.",
            "p - y at the last layer is right for the cross-entropy only.",
            0.25,
            lambda q: backpropagate(q, lambda p, y: p - y),
        ),
        (
            "transposed-on-the-way-back",
            "On the way back, W is used the wrong way round.",
            "For columns it is W.T @ delta, for rows delta @ W.",
            0.5,
            lambda q: backpropagate(q, transposed=True),
        ),
        (
            "gradient-with-wrong-sign",
            "All gradients have the wrong sign.",
            "The loss has (p - y)**2, and its derivative 2 (p - y).",
            0.5,
            lambda q: _scaled(q, -1),
        ),
    ]
    factors: list[tuple[str, Callable[[Descent], float]]] = [
        ("the mean over points and classes is missing", lambda q: q.y.size),
        ("the mean over the points is missing", lambda q: len(q.y)),
        ("the mean over the classes is missing", lambda q: q.y.shape[1]),
        ("the 2 of the square's derivative is missing", lambda q: 0.5),
        ("the mean and the 2 are missing", lambda q: q.y.size / 2),
        ("the 2 and the mean over the classes are missing", lambda q: q.y.shape[1] / 2),
    ]
    for what, factor in factors:
        entries.append(
            (
                "gradient-scaled",
                f"All gradients are off by one factor: {what}.",
                "The loss is the mean over n points and K classes, so that its derivative is "
                "2 (p - y) / (nK).",
                0.75,
                lambda q, factor=factor: _scaled(q, factor(q)),  # type: ignore[misc]  # mypy infers no lambda with a default
            )
        )
    for name, what, look, credit, answer in entries:
        MISTAKES.entry(name, what, look, credit)(
            lambda question, answer=answer: flat(answer(question))  # type: ignore[misc]  # mypy infers no lambda with a default
        )


def _scaled(question: Descent, factor: float) -> Lists:
    weights, biases = backpropagate(question)
    return [factor * w for w in weights], [factor * b for b in biases]


_enter()
