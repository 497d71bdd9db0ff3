"""What a network predicts of targets: a curve over one feature, or a surface over the plane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from contourpy import contour_generator
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from mlplab.boundary import HasFeedforward, Regions, outputs_on_grid
from mlplab.data import Dataset, Split
from mlplab.data.dataset import Float64
from mlplab.errors import MlplabError
from mlplab.figures.model import network_of
from mlplab.figures.plane import LegendEntry, plane_extent, plane_panels
from mlplab.figures.projection import Projection, projection_of, titled
from mlplab.figures.regions import SILENT, SILENT_LABEL, draw_image, draw_lines
from mlplab.figures.style import INK, LineStyle, set_heading, style
from mlplab.figures.targets import (
    axis_name,
    check_outputs,
    check_targets,
    chosen_targets,
    explained,
    predictions,
)
from mlplab.figures.value_axes import padded, pair_entry, plot_pairs, value_panels
from mlplab.figures.value_colours import (
    BESIDE,
    ValueScale,
    beyond_scale,
    draw_bar,
    plot_values,
    sample_entry,
)
from mlplab.run import Run

CURVE_LABEL, LEVEL_LABEL = "what is predicted", "lines of equal predictions"

_HEADINGS = ("Training", "Test")
_CURVE: LineStyle = {"color": "#C97B00", "linewidth": 1.6}
_LEVEL: LineStyle = {"color": INK, "linewidth": 0.5}
_HEIGHT = 2.0  # inches of a panel over one feature


def regression_figure(
    model: HasFeedforward | Run,
    dataset: Dataset,
    title: str | None = None,
    resolution: int = 256,
    targets: Sequence[str] | None = None,
) -> Figure:
    """Draw what a model predicts, once with the training samples and once with the test samples.

    Over one feature it is a curve. Over two it is a surface: what is predicted is the colour of the
    ground, what is true the colour of the samples. Each target has a row of panels.

    Parameters
    ----------
    model : HasFeedforward
        A `Run`, or anything else with a `feedforward`.
    dataset : Dataset
        As the model takes it: a run's is `mlplab.draw(run.experiment, run.seed).dataset`.
    title : str, optional
        Above the panels.
    resolution : int
        Points of the curve, or along each side of the surface.
    targets : sequence of str, optional
        Which targets to draw; the first six if not given.

    Raises
    ------
    MlplabError
        If the model has no `feedforward`, takes another number of features than the dataset has, or has
        not one output for each target; if samples have labels, or more than two features; or if there is
        no such target.

    Examples
    --------
    >>> from mlplab.data import draw_dataset
    >>> from mlplab.spec import Plane
    >>> class Mean:
    ...     def feedforward(self, x):
    ...         return x.mean(axis=1, keepdims=True)
    >>> figure = regression_figure(Mean(), draw_dataset(Plane(), seed=1), resolution=16)
    >>> [panel.get_title(loc="left") for panel in figure.axes[:2]]
    ['Training: R² 0.9425', 'Test: R² 0.9472']
    """
    check_targets(dataset, "a regression's figure")
    if dataset.features > 2:
        raise MlplabError(
            f"a regression's figure is of one or two features, received {dataset.features}: "
            "residuals_figure is of any number"
        )
    network = network_of(model, dataset, "a regression's figure")
    columns, note = chosen_targets(dataset, targets)
    draw = _curves if dataset.features == 1 else _surfaces
    with style():
        return draw(network, dataset, columns, titled(title, note), resolution)


def _curves(
    network: HasFeedforward,
    dataset: Dataset,
    targets: Sequence[int],
    title: str | None,
    resolution: int,
) -> Figure:
    splits = dataset.train, dataset.test
    predicted = [predictions(network, split) for split in splits]
    limits = padded(*(split.x[:, 0].astype(np.float64) for split in splits))
    x = np.linspace(*limits, resolution).astype(dataset.train.x.dtype)[:, None]
    curve = predictions(network, Split(x, np.zeros((resolution, dataset.answers))))
    legend = [
        pair_entry("a sample", len(dataset.train)),
        (Line2D([], [], **_CURVE), CURVE_LABEL),
    ]
    figure, panels = value_panels(len(targets), 2, legend, title, _HEIGHT)
    label = projection_of(dataset).labels[0]
    for target, row in zip(targets, panels, strict=True):
        height = padded(*(split.y[:, target] for split in splits))
        for axes, heading, split, found in zip(row, _HEADINGS, splits, predicted, strict=True):
            axes.set_xlim(limits)
            axes.set_ylim(height)
            plot_pairs(axes, split.x[:, 0], split.y[:, target], "samples")
            axes.plot(x[:, 0], curve[:, target], label=CURVE_LABEL, zorder=4, **_CURVE)
            _say(axes, heading, found[:, target], split.y[:, target])
            axes.tick_params(labelleft=axes is row[0])
            axes.set_xlabel(label if row is panels[-1] else "")
        row[0].set_ylabel(axis_name("", dataset.target_names[target], _HEIGHT))
    return figure


def _surfaces(
    network: HasFeedforward,
    dataset: Dataset,
    targets: Sequence[int],
    title: str | None,
    resolution: int,
) -> Figure:
    splits = dataset.train, dataset.test
    predicted = [predictions(network, split) for split in splits]
    projection = projection_of(dataset)
    extent = plane_extent(*(split.x for split in splits))
    with np.errstate(all="ignore"):
        surface = outputs_on_grid(network, extent, resolution, dtype=dataset.train.x.dtype)
    check_outputs(surface.outputs.shape[-1], dataset.answers)
    scales = [ValueScale.of(np.concatenate([s.y[:, target] for s in splits])) for target in targets]
    lines = [_levels(surface, target, scale) for target, scale in zip(targets, scales, strict=True)]
    legend: list[LegendEntry] = [sample_entry(scales[0])]
    if any(lines):
        legend.append((Line2D([], [], **_LEVEL), LEVEL_LABEL))
    if not np.isfinite(surface.outputs[..., targets]).all():
        legend.append((Patch(facecolor=SILENT, edgecolor="none"), SILENT_LABEL))
    figure, panels = plane_panels(
        2, extent, legend, title, labels=projection.labels, rows=len(targets), beside=BESIDE
    )
    for k, (target, scale) in enumerate(zip(targets, scales, strict=True)):
        row = panels[2 * k : 2 * k + 2]
        for axes, heading, split, found in zip(row, _HEADINGS, splits, predicted, strict=True):
            _draw_surface(axes, surface, target, scale)
            draw_lines(axes, lines[k], LEVEL_LABEL, _LEVEL)
            _plot(axes, projection, split, target, scale)
            _say(axes, heading, found[:, target], split.y[:, target])
        heights = surface.outputs[..., target]
        draw_bar(figure, row[-1], scale, dataset.target_names[target], beyond_scale(heights, scale))
    return figure


def _plot(axes: Axes, projection: Projection, split: Split, target: int, scale: ValueScale) -> None:
    plot_values(axes, projection.transform(split).x, split.y[:, target], scale)


def _draw_surface(axes: Axes, surface: Regions, target: int, scale: ValueScale) -> None:
    """Colour the ground by what is predicted."""
    heights = surface.outputs[..., target].astype(np.float64)
    known = np.isfinite(heights)
    image = scale.colours(np.where(known, heights, scale.low))
    image[~known] = to_rgb(SILENT)
    draw_image(axes, surface, image)


def _levels(surface: Regions, target: int, scale: ValueScale) -> list[Float64]:
    """Return lines of equal predictions, for each number beside the scale's bar."""
    heights = np.ma.masked_invalid(surface.outputs[..., target])
    levels: Any = contour_generator(surface.x1, surface.x2, heights)
    return [line for level in scale.ticks for line in levels.lines(level)]


def _say(axes: Axes, heading: str, predicted: Float64, true: Float64) -> None:
    set_heading(axes, f"{heading}: {explained(predicted, true)}", f"{len(true):,} samples")
