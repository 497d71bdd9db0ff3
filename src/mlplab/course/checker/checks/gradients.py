"""Backpropagation, where a student has written it: against finite differences, layer by layer.

It is a method of `MLP`, called `backpropagation(x, y)` (or `backprop`, `backward`, `gradients`,
`gradient`), with points x of shape (n, 2) and one-hot labels y of shape (n, K). It returns two lists,
dL/dW and dL/db of each layer, first to last, in the shapes of W and b. L is the lab's loss: the mean
squared error over points and classes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from mlplab.course.checker.checks.cases import TRIES, Case, draw_case, first_clear, visible_mistakes
from mlplab.course.checker.checks.check import (
    ABSENT,
    RIGHT,
    Check,
    Finding,
    Float,
    observed,
    output_of,
)
from mlplab.course.checker.checks.wrong_step import explain_step, first_wrong_step
from mlplab.course.checker.mistakes.mistake import same
from mlplab.course.checker.mistakes.seen import WRONG_FORM
from mlplab.course.checker.mistakes.solution import Descent
from mlplab.reference.network import MultilayerPerceptron
from mlplab.spec.heads import mean_squared_error

STEP = 6e-6
"""Of a central difference: about the cube root of float64's 2.2e-16, where its two errors balance."""

TOLERANCE = 1e-4
"""Of a layer's largest gradient: differences are good to 1e-9, float32 to 1e-6 of it."""

GRADIENTS = 10**6
"""From which on parts of a seed's stream are drawn for this check."""


def finite_differences(case: Case, y: Float) -> tuple[list[Float], list[Float]]:
    """Return dL/dW and dL/db of each layer by central differences: (L(a + h) - L(a - h)) / 2h.

    Parameters
    ----------
    case : Case
    y : ndarray, shape (points, K)
        One-hot labels.

    Returns
    -------
    tuple of list of ndarray
        In the shapes of W and b, (outputs, inputs) and (outputs,).
    """
    network = MultilayerPerceptron(case.weights, case.biases, case.activation)

    def gradient(array: Float) -> Float:
        slopes = np.empty_like(array)
        for i in np.ndindex(array.shape):
            value = array[i]
            losses = []
            for moved in (value + STEP, value - STEP):
                array[i] = moved
                losses.append(mean_squared_error(network.feedforward(case.x), y))
            array[i] = value
            slopes[i] = (losses[0] - losses[1]) / (2 * STEP)
        return slopes

    return [gradient(w) for w in network.weights], [gradient(b) for b in network.biases]


@dataclass(frozen=True, eq=False)
class GradientCheck(Check):
    """All gradients of a network.

    Attributes
    ----------
    basis : str
        What they are compared with, in words.
    tolerance : float
        Of a layer's largest gradient.
    """

    case: Case = field(kw_only=True)
    action = "gradients"
    basis: ClassVar[str] = "finite differences"
    tolerance: ClassVar[float] = TOLERANCE

    @property
    def labels(self) -> Float:
        """One-hot labels of the points."""
        k = self.case.classes
        return np.eye(k)[np.arange(len(self.case.x)) % k]

    def right(self) -> tuple[list[Float], list[Float]]:
        """Return dL/dW and dL/db of each layer, as they should be."""
        return finite_differences(self.case, self.labels)

    @property
    def arguments(self) -> dict[str, Any]:
        """Call the student's method."""
        return {"network": self.case.as_sent(), "x": self.case.x, "y": self.labels}

    def judge(self, content: Mapping[str, Any]) -> Finding:
        """Go back from the last layer, as backpropagation does, to the first one that is wrong."""
        if content["method"] is None:
            return ABSENT
        if "other" in content:
            facts = f"{content['method']} returned {content['other']}."
            return Finding(False, facts, (WRONG_FORM,))
        right = self.right()
        if any(len(content[name]) != len(right[0]) for name in ("weights", "biases")):
            facts = f"There are {len(content['weights'])} gradients for {len(right[0])} layers."
            return Finding(False, facts, (WRONG_FORM,))
        found = read_gradients(content, right)
        if isinstance(found, Finding):
            return found
        for layer in reversed(range(len(right[0]))):
            of_weights, of_biases = (
                not _close(found[part][layer], right[part][layer], self.tolerance)
                for part in (0, 1)
            )
            if of_weights or of_biases:
                return self._diverging(layer, (of_weights, of_biases), found, right)
        return RIGHT

    def _diverging(
        self,
        layer: int,
        is_wrong: tuple[bool, bool],
        found: tuple[list[Float], list[Float]],
        right: tuple[list[Float], list[Float]],
    ) -> Finding:
        last = len(right[0])
        part = 0 if is_wrong[0] else 1
        name = ("dL/dW", "dL/db")[part]
        off = np.abs(found[part][layer] - right[part][layer])
        at = np.unravel_index(off.argmax(), off.shape)
        facts = (
            f"Going back from the output, {name} of layer {layer + 1} of {last} is the first that "
            f"differs from {self.basis}: entry {tuple(int(i) + 1 for i in at)} should be "
            f"{right[part][layer][at]:.4g} and is {found[part][layer][at]:.4g}."
        )
        if layer + 1 < last:
            facts += (
                f" The layers after it are right, so look at the step from layer {layer + 2} to layer "
                f"{layer + 1}."
            )
        case = self.case
        mine, theirs = ((of[0][layer], of[1][layer]) for of in (right, found))
        step = first_wrong_step(layer, theirs, mine, is_wrong)
        facts += f" {explain_step(step, case, self.labels)}"
        question = Descent(case.weights, case.biases, case.activation, case.x, self.labels)
        flat = np.concatenate([array.reshape(-1) for gradients in found for array in gradients])
        scale = np.abs(flat).max()
        observation = observed(
            "gradients", (question,), flat, lambda g: same(g / scale, flat / scale, 1e-5)
        )
        return Finding(False, facts, (), (observation,))


def read_gradients(
    content: Mapping[str, Any], right: tuple[list[Float], list[Float]]
) -> tuple[list[Float], list[Float]] | Finding:
    """Return the arrays in the shapes of W and b, biases flat, or what is wrong with them."""
    found: tuple[list[Float], list[Float]] = ([], [])
    for part, name in enumerate(("weights", "biases")):
        for entry, wanted in zip(content[name], right[part], strict=True):
            array = output_of(entry, content["method"])
            if isinstance(array, Finding):
                return array
            found[part].append(array.reshape(-1) if name == "biases" else array)
            if found[part][-1].shape != wanted.shape:
                facts = f"A gradient has shape {array.shape}, expected {wanted.shape}."
                return Finding(False, facts, (WRONG_FORM,))
    return found


def _close(one: Float, other: Float, tolerance: float) -> bool:
    scale = float(np.abs(other).max())
    return bool(np.isfinite(one).all() and np.abs(one - other).max() <= tolerance * scale)


def draw_checks(seed: int) -> tuple[Check, ...]:
    """Return the check of backpropagation."""
    parts = range(GRADIENTS, GRADIENTS + TRIES)
    drawn = (draw_case(seed, part, (2, 4, 4, 3), "sigmoid", 5, scale=1.5) for part in parts)
    [case] = first_clear(drawn, lambda case: visible_mistakes(case) is not None, 1, "networks")
    return (
        GradientCheck("backpropagation", "backpropagation against finite differences", case=case),
    )
