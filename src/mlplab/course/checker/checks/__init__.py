"""All checks, in the order in which a student meets the parts.

activations          `activation(x, name)`
counts               `hidden_layers` and `N`
feedforward          `feedforward(x)`
evaluation           `evaluate()`
keras_parity         the same weights in Keras
decision_boundary    task 3, if it is handed in
gradients            backpropagation, if it is written
extra                what the lab does not ask for: advice, without points unless a teacher gives some
lab_test             tests of a teacher's own lab
"""

from __future__ import annotations

from functools import lru_cache

from mlplab.course.checker.checks import (
    activations,
    counts,
    decision_boundary,
    evaluation,
    extra,
    feedforward,
    gradients,
    keras_parity,
)
from mlplab.course.checker.checks.cases import draw_cases
from mlplab.course.checker.checks.check import Check, Finding


@lru_cache(maxsize=8)
def draw_checks(seed: int) -> dict[str, Check]:
    """Return all checks by their names, with values drawn from a seed."""
    cases = draw_cases(seed)
    checks = (
        *activations.draw_checks(seed),
        *counts.draw_checks(cases),
        *feedforward.draw_checks(cases),
        *evaluation.draw_checks(seed),
        *keras_parity.draw_checks(seed),
        *decision_boundary.CHECKS,
        *gradients.draw_checks(seed),
        *extra.draw_checks(cases),
    )
    return {check.name: check for check in checks}


OPTIONAL = ("task-3-boundary", "backpropagation")
"""Checks of what need not be handed in."""

BASIS = {
    "activation-overflow": ("activation-sigmoid", "activation-softmax"),
    "feedforward-single-point": ("feedforward-one-point",),
    "feedforward-flat-biases": ("feedforward-one-hidden-relu",),
    "feedforward-speed": ("feedforward-ten-hidden",),
}
"""Checks beyond the lab, and what must be right before their advice helps anyone."""

__all__ = ["BASIS", "OPTIONAL", "Check", "Finding", "draw_checks"]
