"""Mistakes in `activation` as they show in `feedforward`, in a network that is otherwise right."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

# Their entries come first: where both explain an output, the fault is in feedforward.
from mlplab.course.checker.mistakes import outputs, structure  # noqa: F401  # for their entries
from mlplab.course.checker.mistakes.activations import WRONG
from mlplab.course.checker.mistakes.mistake import Float
from mlplab.course.checker.mistakes.networks import MISTAKES, Layer, Net, feed

FOLLOW_ON = 0.75
"""Share of the points that are left where `feedforward` is right and only `activation`, which has lost
its own points, is wrong."""


def _enter_for_activations() -> None:
    """Enter each mistake of `activation`."""
    for name, table in WRONG.items():
        for mistake, function in table.values():
            MISTAKES.add(
                replace(mistake, credit=FOLLOW_ON),
                lambda net, name=name, function=function: (  # type: ignore[misc]  # mypy infers no lambda with a default
                    _with_activation(net, name, function)
                ),
            )


def _with_activation(net: Net, name: str, function: Layer) -> Float | None:
    if name == "softmax":
        return feed(net, last=lambda z: np.array([function(row) for row in z]))
    return feed(net, hidden=function) if net.activation == name else None


_enter_for_activations()
