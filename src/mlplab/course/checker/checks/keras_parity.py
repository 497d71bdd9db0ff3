"""The same weights in Keras and in the student's `mlp.py`: the same outputs, loss and accuracy (task 2).

Keras's own numbers are shipped with their weights (`make_weights` made them), so that no Keras is needed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import safe_open

from mlplab.course.checker.checks.cases import Case, dataset_message, network_message
from mlplab.course.checker.checks.check import RIGHT, Check, Finding, output_of
from mlplab.course.checker.checks.evaluation import (
    NOTHING_FOUND,
    matches,
    own_outputs,
    recognise_measure,
    what_was_found,
)
from mlplab.course.checker.checks.feedforward import CALL, judge_output
from mlplab.course.checker.mistakes.mistake import Mistake
from mlplab.course.checker.mistakes.networks import MISTAKES as NETWORK_MISTAKES
from mlplab.course.checker.printed import Numbers, read_printed, read_returned

FILE = Path(__file__).parents[1] / "data" / "keras.safetensors"
NAMES = ("1.1-batch-16-sigma-0.1", "1.2-relu", "1.4")
"""The experiments whose networks are compared."""

SPLITS = ("train", "valid", "test")


@dataclass(frozen=True, eq=False)
class Trained:
    """A network that Keras trained, its points, and what Keras says of it.

    Attributes
    ----------
    case : Case
        With the test points.
    splits : mapping
        Points and labels by split.
    output : ndarray, shape (points, K)
        Of Keras, on the test points.
    scores : mapping of str to float
        Keras's `train_loss`, `test_accuracy` and so on.
    """

    case: Case
    splits: Mapping[str, tuple[Any, Any]]
    output: Any
    scores: Mapping[str, float]


def load_trained(name: str) -> Trained:
    """Read one of the networks."""
    with safe_open(FILE, framework="numpy") as file:
        keys = [key for key in file.keys() if key.startswith(f"{name}/")]  # noqa: SIM118  # no dict
        tensors = {key.removeprefix(f"{name}/"): file.get_tensor(key) for key in keys}
        scores = json.loads(file.metadata()[name])
    layers = sum(key.startswith("W") for key in tensors)
    case = Case(
        weights=[tensors[f"W{i}"].astype(float) for i in range(layers)],
        biases=[tensors[f"b{i}"].astype(float) for i in range(layers)],
        activation="relu" if layers > 1 else "linear",
        x=tensors["x_test"].astype(float),
    )
    splits = {split: (tensors[f"x_{split}"], tensors[f"y_{split}"]) for split in SPLITS}
    return Trained(case, splits, tensors["p_test"].astype(float), scores)


@dataclass(frozen=True, eq=False)
class _TrainedCheck(Check):
    network: str = field(kw_only=True)

    @cached_property
    def trained(self) -> Trained:
        """The network, read when it is first needed."""
        return load_trained(self.network)

    @property
    def message(self) -> dict[str, Any]:
        """The network in float32, as `KerasMLP.get_weights` hands it on."""
        case = self.trained.case
        dataset = dataset_message(dict(self.trained.splits), case.classes, "polar")
        return network_message(
            case.weights, case.biases, case.activation, dataset, dtype=np.float32
        )


@dataclass(frozen=True, eq=False)
class KerasOutputsCheck(_TrainedCheck):
    """The outputs on the test points."""

    action: str = field(init=False, default="feedforward")

    @property
    def arguments(self) -> dict[str, Any]:
        """Feed the test points forward."""
        return {"network": self.message, "points": [self.trained.splits["test"][0]]}

    def judge(self, content: Mapping[str, Any]) -> Finding:
        """Compare with Keras's outputs."""
        output = output_of(content["answers"][0], CALL)
        return judge_output(self.trained.case, output, self.trained.output)


@dataclass(frozen=True, eq=False)
class KerasScoresCheck(_TrainedCheck):
    """Loss and accuracy of `evaluate()`."""

    action: str = field(init=False, default="evaluate")

    @property
    def arguments(self) -> dict[str, Any]:
        """Evaluate the network."""
        return {"network": self.message}

    def judge(self, content: Mapping[str, Any]) -> Finding:
        """Compare with Keras's numbers; mistakes in `evaluate` or in `feedforward` may explain others."""
        readings = read_printed(content["printed"])
        readings += read_returned([(str(n), float(v)) for n, v in content.get("returned", [])])
        if any(not self._wrong_kinds(numbers) for numbers in readings):
            return RIGHT
        if not readings:
            return Finding(False, what_was_found(content), (NOTHING_FOUND,))
        kinds = self._wrong_kinds(readings[0])
        own = own_outputs(content["outputs"], self.trained.splits)
        mistakes: tuple[Mistake, ...] = ()
        if own is not None:
            mistakes = recognise_measure(readings[0], own, kinds[0]) or tuple(
                NETWORK_MISTAKES.recognise(self.trained.case, own["test"].p, self.trained.output)
            )
        return Finding(False, self._facts(readings[0], kinds[0]), mistakes)

    def _wrong_kinds(self, numbers: Numbers) -> list[str]:
        """Return which of loss and accuracy are not Keras's."""
        scores = self.trained.scores
        return [
            kind
            for kind in ("loss", "accuracy")
            if not matches(numbers, [scores[f"train_{kind}"], scores[f"test_{kind}"]], kind)
        ]

    def _facts(self, numbers: Numbers, kind: str) -> str:
        number = numbers.get(("test", kind))
        came = "nothing" if number is None else f"{number.value:.4g}"
        return (
            f"On the test points Keras says: {kind} {self.trained.scores[f'test_{kind}']:.4f}; "
            f"evaluate() says {came}."
        )


_TASKS = {"1.1-batch-16-sigma-0.1": "1.1", "1.2-relu": "1.2", "1.4": "1.4"}

CHECKS: tuple[Check, ...] = (
    *(
        KerasOutputsCheck(
            f"keras-outputs-task-{task.replace('.', '-')}",
            f"outputs as Keras, network of task {task}",
            network=network,
        )
        for network, task in _TASKS.items()
    ),
    KerasScoresCheck(
        "keras-scores-task-1-4", "loss and accuracy as Keras, network of task 1.4", network="1.4"
    ),
)
