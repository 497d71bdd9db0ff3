"""What is refused of a sweep before any work: values that an experiment does not take."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mlplab.errors import MlplabError, SpecError
from mlplab.memory import available_memory, gigabytes
from mlplab.spec import Experiment, FiniteSamples, Grid, MetricName, head_of
from mlplab.spec.canonical import WHERE_SAMPLES_LIE
from mlplab.spec.experiment import check_loss
from mlplab.sweep.axis import Axis

RUN_BYTES, CELL_BYTES = 100, 1500
"""What a run and a cell take of memory, about, until their numbers are written."""

WHICH_SAMPLES = (*WHERE_SAMPLES_LIE, "content")
"""Fields of own samples that say which samples they are."""


def check_cells(grid: Grid) -> None:
    """Refuse a grid of which the spec refuses some cells: which, and why.

    Raises
    ------
    SpecError
    """
    refused = grid.refused()
    if not refused:
        return
    changes, why = refused[0]
    others = f" (and {len(refused) - 1:,} more)" if len(refused) > 1 else ""
    raise SpecError(f"the spec refuses the cells with {written(changes)}{others}: {why}")


def check_samples(grid: Grid) -> None:
    """Refuse cells that mean other own samples than the experiment, which are read once.

    Raises
    ------
    SpecError
    """
    own = grid.experiment.dataset
    for changes, dataset in grid.datasets():
        if not isinstance(dataset, FiniteSamples) and not isinstance(own, FiniteSamples):
            continue
        said = [[getattr(each, name, None) for name in WHICH_SAMPLES] for each in (own, dataset)]
        if said[0] != said[1]:
            raise SpecError(
                f"all cells have the experiment's own samples, and {written(changes)} means others: "
                "train those by themselves"
            )


def check_metric(grid: Grid) -> None:
    """Refuse cells that are judged by different metrics: no colour would mean the same in all of them.

    Raises
    ------
    SpecError
        If a loss does not fit the samples of a cell.
    MlplabError
    """
    found: dict[MetricName, str] = {}
    datasets = {dataset.has_targets: dataset for _, dataset in grid.datasets()}
    for training in grid.trainings():
        for has_targets, dataset in datasets.items():
            check_loss(training, dataset)
            metric = head_of(training.loss, has_targets=has_targets).metric_name
            of = "targets" if has_targets else "classes"
            found.setdefault(metric, f"{training.loss} of {of}")
    if len(found) > 1:
        received = " and ".join(f"{metric} ({loss})" for metric, loss in found.items())
        raise MlplabError(f"cells of different metrics cannot be compared, received {received}")


def check_values(experiment: Experiment, axis: Axis) -> None:
    """Refuse values that mean the same, such as 1 and 1.0.

    Raises
    ------
    MlplabError
    """
    grid = Grid(experiment, {axis.setting: axis.values})
    refused = [changes[axis.setting] for changes, _ in grid.refused() if axis.setting in changes]
    first: dict[str, int] = {}
    for number, value in enumerate(axis.values):
        if any(value is each for each in refused):
            continue  # alone the experiment does not take it, with other changes it may
        (cell,) = grid.cells([number])
        before = first.setdefault(cell.key, number)
        if before != number:
            same = " and ".join(_typed(axis.values[i]) for i in (before, number))
            raise MlplabError(f"{axis.setting}: {same} mean the same")


def check_memory(what: str, cells: int, runs: int) -> None:
    """Refuse what does not fit into memory.

    Raises
    ------
    MlplabError
    """
    needed, available = RUN_BYTES * runs + CELL_BYTES * cells, available_memory()
    if needed > available:
        raise MlplabError(
            f"{what} of {cells:,} cells and {runs:,} runs needs about {gigabytes(needed)} of memory, and "
            f"{gigabytes(available)} are available: take fewer"
        )


def written(changes: Mapping[str, Any]) -> str:
    """Write settings as they are typed.

    >>> written({"training.batch_size": 4, "network.activation": "relu"})
    'training.batch_size=4, network.activation=relu'
    """
    return ", ".join(f"{path}={_typed(value)}" for path, value in changes.items())


def _typed(value: Any) -> str:
    """Write a value so that 1 and 1.0 differ."""
    return value if isinstance(value, str) else json.dumps(value, default=str)
