"""A classifier's picture: its class regions, what it learned from, and what it gets wrong."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from mlplab.boundary import HasFeedforward, class_regions
from mlplab.boundary.regions import check_classes, outputs_of
from mlplab.data import Dataset, Split
from mlplab.errors import MlplabError
from mlplab.figures.model import network_of
from mlplab.figures.plane import LegendEntry, plane_extent, plane_panels
from mlplab.figures.points import class_legend, plot_samples, point_size
from mlplab.figures.projection import check_labels, projection_of, titled
from mlplab.figures.regions import SILENT, SILENT_LABEL, draw_regions
from mlplab.figures.style import WRONG, set_heading, style
from mlplab.run import Run

RING_LABEL = "misclassified"


def classifier_figure(
    model: HasFeedforward | Run,
    dataset: Dataset,
    title: str | None = None,
    resolution: int = 256,
    features: Sequence[str] | None = None,
) -> Figure:
    """Draw a model's class regions twice: with the training samples, and with the test samples.

    Misclassified test samples are ringed and counted. Where samples have more than two features, or one,
    they are drawn as in `dataset_figure`, and there are no regions: which class is predicted at a place
    of such a picture depends on what it does not show.

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
    features : sequence of str, optional
        One or two features to draw, without regions unless they are all that the dataset has.

    Raises
    ------
    MlplabError
        If the model has no `feedforward`, takes another number of features than the dataset has, or has
        not one output for each class; if samples have targets; or if there is no such feature.

    Examples
    --------
    Of a trained run, as of any other model:

    >>> from mlplab.boundary import EQUATION_11
    >>> from mlplab.data import draw_dataset
    >>> from mlplab.spec import Linear
    >>> figure = classifier_figure(EQUATION_11, draw_dataset(Linear(), seed=1), resolution=64)
    >>> [panel.get_title(loc="left") for panel in figure.axes]
    ['Training: 99.41 % right', 'Test: 99.12 % right']
    """
    check_labels(dataset, "a classifier's figure")
    network = network_of(model, dataset, "a classifier's figure")
    check_classes(network, "a classifier's outputs")
    projection = projection_of(dataset, features)
    in_plane = dataset.features == 2 and features in (None, dataset.feature_names)
    with style():
        train, test = projection.transform(dataset.train), projection.transform(dataset.test)
        extent = plane_extent(train.x, test.x)
        legend = [*class_legend(dataset.label_names, regions=in_plane), _ring_entry()]
        note = projection.note
        if in_plane:
            regions = class_regions(network, extent, resolution, dtype=dataset.train.x.dtype)
            if not np.isfinite(regions.outputs).all():
                legend.append((Patch(facecolor=SILENT, edgecolor="none"), SILENT_LABEL))
        else:
            note = f"{note}; no class regions".lstrip("; ")
        figure, panels = plane_panels(
            2,
            extent,
            legend,
            titled(title, note),
            labels=projection.labels,
            ticks_up=not projection.banded,
        )
        if in_plane:
            for axes in panels:
                draw_regions(axes, regions, dataset.classes)
        wrong = misclassified(network, dataset.train, dataset.classes)
        plot_samples(panels[0], train, dataset.label_names)
        set_heading(panels[0], f"Training: {fraction_right(wrong)}", f"{len(wrong):,} samples")
        wrong = misclassified(network, dataset.test, dataset.classes)
        plot_judged_samples(panels[1], test, wrong, dataset.label_names)
        set_heading(
            panels[1],
            f"Test: {fraction_right(wrong)}",
            f"{wrong.sum():,} of {len(wrong):,} misclassified",
        )
    return figure


def misclassified(model: HasFeedforward, split: Split, classes: int) -> NDArray[np.bool_]:
    """Return for each sample of a split whether the model's largest output is not its class's.

    A sample with an output that is not a finite number has no prediction, and is wrong.

    Raises
    ------
    MlplabError
        If the model has not one output for each class.
    """
    outputs = outputs_of(model, split.x)
    if outputs.shape[1] != classes:
        raise MlplabError(
            f"the model must have an output for each of the {classes} classes, received "
            f"{outputs.shape[1]} outputs"
        )
    wrong: NDArray[np.bool_] = outputs.argmax(axis=1) != split.y
    return wrong | ~np.isfinite(outputs).all(axis=1)


def fraction_right(wrong: NDArray[np.bool_]) -> str:
    """Return the fraction of samples that are not wrong, in words.

    >>> fraction_right(np.array([True] * 12 + [False] * 1012))
    '98.83 % right'
    """
    return f"{100 * (1 - wrong.mean()):.2f} % right"


def plot_judged_samples(
    axes: Axes, split: Split, wrong: NDArray[np.bool_], label_names: Sequence[str]
) -> None:
    """Draw the samples of a split, with a red ring around each one that is wrong.

    Wrong samples lie on the rings, the rings on the other samples, so that each can be seen in a crowd.
    Rings become smaller and thinner as they become many.
    """
    n = len(split)
    right = Split(split.x[~wrong], split.y[~wrong])
    ringed = Split(split.x[wrong], split.y[wrong])
    plot_samples(axes, right, label_names, among=n)
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
    plot_samples(axes, ringed, label_names, among=n, zorder=5)


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
