"""The same weights in Keras and in the student's `mlp.py`: the same outputs, loss and accuracy (task 2).

Keras's own numbers are shipped with their weights (`make_weights` made them), so that no Keras is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import safe_open

from mlplab.course.checker.checks.cases import Case, dataset_message, network_message
from mlplab.course.checker.checks.check import Check, Finding, failed, output_of
from mlplab.course.checker.checks.evaluation import (
    missing_numbers,
    observe,
    observe_own,
    own_outputs,
    stopped,
)
from mlplab.course.checker.checks.feedforward import CALL, describe_difference, observe_outputs
from mlplab.course.checker.checks.scores import (
    factor_of,
    is_right,
    readings_of,
    written_apart,
)
from mlplab.course.checker.mistakes.mistake import same
from mlplab.course.checker.mistakes.seen import TOO_FEW_DIGITS
from mlplab.course.checker.mistakes.solution import Outputs, Solution, Splits
from mlplab.course.checker.printed import Numbers
from mlplab.streams import permutation, shuffle_key

FILE = Path(__file__).parents[1] / "data" / "keras.safetensors"
TASKS = {"1.1-batch-16-sigma-0.1": "1.1", "1.2-relu": "1.2", "1.4": "1.4"}
"""The experiments whose networks are compared, and the tasks that they belong to."""

NAMES = tuple(TASKS)
KINDS = ("loss", "accuracy")
SPLITS = ("train", "valid", "test")
LEFT_OUT = 0.2
"""Fraction of each class's points that a seed leaves out, so that no report's numbers can be copied."""


@dataclass(frozen=True, eq=False)
class Trained:
    """A network that Keras trained, its points, and what Keras says of it.

    Attributes
    ----------
    case : Case
        With the test points.
    splits : mapping
        Points and labels by split.
    outputs : mapping
        Keras's, with the labels, by split.
    """

    case: Case
    splits: Mapping[str, tuple[Any, Any]]
    outputs: Splits


def load_trained(name: str, seed: int) -> Trained:
    """Read one of the networks, and leave some points of each split out, others for each seed."""
    with safe_open(FILE, framework="numpy") as file:
        keys = [key for key in file.keys() if key.startswith(f"{name}/")]  # noqa: SIM118  # no dict
        tensors = {key.removeprefix(f"{name}/"): file.get_tensor(key) for key in keys}
    layers = sum(key.startswith("W") for key in tensors)
    kept = {split: _kept(tensors[f"y_{split}"], seed, i) for i, split in enumerate(SPLITS)}
    splits = {
        split: (tensors[f"x_{split}"][rows], tensors[f"y_{split}"][rows])
        for split, rows in kept.items()
    }
    outputs = {
        split: Outputs(tensors[f"p_{split}"][rows].astype(float), splits[split][1])
        for split, rows in kept.items()
    }
    case = Case(
        weights=[tensors[f"W{i}"].astype(float) for i in range(layers)],
        biases=[tensors[f"b{i}"].astype(float) for i in range(layers)],
        activation="relu" if layers > 1 else "linear",
        x=splits["test"][0].astype(float),
    )
    return Trained(case, splits, outputs)


def _kept(y: Any, seed: int, part: int) -> Any:
    """Return the rows that are kept, as many of each class, of labels of shape (points,)."""
    classes = int(y.max()) + 1
    count = round((1 - LEFT_OUT) * len(y) / classes)
    key = shuffle_key(seed)
    chosen = []
    for k in range(classes):
        rows = np.flatnonzero(y == k)
        chosen.append(rows[permutation(key, part * classes + k, len(rows))[:count]])
    return np.sort(np.concatenate(chosen))


@dataclass(frozen=True, eq=False)
class _TrainedCheck(Check):
    network: str = field(kw_only=True)
    seed: int = field(kw_only=True)

    @cached_property
    def trained(self) -> Trained:
        """The network, read when it is first needed."""
        return load_trained(self.network, self.seed)

    @property
    def arguments(self) -> dict[str, Any]:
        """Hand on the network in float32, as `KerasMLP.get_weights` does, and its test points."""
        case, splits = self.trained.case, self.trained.splits
        dataset = dataset_message(splits, case.classes, "polar")
        message = network_message(
            case.weights, case.biases, case.activation, dataset, dtype=np.float32
        )
        if len(case.weights) == 1:  # as the lab sets up a network without a hidden layer
            del message["activation"]
        return {"networks": [message | {"x": splits["test"][0]}]}


@dataclass(frozen=True, eq=False)
class KerasOutputsCheck(_TrainedCheck):
    """The outputs on the test points."""

    action = "feedforward"

    def judge(self, content: Mapping[str, Any]) -> Finding:
        """Compare with Keras's outputs."""
        output = output_of(content["answers"][0], CALL)
        right = self.trained.outputs["test"].p
        observations = (observe_outputs(self.trained.case, output),)
        if isinstance(output, Finding):
            return replace(output, observed=observations)
        if same(output, right):
            return Finding(True, observed=observations)
        return Finding(False, describe_difference(output, right), (), observations)


@dataclass(frozen=True, eq=False)
class KerasScoresCheck(_TrainedCheck):
    """Loss and accuracy of `evaluate()`."""

    action = "evaluate"

    def judge(self, content: Mapping[str, Any]) -> Finding:
        """Compare with Keras's numbers; mistakes in `evaluate` or in `feedforward` may explain others."""
        [answer] = content["answers"]
        if "printed" not in answer:
            return failed(answer["fault"])
        readings = readings_of(answer)
        own = own_outputs(answer["outputs"], self.trained.splits)
        observations = observe_own(self.trained.case, answer["outputs"], self.trained.splits)
        if own is not None and readings:
            kinds = tuple(observe(readings[0], own, kind) for kind in KINDS)
            # Numbers that are not those of the student's own outputs are wrong by themselves.
            is_own = any(all(is_right(each, own, kind) for kind in KINDS) for each in readings)
            observations = (*observations, *kinds) if is_own else kinds
        if any(not self._wrong_kinds(numbers) for numbers in readings):
            return Finding(True, observed=observations)
        if "fault" in answer:
            return stopped(answer["fault"], own is not None, observations)
        missing = missing_numbers(readings, KINDS, answer)
        if missing is not None:
            return missing
        if any(not self._wrong_kinds(numbers, rounded=True) for numbers in readings):
            facts = (
                "The numbers are Keras's as far as they go, but have too few digits to be compared."
            )
            return Finding(False, facts, (TOO_FEW_DIGITS,))
        return Finding(False, self._facts(readings[0]), (), observations)

    def _wrong_kinds(self, numbers: Numbers, rounded: bool = False) -> list[str]:
        """Return which of loss and accuracy are not Keras's; `rounded` with however few digits."""
        outputs = self.trained.outputs
        return [kind for kind in KINDS if not is_right(numbers, outputs, kind, rounded)]

    def _facts(self, numbers: Numbers) -> str:
        """Say in what the first wrong number differs from Keras's, with the digits that show it."""
        kind = self._wrong_kinds(numbers, rounded=True)[0]
        wanted = getattr(Solution(), kind)(self.trained.outputs)
        for split, value in zip(("train", "test"), wanted, strict=True):
            number = numbers.get((split, kind))
            if number is None or not number.is_close(factor_of(number, kind) * value):
                break
        says, came = written_apart(value, number, kind)
        points = "training" if split == "train" else "test"
        return f"On the {points} points Keras says: {kind} {says}; evaluate() says {came}."


def draw_checks(seed: int) -> tuple[Check, ...]:
    """Return the checks against Keras."""
    return (
        *(
            KerasOutputsCheck(
                f"keras-outputs-task-{task.replace('.', '-')}",
                f"outputs as Keras, network of task {task}",
                network=network,
                seed=seed,
            )
            for network, task in TASKS.items()
        ),
        KerasScoresCheck(
            "keras-scores-task-1-4",
            "loss and accuracy as Keras, network of task 1.4",
            network="1.4",
            seed=seed,
        ),
    )
