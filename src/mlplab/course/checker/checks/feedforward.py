"""`feedforward(x)`: networks of every kind the lab has, each on its points, and a second one after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from mlplab.course.checker.checks.cases import SHAPES, Case
from mlplab.course.checker.checks.check import Check, Finding, Float, observed, output_of
from mlplab.course.checker.mistakes.mistake import Mistake, same
from mlplab.course.checker.mistakes.observation import Observation
from mlplab.course.checker.mistakes.seen import (
    AMONG_OTHERS,
    HALF,
    INPUTS_CHANGED,
    KEPT,
    POINTS_LEFT_OUT,
    SECOND_CALL,
)

CALL = "feedforward(x)"

HALF_PRECISION = 0.02
"""By how much float16 may move an output, through ten layers."""


def observe_outputs(case: Case, output: Float | Finding) -> Observation:
    """Return what was observed of a network's outputs."""
    uses = (case.activation, "softmax_layouts")
    cost = len(case.x) * len(case.weights) * len(case.weights[0])
    return observed(
        "feedforward",
        (case,),
        output,
        lambda p: _is_alike(p, np.asarray(output)),
        uses,
        cost,
        shaped_by=("hidden_layers",),
    )


def _is_alike(predicted: Float, output: Float) -> bool:
    """Return whether an output is the one predicted; where exp overflows, it says nothing."""
    if not predicted.size and not output.size:
        return len(predicted) == len(output)
    if predicted.shape != output.shape:
        return False
    finite = np.isfinite(output)
    if finite.all():
        return same(predicted, output)
    return bool(finite.any()) and same(predicted[finite], output[finite])


def rows_of_zeros(output: Float, right: Float) -> str:
    """Say which points have an output of zeros only, where all others are right; else nothing.

    Both arrays have shape (points, K), or `output` any other one.
    """
    if output.shape != right.shape:
        return ""
    zero = ~output.any(axis=1)
    if not zero.any() or zero.all() or not same(output[~zero], right[~zero]):
        return ""
    rows = np.flatnonzero(zero)
    listed = ", ".join(map(str, rows[:5])) + (", ..." if len(rows) > 5 else "")
    return (
        f"The others are right, but all outputs of point {listed} (of {len(right)}, from 0) are 0."
    )


def describe_difference(output: Float, right: Float) -> str:
    """Say how an output, of any shape, differs from the right one, of shape (points, K)."""
    if output.shape != right.shape:
        return (
            f"For {len(right)} point{'' if len(right) == 1 else 's'} and {right.shape[1]} classes, the "
            f"output has shape {output.shape}, expected {right.shape}."
        )
    if not np.isfinite(output).all():
        return "The output contains nan or inf."
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
    """One network, on all points at once, then another one of the same widths.

    Attributes
    ----------
    cases : tuple of Case
    flat : bool
        Whether biases have shape (n,).
    dtype : dtype
    """

    cases: tuple[Case, ...] = field(kw_only=True)
    flat: bool = field(default=False, kw_only=True)
    dtype: DTypeLike = field(default=np.float64, kw_only=True)
    action = "feedforward"

    @property
    def case(self) -> Case:
        """The first network."""
        return self.cases[0]

    @property
    def arguments(self) -> dict[str, Any]:
        """Feed the points forward, twice, and each also alone."""
        networks = [case.as_sent(self.flat, self.dtype) for case in self.cases]
        return {"networks": networks, "single_points": True, "second_call": True}

    def judge(self, content: Mapping[str, Any]) -> Finding:
        """Compare the outputs of both networks."""
        outputs = [output_of(entry, CALL) for entry in content["answers"]]
        right = [
            not isinstance(output, Finding) and same(output, case.output)
            for case, output in zip(self.cases, outputs, strict=True)
        ]
        observations = (observe_outputs(self.case, outputs[0]),)
        if all(right):
            return Finding(True, observed=observations)
        if right[0]:
            return self._judge_second(content, outputs[1], observations)
        output = outputs[0]
        if isinstance(output, Finding):
            return replace(output, observed=observations)
        left_out = rows_of_zeros(output, self.case.output)
        if left_out:
            return Finding(False, left_out, (POINTS_LEFT_OUT,), observations)
        facts = describe_difference(output, self.case.output)
        return Finding(False, facts, self._seen(content, output), observations)

    def _judge_second(
        self,
        content: Mapping[str, Any],
        output: Float | Finding,
        observations: tuple[Observation, ...],
    ) -> Finding:
        """Judge a wrong second network: it may be right where nothing is kept from the first."""
        right = self.cases[1].output
        facts = output.facts if isinstance(output, Finding) else describe_difference(output, right)
        facts = f"Of the second network: {facts}"
        first = content["answers"][0]
        if first["changed"]:
            return Finding(False, facts, (INPUTS_CHANGED,), observations)
        again = output_of(first["second_call"], CALL)
        if isinstance(again, Finding) or not same(again, self.case.output):
            return Finding(False, facts, (SECOND_CALL,), observations)
        anew = output_of(content["reimported"][0], CALL)
        if not isinstance(anew, Finding) and same(anew, right):
            return Finding(False, facts, (KEPT,), observations)
        return Finding(False, facts, (), (*observations, observe_outputs(self.cases[1], output)))

    def _seen(self, content: Mapping[str, Any], output: Float) -> tuple[Mistake, ...]:
        """Return what can be seen of a wrong output, without a guess."""
        first, right = content["answers"][0], self.case.output
        again = output_of(first["second_call"], CALL)
        if not first["changed"] and not isinstance(again, Finding) and not same(again, output):
            return (SECOND_CALL,)
        if first.get("dtype") == "float16" and same(output, right, HALF_PRECISION):
            return (HALF,)
        alone = [output_of(entry, CALL) for entry in content["single_points"]]
        if len(right) < 2 or output.shape != right.shape or not same(output[0], right[0]):
            return ()
        if any(
            isinstance(p, Finding) or not same(p, right[i : i + 1]) for i, p in enumerate(alone)
        ):
            return ()
        return (INPUTS_CHANGED,) if first["changed"] else (AMONG_OTHERS,)


@dataclass(frozen=True, eq=False)
class UntouchedCheck(FeedforwardCheck):
    """The same twice: what is given to the network must be as before."""

    def judge(self, content: Mapping[str, Any]) -> Finding:
        """Compare both outputs, and the inputs afterwards."""
        found = super().judge(content)
        first = content["answers"][0]
        if first["changed"]:
            facts = f"Afterwards, {' and '.join(first['changed'])} has other values."
            return Finding(False, facts, (INPUTS_CHANGED,), found.observed)
        if not found.right:
            return found
        again = output_of(first["second_call"], CALL)
        if isinstance(again, Finding):
            return Finding(False, again.facts, (SECOND_CALL,), found.observed)
        if same(again, self.case.output):
            return found
        facts = describe_difference(again, self.case.output)
        return Finding(False, facts, (SECOND_CALL,), found.observed)


def draw_checks(cases: Mapping[str, tuple[Case, Case]]) -> tuple[Check, ...]:
    """Return the checks of `feedforward`."""
    return tuple(
        (UntouchedCheck if shape.twice else FeedforwardCheck)(
            name, shape.title, cases=cases[name], dtype=shape.dtype
        )
        for name, shape in SHAPES.items()
    )
