"""The exact linear regions of a task's network, where it is worth a picture: computed, and told."""

from __future__ import annotations

from mlplab.boundary import Extent, LinearRegions, exact
from mlplab.data import Dataset
from mlplab.report.elements import Element, Paragraph, Picture
from mlplab.report.reproduction import Task
from mlplab.report.wording import count, plural
from mlplab.run import Run

DRAWN = ("1.2-relu", "1.4")
"""Tasks whose network is drawn: one of a few regions, and one of many."""


def find_linear_regions(id: str, run: Run, dataset: Dataset) -> LinearRegions | None:
    """Return the linear regions of a task's single run around its samples.

    None where the task's are not shown, or the run diverged.
    """
    if id not in DRAWN or run.ending == "diverged":
        return None
    return exact(run, Extent.around(dataset.train.x, dataset.test.x))


def region_elements(task: Task | None) -> list[Element]:
    """Return what is said and shown of a task's linear regions."""
    if task is None or task.regions is None:
        return []
    found = task.regions
    parts = plural(found.region_count, "convex polygon")
    each = "on which" if found.region_count == 1 else "on each of which"
    neurons = plural(sum(map(len, task.keras.biases[:-1])), "hidden neuron")
    segments = plural(len(found.boundary), "straight segment")
    return [
        Paragraph(
            f"The {neurons} of Keras's single run of {task.id} divide the part of the plane that is shown "
            f"into exactly {parts}, {each} what enters the softmax is an affine function of $x_1$ and $x_2$. "
            f"The decision boundary there is made of {segments}, {found.boundary_length:.2f} long in all.",
            "Linear regions",
        ),
        Picture(
            f"regions-{task.id}",
            f"Task {task.id}, Keras's single run: its {count(found.region_count)} linear regions and its "
            "decision boundary, computed from the weights, without a grid.",
            f"Polygons of the linear regions of the network of task {task.id}, with its boundary.",
            width=0.5,
        ),
    ]
