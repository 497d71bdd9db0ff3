"""A classifier's picture: its class regions, the points that it learned from, and those it gets wrong."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from mlplab.boundary import HasFeedforward, class_regions
from mlplab.data import Dataset, Split
from mlplab.errors import MlplabError, shown
from mlplab.figures.plane import LegendEntry, plane_extent, plane_panels
from mlplab.figures.points import class_legend, draw_samples, point_size
from mlplab.figures.regions import SILENT, SILENT_LABEL, draw_regions
from mlplab.figures.style import WRONG, set_heading, style

RING_LABEL = "misclassified"


def classifier_figure(
    model: HasFeedforward, dataset: Dataset, title: str | None = None, resolution: int = 256
) -> Figure:
    """Draw a model's class regions twice: with the training points, and with the test points.

    Misclassified test points are ringed and counted.

    Parameters
    ----------
    model : HasFeedforward
        A `Run`, or anything else with a `feedforward`.
    dataset : Dataset
        As the model takes it: a run's is `mlplab.draw(run.experiment, run.seed).dataset`.
    title : str, optional
        Above the panels.
    resolution : int
        Grid points along each side of the regions.

    Raises
    ------
    MlplabError
        If the model has not one output for each class, or no `feedforward`, as many `Runs` have not.

    Examples
    --------
    Of a model that was not trained, as of a run:

    >>> from mlplab.boundary import EQUATION_11
    >>> from mlplab.data import draw_dataset
    >>> from mlplab.spec import Linear
    >>> figure = classifier_figure(EQUATION_11, draw_dataset(Linear(), seed=1), resolution=64)
    >>> [panel.get_title(loc="left") for panel in figure.axes]
    ['Training: 99.41 % right', 'Test: 99.12 % right']
    """
    if not hasattr(model, "feedforward"):
        raise MlplabError(
            "a classifier's figure is of one run, such as runs[0], or of another model with a "
            f"feedforward, received {shown(model)}"
        )
    if not isinstance(dataset, Dataset):
        raise MlplabError(
            "a classifier's figure needs the Dataset to draw, such as "
            f"mlplab.draw(run.experiment, run.seed).dataset, received {shown(dataset)}"
        )
    with style():
        extent = plane_extent(dataset.train.x, dataset.test.x)
        regions = class_regions(model, extent, resolution, dtype=dataset.train.x.dtype)
        legend = [*class_legend(dataset.label_names, regions=True), _ring_entry()]
        if not np.isfinite(regions.outputs).all():
            legend.append((Patch(facecolor=SILENT, edgecolor="none"), SILENT_LABEL))
        figure, (training, test) = plane_panels(2, extent, legend, title)
        for axes in (training, test):
            draw_regions(axes, regions, dataset.classes)
        wrong = misclassified(model, dataset.train)
        draw_samples(training, dataset.train, dataset.label_names)
        set_heading(training, f"Training: {share_right(wrong)}", f"{len(wrong):,} points")
        wrong = misclassified(model, dataset.test)
        draw_judged_points(test, dataset.test, wrong, dataset.label_names)
        set_heading(
            test, f"Test: {share_right(wrong)}", f"{wrong.sum():,} of {len(wrong):,} misclassified"
        )
    return figure


def misclassified(model: HasFeedforward, split: Split) -> NDArray[np.bool_]:
    """Return for each point of a split whether the model's largest output is not its class's.

    A point with an output that is not a finite number has no answer, and is wrong.
    """
    outputs = np.asarray(model.feedforward(split.x))
    wrong: NDArray[np.bool_] = outputs.argmax(axis=1) != split.y
    return wrong | ~np.isfinite(outputs).all(axis=1)


def share_right(wrong: NDArray[np.bool_]) -> str:
    """Return the share of points that are not wrong, in words.

    >>> share_right(np.array([True] * 12 + [False] * 1012))
    '98.83 % right'
    """
    return f"{100 * (1 - wrong.mean()):.2f} % right"


def draw_judged_points(
    axes: Axes, split: Split, wrong: NDArray[np.bool_], label_names: Sequence[str]
) -> None:
    """Draw the points of a split, with a red ring around each one that is wrong.

    Wrong points lie on the rings, the rings on the other points, so that each can be seen in a crowd.
    Rings become smaller and thinner as they become many.
    """
    n = len(split)
    right = Split(split.x[~wrong], split.y[~wrong])
    ringed = Split(split.x[wrong], split.y[wrong])
    draw_samples(axes, right, label_names, among=n)
    crowd = (60 / max(len(ringed), 60)) ** 0.3
    for width, ink, label in ((1.9 * crowd, "white", None), (0.95 * crowd, WRONG, RING_LABEL)):
        axes.scatter(
            ringed.x[:, 0],
            ringed.x[:, 1],
            s=(np.sqrt(point_size(axes, n)) + 3.6 * crowd) ** 2,
            facecolors="none",
            edgecolors=ink,
            linewidths=width,
            label=label,
            zorder=4,
            rasterized=True,
        )
    draw_samples(axes, ringed, label_names, among=n, zorder=5)


def _ring_entry() -> LegendEntry:
    ring = Line2D(
        [],
        [],
        linestyle="none",
        marker="o",
        markersize=6.5,
        markerfacecolor="none",
        markeredgecolor=WRONG,
        markeredgewidth=1.0,
    )
    return ring, RING_LABEL
