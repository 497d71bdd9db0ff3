"""Comparisons judged by paired replications: those of the source report, and those of initializers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mlplab.report.experiments import SHARED_INITIALIZER
from mlplab.report.reproduction import Claim, Task
from mlplab.statistics import compare_runs, correct_family


@dataclass(frozen=True)
class _Claimed:
    task: str
    other: str
    name: str
    other_name: str
    source: str


_CLAIMED = (
    _Claimed(
        "1.1-batch-16",
        "1.1-batch-512",
        "batch 16",
        "batch 512",
        "“Batch size of 16 gives better accuracy compared to 512” (4.1), sigma 0.06.",
    ),
    _Claimed(
        "1.1-batch-16-sigma-0.1",
        "1.1-batch-512-sigma-0.1",
        "batch 16",
        "batch 512",
        "The same with sigma 0.1.",
    ),
    _Claimed("1.2-relu", "1.2-sigmoid", "relu", "sigmoid", "Relu “gives the best result” (4.2)."),
    _Claimed("1.2-relu", "1.2-linear", "relu", "linear", "Relu “gives the best result” (4.2)."),
    _Claimed(
        "1.4",
        "1.3",
        "task 1.4",
        "task 1.3",
        "“Not much difference here regarding the accuracy” (4.4).",
    ),
)

_INITIALIZERS = tuple(
    _Claimed(
        id,
        shared,
        "a new initializer for each layer",
        "one shared by all",
        f"The listing of task {id} hands one initializer object to all layers.",
    )
    for id, shared in SHARED_INITIALIZER.items()
)


def judge_claims(tasks: Mapping[str, Task]) -> tuple[Claim, ...]:
    """Compare the pairs of tasks that the source compares, where both were reproduced.

    The runs are paired by their seeds, and the family's p-values corrected by Holm's method.
    """
    return _judge(_CLAIMED, tasks)


def judge_initializers(tasks: Mapping[str, Task]) -> tuple[Claim, ...]:
    """Compare a new initializer for each layer with one for all, where both were reproduced.

    The source does not: these are a family of their own, so that its claims are corrected as before.
    """
    return _judge(_INITIALIZERS, tasks)


def _judge(claimed: Sequence[_Claimed], tasks: Mapping[str, Task]) -> tuple[Claim, ...]:
    stated = [c for c in claimed if c.task in tasks and c.other in tasks]
    family = {
        f"{c.task} against {c.other}": compare_runs(
            tasks[c.task].replicated, tasks[c.other].replicated
        )
        for c in stated
    }
    corrected = correct_family(family) if family else {}
    return tuple(
        Claim(c.task, c.other, c.name, c.other_name, c.source, comparison)
        for c, comparison in zip(stated, corrected.values(), strict=True)
    )
