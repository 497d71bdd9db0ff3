"""`setup_model`: the number of hidden layers and of parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mlplab.course.checker.checks.cases import NO_HIDDEN, ONE_RELU, TEN_RELU
from mlplab.course.checker.checks.check import RIGHT, Check, Finding, output_of
from mlplab.course.checker.mistakes.counts import HIDDEN_LAYERS, PARAMETERS, Counted
from mlplab.course.checker.mistakes.mistake import same

NETWORKS = (NO_HIDDEN, ONE_RELU, TEN_RELU)


@dataclass(frozen=True, eq=False)
class CountCheck(Check):
    """`hidden_layers` or `N`, of networks with none, one and ten hidden layers."""

    attribute: str = "hidden_layers"
    action: str = field(init=False, default="counts")

    @property
    def arguments(self) -> dict[str, Any]:
        """Set up each network."""
        return {"networks": [case.as_sent() for case in NETWORKS]}

    @property
    def right(self) -> list[int]:
        """What is expected of each network."""
        if self.attribute == "hidden_layers":
            return [len(case.weights) - 1 for case in NETWORKS]
        return [
            sum(w.size + b.size for w, b in zip(case.weights, case.biases, strict=True))
            for case in NETWORKS
        ]

    def judge(self, content: Mapping[str, Any]) -> Finding:
        """All three must be right."""
        counted = []
        for entry in content["answers"]:
            output = output_of(entry if "fault" in entry else entry[self.attribute], self.attribute)
            if isinstance(output, Finding):
                return output
            if output.size != 1:
                return Finding(False, f"{self.attribute} is an array of shape {output.shape}.")
            counted.append(float(output.reshape(-1)[0]))
        if same(counted, self.right, 0):
            return RIGHT
        registry = HIDDEN_LAYERS if self.attribute == "hidden_layers" else PARAMETERS
        question = Counted([(case.weights, case.biases) for case in NETWORKS])
        mistakes = registry.recognise(question, counted, self.right, 1e-9)
        hidden = [len(case.weights) - 1 for case in NETWORKS]
        at = next(i for i, (a, b) in enumerate(zip(counted, self.right, strict=True)) if a != b)
        facts = (
            f"For a network with {hidden[at]} hidden layers, self.{self.attribute} is {counted[at]:g}, "
            f"expected {self.right[at]}."
        )
        return Finding(False, facts, tuple(mistakes))


CHECKS: tuple[Check, ...] = (
    CountCheck("count-hidden-layers", "number of hidden layers", attribute="hidden_layers"),
    CountCheck("count-parameters", "number of parameters N", attribute="N"),
)
