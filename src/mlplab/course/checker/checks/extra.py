"""Checks of what the lab does not ask for: advice, unless a teacher gives them points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mlplab.course.checker.checks.cases import Case, draw_case
from mlplab.course.checker.checks.check import RIGHT, Check, Finding, Float, output_of
from mlplab.course.checker.checks.feedforward import CALL, FeedforwardCheck
from mlplab.course.checker.mistakes.mistake import same


@dataclass(frozen=True, eq=False)
class OverflowCheck(Check):
    """Sigmoid and softmax of numbers as large as ±1000."""

    action = "activation"

    @property
    def arguments(self) -> dict[str, Any]:
        """Call both with a column, a vector and a row."""
        large = np.array([1000.0, -1000.0])
        layouts: Sequence[Float] = (large[:, None], large, large[None])
        return {
            "calls": [{"x": x, "name": name} for name in ("sigmoid", "softmax") for x in layouts]
        }

    def judge(self, content: Mapping[str, Any]) -> Finding:
        """Each must give 1 and 0 in one layout."""
        outputs = [output_of(entry, "activation") for entry in content["answers"]]
        for name, found in (("sigmoid", outputs[:3]), ("softmax", outputs[3:])):
            arrays = [o.reshape(-1) for o in found if not isinstance(o, Finding)]
            if not any(same(array, [1.0, 0.0]) for array in arrays):
                return Finding(
                    False,
                    f'activation(x, "{name}") gives no number for x as large as 1000: exp overflows. The '
                    "lab does not ask for more; to be safe, take the largest number off x before a "
                    "softmax, and for a sigmoid use exp(-abs(x)).",
                )
        return RIGHT


@dataclass(frozen=True, eq=False)
class SinglePointCheck(FeedforwardCheck):
    """A point of shape (2,), not in a list of points."""

    @property
    def arguments(self) -> dict[str, Any]:
        """Feed one point forward, without an axis for points."""
        return {"networks": [self.case.as_sent() | {"x": self.case.x[0]}]}

    def judge(self, content: Mapping[str, Any]) -> Finding:
        """Shapes (K,), (1, K) and (K, 1) are fine."""
        output = output_of(content["answers"][0], CALL)
        if not isinstance(output, Finding) and same(output.reshape(-1), self.case.output[0]):
            return RIGHT
        return Finding(
            False,
            "feedforward takes a list of points, shape (points, 2), but no single point of shape (2,). "
            "The lab does not ask for it; np.atleast_2d(x) at the beginning makes it work.",
        )


@dataclass(frozen=True, eq=False)
class FlatBiasCheck(FeedforwardCheck):
    """Biases of shape (n,). The lab has (n, 1)."""

    def judge(self, content: Mapping[str, Any]) -> Finding:
        """Compare the output."""
        if super().judge(content).right:
            return RIGHT
        return Finding(
            False,
            "feedforward takes biases of shape (n, 1), as the lab has them, but not of shape (n,), as "
            "Keras has them. The lab does not ask for it; b.reshape(-1, 1) makes a column of either.",
        )


@dataclass(frozen=True, eq=False)
class SpeedCheck(FeedforwardCheck):
    """How long a large network takes.

    Attributes
    ----------
    seconds : float
        Of processor time, so that a busy machine changes nothing.
    """

    seconds: float = field(default=0.1, kw_only=True)

    @property
    def arguments(self) -> dict[str, Any]:
        """Feed the points forward, all at once only."""
        return super().arguments | {"single_points": False, "second_call": False}

    def judge(self, content: Mapping[str, Any]) -> Finding:
        """Compare the time."""
        taken = float(content["answers"][0]["seconds"])
        if taken <= self.seconds:
            return RIGHT
        return Finding(
            False,
            f"feedforward took {taken:.2g} s for {len(self.case.x)} points and ten hidden layers. Point "
            "by point is right and fine for the lab. All points at once, as rows, x @ W.T + b.T, is many "
            "times faster.",
        )


def draw_checks(cases: Mapping[str, tuple[Case, Case]]) -> tuple[Check, ...]:
    """Return the checks, with the networks of those of `feedforward`."""
    return (
        OverflowCheck("activation-overflow", "sigmoid and softmax of ±1000"),
        SinglePointCheck(
            "feedforward-single-point",
            "feedforward of a point of shape (2,)",
            cases=cases["feedforward-one-point"][:1],
        ),
        FlatBiasCheck(
            "feedforward-flat-biases",
            "feedforward with biases of shape (n,)",
            cases=cases["feedforward-one-hidden-relu"][:1],
            flat=True,
        ),
        SpeedCheck(
            "feedforward-speed",
            "feedforward, speed",
            cases=(draw_case(10, 0, (2, *(50,) * 10, 5), "relu", 500),),
        ),
    )
