"""`evaluate()`: the loss and the accuracy that it prints, or returns, of two networks on two datasets.

They are right if they are those of the outputs that the student's own `feedforward` gives: a mistake
there has cost its points already. A fraction and per cent are both right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.course.checker.checks.cases import (
    TRIES,
    Case,
    dataset_message,
    draw_case,
    first_clear,
    network_message,
)
from mlplab.course.checker.checks.check import Check, Finding, failed, output_of
from mlplab.course.checker.checks.feedforward import CALL, observe_outputs
from mlplab.course.checker.checks.scores import (
    is_precise,
    is_right,
    matches,
    readings_of,
    written_apart,
)
from mlplab.course.checker.mistakes import evaluation
from mlplab.course.checker.mistakes.observation import Observation
from mlplab.course.checker.mistakes.seen import (
    DATASET_CHANGED,
    INPUTS_CHANGED,
    KEPT,
    NOTHING_FOUND,
    TOO_FEW_DIGITS,
)
from mlplab.course.checker.mistakes.solution import Outputs, Solution, Splits, changed
from mlplab.course.checker.printed import Numbers
from mlplab.reference.network import MultilayerPerceptron
from mlplab.streams import normal, stream

PER_CLASS = {"train": 24, "valid": 13, "test": 16}
CANDIDATES = 1500
NOISE = {"train": 0.2, "valid": 0.7, "test": 0.4}
"""So that the network gets the labels of some half of the points right, and another fraction in each
split: an accuracy near 1, or the same twice, would hide mistakes."""

EVALUATED = 2 * 10**6
"""From which on parts of a seed's stream are drawn for these checks."""

CLEAR = 0.012
"""By how much a mistake moves one of the two numbers at least: more than two digits round off."""


@dataclass(frozen=True, eq=False)
class Samples:
    """A network, and three splits of labelled points to evaluate it on."""

    case: Case
    splits: Mapping[str, tuple[NDArray[Any], NDArray[Any]]]

    def right_outputs(self) -> Splits:
        """Return the reference's outputs on all splits."""
        network = MultilayerPerceptron(self.case.weights, self.case.biases, self.case.activation)
        return {name: Outputs(network.feedforward(x), y) for name, (x, y) in self.splits.items()}


def draw_samples(seed: int, part: int) -> Samples | None:
    """Draw a network and points, with labels that the network, with noise on its outputs, gives them.

    None if the network hardly ever answers with one of the classes.
    """
    case = draw_case(seed, part, (2, 5, 3), "relu", 1, scale=0.8)
    network = MultilayerPerceptron(case.weights, case.biases, case.activation)
    splits = {}
    for i, (name, count) in enumerate(PER_CLASS.items()):
        generator = stream(seed, "samples", 3 * part + i)
        x, noise = normal(generator, (CANDIDATES, 2)), normal(generator, (CANDIDATES, case.classes))
        given = (network.feedforward(x) + NOISE[name] * noise).argmax(axis=1)
        chosen = [x[given == k][:count] for k in range(case.classes)]
        if any(len(points) < count for points in chosen):
            return None
        splits[name] = (np.concatenate(chosen), np.repeat(np.arange(case.classes), count))
    return Samples(case, splits)


def is_clear(samples: Samples) -> bool:
    """Return whether each mistake of the table gives numbers that no other one gives, nor none."""
    splits, right = samples.right_outputs(), Solution()
    rights = {kind: getattr(right, kind)(splits) for kind in ("loss", "accuracy")}
    if any(abs(train - test) < 4 * CLEAR for train, test in rights.values()):
        return False
    answers: dict[str, list[tuple[str, Any]]] = {kind: [("", rights[kind])] for kind in rights}
    with np.errstate(all="ignore"):
        for way in evaluation.WAYS:
            kind = "loss" if evaluation.OF_LOSS & way.change.keys() else "accuracy"
            answer = np.asarray(getattr(changed(way.change), kind)(splits))
            for name, other in answers[kind]:
                if name != way.mistake.name and np.abs(answer - other).max() < CLEAR:
                    return False
            answers[kind].append((way.mistake.name, answer))
    return True


@dataclass(frozen=True, eq=False)
class EvaluateCheck(Check):
    """Loss or accuracy, on training and test points."""

    kind: str
    samples: Sequence[Samples]
    action = "evaluate"

    @property
    def arguments(self) -> dict[str, Any]:
        """Evaluate each network."""
        messages = []
        for samples in self.samples:
            case = samples.case
            dataset = dataset_message(samples.splits, case.classes)
            messages.append(network_message(case.weights, case.biases, case.activation, dataset))
        return {"networks": messages}

    def judge(self, content: Mapping[str, Any]) -> Finding:
        """Compare with the right values of the right outputs, and of the student's own."""
        answers = content["answers"]
        found = [self._judge(*pair) for pair in zip(answers, self.samples, strict=True)]
        if any(TOO_FEW_DIGITS in one.mistakes for one in found):
            found = self._rounded_alike(found, answers)
        first, *others = found
        if not first.right:
            return first
        if answers[0]["changed"]:
            facts = f"Afterwards, {' and '.join(answers[0]['changed'])} of the dataset has other values."
            by_feedforward = answers[0]["changed_by_feedforward"]
            mistake = INPUTS_CHANGED if by_feedforward else DATASET_CHANGED
            return Finding(False, facts, (mistake,), first.observed)
        for other, anew, samples in zip(
            others, content["reimported"], self.samples[1:], strict=True
        ):
            if not other.right:
                kept = self._judge(anew, samples).right
                facts = f"Of the second network: {other.facts}"
                return Finding(False, facts, (KEPT,) if kept else (), other.observed)
        return first

    def _judge(self, answer: Mapping[str, Any], samples: Samples) -> Finding:
        """Judge one network's numbers."""
        if "printed" not in answer:
            return failed(answer["fault"])
        readings = readings_of(answer)
        own = own_outputs(answer["outputs"], samples.splits)
        observations = observe_own(samples.case, answer["outputs"], samples.splits)
        expected = [samples.right_outputs(), *([own] if own is not None else [])]
        for splits in expected:
            for numbers in readings:
                if is_right(numbers, splits, self.kind):
                    if own is not None:
                        observations += (observe(numbers, splits, self.kind),)
                    return Finding(True, observed=observations)
        if own is not None:
            # What is wrong with feedforward is in its outputs, by which evaluate is judged.
            observations = ()
        if "fault" in answer:
            return stopped(answer["fault"], own is not None, observations)
        missing = missing_numbers(readings, (self.kind,), answer)
        if missing is not None:
            return missing
        splits = expected[-1]
        facts = self._facts(readings[0], splits)
        for numbers in readings:
            if is_right(numbers, splits, self.kind, rounded=True):
                return Finding(False, facts, (TOO_FEW_DIGITS,))
        if own is not None:
            observations = (observe(readings[0], splits, self.kind),)
        changed = answer["changed"] and not answer["changed_by_feedforward"]
        return Finding(False, facts, (DATASET_CHANGED,) if changed else (), observations)

    def _rounded_alike(
        self, found: Sequence[Finding], answers: Sequence[Mapping[str, Any]]
    ) -> list[Finding]:
        """Say that a digit is missing only if that is so of all networks; else they are wrong.

        A wrong number, too, may round to the right one of one network.
        """
        shown = {
            number.value
            for answer in answers
            for numbers in readings_of(answer)[:1]
            for (_, kind), number in numbers.items()
            if kind == self.kind
        }
        if len(shown) > 1 and all(one.right or TOO_FEW_DIGITS in one.mistakes for one in found):
            return list(found)
        return [one if one.right else Finding(False, one.facts) for one in found]

    def _facts(self, numbers: Numbers, splits: Splits) -> str:
        wanted = getattr(Solution(), self.kind)(splits)
        pairs = []
        for split, value in zip(("train", "test"), wanted, strict=True):
            pairs.append(written_apart(value, numbers.get((split, self.kind)), self.kind))
        right, came = (" and ".join(words) for words in zip(*pairs, strict=True))
        return f"The {self.kind} on training and test points should be {right}; evaluate() says {came}."


def stopped(fault: Mapping[str, Any], fits: bool, observations: tuple[Observation, ...]) -> Finding:
    """Return what is to be said of an error in `evaluate`.

    Parameters
    ----------
    fault : mapping
    fits : bool
        Whether `feedforward` gives outputs of the right form; else they are behind errors of shapes.
    observations : tuple of Observation
    """
    found = failed(fault)
    of_outputs = {m for m in found.mistakes if m.of_shapes or m.name == "labels-of-other-points"}
    told = tuple(m for m in found.mistakes if fits or m not in of_outputs)
    return replace(found, mistakes=told, observed=observations)


def observe(numbers: Numbers, splits: Splits, kind: str) -> Observation:
    """Return what was observed of the numbers of a kind, `loss` or `accuracy`, on a network's outputs."""
    shown = [numbers.get((split, kind)) for split in ("train", "test")]
    told = all(number is not None and is_precise(number, kind) for number in shown)
    return Observation(kind, (splits,), lambda wanted: told and matches(numbers, wanted, kind))


def observe_own(
    case: Case,
    entries: Mapping[str, Any],
    points: Mapping[str, tuple[NDArray[Any], NDArray[Any]]],
) -> tuple[Observation, ...]:
    """Return what was observed of the student's `feedforward` beside `evaluate`."""
    found = []
    for name in ("train", "test"):
        output = output_of(entries[f"x_{name}"], CALL)
        found.append(observe_outputs(replace(case, x=points[name][0].astype(float)), output))
    return tuple(found)


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


NOTHING_SAID = "In what evaluate() prints and returns, no loss and no accuracy is found."


def missing_numbers(
    readings: Sequence[Numbers], kinds: Sequence[str], content: Mapping[str, Any]
) -> Finding | None:
    """Return what is to be said of numbers that were not found; None if some reading has all.

    Parameters
    ----------
    readings : sequence of Numbers
    kinds : sequence of str
        Loss, accuracy or both.
    content : mapping
        The answer that was read.
    """
    wanted = [(split, kind) for split in ("train", "test") for kind in kinds]
    best = max(readings, key=lambda numbers: sum(key in numbers for key in wanted), default={})
    found: list[str] = []
    absent: list[str] = []
    for split, kind in wanted:
        name = f"{kind} on {'training' if split == 'train' else 'test'} points"
        (found if (split, kind) in best else absent).append(name)
    if not absent:
        return None
    there, lacking = (f"the {' and the '.join(names)}" for names in (found, absent))
    what = f"evaluate() says {there}, but not {lacking}." if found else NOTHING_SAID
    return Finding(False, what_was_found(content), (replace(NOTHING_FOUND, what=what),))


def what_was_found(content: Mapping[str, Any]) -> str:
    """Say what `evaluate` printed, as far as it fits into a sentence."""
    printed = " ".join(f"{content['printed']} {content.get('printed_as_error', '')}".split())
    if not printed:
        return "evaluate() printed nothing."
    return f"evaluate() printed: {printed if len(printed) <= 120 else f'...{printed[-117:]}'}"


def draw_checks(seed: int) -> tuple[Check, ...]:
    """Return the checks of `evaluate`."""
    drawn = (draw_samples(seed, EVALUATED + part) for part in range(4 * TRIES))
    samples = first_clear(drawn, is_clear, 1, "networks with datasets")
    one = _rounded_losses(samples[0])
    # Not all losses are equal when rounded to one digit: that would not be told from a constant.
    samples += first_clear(
        drawn,
        lambda other: len(one | _rounded_losses(other)) > 1 and is_clear(other),
        1,
        "networks with datasets",
    )
    return (
        EvaluateCheck("evaluate-loss", "evaluate, loss", "loss", samples),
        EvaluateCheck("evaluate-accuracy", "evaluate, accuracy", "accuracy", samples),
    )


def _rounded_losses(samples: Samples) -> set[float]:
    return {round(loss, 1) for loss in Solution().loss(samples.right_outputs())}
