"""Typical mistakes, by what they answer: a registry for each kind of question.

activations    `activation(x, name)`
networks       `feedforward(x)`, from the structure of the network to the form of its output
counts         `hidden_layers` and `N`
evaluation     loss and accuracy of `evaluate()`
gradients      backpropagation
errors         what shows as an error of Python's
"""

from __future__ import annotations

from itertools import chain

from mlplab.course.checker.mistakes import (
    activations,
    counts,
    errors,
    evaluation,
    follow_on,
    gradients,
    networks,
)
from mlplab.course.checker.mistakes.mistake import Mistake

REGISTRIES = (
    activations.MISTAKES,
    networks.MISTAKES,
    counts.HIDDEN_LAYERS,
    counts.PARAMETERS,
    evaluation.LOSSES,
    evaluation.ACCURACIES,
    gradients.MISTAKES,
)

NAMES: frozenset[str] = frozenset(
    chain(
        (entry.mistake.name for registry in REGISTRIES for entry in registry),
        (pattern.mistake.name for pattern in errors.PATTERNS),
    )
)
"""Of all mistakes that are known."""

__all__ = ["NAMES", "REGISTRIES", "Mistake", "follow_on"]
