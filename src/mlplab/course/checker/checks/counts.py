"""`setup_model`: the number of hidden layers and of parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from mlplab.course.checker.checks.cases import Case
from mlplab.course.checker.checks.check import Check, Finding, observed, output_of
from mlplab.course.checker.mistakes.mistake import same
from mlplab.course.checker.mistakes.seen import KEPT
from mlplab.course.checker.mistakes.solution import Solution


@dataclass(frozen=True, eq=False)
class CountCheck(Check):
    """`hidden_layers` or `N`, of networks with none, one and ten hidden layers, and one set up again.

    Attributes
    ----------
    attribute : str
        What the object calls it.
    ask : str
        What the solution calls it.
    cases : sequence of Case
    """

    attribute: str
    ask: str
    cases: Sequence[Case]
    action = "counts"

    @property
    def arguments(self) -> dict[str, Any]:
        """Set up each network, and on the last one's object the first network once more."""
        sent = [case.as_sent() for case in self.cases]
        return {"networks": [*([network] for network in sent[:-1]), [sent[-1], sent[0]]]}

    def judge(self, content: Mapping[str, Any]) -> Finding:
        """All must be right."""
        asked = [*self.cases, self.cases[0]]
        outputs = [
            output_of(entry if "fault" in entry else entry[self.attribute], f"self.{self.attribute}")
            for entry in content["answers"]
        ]  # fmt: skip
        rights = [getattr(Solution(), self.ask)(case.weights, case.biases) for case in asked]
        wrong = [i for i, output in enumerate(outputs) if not self._is(output, rights[i])]
        observations = tuple(
            observed(
                self.ask,
                (case.weights, case.biases),
                output,
                partial(self._is, output),
            )
            for case, output in zip(self.cases, outputs, strict=False)
        )
        if not wrong:
            return Finding(True, observed=observations)
        # The first network comes once more, last, on an object that had another one before.
        kept = {0, len(asked) - 1} & {*wrong} == {len(asked) - 1}
        seen = (KEPT,) if kept and not isinstance(outputs[-2], Finding) else ()
        at, output = wrong[0], outputs[wrong[0]]
        if isinstance(output, Finding):
            return replace(output, mistakes=seen or output.mistakes, observed=observations)
        hidden = len(asked[at].weights) - 1
        came = f"{output.reshape(-1)[0]:g}" if output.size == 1 else f"of shape {output.shape}"
        facts = (
            f"For a network with {hidden} hidden layer{'' if hidden == 1 else 's'}, "
            f"self.{self.attribute} is {came}, expected {rights[at]}."
        )
        return Finding(False, facts, seen, observations)

    @staticmethod
    def _is(output: Any, count: float) -> bool:
        if isinstance(output, Finding) or output.size != 1:
            return False
        return same(output.reshape(-1), [count], 1e-9)


def draw_checks(cases: Mapping[str, tuple[Case, Case]]) -> tuple[Check, ...]:
    """Return the checks of `setup_model`."""
    names = ("no-hidden-layer", "one-hidden-relu", "ten-hidden")
    networks = [cases[f"feedforward-{name}"][0] for name in names]
    return (
        CountCheck(
            "count-hidden-layers",
            "number of hidden layers",
            "hidden_layers",
            "hidden_layers",
            networks,
        ),
        CountCheck("count-parameters", "number of parameters N", "N", "parameters", networks),
    )
