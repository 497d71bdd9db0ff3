"""The report's pictures: the lab's figures 1 to 13 in kind, and every replication as a point."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from mlplab.boundary import Extent, class_agreement
from mlplab.figures import (
    Spread,
    agreement_figure,
    classifier_figure,
    curves_figure,
    linear_regions_figure,
    save,
    spread_figure,
    wanted_boundary_figure,
)
from mlplab.reference import MultilayerPerceptron
from mlplab.report.reproduce import WANTED_LINE
from mlplab.report.reproduction import Reproduction, Task, has_agreement, has_classifier


def draw_pictures(reproduction: Reproduction, folder: Path) -> None:
    """Draw every picture of the report into a folder, as PNG and SVG, one at a time."""
    for name, figure in pictures(reproduction):
        save(figure, folder / name)


def _agreement(task: Task) -> Figure:
    runs = task.replicated
    networks = (MultilayerPerceptron.from_run(runs[i]) for i in runs.kept)
    extent = Extent.around(task.dataset.train.x, task.dataset.test.x)
    # A diverged network answers nothing, which the map shows; that is no accident to warn of.
    with np.errstate(all="ignore"):
        agreement = class_agreement(networks, extent, dtype=np.float32)
    return agreement_figure(agreement, task.dataset)


def pictures(reproduction: Reproduction) -> Iterator[tuple[str, Figure]]:
    """Yield the name and the figure of every picture, in the report's order."""
    for task in reproduction.tasks.values():
        if has_classifier(task):
            yield f"classifier-{task.id}", _keras_classifier(task)
        if task.regions is not None:
            yield f"regions-{task.id}", linear_regions_figure(task.regions)
        if task.id in ("1.3", "1.4"):
            yield f"curves-{task.id}", curves_figure(task.keras.history)
    for task in reproduction.tasks.values():
        if has_agreement(task):
            yield f"agreement-{task.id}", _agreement(task)
    for group in dict.fromkeys(id.split("-")[0] for id in reproduction.tasks):
        members = [task for id, task in reproduction.tasks.items() if id.split("-")[0] == group]
        yield (
            f"spread-{group}",
            spread_figure(
                [
                    Spread(
                        label=task.id,
                        values=task.test_accuracy,
                        published=task.published.test_accuracy,
                        keras=None if task.keras.ending == "diverged" else task.keras.test_accuracy,
                    )
                    for task in members
                ]
            ),
        )
    parity = reproduction.parity
    if parity is not None:
        activations = parity.run.experiment.network.activations
        own = MultilayerPerceptron(parity.run.weights, parity.run.biases, activations)
        yield "classifier-2", classifier_figure(own, parity.dataset)
    if reproduction.by_hand:
        yield (
            "wanted-boundary",
            wanted_boundary_figure(WANTED_LINE, reproduction.by_hand[0].dataset),
        )
    for solution in reproduction.by_hand:
        yield f"classifier-{solution.id}", classifier_figure(solution.network, solution.dataset)


def _keras_classifier(task: Task) -> Figure:
    from mlplab.frameworks.keras import KerasNetwork

    return classifier_figure(KerasNetwork(task.keras), task.dataset)
