"""Where predictions of targets go wrong: predicted against true, and residuals against predictions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mlplab.boundary import HasFeedforward
from mlplab.data import Dataset
from mlplab.data.dataset import Float64
from mlplab.figures.model import network_of
from mlplab.figures.projection import titled
from mlplab.figures.style import INK, LineStyle, number, set_heading, style
from mlplab.figures.targets import (
    axis_name,
    check_targets,
    chosen_targets,
    explained,
    predictions,
)
from mlplab.figures.value_axes import padded, pair_entry, plot_pairs, value_panels
from mlplab.run import Run

SAMPLE_LABEL, EXACT_LABEL = "a test sample", "predicted = true"

_EXACT: LineStyle = {"color": INK, "linewidth": 0.9}
_HEIGHT = 2.35  # inches of a panel


def residuals_figure(
    model: HasFeedforward | Run,
    dataset: Dataset,
    title: str | None = None,
    targets: Sequence[str] | None = None,
) -> Figure:
    """Draw for the test samples what is predicted against what is true, and the residuals.

    A residual is true - predicted. Residuals of a network that has learned all that there is to learn
    are noise alone, and look alike over the whole range of predictions. Each target has a row of panels.

    Parameters
    ----------
    model : HasFeedforward
        A `Run`, or anything else with a `feedforward`, of any number of features.
    dataset : Dataset
        As the model takes it: a run's is `mlplab.draw(run.experiment, run.seed).dataset`.
    title : str, optional
        Above the panels.
    targets : sequence of str, optional
        Which targets to draw; the first six if not given.

    Raises
    ------
    MlplabError
        If the model has no `feedforward`, takes another number of features than the dataset has, or has
        not one output for each target; if samples have labels; or if there is no such target.

    Examples
    --------
    >>> from mlplab.data import draw_dataset
    >>> from mlplab.spec import Plane
    >>> class Mean:
    ...     def feedforward(self, x):
    ...         return x.mean(axis=1, keepdims=True)
    >>> figure = residuals_figure(Mean(), draw_dataset(Plane(), seed=1))
    >>> [panel.get_title(loc="left") for panel in figure.axes]
    ['Test: R² 0.9472', 'Residuals: 0.0035 on average']
    """
    check_targets(dataset, "a figure of residuals")
    network = network_of(model, dataset, "a figure of residuals")
    columns, note = chosen_targets(dataset, targets)
    predicted, true = predictions(network, dataset.test), dataset.test.y
    legend = [pair_entry(SAMPLE_LABEL, len(true)), (Line2D([], [], **_EXACT), EXACT_LABEL)]
    with style():
        figure, panels = value_panels(len(columns), 2, legend, titled(title, note), _HEIGHT)
        for target, (left, right) in zip(columns, panels, strict=True):
            name = dataset.target_names[target]
            _draw_pairs(left, predicted[:, target], true[:, target], name)
            _draw_residuals(right, predicted[:, target], true[:, target], name)
    return figure


def _draw_pairs(axes: Axes, predicted: Float64, true: Float64, name: str) -> None:
    known = np.isfinite(predicted)
    limits = padded(predicted, true)
    axes.set_xlim(limits)
    axes.set_ylim(limits)
    axes.set_box_aspect(1)
    plot_pairs(axes, true[known], predicted[known], SAMPLE_LABEL)
    axes.plot(limits, limits, label=EXACT_LABEL, zorder=4, **_EXACT)
    axes.set_xlabel(axis_name("true", name, _HEIGHT))
    axes.set_ylabel(axis_name("predicted", name, _HEIGHT))
    set_heading(axes, f"Test: {explained(predicted, true)}", f"{len(true):,} samples")


def _draw_residuals(axes: Axes, predicted: Float64, true: Float64, name: str) -> None:
    known = np.isfinite(predicted)
    residual = true[known] - predicted[known]
    axes.set_xlim(padded(predicted))
    axes.set_ylim(padded(residual, -residual))
    axes.set_box_aspect(1)
    plot_pairs(axes, predicted[known], residual, SAMPLE_LABEL)
    axes.axhline(0, label=EXACT_LABEL, zorder=4, **_EXACT)
    axes.set_xlabel(axis_name("predicted", name, _HEIGHT))
    axes.set_ylabel("residual (true − predicted)")
    if len(residual):
        heading = f"Residuals: {_short(residual.mean())} on average"
        set_heading(axes, heading, f"standard deviation {_short(residual.std())}")
    else:
        set_heading(axes, "No residuals", "")


def _short(value: float) -> str:
    return number(float(f"{value:.2g}"))
