"""`evaluate()`: the loss and the accuracy that it prints, or returns.

They are right if they are those of the outputs that the student's own `feedforward` gives: a mistake
there has cost its points already. A share and per cent are both right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.course.checker.checks.cases import Case, dataset_message, draw_case, network_message
from mlplab.course.checker.checks.check import RIGHT, Check, Finding, failed
from mlplab.course.checker.mistakes.evaluation import (
    ACCURACIES,
    LOSSES,
    Outputs,
    Splits,
    right_accuracy,
    right_loss,
)
from mlplab.course.checker.mistakes.mistake import Mistake
from mlplab.course.checker.printed import Numbers, Printed, read_printed, read_returned
from mlplab.reference.network import MultilayerPerceptron
from mlplab.streams import normal, stream

PER_CLASS = {"train": 24, "valid": 13, "test": 16}
CANDIDATES = 4000
NOISE = {"train": 0.2, "valid": 0.7, "test": 0.4}
"""So that the network gets the labels of some half of the points right, and another share in each split:
an accuracy near 1, or the same twice, would hide mistakes."""

NOTHING_FOUND = Mistake(
    "numbers-not-found",
    "evaluate() prints and returns no numbers that can be told apart.",
    "Print each with its name, as: print('Train loss: %0.4f' % train_loss), and the same for Train "
    "accuracy, Test loss and Test accuracy.",
)


@dataclass(frozen=True, eq=False)
class Points:
    """A network, and three splits of labelled points to evaluate it on."""

    case: Case
    splits: Mapping[str, tuple[NDArray[Any], NDArray[Any]]]

    def right_outputs(self) -> Splits:
        """Return the reference's outputs on all splits."""
        network = MultilayerPerceptron(self.case.weights, self.case.biases, self.case.activation)
        return {name: Outputs(network.feedforward(x), y) for name, (x, y) in self.splits.items()}


def draw_samples(seed: int, case: Case) -> Points:
    """Draw points, and labels that the network, with some noise on its outputs, gives them."""
    network = MultilayerPerceptron(case.weights, case.biases, case.activation)
    splits = {}
    for i, (name, count) in enumerate(PER_CLASS.items()):
        generator = stream(seed, "samples", i)
        x, noise = normal(generator, (CANDIDATES, 2)), normal(generator, (CANDIDATES, case.classes))
        given = (network.feedforward(x) + NOISE[name] * noise).argmax(axis=1)
        chosen = [x[given == k][:count] for k in range(case.classes)]
        splits[name] = (np.concatenate(chosen), np.repeat(np.arange(case.classes), count))
    return Points(case, splits)


@dataclass(frozen=True, eq=False)
class EvaluateCheck(Check):
    """Loss or accuracy, on training and test points."""

    kind: str = "loss"
    points: Points = field(kw_only=True)
    action: str = field(init=False, default="evaluate")

    @property
    def arguments(self) -> dict[str, Any]:
        """Evaluate the network."""
        case = self.points.case
        dataset = dataset_message(dict(self.points.splits), case.classes)
        return {"network": network_message(case.weights, case.biases, case.activation, dataset)}

    def judge(self, content: Mapping[str, Any]) -> Finding:
        """Compare with the right values of the right outputs, and of the student's own."""
        readings = read_printed(content["printed"])
        readings += read_returned([(str(n), float(v)) for n, v in content.get("returned", [])])
        own = own_outputs(content["outputs"], self.points.splits)
        expected = [self.points.right_outputs(), *([own] if own else [])]
        for numbers in readings:
            if any(is_right(numbers, splits, self.kind) for splits in expected):
                return RIGHT
        if "fault" in content:
            return failed(content["fault"])
        if not any(("test", self.kind) in numbers for numbers in readings):
            return Finding(False, what_was_found(content), (NOTHING_FOUND,))
        return self._explain(readings[0], expected[-1])

    def find(self, answer: Any) -> Finding:
        """Judge also where `evaluate` raised an error after it had printed what is asked for."""
        content = answer.content
        if answer.ending == "answered" and "printed" in content:
            return self.judge(content)
        return super().find(answer)

    def _explain(self, numbers: Numbers, splits: Splits) -> Finding:
        right = [measure_of(self.kind)(splits[split]) for split in ("train", "test")]
        shown = [numbers.get((split, self.kind)) for split in ("train", "test")]
        came = " and ".join("nothing" if n is None else f"{n.value:.4g}" for n in shown)
        facts = (
            f"The {self.kind} on training and test points should be {right[0]:.4f} and {right[1]:.4f}"
            f"{' (or in per cent)' if self.kind == 'accuracy' else ''}; evaluate() says {came}."
        )
        return Finding(False, facts, recognise_measure(numbers, splits, self.kind))


def measure_of(kind: str) -> Callable[[Outputs], float]:
    """Return the right measure of a kind."""
    return right_loss if kind == "loss" else right_accuracy


def recognise_measure(numbers: Numbers, splits: Splits, kind: str) -> tuple[Mistake, ...]:
    """Return the mistakes that give the two numbers of a kind; none if they are right."""
    if is_right(numbers, splits, kind):
        return ()
    found: dict[str, Mistake] = {}
    with np.errstate(all="ignore"):
        for entry in LOSSES if kind == "loss" else ACCURACIES:
            if matches(numbers, entry.answer(splits), kind):
                found.setdefault(entry.mistake.name, entry.mistake)
    return tuple(found.values())


def is_right(numbers: Numbers, splits: Splits, kind: str) -> bool:
    """Return whether both numbers of a kind are right."""
    measure = measure_of(kind)
    return matches(numbers, [measure(splits["train"]), measure(splits["test"])], kind)


def matches(numbers: Numbers, wanted: Sequence[float], kind: str) -> bool:
    """Return whether the numbers of a kind are those wanted; an accuracy also in per cent."""
    found = [numbers.get((split, kind)) for split in ("train", "test")]
    if any(number is None or not _is_precise(number, kind) for number in found):
        return False
    factors = (1,) if kind == "loss" else (1, 100)
    return any(
        all(
            number is not None and number.is_close(factor * value)
            for number, value in zip(found, wanted, strict=True)
        )
        for factor in factors
    )


def _is_precise(number: Printed, kind: str) -> bool:
    """Return whether a number has digits enough to be judged: two after the point, or per cent."""
    return number.precision <= 0.006 or (kind == "accuracy" and number.value > 1.5)


def own_outputs(
    entries: Mapping[str, Any], points: Mapping[str, tuple[NDArray[Any], NDArray[Any]]]
) -> Splits | None:
    """Return what the student's `feedforward` gives on all splits; None if that is no output.

    Parameters
    ----------
    entries : mapping
        From the student's process, by `x_train`, `x_valid` and `x_test`.
    points : mapping
        Points and labels by split.
    """
    outputs = {}
    for name, (_, y) in points.items():
        p = entries[f"x_{name}"].get("array")
        if p is None or p.shape != (len(y), int(y.max()) + 1) or not np.isfinite(p).all():
            return None
        outputs[name] = Outputs(np.asarray(p, dtype=float), y)
    return outputs


def what_was_found(content: Mapping[str, Any]) -> str:
    """Say what `evaluate` printed, as far as it fits into a sentence."""
    printed = " ".join(str(content["printed"]).split())
    if not printed:
        return "evaluate() printed nothing."
    return f"evaluate() printed: {printed if len(printed) <= 120 else f'...{printed[-117:]}'}"


EVALUATED = draw_samples(22, draw_case(12, (2, 5, 3), "relu", 1, scale=0.8))

CHECKS: tuple[Check, ...] = (
    EvaluateCheck("evaluate-loss", "evaluate, loss", kind="loss", points=EVALUATED),
    EvaluateCheck("evaluate-accuracy", "evaluate, accuracy", kind="accuracy", points=EVALUATED),
)
