"""`feedforward(x)`: networks of every kind the lab has, on known points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from mlplab.course.checker.checks.cases import CASES, Case, draw_case
from mlplab.course.checker.checks.check import RIGHT, Check, Finding, Float, output_of
from mlplab.course.checker.mistakes.mistake import Mistake, same
from mlplab.course.checker.mistakes.networks import MISTAKES

CALL = "feedforward(x)"

CARRIED_OVER = Mistake(
    "carried-over-between-points",
    "The first point is right, the others are not: something is carried over from point to point.",
    "In feedforward, the loop over the points must begin anew with each: h = x[i], and "
    "nothing added to what "
    "the network keeps (self.b += ... changes it for good).",
    credit=0.25,
)


def judge_output(case: Case, output: Float | Finding, right: Float | None = None) -> Finding:
    """Compare the output of a network with what is right, and with what mistakes would give.

    Parameters
    ----------
    case : Case
    output : ndarray or Finding
        What was returned, or why there is nothing.
    right : ndarray, optional
        The reference's output if not given.
    """
    if isinstance(output, Finding):
        return output
    right = case.output if right is None else right
    if same(output, right):
        return RIGHT
    mistakes = MISTAKES.recognise(case, output, right)
    if (
        not mistakes
        and len(right) > 1
        and output.shape == right.shape
        and same(output[0], right[0])
    ):
        mistakes = [CARRIED_OVER]
    return Finding(False, describe_difference(output, right), tuple(mistakes))


def describe_difference(output: Float, right: Float) -> str:
    """Say how an output differs from the right one, of shape (points, K)."""
    if output.shape != right.shape:
        return (
            f"For {len(right)} points and {right.shape[1]} classes, the output has shape "
            f"{output.shape}, expected {right.shape}."
        )
    if not np.isfinite(output).all():
        return "The output holds numbers that are none (nan or inf)."
    point, k = np.unravel_index(np.abs(output - right).argmax(), right.shape)
    text = (
        f"The largest difference: point {point}, class {k} should be {right[point, k]:.4f} and is "
        f"{output[point, k]:.4f}."
    )
    sums = output.sum(axis=1)
    if not same(sums, np.ones(len(sums)), 1e-3):
        at = np.abs(sums - 1).argmax()
        text += f" The outputs of point {at} sum to {sums[at]:.4g}, not to 1."
    return text


@dataclass(frozen=True, eq=False)
class FeedforwardCheck(Check):
    """One network, on all points at once."""

    case: Case = field(kw_only=True)
    flat: bool = field(default=False, kw_only=True)
    dtype: DTypeLike = field(default=np.float64, kw_only=True)
    action: str = field(init=False, default="feedforward")

    @property
    def arguments(self) -> dict[str, Any]:
        """Feed the points forward."""
        network = self.case.as_sent(self.flat, self.dtype)
        return {"network": network, "points": [self.case.x.astype(self.dtype)]}

    def judge(self, content: Mapping[str, Any]) -> Finding:
        """Compare the output."""
        return judge_output(self.case, output_of(content["answers"][0], CALL))


@dataclass(frozen=True, eq=False)
class UntouchedCheck(FeedforwardCheck):
    """The same twice: what is given to the network must be as before."""

    @property
    def arguments(self) -> dict[str, Any]:
        """Feed the same points forward twice."""
        return {"network": self.case.as_sent(), "points": [self.case.x, self.case.x.copy()]}

    def judge(self, content: Mapping[str, Any]) -> Finding:
        """Compare both outputs, and the inputs afterwards."""
        first, second = (output_of(entry, CALL) for entry in content["answers"])
        after, before = content["after"], self.arguments
        changed = [
            name
            for name, old, new in (
                ("x", before["points"], after["points"]),
                ("W", before["network"]["W"], after["W"]),
                ("b", before["network"]["b"], after["b"]),
            )
            if not _all_same(old, new)
        ]
        if changed:
            mistake = Mistake(
                "inputs-changed",
                f"feedforward changes what it is given: {' and '.join(changed)} is not as before.",
                "In feedforward, += and x[...] = ... write into the array itself. Make a new "
                "one: h = h + b.",
                credit=0.25,
            )
            return Finding(
                False, f"Afterwards, {' and '.join(changed)} has other values.", (mistake,)
            )
        found = judge_output(self.case, first)
        if not found.right:
            return found
        again = judge_output(self.case, second)
        if again.right:
            return RIGHT
        mistake = Mistake(
            "second-call-differs",
            "The second call of feedforward with the same points gives something else.",
            "In feedforward, begin anew with each call: what is kept in self or in a list must be reset.",
            credit=0.25,
        )
        return Finding(False, again.facts, (mistake,))


def _all_same(old: list[Float], new: list[Any]) -> bool:
    return len(old) == len(new) and all(same(a, b, 0) for a, b in zip(old, new, strict=True))


@dataclass(frozen=True, eq=False)
class SinglePointCheck(FeedforwardCheck):
    """A point of shape (2,), not in a list of points. The lab does not ask for it."""

    @property
    def arguments(self) -> dict[str, Any]:
        """Feed one point forward, without an axis for points."""
        return {"network": self.case.as_sent(), "points": [self.case.x[0]]}

    def judge(self, content: Mapping[str, Any]) -> Finding:
        """Shapes (K,), (1, K) and (K, 1) are fine."""
        output = output_of(content["answers"][0], CALL)
        right = self.case.output[0]
        if not isinstance(output, Finding) and output.size == right.size:
            fits = same(output.reshape(-1), right)
            if fits:
                return RIGHT
        return Finding(
            False,
            "feedforward takes a list of points, shape (points, 2), but no single point of "
            "shape (2,). The "
            "lab does not ask for it; np.atleast_2d(x) at the beginning makes it work.",
        )


@dataclass(frozen=True, eq=False)
class FlatBiasCheck(FeedforwardCheck):
    """Biases of shape (n,). The lab has (n, 1)."""

    def judge(self, content: Mapping[str, Any]) -> Finding:
        """Compare the output."""
        found = judge_output(self.case, output_of(content["answers"][0], CALL))
        if found.right:
            return RIGHT
        return Finding(
            False,
            "feedforward takes biases of shape (n, 1), as the lab has them, but not of shape "
            "(n,), as Keras has "
            "them. The lab does not ask for it; b.reshape(-1, 1) makes a column of either.",
        )


@dataclass(frozen=True, eq=False)
class SpeedCheck(FeedforwardCheck):
    """How long a large network takes. The lab does not ask for speed."""

    seconds: float = field(default=0.1, kw_only=True)

    def judge(self, content: Mapping[str, Any]) -> Finding:
        """Compare the time."""
        taken = float(content["seconds"][0])
        if taken <= self.seconds:
            return RIGHT
        return Finding(
            False,
            f"feedforward took {taken:.2g} s for {len(self.case.x)} points and ten hidden "
            f"layers. Point by "
            "point is right and fine for the lab. All points at once, as rows, x @ W.T + "
            "b.T, is many times "
            "faster.",
        )


_TITLES = {
    "feedforward-no-hidden-layer": "feedforward, no hidden layer",
    "feedforward-one-hidden-sigmoid": "feedforward, one hidden layer, sigmoid",
    "feedforward-one-hidden-relu": "feedforward, one hidden layer, relu",
    "feedforward-one-hidden-linear": "feedforward, one hidden layer, linear",
    "feedforward-two-by-two": "feedforward, two neurons in each layer",
    "feedforward-ten-hidden": "feedforward, ten hidden layers, relu",
    "feedforward-one-point": "feedforward of one point",
    "feedforward-float32": "feedforward in float32",
    "feedforward-inputs-untouched": "feedforward twice, inputs untouched",
}


def _make(name: str) -> Check:
    title, case = _TITLES[name], CASES[name]
    if name == "feedforward-inputs-untouched":
        return UntouchedCheck(name, title, case=case)
    dtype = np.float32 if name == "feedforward-float32" else np.float64
    return FeedforwardCheck(name, title, case=case, dtype=dtype)


CHECKS: tuple[Check, ...] = tuple(_make(name) for name in _TITLES)
BEYOND: tuple[Check, ...] = (
    SinglePointCheck(
        "feedforward-single-point",
        "feedforward of a point of shape (2,)",
        case=CASES["feedforward-one-point"],
    ),
    FlatBiasCheck(
        "feedforward-flat-biases",
        "feedforward with biases of shape (n,)",
        case=CASES["feedforward-one-hidden-relu"],
        flat=True,
    ),
    SpeedCheck(
        "feedforward-speed",
        "feedforward, speed",
        case=draw_case(10, (2, *(50,) * 10, 5), "relu", 500),
    ),
)  # fmt: skip
