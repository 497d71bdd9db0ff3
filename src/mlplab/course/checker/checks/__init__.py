"""All checks, in the order in which a student meets the parts.

    activations          `activation(x, name)`
    counts               `hidden_layers` and `N`
    feedforward          `feedforward(x)`
    evaluation           `evaluate()`
    keras_parity         the same weights in Keras
    decision_boundary    task 3, if it is handed in
    gradients            backpropagation, if it is written

Some ask more than the lab does (`BEYOND`): they have no points, unless a teacher gives them some, and
what they find is given as advice.
"""

from __future__ import annotations

from mlplab.course.checker.checks import (
    activations,
    counts,
    decision_boundary,
    evaluation,
    feedforward,
    gradients,
    keras_parity,
)
from mlplab.course.checker.checks.check import Check, Finding

ASKED: tuple[Check, ...] = (
    *activations.CHECKS,
    *counts.CHECKS,
    *feedforward.CHECKS,
    *evaluation.CHECKS,
    *keras_parity.CHECKS,
)
OPTIONAL: tuple[Check, ...] = (*decision_boundary.CHECKS, *gradients.CHECKS)
BEYOND: tuple[Check, ...] = (*activations.BEYOND, *feedforward.BEYOND)

CHECKS: dict[str, Check] = {check.name: check for check in (*ASKED, *OPTIONAL, *BEYOND)}
"""Every check by its name."""

BASIS = {
    "activation-overflow": ("activation-sigmoid", "activation-softmax"),
    "feedforward-single-point": ("feedforward-one-point",),
    "feedforward-flat-biases": ("feedforward-one-hidden-relu",),
    "feedforward-speed": ("feedforward-ten-hidden",),
}
"""What must be right before the advice of a check beyond the lab helps anyone."""

__all__ = ["ASKED", "BASIS", "BEYOND", "CHECKS", "OPTIONAL", "Check", "Finding"]
